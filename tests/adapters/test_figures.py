from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from lessongen.analytics.figures import figures
from lessongen.analytics.values import Figures
from lessongen.store.figures.filters import Filters, day_of
from lessongen.store.figures.retention import KeptDays
from lessongen.store.store import opened_store
from tests.support.past_lessons import (
    DAY,
    NOON,
    TODAY,
    Past,
    PastAttempt,
    PastLesson,
    PastRating,
    PastSection,
)
from tests.support.plain_figures import PlainFigures, mean, nearest_rank

MONTH = Filters.of_days(30, day_of(TODAY))


@pytest.fixture
def past(tmp_path: Path) -> Iterator[Past]:
    with opened_store(tmp_path / "lessons.db", now=lambda: NOON) as store:
        yield Past(store)


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Past]:
    with opened_store(tmp_path / "other.db", now=lambda: NOON) as store:
        yield Past(store)


def random_lessons(examples: int) -> hypothesis:
    """Return settings for tests that empty their database before every example."""
    return hypothesis(
        max_examples=examples, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )


def found(past: Past, filters: Filters = MONTH) -> Figures:
    past.store.day_sums.refresh()
    return figures(past.store.readings, filters)


MODELS = st.sampled_from(["flash", "lite", "hydrogen"])
PARTS = st.sampled_from(["warmup", "reading", "dialogue"])
SECONDS = st.floats(-100, 300, allow_nan=False)
MAYBE_SECONDS = st.none() | SECONDS
SCORES = st.none() | st.floats(0, 100)
MONEY = st.none() | st.floats(0, 1)
SECTIONS = st.lists(
    st.builds(
        PastSection,
        PARTS,
        status=st.sampled_from(["written", "rewriting", "failed", "waiting"]),
        model=st.none() | MODELS,
        begins=MAYBE_SECONDS,
        ends=MAYBE_SECONDS,
        score=SCORES,
    ),
    max_size=3,
    unique_by=lambda section: section.name,
).map(tuple)
ATTEMPTS = st.lists(
    st.builds(
        PastAttempt,
        part=st.just("brief") | PARTS,
        model=MODELS,
        reason=st.sampled_from(["first", "retry", "fallback", "repair"]),
        outcome=st.sampled_from(["written", "failed", "cancelled", "refused"]),
        error_class=st.none() | st.sampled_from(["Throttled", "Malformed"]),
        begins=SECONDS,
        queue_ms=st.floats(-10, 5000),
        total_ms=st.floats(-10, 9e7),
        input_tokens=st.none() | st.integers(0, 5000),
        output_tokens=st.none() | st.integers(0, 5000),
        cost_usd=MONEY,
        score=SCORES,
    ),
    max_size=6,
).map(tuple)
RATINGS = st.lists(
    st.builds(
        PastRating,
        stars=st.integers(1, 5),
        section=st.just("") | PARTS,
        person=st.sampled_from(["ann", "bob"]),
        reason=st.none() | st.sampled_from(["boring", "too hard"]),
    ),
    max_size=3,
).map(tuple)
LESSONS = st.builds(
    PastLesson,
    created=st.floats(-59, 3),
    status=st.sampled_from(
        ["complete", "complete", "incomplete", "failed", "cancelled", "running"]
    ),
    level=st.sampled_from(["A1", "B1"]),
    mode=st.sampled_from(["parallel", "sequential"]),
    cohort=st.none() | st.sampled_from(["asked for", "sequential for all"]),
    version=st.none() | st.integers(1, 3),
    sample=st.sampled_from([0, 0, 0, 1]),
    begins=MAYBE_SECONDS,
    ends=MAYBE_SECONDS,
    score=SCORES,
    sections=SECTIONS,
    attempts=ATTEMPTS,
    ratings=RATINGS,
)
FILTERS = st.builds(
    Filters,
    first=st.integers(0, 35).map(lambda days: day_of(TODAY) - timedelta(days=days)),
    last=st.just(day_of(TODAY)),
    level=st.none() | st.just("B1"),
    mode=st.none() | st.just("parallel"),
    model=st.none() | MODELS,
    section=st.none() | PARTS,
    version=st.none() | st.integers(0, 3),
)


def near(value: float | None) -> object:
    return None if value is None else pytest.approx(value, abs=1e-6)


