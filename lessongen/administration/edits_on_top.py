"""Tables of a strategy that are edited: a slot put into them, and edits redone on another version.

Of what two people changed, both is kept.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import TypeVar, cast

from lessongen.generation.strategy import Strategy
from lessongen.generation.strategy_changes import Change
from lessongen.generation.strategy_tables import (
    AssignmentRow,
    SlotRow,
    assignment_rows,
    slot_rows,
)

RowT = TypeVar("RowT", AssignmentRow, SlotRow)
ValueT = TypeVar("ValueT")


@dataclass(frozen=True, slots=True)
class Tables:
    """A strategy as it stands in a form that is edited: two tables and a switch."""

    assignments: tuple[AssignmentRow, ...]
    slots: tuple[SlotRow, ...]
    hedging: bool


def tables(strategy: Strategy) -> Tables:
    """Return a strategy as it is edited."""
    return Tables(assignment_rows(strategy), slot_rows(strategy), strategy.hedging)


def written_by(edited: Tables, part: str, slot: str) -> Tables:
    """Return tables in which another slot writes a part; the former one helps out first."""
    rows = (_with_slot(row, slot) if row.part == part else row for row in edited.assignments)
    return replace(edited, assignments=tuple(rows))


def redone(before: Tables, mine: Tables, theirs: Tables) -> Tables:
    """Return their tables with what I changed in `before`; of a cell both changed, mine."""
    return Tables(
        _rows(before.assignments, mine.assignments, theirs.assignments, "part"),
        _rows(before.slots, mine.slots, theirs.slots, "name"),
        _mine_if_changed(before.hedging, mine.hedging, theirs.hedging),
    )


def clashes(mine: Iterable[Change], theirs: Iterable[Change]) -> tuple[tuple[Change, Change], ...]:
    """Return what two people changed both, and not to the same: my change, then theirs."""
    others = {(change.table, change.row, change.field): change for change in theirs}
    pairs = ((change, others.get((change.table, change.row, change.field))) for change in mine)
    return tuple(
        (own, other) for own, other in pairs if other is not None and own.after != other.after
    )


def _with_slot(row: AssignmentRow, slot: str) -> AssignmentRow:
    others = dict.fromkeys([row.slot, *cast("Sequence[object]", row.fallbacks or ())])
    return replace(
        row, slot=slot, fallbacks=[other for other in others if other not in (None, slot)]
    )


def _rows(
    before: Sequence[RowT], mine: Sequence[RowT], theirs: Sequence[RowT], key: str
) -> tuple[RowT, ...]:
    old, new = _by_name(before, key), _by_name(theirs, key)
    own = _by_name(mine, key)
    merged = (
        _row(old.get(name), own.get(name), new.get(name)) for name in dict.fromkeys([*new, *own])
    )
    # Rows without a name, and twins of one, are faults: they stay for their writer to mend.
    spare = [row for row in mine if own.get(getattr(row, key)) is not row]
    return (*(row for row in merged if row is not None), *spare)


def _by_name(rows: Sequence[RowT], key: str) -> Mapping[object, RowT]:
    named: dict[object, RowT] = {}
    for row in rows:
        if isinstance(name := getattr(row, key), str):
            named.setdefault(name, row)
    return named


def _row(before: RowT | None, mine: RowT | None, theirs: RowT | None) -> RowT | None:
    """Merge one row; None stands for one that is not there."""
    if mine is None:
        return theirs if before is None else None
    if theirs is None:
        return None if mine == before else mine
    if before is None:
        return mine
    cells = {
        field.name: _mine_if_changed(*(getattr(row, field.name) for row in (before, mine, theirs)))
        for field in fields(mine)
    }
    return replace(mine, **cells)


def _mine_if_changed(before: ValueT, mine: ValueT, theirs: ValueT) -> ValueT:
    return theirs if mine == before else mine
