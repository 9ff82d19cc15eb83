"""What a benchmark gives back: named figures, some with a target."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol


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


class Benchmark(Protocol):
    """The result of any benchmark."""

    def figures(self) -> Sequence[Figure]:
        """Return the figures in the order they are read."""
        ...


def p95(values: Sequence[float]) -> float:
    """Return what 95 % of the values do not exceed; the largest where there are few."""
    ranked = sorted(values)
    return ranked[math.ceil(0.95 * len(ranked)) - 1]
