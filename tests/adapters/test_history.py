from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path
from statistics import mean, variance
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessongen.errors import Malformed
from lessongen.generation.events import Attempt, Outcome, Reason
from lessongen.people import LOCAL
from lessongen.store.attempts import attempt_row
from lessongen.store.history import ALL_REASONS, Measured, PartHistory
from lessongen.store.ratings import Rating
from lessongen.store.records import SectionRecord, SectionStatus
from lessongen.store.store import Store, opened_store
from tests.support.lessons import MARKETS, markets, request_on

WARMUP = markets().part("warmup", MARKETS)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Open an empty store whose clock counts 1, 2, 3, ..."""
    ticks = count(1)
    with opened_store(tmp_path / "lessons.db", now=lambda: float(next(ticks))) as opened:
        yield opened


def lesson(store: Store, *, sample: bool = False) -> str:
    return store.lessons_of(LOCAL).add(request_on(), "parallel", sample=sample)


def keep(
    store: Store,
    lesson_id: str,
    seconds: float = 3.0,
    *,
    at: float = 1.0,
    score: int | None = None,
    **changed: Any,
) -> None:
    """Keep an attempt that waited half a second, unless something else is asked for."""
    attempt = Attempt("warmup", "primary", "pro", "first", "p", 0.0, outcome="written", cost=0.01)
    attempt = replace(attempt, queue_seconds=0.5, total_seconds=0.5 + seconds)
    record = store.lessons.get(lesson_id)
    assert record is not None
    row = attempt_row(record, replace(attempt, **changed), at)
    store.attempts.add([row])
    if score is not None:
        store.attempts.score({row["id"]: score})


def only(histories: list[PartHistory]) -> PartHistory:
    [history] = histories
    return history


def test_without_attempts_there_is_no_history(store: Store):
    assert store.history.recent(sample=False) == []


def test_time_in_the_queue_is_told_apart_from_the_models_own(store: Store):
    lesson_id = lesson(store)
    keep(store, lesson_id, 2.0, score=80)
    keep(store, lesson_id, 4.0, score=90)

    assert store.history.recent(sample=False) == [
        PartHistory(
            "warmup",
            "primary",
            "pro",
            asked=2,
            written=2,
            seconds=Measured(2, 3.0, 2.0),
            queue_seconds=Measured(2, 0.5, 0.0),
            dollars=Measured(2, 0.01, 0.0),
            score=Measured(2, 85.0, 50.0),
        )
    ]


@pytest.mark.parametrize(("outcome", "asked"), [("failed", 2), ("refused", 1), ("cancelled", 1)])
def test_only_attempts_that_somebody_answered_count_as_asked(
    store: Store, outcome: Outcome, asked: int
):
    lesson_id = lesson(store)
    keep(store, lesson_id)
    keep(store, lesson_id, 9.0, outcome=outcome, error=Malformed("pro", "no"), cost=0.03)

    history = only(store.history.recent(sample=False))

    assert (history.asked, history.written) == (asked, 1)
    assert history.seconds == Measured(1, 3.0, 0.0)
    assert history.dollars is not None
    assert history.dollars.mean == pytest.approx(0.02 if asked == 2 else 0.01)


def test_unknown_costs_are_left_out_of_the_mean(store: Store):
    lesson_id = lesson(store)
    keep(store, lesson_id, cost=None)
    assert only(store.history.recent(sample=False)).dollars is None

    keep(store, lesson_id, cost=0.02)
    assert only(store.history.recent(sample=False)).dollars == Measured(1, 0.02, 0.0)


def test_a_clock_that_was_set_back_leaves_no_negative_times(store: Store):
    lesson_id = lesson(store)
    keep(store, lesson_id, -2.0)
    keep(store, lesson_id, 1.0, queue_seconds=-1.0)

    history = only(store.history.recent(sample=False))

    assert (history.written, history.seconds) == (2, None)


def test_slots_models_and_parts_have_histories_of_their_own(store: Store):
    lesson_id = lesson(store)
    others: list[dict[str, Any]] = [{"model": "newer"}, {"slot": "secondary"}, {"part": "reading"}]
    for changed in ({}, *others):
        keep(store, lesson_id, **changed)

    found = store.history.recent(sample=False)

    assert [(h.part, h.slot, h.model) for h in found] == [
        ("reading", "primary", "pro"),
        ("warmup", "primary", "newer"),
        ("warmup", "primary", "pro"),
        ("warmup", "secondary", "pro"),
    ]


def test_samples_and_real_attempts_are_never_mixed(store: Store):
    keep(store, lesson(store), 1.0)
    keep(store, lesson(store, sample=True), 8.0)

    assert only(store.history.recent(sample=False)).seconds == Measured(1, 1.0, 0.0)
    assert only(store.history.recent(sample=True)).seconds == Measured(1, 8.0, 0.0)


def test_the_newest_attempts_count_whatever_order_they_came_in(store: Store):
    lesson_id = lesson(store)
    for at, seconds in ((3.0, 30.0), (1.0, 10.0), (2.0, 20.0)):
        keep(store, lesson_id, seconds, at=at)

    assert only(store.history.recent(sample=False, limit=2)).seconds == Measured(2, 25.0, 50.0)


@pytest.mark.parametrize("reason", ALL_REASONS)
def test_attempts_can_be_told_by_the_reason_they_were_made_for(store: Store, reason: Reason):
    lesson_id = lesson(store)
    for number, made_for in enumerate(ALL_REASONS):
        keep(store, lesson_id, float(number), reason=made_for)

    found = only(store.history.recent(sample=False, reasons=[reason]))

    assert found.seconds == Measured(1, float(ALL_REASONS.index(reason)), 0.0)
    assert only(store.history.recent(sample=False)).asked == len(ALL_REASONS)
    assert store.history.recent(sample=False, reasons=[]) == []


def written_section(store: Store, slot: str, model: str, reason: Reason = "first") -> str:
    """Return a lesson whose warm-up was written by a model in the end, and by "pro" before."""
    lesson_id = lesson(store)
    keep(store, lesson_id)
    keep(store, lesson_id, slot=slot, model=model, reason=reason)
    store.lessons.save_section(
        lesson_id,
        SectionRecord(
            "warmup", SectionStatus.WRITTEN, 0, "", WARMUP, slot=slot, model=model, reason=reason
        ),
    )
    return lesson_id


def stars(store: Store, **asked: Any) -> dict[str, Measured | None]:
    return {h.model: h.stars for h in store.history.recent(sample=False, **asked)}


def test_stars_count_for_the_model_that_wrote_the_section_in_the_end(store: Store):
    first, second = (written_section(store, "secondary", "lite", "fallback") for _ in range(2))
    assert store.ratings.rate(first, LOCAL, Rating(2), "warmup")
    assert store.ratings.rate(second, LOCAL, Rating(5), "warmup")
    assert store.ratings.rate(second, LOCAL, Rating(1))  # of the whole lesson: nobody's own

    assert stars(store) == {"pro": None, "lite": Measured(2, 3.5, 4.5)}
    assert stars(store, reasons=["first"]) == {"pro": None}


def test_stars_for_an_older_version_of_a_lesson_do_not_count(store: Store):
    lesson_id = written_section(store, "secondary", "lite")
    assert store.ratings.rate(lesson_id, LOCAL, Rating(1), "warmup")
    store.database.execute("UPDATE lessons SET version = version + 1")

    assert stars(store) == {"pro": None, "lite": None}


@given(
    st.lists(st.floats(0, 1e-3), min_size=2, max_size=30),
    st.sampled_from([0.0, 1.0, 1e6, 1e9]),
)
def test_variances_keep_their_digits_where_times_are_long_and_alike(
    tmp_path_factory: pytest.TempPathFactory, parts: list[float], offset: float
):
    milliseconds = [offset + part for part in parts]
    with opened_store(tmp_path_factory.mktemp("history") / "x.db", now=lambda: 1.0) as store:
        lesson_id = lesson(store)
        for value in milliseconds:
            keep(store, lesson_id, cost=value)

        found = only(store.history.recent(sample=False)).dollars

    assert found is not None
    assert found.mean == pytest.approx(mean(milliseconds))
    assert found.variance == pytest.approx(variance(milliseconds), rel=1e-3, abs=1e-12)
