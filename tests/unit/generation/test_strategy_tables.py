import math
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, cast

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessongen.generation.prices import Prices
from lessongen.generation.strategy import Strategy
from lessongen.generation.strategy_files import load_strategy, parsed_strategy
from lessongen.generation.strategy_tables import (
    NEW_SLOT,
    AssignmentRow,
    CellFault,
    SlotRow,
    assignment_rows,
    edited,
    slot_rows,
)
from lessongen.generation.strategy_text import strategy_toml
from lessongen.lesson.parts import PARTS
from tests.support.strategies import whole_strategies

STRATEGY = replace(load_strategy(Path(__file__).parents[3] / "data"), version=3)


def assigned(part: str = "reading", **cells: Any) -> tuple[AssignmentRow, ...]:
    """Return the usual rows, with other cells in that of one part."""
    rows = assignment_rows(STRATEGY)
    return tuple(replace(row, **cells) if row.part == part else row for row in rows)


def slotted(name: str = "primary", **cells: Any) -> tuple[SlotRow, ...]:
    """Return the usual slots, with other cells in one of them."""
    return tuple(replace(row, **cells) if row.name == name else row for row in slot_rows(STRATEGY))


def saved(
    assignments: tuple[AssignmentRow, ...] | None = None, slots: tuple[SlotRow, ...] | None = None
) -> Strategy:
    after = edited(STRATEGY, assignments or assigned(), slots or slotted())
    assert isinstance(after, Strategy), after
    assert parsed_strategy(strategy_toml(after)) == after  # what is saved can be read again
    return after


def refused(
    assignments: tuple[AssignmentRow, ...] | None = None, slots: tuple[SlotRow, ...] | None = None
) -> list[CellFault]:
    after = edited(STRATEGY, assignments or assigned(), slots or slotted())
    assert isinstance(after, tuple)
    for fault in after:
        assert fault.sentence.endswith(".")
        assert fault.sentence[0] == fault.sentence[0].upper()
        assert "\n" not in fault.sentence
    return list(after)


@given(whole_strategies())
def test_what_nobody_edited_comes_back_as_it_was(strategy: Strategy):
    assert edited(strategy, assignment_rows(strategy), slot_rows(strategy)) == strategy


def test_an_edited_strategy_has_no_version_yet():
    assert saved().version is None


def test_rows_are_in_the_order_of_a_lesson_and_plain_to_read():
    rows = {row.part: row for row in assignment_rows(STRATEGY)}

    assert tuple(rows) == PARTS
    assert asdict(rows["reading"]) == {
        "part": "reading",
        "slot": "primary",
        "fallbacks": ["secondary", "experimental"],
        "priority": "high",
        "deadline_seconds": 20,
        "waits_for": [],
        "hedging": None,
    }


def test_a_slot_shows_prices_only_where_it_has_its_own():
    rows = {row.name: row for row in slot_rows(STRATEGY)}

    assert rows["primary"].input_price is None
    assert rows["experimental"].cached_price == 0.075


# Edits


def test_an_assignment_can_be_edited():
    after = saved(
        assigned(
            slot="secondary",
            fallbacks=["primary"],
            priority="low",
            deadline_seconds=12.5,
            waits_for=["warmup", "vocabulary"],
            hedging=True,
        )
    ).assignments["reading"]

    assert after.slots == ("secondary", "primary")
    assert (after.priority, after.deadline_seconds) == ("low", 12.5)
    assert after.waits_for == ("warmup", "vocabulary")
    assert after.hedging is True


def test_a_slot_can_be_edited():
    after = saved(slots=slotted(model="gemini-5", thinking=None, enabled=False, concurrency=3))

    slot = after.slots["primary"]
    assert (slot.model, slot.thinking, slot.enabled, slot.concurrency) == (
        "gemini-5",
        None,
        False,
        3,
    )
    assert after.assignment("reading").slot == "secondary"


def test_slots_can_be_added_and_removed():
    spare = replace(NEW_SLOT, name="spare", model="gemini-5")

    more = saved(assigned(slot="spare"), (*slotted(), spare))
    assert more.assignments["reading"].slot == "spare"
    assert more.slots["spare"].thinking is None

    fewer = edited(more, assigned(), slotted())
    assert isinstance(fewer, Strategy)
    assert list(fewer.slots) == ["primary", "secondary", "experimental"]


