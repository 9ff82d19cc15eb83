from dataclasses import replace
from math import pi, sqrt
from random import Random
from statistics import mean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessongen.administration.estimate import Duration, Estimate, estimate, longest
from lessongen.generation.strategy import OwnAssignment
from lessongen.lesson.prompts import BRIEF
from lessongen.lesson.sections import SECTIONS
from lessongen.store.history import Measured, PartHistory
from tests.support.running import STRATEGY

DURATIONS = st.lists(
    st.builds(Duration, st.floats(0, 600), st.floats(0, 3600)), min_size=1, max_size=9
)


def measured(
    part: str, seconds: float, dollars: float | None = None, **changes: int
) -> PartHistory:
    """Return the history of a part with the model that writes it as a rule."""
    slot = STRATEGY.assignment(part).slot
    return replace(
        PartHistory(part, slot, STRATEGY.slots[slot].model, asked=4, written=4),
        seconds=Measured(4, seconds, 0.0),
        dollars=None if dollars is None else Measured(4, dollars, 0.0),
        **changes,
    )


def test_where_nothing_was_measured_nothing_is_promised():
    assert estimate(STRATEGY, tuple(SECTIONS), "parallel", []) is None


def test_in_parallel_a_lesson_takes_its_brief_and_the_slowest_section():
    history = [measured(BRIEF, 2), measured("warmup", 4), measured("reading", 11)]

    assert estimate(STRATEGY, ["warmup", "reading"], "parallel", history) == Estimate(13, None, 12)


def test_in_sequence_a_lesson_takes_all_its_parts():
    history = [measured(BRIEF, 2), measured("warmup", 4), measured("reading", 11)]

    assert estimate(STRATEGY, ["warmup", "reading"], "sequential", history) == Estimate(
        17, None, 12
    )


def test_a_section_that_waits_for_others_takes_their_time_too():
    waiting = {"warmup": ("reading", "grammar"), "reading": ("dialogue",)}
    changed = {
        part: STRATEGY.assignments[part].model_copy(update={"waits_for": names})
        for part, names in waiting.items()
    }
    strategy = replace(STRATEGY, assignments={**STRATEGY.assignments, **changed})
    seconds = {BRIEF: 2, "warmup": 4, "reading": 11, "grammar": 5, "dialogue": 1}
    history = [measured(part, long) for part, long in seconds.items()]

    whole = estimate(strategy, list(seconds)[1:], "parallel", history)
    without = estimate(strategy, ["warmup", "grammar"], "parallel", history)

    assert whole == Estimate(2 + 1 + 11 + 4, None, 20)
    assert without == Estimate(2 + 5 + 4, None, 12)


def test_waiting_for_a_place_counts_too():
    queued = replace(measured("warmup", 4), queue_seconds=Measured(4, 3.0, 0.0))

    assert estimate(STRATEGY, ["warmup"], "parallel", [queued]) == Estimate(7, None, 4, (BRIEF,))


def test_parts_that_were_never_written_by_their_model_are_named_and_not_counted():
    failed = replace(measured("reading", 9), written=0)
    history = [measured(BRIEF, 2), measured("warmup", 4), failed]

    found = estimate(STRATEGY, ["warmup", "reading", "wrapup"], "parallel", history)

    assert found == Estimate(6, None, 8, ("reading", "wrapup"))


def test_what_another_model_was_measured_at_says_nothing():
    own = {"warmup": OwnAssignment(slot="primary", priority="low", deadline_seconds=10)}
    history = [measured(BRIEF, 2), measured("warmup", 4)]

    found = estimate(STRATEGY.with_own(own), ["warmup"], "parallel", history)

    assert found == Estimate(2, None, 4, ("warmup",))


def test_what_a_slot_was_measured_at_with_an_older_model_says_nothing():
    older = replace(measured("warmup", 4), model="gemini-older")

    assert estimate(STRATEGY, ["warmup"], "parallel", [older]) is None


def test_a_lesson_costs_what_all_attempts_at_its_parts_cost():
    # Every second attempt at the warm-up came to nothing, and cost as much.
    history = [measured(BRIEF, 2, 0.01), measured("warmup", 4, 0.02, asked=8)]

    found = estimate(STRATEGY, ["warmup"], "parallel", history)

    assert found
    assert found.dollars == pytest.approx(0.01 + 2 * 0.02)


def test_without_a_price_nothing_is_said_of_the_cost():
    history = [measured(BRIEF, 2, 0.01), measured("warmup", 4)]

    found = estimate(STRATEGY, ["warmup"], "parallel", history)

    assert found
    assert found.dollars is None


def test_of_two_alike_the_longer_takes_longer_than_their_mean():
    # The mean of the larger of two normal values is known in closed form.
    assert longest([Duration(10, 4), Duration(10, 4)]) == pytest.approx(10 + 2 / sqrt(pi), abs=1e-3)


def test_the_longest_of_many_is_what_trying_it_out_comes_to():
    random = Random(7)
    durations = [Duration(6 + n, (1 + n / 3) ** 2) for n in range(9)]

    tried = mean(
        max(random.gauss(d.mean, sqrt(d.variance)) for d in durations) for _ in range(20_000)
    )

    assert longest(durations) == pytest.approx(tried, abs=0.05)


def test_nothing_takes_no_time():
    assert longest([]) == 0


@given(DURATIONS)
def test_the_longest_takes_at_least_the_longest_mean(durations: list[Duration]):
    assert longest(durations) >= max(d.mean for d in durations) * (1 - 1e-3) - 1e-3


@given(st.floats(0, 600), st.floats(0, 3600))
def test_one_alone_takes_its_mean(seconds: float, variance: float):
    assert longest([Duration(seconds, variance)]) == pytest.approx(seconds, abs=1e-3)


@given(DURATIONS, st.builds(Duration, st.floats(0, 600), st.floats(0, 3600)))
def test_one_more_never_makes_it_sooner(durations: list[Duration], more: Duration):
    assert longest([*durations, more]) >= longest(durations) - 0.1