@given(st.lists(LESSONS, max_size=12), FILTERS)
@random_lessons(60)
def test_every_figure_is_what_the_rows_themselves_say(
    past: Past, lessons: list[PastLesson], filters: Filters
):
    past.forget()
    past.add(*lessons)

    told = found(past, filters)

    compare_headline(told, PlainFigures(past.store, filters))
    compare_charts(told, PlainFigures(past.store, filters))
    before = PlainFigures(past.store, filters.period_before())
    assert told.headline.lessons.before == len(before.lessons)
    assert told.headline.seconds.before == near(mean(before.seconds()))
    assert told.headline.p95.before == near(nearest_rank(before.seconds(), 95))
    assert told.headline.cost.before == near(mean(before.costs()))
    assert told.headline.errors.before == near(
        before.share(before.decided(), lambda row: row["outcome"] == "failed")
    )


def compare_headline(told: Figures, plain: PlainFigures) -> None:
    head, asked = told.headline, plain.asked()
    ended = [row for row in plain.lessons if row["status"] != "cancelled"]
    assert head.lessons.value == len(plain.lessons)
    assert head.completed.value == near(plain.share(ended, lambda row: row["status"] == "complete"))
    assert head.seconds.value == near(mean(plain.seconds()))
    assert head.p50.value == near(nearest_rank(plain.seconds(), 50))
    assert head.p95.value == near(nearest_rank(plain.seconds(), 95))
    assert head.saved.value == near(mean(plain.saved()))
    assert head.success.value == near(
        plain.share(plain.sections, lambda row: row["status"] in {"written", "rewriting"})
    )
    assert head.cost.value == near(mean(plain.costs()))
    assert head.stars.value == near(mean(plain.stars()))
    assert head.errors.value == near(
        plain.share(plain.decided(), lambda row: row["outcome"] == "failed")
    )
    assert head.fallbacks.value == near(plain.share(asked, lambda row: row["reason"] == "fallback"))
    assert head.repairs.value == near(plain.share(asked, lambda row: row["reason"] == "repair"))
    timed = plain.timed()
    assert head.queue.value == near(mean([row["queue_ms"] / 1000 for row in timed]))
    assert head.model.value == near(
        mean([(row["total_ms"] - row["queue_ms"]) / 1000 for row in timed])
    )
    scores = [row["score"] for row in plain.lessons if row["score"] is not None]
    assert head.score.value == near(mean(scores))


def compare_charts(told: Figures, plain: PlainFigures) -> None:
    asked, decided = plain.asked(), plain.decided()
    for use in told.models:
        mine = [row for row in asked if row["model"] == use.model]
        assert use.requests == len(mine)
        assert use.input_tokens == sum(row["input_tokens"] or 0 for row in mine)
        assert use.output_tokens == sum(row["output_tokens"] or 0 for row in mine)
        assert use.cost == near(sum(row["cost_usd"] or 0 for row in mine))
        assert use.unpriced == sum(row["cost_usd"] is None for row in mine)
    assert sum(use.requests for use in told.models) == len(asked)
    failed = [row for row in decided if row["outcome"] == "failed"]
    assert sum(row.failed for row in told.errors) == len(failed)
    for row in told.errors:
        mine = [f for f in failed if (f["model"], f["error_class"] or "") == (row.model, row.error)]
        of_model = [d for d in decided if d["model"] == row.model]
        assert (row.failed, row.requests) == (len(mine), len(of_model))
    assert {(s.section, s.asked) for s in told.success} == {
        (name, sum(row["name"] == name for row in plain.sections))
        for name in {row["name"] for row in plain.sections}
    }
    for score in told.scores:
        mine = [
            row["score"]
            for row in plain.attempts
            if (row["part"], row["model"]) == (score.section, score.model)
            and row["score"] is not None
        ]
        assert (score.answers, score.score) == (len(mine), near(mean(mine)))
    assert sum(row.requests for row in told.use) == len(asked)
    assert sum(row.failed for row in told.use) == len(failed)
    assert sum(day.lessons for day in told.times) == len(plain.seconds())
    for groups in (told.modes, told.cohorts):
        assert sum(group.lessons for group in groups) == len(plain.lessons)
        assert sum(group.timed for group in groups) == len(plain.seconds())
    assert sum(row.ratings for row in told.stars) == len(plain.stars())


@given(st.lists(LESSONS, max_size=8))
@random_lessons(20)
def test_summing_up_again_changes_nothing(past: Past, lessons: list[PastLesson]):
    past.forget()
    past.add(*lessons)
    once = found(past)
    past.store.database.execute(
        "INSERT INTO stale_days (day) SELECT DISTINCT day FROM summed_days WHERE true"
    )

    assert found(past) == once
    assert past.store.database.read("SELECT * FROM stale_days") == []