def test_prices_can_be_set_and_left_to_the_list_again():
    own = saved(slots=slotted(input_price=1, output_price="2.5", cached_price=0))
    assert own.slots["primary"].prices == Prices(input=1, output=2.5, cached=0)

    rest = slotted("experimental", input_price=None, output_price=math.nan, cached_price=" ")
    assert saved(slots=rest).slots["experimental"].prices is None


@pytest.mark.parametrize(
    "cell",
    ["secondary, experimental", " secondary ,experimental,", ["secondary ", None, "experimental"]],
)
def test_a_list_may_be_a_text_with_commas(cell: object):
    assert saved(assigned(fallbacks=cell)).assignments["reading"].fallbacks == (
        "secondary",
        "experimental",
    )


@pytest.mark.parametrize("cell", [None, math.nan, "", "  ", ",", [], (), [None], pd.NA, pd.NaT])
def test_an_empty_list_may_look_like_anything_empty(cell: object):
    assert saved(assigned(fallbacks=cell)).assignments["reading"].fallbacks == ()


def test_cells_may_hold_what_a_data_frame_makes_of_them():
    frame = pd.DataFrame([asdict(row) for row in slotted()])
    frame = frame.astype({"concurrency": "float64"})
    records = cast("list[dict[str, Any]]", frame.to_dict("records"))
    slots = tuple(SlotRow(**row) for row in records)
    assert slots[0].input_price != slots[0].input_price  # NaN, as a column of numbers has it
    assignments = assigned(
        fallbacks=np.array(["secondary"]), deadline_seconds=np.float32(12.5), hedging=np.bool_(1)
    )

    after = saved(assignments, slots)

    assert after.slots == STRATEGY.slots
    reading = after.assignments["reading"]
    assert (reading.fallbacks, reading.deadline_seconds) == (("secondary",), 12.5)
    assert reading.hedging is True


def test_spaces_around_a_text_are_nobodys_wish():
    assert saved(assigned(slot=" secondary ", fallbacks=())).assignments["reading"].slot == (
        "secondary"
    )


def test_rows_without_anything_in_them_are_passed_over():
    empty = SlotRow(name=" ", model=math.nan, enabled=False)

    assert saved((*assigned(), AssignmentRow()), (*slotted(), empty)) == STRATEGY


# Faults


DEADLINE = "Reading: the deadline should be from 2 to 600 seconds."
MANY = "should be a whole number from 1 to 1,000,000,000."
ASSIGNMENT_FAULTS = [
    ({"slot": "spare"}, "slot", "names the slot “spare”, which the table of slots does not have"),
    ({"slot": None}, "slot", "Reading: the slot is empty"),
    ({"slot": 7}, "slot", "should be a text"),
    ({"fallbacks": ["spare"]}, "fallbacks", "names the slot “spare”"),
    ({"fallbacks": ["primary"]}, "fallbacks", "falls back to its own slot"),
    ({"fallbacks": "secondary, secondary"}, "fallbacks", "“secondary” twice"),
    ({"fallbacks": {"a": 1}}, "fallbacks", "should be a list"),
    ({"fallbacks": [1, 2]}, "fallbacks", "should be a text"),
    ({"priority": "urgent"}, "priority", "the priority should be high, medium or low"),
    ({"priority": math.nan}, "priority", "Reading: the priority is empty"),
    ({"deadline_seconds": None}, "deadline_seconds", "Reading: the deadline is empty"),
    ({"deadline_seconds": 0}, "deadline_seconds", DEADLINE),
    ({"deadline_seconds": -1}, "deadline_seconds", DEADLINE),
    ({"deadline_seconds": 1e9}, "deadline_seconds", DEADLINE),
    ({"deadline_seconds": math.inf}, "deadline_seconds", DEADLINE),
    ({"deadline_seconds": "NaN"}, "deadline_seconds", DEADLINE),
    ({"deadline_seconds": "soon"}, "deadline_seconds", DEADLINE),
    ({"deadline_seconds": True}, "deadline_seconds", DEADLINE),
    ({"deadline_seconds": [20]}, "deadline_seconds", DEADLINE),
    ({"waits_for": ["poem"]}, "waits_for", "waits for poem, and no section is called so"),
    ({"waits_for": ["brief"]}, "waits_for", "waits for brief, and no section is called so"),
    ({"waits_for": ["reading"]}, "waits_for", "Reading waits for reading"),
    ({"waits_for": ["warmup", "warmup"]}, "waits_for", "Reading waits for Warm-up twice"),
    ({"hedging": "perhaps"}, "hedging", "should be true or false"),
]


