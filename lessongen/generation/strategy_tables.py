"""A strategy as two tables that can be edited, and back: all of what was edited, or none of it.

A table that somebody edits may hold anything in any cell: nothing at all, a number for a text, a
list as a text. What can be read is read; the rest is a fault with a sentence.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import Generic, TypeVar

from pydantic import BaseModel, ValidationError

from lessongen.generation.complaints import Complaint, complaints
from lessongen.generation.strategy import Assignment, ModelSlot, Strategy
from lessongen.generation.strategy_changes import words
from lessongen.generation.strategy_rules import Table, as_one_line, faults
from lessongen.generation.table_cells import held, listed
from lessongen.lesson.parts import PARTS, part_title

_PRICES = {"input": "input_price", "output": "output_price", "cached": "cached_price"}
_LISTS = ("fallbacks", "waits_for")
_MANY = ("requests", "input tokens", "max output tokens", "fallbacks")

ModelT = TypeVar("ModelT", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class AssignmentRow:
    """Who writes a part. Lists are in order; `hedging` None is as the strategy says."""

    part: object = None
    slot: object = None
    fallbacks: object = None
    priority: object = None
    deadline_seconds: object = None
    waits_for: object = None
    hedging: object = None


@dataclass(frozen=True, slots=True)
class SlotRow:
    """A slot. Prices are US dollars per million tokens; without any, those of the list hold."""

    name: object = None
    model: object = None
    enabled: object = None
    thinking: object = None
    timeout_seconds: object = None
    first_event_seconds: object = None
    idle_seconds: object = None
    max_output_tokens: object = None
    concurrency: object = None
    requests_per_minute: object = None
    input_tokens_per_minute: object = None
    requests_per_day: object = None
    input_price: object = None
    output_price: object = None
    cached_price: object = None


NEW_SLOT = SlotRow(
    enabled=True,
    timeout_seconds=20.0,
    first_event_seconds=10.0,
    idle_seconds=5.0,
    max_output_tokens=6000,
    concurrency=8,
    requests_per_minute=60,
    input_tokens_per_minute=250_000,
    requests_per_day=1000,
)
"""What a row that is added may begin with: limits that the smallest account keeps."""


@dataclass(frozen=True, slots=True)
class CellFault:
    """What is wrong with a cell. `row` and `column` are empty where no single one is meant."""

    table: Table
    row: str
    column: str
    sentence: str


def assignment_rows(strategy: Strategy) -> tuple[AssignmentRow, ...]:
    """Return a row for each part, in the order of a lesson."""
    order = [part for part in PARTS if part in strategy.assignments]
    return tuple(_assignment_row(part, strategy.assignments[part]) for part in order)


def slot_rows(strategy: Strategy) -> tuple[SlotRow, ...]:
    """Return a row for each slot."""
    return tuple(_slot_row(name, slot) for name, slot in strategy.slots.items())


def edited(
    strategy: Strategy, assignments: Iterable[AssignmentRow], slots: Iterable[SlotRow]
) -> Strategy | tuple[CellFault, ...]:
    """Return the strategy that two edited tables describe, or everything that is wrong with them.

    What the tables do not hold stays as it is in `strategy`; the version is a new one's to have.
    Rows without anything in them are passed over.
    """
    new_slots = _Read("slots", "name", _ANY_SLOT, map(_slot_cells, _filled(slots)))
    parts = _Read("assignments", "part", _ANYBODY, map(_cells, _filled(assignments)))
    enabled = {name: slot.enabled for name, slot in new_slots.rows.items()}
    found = [*new_slots.faults, *parts.faults]
    known = {(fault.table, fault.row, fault.column) for fault in found}
    for fault in faults(parts.rows, enabled, "the table of slots", part_title):
        if (fault.table, fault.row, fault.field) not in known:
            told = CellFault(fault.table, fault.row, fault.field, _sentence(fault.reason))
            found.append(told)
    if found:
        return tuple(found)
    return replace(strategy, slots=new_slots.rows, assignments=parts.rows, version=None)


# What stands in for cells that cannot be read, so that the others are looked at all the same.
_ANYBODY = Assignment(slot="", priority="medium", deadline_seconds=10)
_ANY_SLOT = ModelSlot(
    model="any",
    timeout_seconds=10,
    max_output_tokens=1,
    concurrency=1,
    requests_per_minute=1,
    input_tokens_per_minute=1,
    requests_per_day=1,
)


class _Read(Generic[ModelT]):
    """The rows of a table by name, and what is wrong with them; `stand_in` fills what is."""

    def __init__(
        self, table: Table, key: str, stand_in: ModelT, rows: Iterable[Mapping[str, object]]
    ) -> None:
        self.rows: dict[str, ModelT] = {}
        self.faults = list[CellFault]()
        self._table: Table = table
        self._key = key
        self._stand_in = stand_in
        cells = list(rows)
        for number, row in enumerate(cells, 1):
            self._read(number, row)
        self._find_twins(row[key] for row in cells if isinstance(row.get(key), str))

    def _read(self, number: int, cells: Mapping[str, object]) -> None:
        name = cells.get(self._key)
        row = name if isinstance(name, str) else f"row {number}"
        if not isinstance(name, str):
            wrong = "is no text" if name is not None else "is empty"
            self._tell(row, self._key, f"{row}: the {self._key} {wrong}")
        values = {column: value for column, value in cells.items() if column != self._key}
        content = self._content(row, values)
        if isinstance(name, str):
            self.rows[name] = content

    def _content(self, row: str, values: Mapping[str, object]) -> ModelT:
        model = type(self._stand_in)
        try:
            return model.model_validate(values)
        except ValidationError as error:
            found = complaints(model, error)
        for complaint in found:
            column = _column(complaint)
            self._tell(row, column, f"{self._called(row)}: {_wrong(complaint, words(column))}")
        wrong = {complaint.place[0] for complaint in found}
        right = {column: value for column, value in values.items() if column not in wrong}
        return model.model_validate({**self._stand_in.model_dump(), **right})

    def _called(self, row: str) -> str:
        return as_one_line(part_title(row) if self._table == "assignments" else row)

    def _find_twins(self, names: Iterable[object]) -> None:
        for name, count in Counter(names).items():
            if count > 1:
                told = f"{self._called(str(name))} has {count} rows; one is enough"
                self._tell(str(name), self._key, told)

    def _tell(self, row: str, column: str, reason: str) -> None:
        fault = CellFault(self._table, row, column, _sentence(reason))
        if all((known.row, known.column) != (row, column) for known in self.faults):
            self.faults.append(fault)


RowT = TypeVar("RowT", AssignmentRow, SlotRow)


def _assignment_row(part: str, assignment: Assignment) -> AssignmentRow:
    return AssignmentRow(
        part=part,
        slot=assignment.slot,
        fallbacks=list(assignment.fallbacks),
        priority=assignment.priority,
        deadline_seconds=assignment.deadline_seconds,
        waits_for=list(assignment.waits_for),
        hedging=assignment.hedging,
    )


def _slot_row(name: str, slot: ModelSlot) -> SlotRow:
    values = slot.model_dump(exclude={"prices"})
    prices = slot.prices.model_dump() if slot.prices else {}
    return SlotRow(name=name, **values, **{_PRICES[kind]: price for kind, price in prices.items()})


def _filled(rows: Iterable[RowT]) -> Iterator[RowT]:
    """Pass over rows without anything in them, as an editor adds them."""
    for row in rows:
        cells = (held(cell) for _, cell in _by_column(row))
        if any(cell not in (None, [], False) for cell in cells):
            yield row


def _cells(row: RowT) -> dict[str, object]:
    """Return the cells that hold something, by column."""
    read = {
        column: listed(cell) if column in _LISTS else held(cell) for column, cell in _by_column(row)
    }
    return {column: cell for column, cell in read.items() if cell is not None}


def _by_column(row: RowT) -> Iterator[tuple[str, object]]:
    return ((field.name, getattr(row, field.name)) for field in fields(row))


def _slot_cells(row: SlotRow) -> dict[str, object]:
    cells = _cells(row)
    prices = {kind: cells.pop(column) for kind, column in _PRICES.items() if column in cells}
    return {**cells, "prices": prices} if prices else cells


def _column(complaint: Complaint) -> str:
    first, *rest = complaint.place
    return _PRICES.get(rest[0], first) if first == "prices" and rest else first


def _wrong(complaint: Complaint, named: str) -> str:
    """Say what is wrong with a cell that people call so; a missing value is one that is empty."""
    if not complaint.missing:
        return f"the {named} {complaint.reason}"
    all_or_none = ": please fill in all three prices, or none"
    priced = all_or_none if complaint.place[0] == "prices" else ""
    return f"the {named} {'are' if named.startswith(_MANY) else 'is'} empty{priced}"


def _sentence(reason: str) -> str:
    return f"{reason[0].upper()}{reason[1:]}."