@given(st.lists(LESSONS, min_size=1, max_size=8), st.integers(7, 60), ATTEMPTS)
@random_lessons(30)
def test_rolling_old_attempts_up_changes_no_figure(
    past: Past, other: Past, lessons: list[PastLesson], kept: int, late: tuple[PastAttempt, ...]
):
    old = NOON - kept * DAY
    for each in (past, other):
        each.forget()
        each.add(PastLesson(), *lessons)
    past.store.day_sums.retention.keep(KeptDays(days=kept), "an admin")
    found(past)
    assert attempts_before(past, old) == 0
    for each in (past, other):
        each.add_attempts(each.newest_id, *late)

    assert simplified(found(past)) == simplified(found(other))


def attempts_before(past: Past, moment: float) -> int:
    """Return how many attempts of lessons that have ended began before a moment."""
    rows = past.store.database.read(
        "SELECT COUNT(*) AS many FROM attempts a JOIN lessons l ON l.id = a.lesson_id "
        "WHERE a.started_at < :moment AND l.status <> 'running'",
        moment=moment,
    )
    return rows[0]["many"]


def simplified(value: Any) -> Any:
    """Return a value with rounded numbers: sums differ in the last place by their order."""
    if isinstance(value, float):
        return round(value, 6)
    if isinstance(value, tuple):
        return [simplified(item) for item in cast("tuple[Any, ...]", value)]
    if is_dataclass(value):
        return [simplified(getattr(value, field.name)) for field in fields(value)]
    return value


def test_a_lesson_that_ends_is_in_the_figures_once_they_are_refreshed(past: Past):
    assert found(past).empty
    past.add(PastLesson(ends=12.0))

    told = found(past)

    assert (told.headline.lessons.value, told.headline.seconds.value) == (1, 12.0)
    assert told.headline.cost.value == near(0.02)


def test_a_break_after_a_restart_is_no_time_that_the_lesson_took(past: Past):
    evening, morning = PastSection("warmup", begins=2, ends=8), 36_000.0
    rest = PastSection("reading", begins=morning, ends=morning + 10)
    past.add(PastLesson(ends=morning + 10, sections=(evening, rest)))

    assert found(past).headline.seconds.value == near(18.0)


def test_a_lesson_whose_missing_sections_were_asked_for_again_has_no_time(past: Past):
    past.add(PastLesson(begins=5000.0, ends=5010.0, sections=(PastSection("warmup", begins=2),)))

    told = found(past).headline

    assert (told.lessons.value, told.seconds.value, told.p95.value) == (1, None, None)


def test_a_clock_that_went_backwards_leaves_times_out_and_counts_the_rest(past: Past):
    torn = PastSection("warmup", begins=10.0, ends=4.0)
    back = PastAttempt("warmup", queue_ms=-5.0, total_ms=-100.0)
    past.add(PastLesson(begins=10.0, ends=-50.0, sections=(torn,), attempts=(back,)), PastLesson())

    told = found(past)

    assert (told.headline.lessons.value, told.headline.seconds.value) == (2, 12.0)
    assert told.headline.success.count == 3
    assert [waits.requests for waits in told.waits] == [2]
    assert (told.headline.queue.value, told.headline.model.value) == (0.1, 2.0)


def test_a_clock_that_jumped_ahead_in_the_middle_gives_no_time_of_years(past: Past):
    past.add(PastLesson(ends=9e8, sections=()), PastLesson())

    assert found(past).headline.seconds.value == 12.0


def test_a_lesson_of_the_future_counts_on_its_own_day_and_not_before(past: Past):
    past.add(PastLesson(created=400.0), PastLesson())
    told = found(past)
    ahead = replace(MONTH, last=MONTH.last + timedelta(days=500))

    assert told.headline.lessons.value == 1
    assert found(past, ahead).headline.lessons.value == 2


def test_what_an_attempt_does_not_tell_is_not_taken_for_nothing(past: Past):
    silent = PastAttempt("warmup", input_tokens=None, output_tokens=None, cost_usd=None, score=None)
    past.add(
        PastLesson(attempts=(silent,), score=None),
        PastLesson(attempts=(silent, PastAttempt("reading"))),
    )

    told = found(past)

    assert told.headline.cost.value == near(0.01)
    assert told.headline.cost.count == 1
    assert told.headline.score.count == 1
    [use] = told.models
    assert (use.requests, use.unpriced, use.input_tokens) == (3, 2, 1000)
    assert [(score.section, score.answers) for score in told.scores] == [("reading", 1)]


