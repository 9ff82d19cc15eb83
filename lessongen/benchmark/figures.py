"""What a benchmark gives back: named figures, some with a target."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol, runtime_checkable


@dataclass(frozen=True, slots=True)
class Target:
    """What a figure should be."""

    direction: Literal["at most", "at least"]
    bound: float

    def met_by(self, value: float) -> bool:
        """Say whether a value is good enough."""
        return value <= self.bound if self.direction == "at most" else value >= self.bound


@dataclass(frozen=True, slots=True)
class Figure:
    """A number by name; `meaning` is for people and holds the unit."""

    name: str
    value: float
    meaning: str
    target: Target | None = None


@dataclass(frozen=True, slots=True)
class Breakdown:
    """A table behind the figures; `name` is its key in JSON. Numbers with a point are shares.

    Where it is `detailed`, it is too long for people, and only in JSON.
    """

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[str | int | float, ...], ...]
    detailed: bool = False

    def shown(self) -> tuple[tuple[str, ...], ...]:
        """Return the rows as people read them."""
        return tuple(tuple(map(_shown, row)) for row in self.rows)

    def by_name(self) -> dict[str, dict[str, Any]]:
        """Return the rows by their first cell, their other cells by their header."""
        return {str(row[0]): dict(zip(self.header[1:], row[1:], strict=True)) for row in self.rows}


def _shown(cell: str | float) -> str:
    """Return a cell as people read it; a share shows a decimal, so that 99.8 % is not all."""
    if not isinstance(cell, float):
        return str(cell)
    places = 0 if cell.is_integer() else 1
    return f"{cell:.{places}%}".replace("%", " %")


class Benchmark(Protocol):
    """The result of any benchmark."""

    def figures(self) -> Sequence[Figure]:
        """Return the figures in the order they are read."""
        ...


@runtime_checkable
class Detailed(Benchmark, Protocol):
    """The result of a benchmark that has tables behind its figures."""

    def breakdowns(self) -> Sequence[Breakdown]:
        """Return the tables in the order they are read."""
        ...


def p95(values: Sequence[float]) -> float:
    """Return what 95 % of the values do not exceed; the largest where there are few."""
    ranked = sorted(values)
    return ranked[math.ceil(0.95 * len(ranked)) - 1]
