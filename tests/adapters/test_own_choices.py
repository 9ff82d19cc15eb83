from collections.abc import Generator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from lessongen.administration.own_choices import (
    OwnDefaults,
    own_choices,
    usual_choices,
)
from lessongen.errors import RequestError
from lessongen.generation.strategy import OwnAssignment, Strategy
from lessongen.lesson.parts import PARTS
from lessongen.store.store import Store, opened_store
from tests.support.running import STRATEGY

ANNA, BEN = "anna@school.org", "ben@school.org"
CHOICE = OwnAssignment(slot="experimental", priority="low", deadline_seconds=60)
CHOICES = st.dictionaries(
    st.sampled_from(PARTS),
    st.builds(
        OwnAssignment,
        slot=st.sampled_from([*STRATEGY.slots]),
        priority=st.sampled_from(["high", "medium", "low"]),
        deadline_seconds=st.floats(2, 600),
    ),
)


@pytest.fixture
def store(tmp_path: Path) -> Generator[Store]:
    with opened_store(tmp_path / "lessons.db") as opened:
        yield opened


@pytest.fixture
def defaults(store: Store) -> OwnDefaults:
    return OwnDefaults(store.preferences)


def table(**changed: dict[str, object]) -> dict[str, dict[str, object]]:
    """Return the table as a teacher finds it, with some cells changed."""
    usual = {part: choice.model_dump() for part, choice in usual_choices(STRATEGY).items()}
    return {part: row | changed.get(part, {}) for part, row in usual.items()}


def with_slot(name: str, *, enabled: bool) -> Strategy:
    slot = STRATEGY.slots[name].model_copy(update={"enabled": enabled})
    return replace(STRATEGY, slots={**STRATEGY.slots, name: slot})


def test_a_table_that_nobody_touched_chooses_nothing():
    assert own_choices(table(), STRATEGY) == {}


def test_only_rows_that_were_changed_are_chosen():
    changed = own_choices(
        table(reading={"slot": "experimental"}, warmup={"deadline_seconds": 30}), STRATEGY
    )

    assert changed == {
        "reading": usual_choices(STRATEGY)["reading"].model_copy(update={"slot": "experimental"}),
        "warmup": usual_choices(STRATEGY)["warmup"].model_copy(update={"deadline_seconds": 30}),
    }


@pytest.mark.parametrize(
    ("cell", "sentence"),
    [
        ({"deadline_seconds": 1.9}, "the deadline should be from 2 to 600 seconds."),
        ({"deadline_seconds": 601}, "the deadline should be from 2 to 600 seconds."),
        ({"deadline_seconds": None}, "the deadline should be from 2 to 600 seconds."),
        ({"deadline_seconds": float("nan")}, "the deadline should be from 2 to 600 seconds."),
        ({"priority": None}, "the priority should be high, medium or low."),
        ({"priority": "urgent"}, "the priority should be high, medium or low."),
        ({"slot": None}, "please choose a model slot of the list."),
        ({"slot": "gone"}, "please choose a model slot of the list."),
    ],
)
def test_a_cell_that_cannot_be_meant_is_refused_with_a_sentence(
    cell: dict[str, object], sentence: str
):
    with pytest.raises(RequestError) as refused:
        own_choices(table(reading=cell), STRATEGY)

    assert str(refused.value) == f"Reading: {sentence}"


def test_a_slot_that_is_switched_off_cannot_be_chosen():
    with pytest.raises(RequestError, match=r"^Dialogue: please choose a model slot"):
        own_choices({"dialogue": {**CHOICE.model_dump()}}, with_slot("experimental", enabled=False))


def test_rows_of_a_strategy_whose_slots_are_all_switched_off_are_no_mistake_of_the_teacher():
    off = {n: s.model_copy(update={"enabled": False}) for n, s in STRATEGY.slots.items()}
    closed = replace(STRATEGY, slots=off)
    rows = {part: choice.model_dump() for part, choice in usual_choices(closed).items()}

    assert own_choices(rows, closed) == {}


@hypothesis(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(CHOICES)
def test_a_default_is_given_back_as_it_was_kept(
    defaults: OwnDefaults, choices: dict[str, OwnAssignment]
):
    defaults.keep(ANNA, choices)

    assert defaults.of(ANNA, STRATEGY) == choices


def test_each_person_has_a_default_of_their_own(defaults: OwnDefaults):
    defaults.keep(ANNA, {"reading": CHOICE})

    assert defaults.of(BEN, STRATEGY) == {}


def test_a_default_of_nothing_takes_back_the_one_before(defaults: OwnDefaults):
    defaults.keep(ANNA, {"reading": CHOICE})

    defaults.keep(ANNA, {})

    assert defaults.of(ANNA, STRATEGY) == {}


@pytest.mark.parametrize("text", ["", "Dear diary", "[]", "null", '"x"', '{"reading": 3}'])
def test_a_default_that_cannot_be_read_is_left_out(store: Store, defaults: OwnDefaults, text: str):
    store.preferences.set(f"assignments:{ANNA}", text)

    assert defaults.of(ANNA, STRATEGY) == {}


def test_of_a_default_what_cannot_be_used_any_more_is_left_out_and_the_rest_counts(
    defaults: OwnDefaults,
):
    gone = CHOICE.model_copy(update={"slot": "gone"})
    other = CHOICE.model_copy(update={"slot": "primary"})
    defaults.keep(ANNA, {"reading": CHOICE, "grammar": gone, "homework": other, "warmup": other})

    assert defaults.of(ANNA, with_slot("experimental", enabled=False)) == {"warmup": other}
