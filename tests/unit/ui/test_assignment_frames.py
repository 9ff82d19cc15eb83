from hypothesis import given, settings

from lessongen.administration.edits_on_top import tables
from lessongen.generation.strategy import Strategy
from lessongen.generation.strategy_tables import SlotRow, edited
from lessongen.ui.assignments.frames import (
    assignments_frame,
    assignments_in,
    slots_frame,
    slots_in,
)
from tests.support.strategies import whole_strategies


@given(whole_strategies())
@settings(deadline=None)
def test_what_a_table_is_filled_with_comes_back_as_it_was(strategy: Strategy):
    filled = tables(strategy)

    assignments = assignments_in(assignments_frame(filled.assignments))
    slots = slots_in(slots_frame(filled.slots))

    assert (assignments, slots) == (filled.assignments, filled.slots)
    assert edited(strategy, assignments, slots) == strategy


def test_cells_of_any_kind_can_be_empty():
    frame = slots_frame([SlotRow(name="primary")])

    assert slots_in(frame) == (SlotRow(name="primary"),)


def test_a_table_without_rows_has_none():
    assert slots_in(slots_frame([])) == ()
