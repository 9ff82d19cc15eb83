"""The two tables of a strategy, to be edited, and what is wrong with them."""

from collections.abc import Iterable
from dataclasses import replace

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from lessongen.administration.edits_on_top import Tables
from lessongen.generation.prices import list_prices
from lessongen.generation.strategy_rules import Table
from lessongen.generation.strategy_tables import AssignmentRow, CellFault, SlotRow
from lessongen.ui.assignments.columns import assignment_columns, slot_columns
from lessongen.ui.assignments.draft import Draft, keep_draft
from lessongen.ui.assignments.frames import (
    assignments_frame,
    assignments_in,
    slots_frame,
    slots_in,
)
from lessongen.ui.assignments.words import bullets

_CAPTION_PIXELS = 840  # the tools of the table, which fold out at its right end, cover no word
ASSIGNMENTS, SLOTS, HEDGING = "assignments-table", "slots-table", "assignments-hedging"


def edited_tables(draft: Draft) -> Draft:
    """Draw both tables and return what they hold."""
    draft = _filled_again_if_left(draft)
    st.subheader("Who writes what", anchor=False)
    above = st.container()
    hedging = st.toggle(
        "Hedging: where a model is late with its first sign of life, ask another besides",
        draft.start.hedging,
        key=named(HEDGING, draft),
        help="The first good answer wins. At most one request in twenty is asked twice.",
    )
    st.subheader("Slots", anchor=False)
    st.caption(
        "A slot is a place for a model, with its limits; times and own prices are to the right. "
        "Type into the last, empty row to add a slot; tick a row at its left end and press the "
        "bin to remove it.",
        width=_CAPTION_PIXELS,
    )
    slots = _slots(draft)
    below = st.container()
    _prices(slots)
    with above:
        assignments = _assignments(draft, slots)
        faults_place = st.container()
    draft = keep_draft(replace(draft, now=Tables(assignments, slots, hedging)))
    _tell_faults(faults_place, draft.faults, "assignments")
    _tell_faults(below, draft.faults, "slots")
    return draft


def named(table: str, draft: Draft) -> str:
    """Return the name of a table on the page."""
    return f"{table}-{draft.number}"


def _filled_again_if_left(draft: Draft) -> Draft:
    """Fill the tables with what they held when the page was left: Streamlit forgets it."""
    if named(SLOTS, draft) in st.session_state or draft.now == draft.start:
        return draft
    return draft.filled(draft.now, base=draft.base, rest=draft.rest, why=draft.why)


def _assignments(draft: Draft, slots: Iterable[SlotRow]) -> tuple[AssignmentRow, ...]:
    # Those that were removed, too: a cell with a name that cannot be chosen would look empty.
    named_slots = [row.name for row in slots] + [row.slot for row in draft.now.assignments]
    choices = [str(slot) for slot in dict.fromkeys(named_slots) if slot]
    frame = st.data_editor(
        assignments_frame(draft.start.assignments),
        key=named(ASSIGNMENTS, draft),
        column_config=assignment_columns(choices),
        hide_index=True,
        height="content",
        placeholder="",
        alt="Assignments: which slot writes which section",
    )
    return assignments_in(frame)


def _slots(draft: Draft) -> tuple[SlotRow, ...]:
    frame = st.data_editor(
        slots_frame(draft.start.slots),
        key=named(SLOTS, draft),
        column_config=slot_columns(),
        num_rows="dynamic",
        hide_index=True,
        height="content",
        placeholder="",
        alt="Slots: the models, their limits and prices",
    )
    return slots_in(frame)


def _prices(slots: Iterable[SlotRow]) -> None:
    """Say which prices count: the table has those only that hold instead of the list's."""
    priced = [_price_line(row) for row in slots if row.name and row.model]
    st.markdown("**Prices that count**, in US dollars for a million tokens, today")
    st.dataframe(
        priced,
        hide_index=True,
        height="content",
        column_config={
            kind: st.column_config.NumberColumn(format="$%.3f")
            for kind in ("Input", "Output", "Cached input")
        },
    )


def _price_line(row: SlotRow) -> dict[str, object]:
    own = (row.input_price, row.output_price, row.cached_price)
    listed = list_prices(str(row.model))
    if any(price is not None for price in own):
        prices, source = own, "your own"
    elif listed:
        prices, source = (listed.input, listed.output, listed.cached), "Google’s list"
    else:
        prices, source = (None, None, None), "not known: costs are not counted"
    named = dict(zip(("Input", "Output", "Cached input"), prices, strict=True))
    return {"Slot": row.name, "Model": row.model, **named, "From": source}


def _tell_faults(place: DeltaGenerator, faults: Iterable[CellFault], table: Table) -> None:
    if here := [fault.sentence for fault in faults if fault.table == table]:
        place.error(
            f"Please mend this; nothing can be saved before:\n\n{bullets(here)}",
            icon=":material/edit_off:",
        )
