import copy
import json
from dataclasses import replace

import pytest

from lessongen.store.records import LessonRecord, LessonStatus, SectionRecord, SectionStatus
from lessongen.ui.timeline import (
    Bar,
    _spec,  # pyright: ignore[reportPrivateUsage] - drawn apart from its data
    bars,
    finished_bars,
    one_after_another,
    timeline,
)
from tests.support.lessons import request_on

ASKED, BEGAN = 1000.0, 1001.0
WAITING = SectionRecord("warmup", SectionStatus.WAITING, 0)


def lesson(*sections: SectionRecord, **changed: object) -> LessonRecord:
    """Return a running lesson that began at 1001."""
    running = LessonRecord(
        "id",
        LessonStatus.RUNNING,
        "parallel",
        sample=True,
        request=request_on(),
        created_at=ASKED,
        started_at=BEGAN,
        sections=sections,
    )
    return replace(running, **changed)


def section(
    name: str, begins: float, ends: float | None, status: SectionStatus = SectionStatus.WRITTEN
) -> SectionRecord:
    """Return a section of the slot `primary`, its times given from the lesson's beginning."""
    finished_at = None if ends is None else BEGAN + ends
    status = SectionStatus.WRITING if ends is None else status
    return SectionRecord(
        name, status, 0, slot="primary", started_at=BEGAN + begins, finished_at=finished_at
    )


def plan(ends: float) -> Bar:
    return Bar("Plan", 0, ends, "plan")


def written(part: str, begins: float, ends: float) -> Bar:
    return Bar(part, begins, ends, "primary")


CASES: dict[str, tuple[LessonRecord, list[Bar]]] = {
    "nothing is drawn before a lesson begins": (lesson(started_at=None), []),
    "the plan grows until the first section begins": (lesson(WAITING), [plan(20)]),
    "a section that has not begun has no bar": (
        lesson(WAITING, section("reading", 3, 9)),
        [plan(3), written("Reading", 3, 9)],
    ),
    "a section under way grows until now": (
        lesson(section("reading", 3, None)),
        [plan(3), written("Reading", 3, 20)],
    ),
    "sections are drawn in the order of the lesson": (
        lesson(section("warmup", 4, 6), section("reading", 3, 9)),
        [plan(3), written("Warm-up", 4, 6), written("Reading", 3, 9)],
    ),
    "a finished lesson has stopped growing": (
        lesson(section("reading", 3, 9), finished_at=BEGAN + 10, status=LessonStatus.COMPLETE),
        [plan(3), written("Reading", 3, 9)],
    ),
    "a section without a slot is drawn too": (
        lesson(replace(section("reading", 3, 9), slot=None)),
        [plan(3), Bar("Reading", 3, 9, "")],
    ),
    "the break of a lesson whose server was off is left out": (
        lesson(section("warmup", 3, 5), section("reading", 4000, 4006)),
        [plan(3), written("Warm-up", 3, 5), written("Reading", 5, 11)],
    ),
    "two breaks are left out": (
        lesson(section("warmup", 3, 5), section("reading", 100, 106), section("grammar", 500, 501)),
        [
            plan(3),
            written("Warm-up", 3, 5),
            written("Reading", 5, 11),
            written("Grammar", 11, 12),
        ],
    ),
    "a lesson taken up for what was missing still shows what was written before": (
        lesson(section("warmup", -500, -498), section("reading", -499, -490)),
        [written("Warm-up", 0, 2), written("Reading", 1, 10)],
    ),
    "what was missing follows what was written before": (
        lesson(section("warmup", -500, -498), section("reading", 1, None)),
        [written("Warm-up", 0, 2), written("Reading", 2, 21)],
    ),
}


@pytest.mark.parametrize(("kept", "drawn"), CASES.values(), ids=CASES.keys())
def test_bars_are_drawn_from_what_is_kept(kept: LessonRecord, drawn: list[Bar]):
    assert bars(kept, BEGAN + 20) == [
        replace(bar, begins=pytest.approx(bar.begins), ends=pytest.approx(bar.ends))
        for bar in drawn
    ]


@pytest.mark.parametrize(
    ("drawn", "seconds"),
    [
        ([], 0),
        ([plan(3)], 3),
        ([plan(3), written("Reading", 3, 9), written("Warm-up", 3, 5)], 11),
    ],
)
def test_one_after_another_parts_take_the_sum_of_their_seconds(drawn: list[Bar], seconds: float):
    assert one_after_another(drawn) == seconds


@pytest.mark.parametrize("kept", [kept for kept, _ in CASES.values()], ids=CASES.keys())
def test_side_by_side_never_takes_longer_than_one_after_another(kept: LessonRecord):
    drawn = bars(kept, BEGAN + 20)

    together = max((bar.ends for bar in drawn), default=0.0)

    assert all(0 <= bar.begins <= bar.ends for bar in drawn)
    assert together <= one_after_another(drawn) + 1e-6


def test_a_finished_lesson_is_compared_by_what_was_written():
    failed = section("grammar", 3, 60, SectionStatus.FAILED)
    kept = lesson(section("reading", 3, 9), failed, WAITING, finished_at=BEGAN + 60)

    assert [bar.part for bar in finished_bars(kept)] == ["Plan", "Reading"]


def test_the_chart_holds_no_data_so_that_it_stays_the_same_while_bars_grow():
    chart = _spec(("Plan", "Reading"), ("primary", "secondary"))

    assert "data" not in json.dumps(chart)
    assert _spec(("Plan", "Reading"), ("primary", "secondary")) is chart
    assert _spec(("Plan", "Reading"), ("primary",)) is not chart


def test_drawing_again_leaves_the_chart_as_it_was():
    first, second = lesson(section("reading", 3, 9)), lesson(section("reading", 3, 12))
    timeline(first, ["primary"], BEGAN + 9)  # Streamlit fills in a missing title, once
    chart = _spec(("Plan", "Reading"), ("primary",))
    before = copy.deepcopy(chart)

    timeline(second, ["primary"], BEGAN + 12)

    assert chart == before