@pytest.mark.parametrize(("cells", "column", "reason"), ASSIGNMENT_FAULTS)
def test_an_assignment_that_cannot_be_is_refused_in_its_cell(
    cells: dict[str, Any], column: str, reason: str
):
    [fault] = refused(assigned(**cells))

    assert (fault.table, fault.row, fault.column) == ("assignments", "reading", column)
    assert reason.casefold() in fault.sentence.casefold()


SLOT_FAULTS = [
    ({"model": None}, "model", "Primary: the model is empty"),
    ({"model": "=1+1"}, "model", "should have letters, digits"),
    ({"model": 7}, "model", "should be a text"),
    (
        {"thinking": "deep"},
        "thinking",
        "the thinking should be minimal, low, medium, high or xhigh.",
    ),
    ({"enabled": "perhaps"}, "enabled", "should be true or false"),
    (
        {"timeout_seconds": 0},
        "timeout_seconds",
        "the timeout should be more than 0 and at most 600 seconds.",
    ),
    ({"concurrency": 1.5}, "concurrency", "should be a whole number from 1 to 1,000,000,000."),
    ({"concurrency": None}, "concurrency", "Primary: the concurrency is empty"),
    ({"requests_per_minute": 0}, "requests_per_minute", f"Primary: the requests per minute {MANY}"),
    ({"requests_per_day": 10**12}, "requests_per_day", MANY),
    ({"requests_per_day": True}, "requests_per_day", MANY),
    ({"requests_per_day": None}, "requests_per_day", "the requests per day are empty."),
    (
        {"input_price": -1, "output_price": 1, "cached_price": 1},
        "input_price",
        "Primary: the input price should be from 0 to 10,000 dollars.",
    ),
    (
        {"input_price": 1, "output_price": math.inf, "cached_price": 1},
        "output_price",
        "the output price should be from 0 to 10,000 dollars.",
    ),
    (
        {"input_price": 1, "output_price": 1, "cached_price": math.nan},
        "cached_price",
        "Primary: the cached price is empty: please fill in all three prices, or none",
    ),
]


@pytest.mark.parametrize(("cells", "column", "reason"), SLOT_FAULTS)
def test_a_slot_that_cannot_be_is_refused_in_its_cell(
    cells: dict[str, Any], column: str, reason: str
):
    [fault] = refused(slots=slotted(**cells))

    assert (fault.table, fault.row, fault.column) == ("slots", "primary", column)
    assert reason in fault.sentence


def test_a_slot_that_is_removed_while_parts_name_it_is_missed_by_each_of_them():
    found = refused(slots=tuple(row for row in slotted() if row.name != "experimental"))

    assert {(fault.row, fault.column) for fault in found} == {
        (part, "slot" if part == "dialogue" else "fallbacks") for part in PARTS
    }
    assert all("which the table of slots does not have" in fault.sentence for fault in found)


@pytest.mark.parametrize("name", ["Main", "9", "a b", "=x", "é", "a" * 41])
def test_a_slot_has_a_plain_name(name: str):
    [fault] = refused(slots=(*slotted(), replace(NEW_SLOT, name=name, model="m")))

    assert (fault.table, fault.row, fault.column) == ("slots", name, "name")
    assert "is no name for a slot" in fault.sentence


def test_a_slot_without_a_name_is_known_by_its_place():
    [fault] = refused(slots=(*slotted(), replace(NEW_SLOT, model="m")))
    assert fault == CellFault("slots", "row 4", "name", "Row 4: the name is empty.")

    [fault] = refused(slots=(*slotted(), replace(NEW_SLOT, name=7, model="m")))
    assert fault == CellFault("slots", "row 4", "name", "Row 4: the name is no text.")


def test_two_rows_of_one_name_are_one_too_many():
    [fault] = refused(slots=(*slotted(), *slotted()[:1]))
    assert fault == CellFault("slots", "primary", "name", "Primary has 2 rows; one is enough.")

    [fault] = refused((*assigned(), *assigned()[:1]))
    assert fault == CellFault("assignments", "brief", "part", "Plan has 2 rows; one is enough.")


def test_a_part_nobody_knows_and_a_part_that_is_missing_are_told():
    rows = (replace(row, part="poem" if row.part == "reading" else row.part) for row in assigned())

    [missing, unknown] = refused(tuple(rows))

    assert missing == CellFault("assignments", "", "", "No assignment for Reading.")
    assert unknown == CellFault("assignments", "poem", "", "No section is called poem.")


