from datetime import date

import pytest
from pydantic import ValidationError

from lessongen.generation.strategy import Assignment, OwnAssignment, Retired, Strategy
from tests.support.generation import ASSIGNMENT, SLOTS, model_slot

PARTS = ("brief", "reading", "dialogue")


def strategy_of(
    assignment: Assignment = ASSIGNMENT, off: tuple[str, ...] = (), *, hedging: bool = False
) -> Strategy:
    slots = {
        name: slot.model_copy(update={"enabled": name not in off}) for name, slot in SLOTS.items()
    }
    return Strategy(slots, dict.fromkeys(PARTS, assignment), {}, hedging=hedging)


def own(slot: str = "second", seconds: float = 7) -> OwnAssignment:
    return OwnAssignment(slot=slot, priority="low", deadline_seconds=seconds)


# Slots that are switched off


def test_where_all_slots_are_enabled_an_assignment_is_as_it_was_made():
    assert strategy_of().assignment("reading") == ASSIGNMENT


@pytest.mark.parametrize(
    ("off", "left"),
    [
        (("first",), ("second", "third")),
        (("second",), ("first", "third")),
        (("first", "third"), ("second",)),
    ],
)
def test_a_slot_that_is_switched_off_is_not_asked_and_fallbacks_take_over(
    off: tuple[str, ...], left: tuple[str, ...]
):
    strategy = strategy_of(off=off)

    assert strategy.assignment("reading").slots == left
    assert strategy.assignments["reading"] == ASSIGNMENT  # to be there when it is on again


def test_where_no_slot_is_left_the_gates_say_why():
    assert strategy_of(off=("first", "second", "third")).assignment("reading") == ASSIGNMENT


# Hedging


def test_a_part_is_hedged_as_the_strategy_says_unless_it_says_so_itself():
    for switch in (True, False):
        assert strategy_of(hedging=switch).hedges("reading") is switch
        for says in (True, False):
            assignment = ASSIGNMENT.model_copy(update={"hedging": says})
            assert strategy_of(assignment, hedging=switch).hedges("reading") is says


# What a teacher chose


@pytest.mark.parametrize(
    ("slot", "fallbacks"),
    [
        ("first", ("second", "third")),
        ("second", ("first", "third")),
        ("third", ("first", "second")),
    ],
)
def test_a_teachers_slot_writes_and_the_others_help_out_the_former_one_first(
    slot: str, fallbacks: tuple[str, ...]
):
    changed = strategy_of().with_own({"reading": own(slot)}).assignments

    assert changed["reading"] == Assignment(
        slot=slot, priority="low", deadline_seconds=7, fallbacks=fallbacks
    )
    assert changed["dialogue"] == ASSIGNMENT


def test_what_a_part_waits_for_and_whether_it_is_hedged_is_not_the_teachers_to_say():
    before = ASSIGNMENT.model_copy(update={"waits_for": ("dialogue",), "hedging": True})

    after = strategy_of(before).with_own({"reading": own()}).assignments["reading"]

    assert (after.waits_for, after.hedging) == (("dialogue",), True)


def test_what_a_teacher_chose_and_cannot_be_had_is_left_out_with_a_sentence():
    strategy = strategy_of(off=("third",))
    chosen = {
        "poem": own(),
        "reading": own("fourth"),
        "dialogue": own("third"),
        "brief": own("second"),
    }

    changed = strategy.with_own(chosen).assignments

    assert changed["brief"].slot == "second"
    assert changed["reading"] == changed["dialogue"] == ASSIGNMENT
    assert set(changed) == set(PARTS)
    assert strategy.unusable(chosen) == [
        "No part of a lesson is called “poem”; what was chosen for it is left out.",
        "reading: the slot “fourth” is gone, so the usual one writes it.",
        "dialogue: the slot “third” is switched off, so the usual one writes it.",
    ]


def test_whoever_chose_nothing_has_the_usual_strategy():
    assert strategy_of().with_own({}) == strategy_of()
    assert strategy_of().unusable({}) == []


@pytest.mark.parametrize("seconds", [0, -1, 1.9, 601, float("nan"), float("inf"), 1e9])
def test_a_teachers_deadline_is_as_bounded_as_an_admins(seconds: float):
    with pytest.raises(ValidationError):
        own(seconds=seconds)
    with pytest.raises(ValidationError):
        Assignment(slot="first", priority="low", deadline_seconds=seconds)


# Versions


def test_a_version_says_nothing_about_what_a_strategy_says():
    first, second = (Strategy(SLOTS, {}, {}, version=version) for version in (1, 2))

    assert first == second
    assert first.with_own({}).version == 1


@pytest.mark.parametrize(
    ("version", "where"), [(None, "in data/models.toml."), (3, "on the page Assignments.")]
)
def test_a_warning_says_where_to_change_the_model(version: int | None, where: str):
    slots = {"first": model_slot("old")}
    retired = {"old": Retired(replacement="new", ends=date(2026, 1, 1))}

    [warning] = Strategy(slots, {}, retired, version=version).warnings(date(2026, 2, 1))

    assert warning.endswith(where)


# Names of models


@pytest.mark.parametrize("model", ["", " ", "a b", "a\nb", "“x”", "gemini?key=1", "é", "a" * 201])
def test_a_model_id_that_is_none_is_refused(model: str):
    with pytest.raises(ValidationError):
        model_slot(model)


@pytest.mark.parametrize("model", ["gemini-3.8-flash", "models/x@001", "projects/p/x:tuned_1"])
def test_a_model_id_as_google_writes_them_is_taken(model: str):
    assert model_slot(model).model == model