def test_a_request_that_was_refused_reached_no_model_and_costs_nothing_unknown(past: Past):
    refused = PastAttempt("reading", outcome="refused", error_class="Refused", cost_usd=None)
    past.add(PastLesson(attempts=(PastAttempt("reading"), refused)))

    told = found(past)

    assert [(use.requests, use.unpriced) for use in told.models] == [(1, 0)]
    assert (told.headline.errors.value, told.errors) == (0.0, ())


def test_a_model_and_a_section_narrow_requests_and_sections_and_no_whole_lessons(past: Past):
    ratings = (PastRating(5), PastRating(1, "reading"), PastRating(2, "warmup"))
    lite = PastAttempt("reading", "lite", outcome="failed", error_class="TimedOut")
    past.add(PastLesson(attempts=(PastAttempt("warmup"), lite), ratings=ratings))
    filters = replace(MONTH, section="reading")

    told = found(past, filters)

    assert filters.narrowed_to_sections
    assert not MONTH.narrowed_to_sections
    assert told.headline.errors.value == 1.0
    assert [row.section for row in told.success] == ["reading"]
    assert [row.section for row in told.section_stars] == ["reading"]
    assert (told.headline.stars.value, told.headline.lessons.value) == (5.0, 1)
    assert found(past, replace(MONTH, model="flash")).headline.errors.value == 0.0


def test_samples_and_real_lessons_are_never_mixed(past: Past):
    past.add(PastLesson(sample=1), PastLesson(), PastLesson())

    assert found(past).headline.lessons.value == 2
    assert found(past, replace(MONTH, sample=True)).headline.lessons.value == 1


def test_cohorts_stand_in_the_order_of_their_numbers_and_days_with_lessons_are_counted(past: Past):
    shares = (10, 100, 50)
    past.add(*(PastLesson(cohort=f"in the rollout to {share} %") for share in shares))
    past.add(PastLesson(created=-40), PastLesson(created=-40), PastLesson(created=-45))

    told = found(past)

    assert [group.name for group in told.cohorts] == [
        f"in the rollout to {share} %" for share in sorted(shares)
    ]
    assert told.days_before == 2


def test_the_version_that_is_looked_at_is_compared_with_the_one_before(past: Past):
    past.add(*(PastLesson(version=version, ends=10.0 + version) for version in (1, 2, 4)))

    newest = found(past).before_and_after
    chosen = found(past, replace(MONTH, version=2)).before_and_after

    assert newest
    assert [(group.name, group.seconds) for group in newest] == [
        ("version 2", 12.0),
        ("version 4", 14.0),
    ]
    assert chosen
    assert [group.key for group in chosen] == ["1", "2"]
    assert found(past, replace(MONTH, version=1)).before_and_after is None
    assert found(past, replace(MONTH, version=3)).before_and_after is None


def test_sequential_lessons_save_nothing_and_parallel_ones_what_they_overlap(past: Past):
    side_by_side = (PastSection("warmup", ends=10.0), PastSection("reading", ends=8.0))
    in_turn = (PastSection("warmup", ends=10.0), PastSection("reading", begins=10.0, ends=16.0))
    past.add(
        PastLesson(sections=side_by_side),
        PastLesson(mode="sequential", ends=18.0, sections=in_turn),
    )

    parallel, sequential = found(past).modes

    assert (parallel.seconds, parallel.saved, parallel.in_turn) == (12.0, near(6.0), near(18.0))
    assert (sequential.seconds, sequential.saved) == (18.0, near(0.0))


def test_what_there_is_to_choose_from_is_what_was_summed_up(past: Past):
    past.add(PastLesson(version=None), PastLesson(created=-3, level="A1", version=7))
    past.store.day_sums.refresh()

    choices = past.store.readings.choices(sample=False)

    assert (choices.first, choices.last) == (TODAY - 3, TODAY)
    assert (choices.levels, choices.versions) == (("A1", "B1"), (0, 7))
    assert (choices.models, choices.sections) == (("flash",), ("reading", "warmup"))
    assert past.store.readings.choices(sample=True).first is None


def test_a_short_silence_between_sections_is_time_that_the_lesson_took(past: Past):
    late = PastSection("reading", begins=58.0, ends=70.0)
    past.add(PastLesson(ends=72.0, sections=(PastSection("warmup", ends=8.0), late)))

    assert found(past).headline.seconds.value == near(72.0)


def test_a_request_of_more_than_a_day_is_counted_and_not_timed(past: Past):
    endless = PastAttempt("reading", total_ms=DAY * 1000 + 1)
    past.add(PastLesson(attempts=(PastAttempt("warmup"), endless)))

    told = found(past)

    assert [use.requests for use in told.models] == [2]
    assert (told.headline.model.value, told.headline.model.count) == (2.0, 1)