def test_a_part_needs_a_slot_that_is_switched_on():
    found = refused(assigned(fallbacks=[]), slotted(enabled=False))

    assert found == [
        CellFault(
            "assignments",
            "reading",
            "slot",
            "Reading has no model left: its slots are all switched off.",
        )
    ]


def test_every_fault_is_told_at_once():
    rows = {row.part: row for row in assigned()}
    rows["reading"] = replace(
        rows["reading"], slot="nobody", deadline_seconds=0, priority="", waits_for=["poem"]
    )
    rows["grammar"] = replace(rows["grammar"], waits_for=["dialogue"])
    rows["dialogue"] = replace(rows["dialogue"], waits_for=["grammar"])
    rows["warmup"] = replace(rows["warmup"], waits_for=["wrapup"], slot=None)
    rows["wrapup"] = replace(rows["wrapup"], waits_for=["warmup"], fallbacks=["wrapup"])
    slots = (
        *slotted(model="a b", concurrency=0, input_price=1),
        replace(NEW_SLOT, name="Bad Name", model=""),
    )

    found = {(f.row, f.column) for f in refused(tuple(rows.values()), slots)}

    circles = {place for place in found if place[0] in {"grammar", "dialogue"}}
    assert len(circles) == 1
    assert {place for place in found if place[1] == "waits_for"} - circles > {
        ("reading", "waits_for")
    }
    assert found >= {
        ("reading", "slot"),
        ("reading", "deadline_seconds"),
        ("reading", "priority"),
        ("reading", "waits_for"),
        ("warmup", "slot"),
        ("wrapup", "fallbacks"),
        ("primary", "model"),
        ("primary", "concurrency"),
        ("primary", "output_price"),
        ("primary", "cached_price"),
        ("Bad Name", "name"),
        ("Bad Name", "model"),
    }


def test_no_cell_is_blamed_twice_for_one_mistake():
    found = refused(assigned(slot=7, fallbacks=[3]))

    assert [(fault.row, fault.column) for fault in found] == [
        ("reading", "slot"),
        ("reading", "fallbacks"),
    ]


def test_what_was_there_is_left_alone_where_something_is_refused():
    before = strategy_toml(STRATEGY)
    refused(assigned(deadline_seconds=-1))

    assert strategy_toml(STRATEGY) == before


CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=20),
    st.sampled_from([*PARTS, "primary", "secondary", "high", "low", pd.NA, pd.NaT, b"x"]),
    st.lists(st.sampled_from(["primary", "secondary", "reading", "grammar", None, 3, math.nan])),
    st.builds(object),
)
ASSIGNMENT_ROWS = st.lists(st.builds(AssignmentRow, *[CELLS] * 7), max_size=3)
SLOT_ROWS = st.lists(st.builds(SlotRow, *[CELLS] * 15), max_size=3)


@given(ASSIGNMENT_ROWS, SLOT_ROWS, st.sampled_from([((), ()), (assigned(), slotted())]))
def test_whatever_the_cells_hold_it_is_a_strategy_or_faults(
    assignments: list[AssignmentRow],
    slots: list[SlotRow],
    usual: tuple[tuple[AssignmentRow, ...], tuple[SlotRow, ...]],
):
    after = edited(STRATEGY, (*usual[0], *assignments), (*usual[1], *slots))

    if isinstance(after, Strategy):
        assert parsed_strategy(strategy_toml(after)) == after
    else:
        assert after
        assert all(fault.sentence.endswith(".") for fault in after)
        assert all(len(fault.sentence) < 500 for fault in after)


@given(
    st.sampled_from(PARTS),
    st.dictionaries(
        st.sampled_from(
            ["slot", "fallbacks", "priority", "deadline_seconds", "waits_for", "hedging"]
        ),
        CELLS,
        max_size=3,
    ),
)
def test_whatever_one_row_holds_the_others_are_not_blamed(part: str, cells: dict[str, Any]):
    after = edited(STRATEGY, assigned(part, **cells), slotted())

    if isinstance(after, Strategy):
        assert {p for p in PARTS if after.assignments[p] != STRATEGY.assignments[p]} <= {part}
    else:
        assert {fault.row for fault in after} == {part}
        assert {fault.column for fault in after} <= {*cells}
