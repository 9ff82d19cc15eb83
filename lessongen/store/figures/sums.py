"""Sums as values: what is read of the days, one row for what is told apart.

`current` is 1 in the period that is looked at, 0 in the one before.
"""

from dataclasses import dataclass
from typing import Any, Literal

Grouping = Literal["day", "mode", "cohort", "version"]


@dataclass(frozen=True, slots=True)
class LessonSums:
    """Lessons of one day, mode, cohort, version and status. Seconds and cost are sums.

    `timed` of them have a time, `saved_of` also one that writing side by side saved, `paid` a cost.
    """

    day: int
    mode: str
    cohort: str
    version: int
    status: str
    lessons: int
    timed: int
    seconds: float
    saved_of: int
    in_turn_seconds: float
    saved_seconds: float
    paid: int
    cost_usd: float
    unpriced: int
    scored: int
    score_sum: float


@dataclass(frozen=True, slots=True)
class AttemptSums:
    """Attempts of one part, model, reason and outcome. Times are sums over those `timed`."""

    current: int
    part: str
    model: str
    reason: str
    outcome: str
    error_class: str
    attempts: int
    timed: int
    queue_ms: float
    model_ms: float
    input_tokens: int
    output_tokens: int
    cost_usd: float
    unpriced: int
    scored: int
    score_sum: float


@dataclass(frozen=True, slots=True)
class AttemptDay:
    """Attempts of one day, model and outcome."""

    day: int
    model: str
    outcome: str
    attempts: int


@dataclass(frozen=True, slots=True)
class SectionSums:
    """Sections of one name, model, mode, cohort and version."""

    current: int
    section: str
    model: str
    mode: str
    cohort: str
    version: int
    asked: int
    written: int
    timed: int
    seconds_sum: float
    scored: int
    score_sum: float


@dataclass(frozen=True, slots=True)
class RatingSums:
    """Ratings with so many stars; `section` is "" where they are of a whole lesson."""

    current: int
    section: str
    model: str
    mode: str
    cohort: str
    version: int
    stars: int
    reason: str
    ratings: int


@dataclass(frozen=True, slots=True)
class Spread:
    """How long the complete lessons of a group took, in seconds: half and 95 % took no longer."""

    group: Any
    lessons: int
    p50: float
    p95: float
