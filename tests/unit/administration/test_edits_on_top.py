from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from lessongen.administration.edits_on_top import Tables, clashes, redone, tables, written_by
from lessongen.generation.strategy_changes import differences
from lessongen.generation.strategy_files import load_strategy
from lessongen.generation.strategy_tables import AssignmentRow, SlotRow
from lessongen.settings import ROOT
from tests.support.strategies import whole_strategies

STRATEGY = load_strategy(ROOT / "data")
BEFORE = tables(STRATEGY)


def slots(edited: Tables) -> dict[object, SlotRow]:
    return {row.name: row for row in edited.slots}


def with_assignment(edited: Tables, part: str, **cells: object) -> Tables:
    rows = (replace(row, **cells) if row.part == part else row for row in edited.assignments)
    return replace(edited, assignments=tuple(rows))


def with_slot(edited: Tables, name: str, **cells: object) -> Tables:
    rows = (replace(row, **cells) if row.name == name else row for row in edited.slots)
    return replace(edited, slots=tuple(rows))


def without_slot(edited: Tables, name: str) -> Tables:
    return replace(edited, slots=tuple(row for row in edited.slots if row.name != name))


def assignment(edited: Tables, part: str) -> AssignmentRow:
    return next(row for row in edited.assignments if row.part == part)


@given(whole_strategies().map(tables), whole_strategies().map(tables))
def test_without_edits_theirs_stands(before: Tables, theirs: Tables):
    assert redone(before, before, theirs) == theirs


@given(whole_strategies().map(tables), whole_strategies().map(tables))
def test_where_they_changed_nothing_mine_stands(before: Tables, mine: Tables):
    merged = redone(before, mine, before)

    assert merged.assignments == mine.assignments
    assert slots(merged) == slots(mine)
    assert merged.hedging == mine.hedging


def test_cells_of_one_row_that_two_people_changed_are_both_kept():
    mine = with_assignment(BEFORE, "reading", deadline_seconds=30.0)
    theirs = with_assignment(BEFORE, "reading", priority="low")

    merged = assignment(redone(BEFORE, mine, theirs), "reading")

    assert (merged.deadline_seconds, merged.priority) == (30.0, "low")


def test_of_a_cell_that_both_changed_mine_is_taken():
    mine = with_assignment(BEFORE, "reading", deadline_seconds=30.0)
    theirs = with_assignment(BEFORE, "reading", deadline_seconds=40.0)

    assert assignment(redone(BEFORE, mine, theirs), "reading").deadline_seconds == 30.0


def test_slots_that_either_added_are_there():
    mine = replace(BEFORE, slots=(*BEFORE.slots, SlotRow(name="mine")))
    theirs = replace(BEFORE, slots=(*BEFORE.slots, SlotRow(name="theirs")))

    assert [*slots(redone(BEFORE, mine, theirs))] == [*slots(BEFORE), "theirs", "mine"]


def test_a_slot_that_either_removed_is_gone():
    mine, theirs = without_slot(BEFORE, "primary"), without_slot(BEFORE, "secondary")

    assert [*slots(redone(BEFORE, mine, theirs))] == ["experimental"]


def test_a_slot_that_they_removed_and_i_changed_stays_as_i_have_it():
    mine = with_slot(BEFORE, "primary", concurrency=3)
    theirs = without_slot(BEFORE, "primary")

    assert slots(redone(BEFORE, mine, theirs))["primary"].concurrency == 3


def test_rows_that_are_not_finished_stay_for_their_writer_to_mend():
    unfinished = (SlotRow(model="gemini-x"), SlotRow(name="primary", model="a twin"))
    mine = replace(BEFORE, slots=(*BEFORE.slots, *unfinished))
    theirs = with_assignment(BEFORE, "reading", priority="low")

    assert redone(BEFORE, mine, theirs).slots[-2:] == unfinished


@given(st.booleans(), st.booleans())
def test_a_switch_that_i_did_not_touch_is_theirs(before: bool, theirs: bool):  # noqa: FBT001 - Hypothesis gives them by name
    untouched = replace(BEFORE, hedging=before)

    assert redone(untouched, untouched, replace(BEFORE, hedging=theirs)).hedging == theirs


def test_a_clash_is_what_both_changed_to_something_else():
    def changed(**fields: object):
        reading = STRATEGY.assignments["reading"].model_copy(update=fields)
        changed = replace(STRATEGY, assignments={**STRATEGY.assignments, "reading": reading})
        return differences(STRATEGY, changed)

    mine = changed(deadline_seconds=30.0, priority="low", hedging=True)
    theirs = changed(deadline_seconds=40.0, priority="low", waits_for=("vocabulary",))

    [(own, other)] = clashes(mine, theirs)

    assert (own.after, other.after) == ("30 s", "40 s")


def test_a_slot_put_in_for_a_part_has_the_former_one_help_out_first_and_changes_nothing_else():
    edited = written_by(BEFORE, "reading", "experimental")

    row = assignment(edited, "reading")
    assert (row.slot, row.fallbacks) == ("experimental", ["primary", "secondary"])
    assert edited == with_assignment(BEFORE, "reading", slot=row.slot, fallbacks=row.fallbacks)


def test_a_slot_put_in_where_none_was_chosen_leaves_no_gap_among_the_fallbacks():
    empty = with_assignment(BEFORE, "reading", slot=None, fallbacks=None)

    assert assignment(written_by(empty, "reading", "primary"), "reading").fallbacks == []
