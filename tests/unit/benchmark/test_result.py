from collections.abc import Iterable, Iterator
from random import Random

import pytest

from lessongen.benchmark.figures import Detailed
from lessongen.benchmark.quality.corruption import Corruption
from lessongen.benchmark.quality.editing import changed
from lessongen.benchmark.quality.result import Quality, Row, as_markdown
from lessongen.benchmark.quality.specimens import specimens
from lessongen.benchmark.quality.trials import Findings, alarms, trials
from lessongen.lesson.lesson import Lesson
from lessongen.quality.findings import Finding
from tests.support.lessons import BANK

TWO = specimens(BANK)[:2]
LONG = 60


def hurried(lesson: Lesson, _: Random) -> Lesson:
    """Make the warm-up an hour long."""
    return changed(lesson, "warmup", minutes=LONG)


def doubled(lesson: Lesson, _: Random) -> Lesson:
    """Make the wrap-up an hour long, which nobody looks at."""
    return changed(lesson, "wrapup", minutes=LONG)


MADE_UP = (
    Corruption("long warm-up", ("found",), ("warmup",), hurried),
    Corruption("long wrap-up", ("missed",), ("wrapup",), doubled),
)
REWORDED = (
    Corruption("a long warm-up", (), ("warmup",), hurried),
    Corruption("a long wrap-up", (), ("wrapup",), doubled),
)
HIDDEN = (Corruption("long warm-up in secret", (), ("warmup",), hurried),)


def attentive(lesson: Lesson) -> Iterator[Finding]:
    """Find every long warm-up."""
    if lesson.contents["warmup"].minutes == LONG:
        yield Finding("warmup", "found", "note", "It is long.")


def silent(_: Lesson) -> Iterable[Finding]:
    return ()


def noisy(lesson: Lesson) -> Iterator[Finding]:
    """Find the same in every lesson, and what there is to find."""
    yield Finding("warmup", "noise", "note", "Something is wrong.")
    if "warmup" in lesson.contents:
        yield from attentive(lesson)


def measured(findings: Findings) -> Quality:
    return Quality(
        tuple(trials(TWO, MADE_UP, findings)),
        tuple(trials(TWO, HIDDEN, findings)),
        tuple(trials(TWO, REWORDED, findings)),
        tuple(alarms(TWO, noisy if findings is noisy else silent)),
        check_ms=(10.0, 20.0, 90.0),
        pdf_ms=(100.0,),
    )


def figures(quality: Quality) -> dict[str, float]:
    return {figure.name: figure.value for figure in quality.figures()}


def test_a_check_that_finds_everything_has_a_detection_of_one_and_another_of_none():
    rows = {row.check: row for row in measured(attentive).rows()}

    assert (rows["found"].corruptions, rows["found"].detection) == (2, 1.0)
    assert (rows["missed"].corruptions, rows["missed"].detection) == (2, 0.0)


def test_what_was_found_in_the_intact_lesson_too_is_no_detection():
    def always(lesson: Lesson) -> Iterator[Finding]:
        yield Finding("warmup", "found", "note", f"{lesson.request.topic}: something is wrong.")

    quality = measured(always)

    assert quality.rows()[0] == Row("found", 2, 0, len(quality.alarms), 0)


def test_what_another_check_or_section_says_is_no_detection():
    def beside(lesson: Lesson) -> Iterator[Finding]:
        for finding in attentive(lesson):
            yield Finding("reading", "found", "fault", finding.sentence)
            yield Finding("warmup", "else", "fault", finding.sentence)

    assert measured(beside).rows()[0].found == 0


def test_a_check_that_speaks_of_every_intact_lesson_is_always_wrong():
    quality = measured(noisy)

    [noise] = [row for row in quality.rows() if row.check == "noise"]
    assert (noise.corruptions, noise.false_alarms) == (0, 1.0)
    assert figures(quality)["false_alarm_max"] == 1.0


def test_the_figures_name_the_worst_check_and_count_nothing_unseen():
    told = figures(measured(attentive))

    assert told == pytest.approx(
        {
            "detection_min": 0.0,
            "false_alarm_max": 0.0,
            "reworded_faults": 0.0,
            "level_two_off": 0.0,
            "checks_ms": 20.0,
            "corruptions": 4,
            "pdf_ms": 100.0,
        }
    )


def test_right_answers_that_are_doubted_count_by_the_worst_that_is_said_of_them():
    def harsh(lesson: Lesson) -> Iterator[Finding]:
        for finding in attentive(lesson):
            yield finding
            yield Finding("warmup", "found", "fault", "It is wrong.")

    assert figures(measured(harsh))["reworded_faults"] == 0.5
    assert "50% more are noted" in measured(attentive).figures()[2].meaning


def test_a_check_without_corruptions_is_not_the_worst():
    told = measured(noisy).figures()[0]

    assert "missed" in told.meaning


def test_the_tables_hold_every_check_every_kind_and_what_cannot_be_seen():
    quality = measured(attentive)

    checks, unseen, kinds, _, counts = quality.breakdowns()
    assert checks.by_name()["found"] == {"corruptions": 2, "found": 1.0, "false alarms": 0.0}
    assert kinds.by_name()["long wrap-up"] == {"check": "missed", "corruptions": 2, "found": 0.0}
    assert unseen.by_name() == {
        "long warm-up in secret": {"check": "any", "corruptions": 2, "found": 1.0}
    }
    assert counts.by_name()["corrupted"] == {"count": 4}
    assert isinstance(quality, Detailed)


def test_the_table_for_the_readme_is_markdown():
    assert as_markdown(measured(attentive)).splitlines() == [
        "| check | corruptions | found | false alarms |",
        "|---|--:|--:|--:|",
        "| found | 2 | 100 % | 0 % |",
        "| missed | 2 | 0 % | 0 % |",
        "| cannot be seen: long warm-up in secret | 2 | 100 % |  |",
    ]
