"""Rows as the frames that Streamlit's tables edit, and back."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import cast

import pandas as pd

from lessongen.generation.strategy_tables import AssignmentRow, SlotRow

PART = "part"
AS_STRATEGY, ON, OFF = "as for all", "always", "never"
_HEDGED = {ON: True, OFF: False}

# Kinds that can hold nothing, too: a cell may be emptied.
_TEXT, _SWITCH, _COUNT, _NUMBER, _NAMES = "str", "boolean", "Int64", "Float64", "object"
_ASSIGNMENTS = {
    PART: _TEXT,
    "slot": _TEXT,
    "fallbacks": _NAMES,
    "priority": _TEXT,
    "deadline_seconds": _NUMBER,
    "waits_for": _NAMES,
    "hedging": _TEXT,
}
_SLOTS = {
    "name": _TEXT,
    "model": _TEXT,
    "enabled": _SWITCH,
    "thinking": _TEXT,
    "requests_per_minute": _COUNT,
    "input_tokens_per_minute": _COUNT,
    "requests_per_day": _COUNT,
    "concurrency": _COUNT,
    "timeout_seconds": _NUMBER,
    "first_event_seconds": _NUMBER,
    "idle_seconds": _NUMBER,
    "max_output_tokens": _COUNT,
    "input_price": _NUMBER,
    "output_price": _NUMBER,
    "cached_price": _NUMBER,
}


def assignments_frame(rows: Sequence[AssignmentRow]) -> pd.DataFrame:
    """Return assignments as a frame."""
    cells = [asdict(row) | {"hedging": _hedging(row.hedging)} for row in rows]
    return _frame(cells, _ASSIGNMENTS)


def assignments_in(frame: pd.DataFrame) -> tuple[AssignmentRow, ...]:
    """Return the assignments in an edited frame."""
    return tuple(
        AssignmentRow(**cells | {"hedging": _HEDGED.get(str(cells["hedging"]))})
        for cells in _cells(frame)
    )


def slots_frame(rows: Sequence[SlotRow]) -> pd.DataFrame:
    """Return slots as a frame."""
    return _frame([asdict(row) for row in rows], _SLOTS)


def slots_in(frame: pd.DataFrame) -> tuple[SlotRow, ...]:
    """Return the slots in an edited frame; rows may have come and gone."""
    return tuple(SlotRow(**cells) for cells in _cells(frame))


def _hedging(cell: object) -> str:
    return next((told for told, value in _HEDGED.items() if value is cell), AS_STRATEGY)


def _frame(rows: Sequence[Mapping[str, object]], kinds: Mapping[str, str]) -> pd.DataFrame:
    columns = {
        column: pd.Series([row[column] for row in rows], dtype=kind)  # pyright: ignore[reportArgumentType, reportCallIssue] - the stubs list the kinds by name
        for column, kind in kinds.items()
    }
    return pd.DataFrame(columns)


def _cells(frame: pd.DataFrame) -> list[dict[str, object]]:
    names = [str(column) for column in frame.columns]
    columns = {name: cast("list[object]", frame[name].tolist()) for name in names}
    rows = zip(*columns.values(), strict=True)
    return [dict(zip(columns, map(_value, row), strict=True)) for row in rows]


def _value(cell: object) -> object:
    """Return what a cell holds, None where it is empty."""
    if isinstance(cell, list | tuple):
        return list(cast("Sequence[object]", cell))
    return None if cell is pd.NA or cell != cell else cell  # noqa: PLR0124 - no number equals itself not
