from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessongen.generation.prices import Prices
from lessongen.generation.strategy import Retired, Strategy
from lessongen.generation.strategy_changes import Change, differences
from lessongen.lesson.parts import PARTS
from tests.support.generation import ASSIGNMENT, SLOTS
from tests.support.strategies import whole_strategies

BEFORE = Strategy(SLOTS, dict.fromkeys(PARTS, ASSIGNMENT), {})


def with_reading(**changes: Any) -> Strategy:
    reading = BEFORE.assignments["reading"].model_copy(update=changes)
    return replace(BEFORE, assignments={**BEFORE.assignments, "reading": reading})


def with_first(**changes: Any) -> Strategy:
    first = BEFORE.slots["first"].model_copy(update=changes)
    return replace(BEFORE, slots={**BEFORE.slots, "first": first})


def with_retired(replacement: str) -> Strategy:
    gone = Retired(replacement=replacement, ends=date(2026, 6, 1))
    return replace(BEFORE, retired={"old": gone})


@pytest.mark.parametrize(
    ("after", "sentence"),
    [
        (with_reading(slot="second"), "Reading: slot first → second"),
        (with_reading(fallbacks=("third",)), "Reading: fallbacks second, third → third"),
        (with_reading(fallbacks=()), "Reading: fallbacks second, third → none"),
        (
            with_reading(fallbacks=("third", "second")),
            "Reading: fallbacks second, third → third, second",
        ),
        (with_reading(priority="low"), "Reading: priority high → low"),
        (with_reading(deadline_seconds=12.5), "Reading: deadline 20 s → 12.5 s"),
        (with_reading(deadline_seconds=20.0000001), "Reading: deadline 20 s → 20.0000001 s"),
        (with_reading(waits_for=("warmup",)), "Reading: waits for none → Warm-up"),
        (with_reading(hedging=True), "Reading: hedging as the strategy → on"),
        (with_first(model="other"), "slot first: model first-model → other"),
        (with_first(requests_per_minute=60), "slot first: requests per minute 100 → 60"),
        (
            with_first(input_tokens_per_minute=1_000_000),
            "slot first: input tokens per minute 100,000 → 1,000,000",
        ),
        (with_first(enabled=False), "slot first: enabled on → off"),
        (with_first(thinking=None), "slot first: thinking low → as the model likes"),
        (
            with_first(prices=None),
            "slot first: prices input $1, output $2, cached $0.5 → from the list",
        ),
        (
            with_first(prices=Prices(input=1, output=3, cached=0)),
            "slot first: prices input $1, output $2, cached $0.5 → input $1, output $3, cached $0",
        ),
        (replace(BEFORE, slots={**SLOTS, "backup": SLOTS["first"]}), "slot backup added"),
        (
            replace(BEFORE, slots={n: s for n, s in SLOTS.items() if n != "third"}),
            "slot third removed",
        ),
        (replace(BEFORE, hedging=True), "hedging off → on"),
        (with_retired("new"), "retired model old added"),
    ],
)
def test_a_change_is_told_in_plain_words(after: Strategy, sentence: str):
    assert [change.sentence for change in differences(BEFORE, after)] == [sentence]


def test_a_change_names_its_place_and_both_values():
    assert differences(BEFORE, with_reading(slot="second")) == (
        Change("assignments", "reading", "slot", "first", "second", "Reading: slot first → second"),
    )


def test_a_slot_that_comes_or_goes_is_named_with_its_model():
    more = replace(BEFORE, slots={**SLOTS, "backup": SLOTS["first"]})

    [came], [went] = differences(BEFORE, more), differences(more, BEFORE)

    assert (came.row, came.field, came.before, came.after) == ("backup", "", None, "first-model")
    assert (went.row, went.field, went.before, went.after) == ("backup", "", "first-model", None)


def test_a_retired_model_may_have_another_replacement():
    [change] = differences(with_retired("new"), with_retired("newer"))

    assert change.sentence == "retired model old: replacement new → newer"


def test_a_version_is_no_difference():
    assert differences(replace(BEFORE, version=1), replace(BEFORE, version=2)) == ()


@given(whole_strategies(), whole_strategies())
def test_whatever_is_different_is_told_and_nothing_else(one: Strategy, other: Strategy):
    there, back = differences(one, other), differences(other, one)

    assert differences(one, one) == ()
    assert bool(there) == (one != other)
    assert {(c.table, c.row, c.field, c.before, c.after) for c in there} == {
        (c.table, c.row, c.field, c.after, c.before) for c in back
    }
    for change in there:
        assert change.before != change.after
        assert "\n" not in change.sentence


@given(st.floats(2, 600), st.floats(2, 600))
def test_two_numbers_that_differ_look_different(one: float, other: float):
    changes = differences(with_reading(deadline_seconds=one), with_reading(deadline_seconds=other))

    assert len(changes) == (one != other)
    for change in changes:
        assert change.before != change.after
