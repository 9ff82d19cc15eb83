"""An estimate of what a lesson will take and cost, from what its models were measured at."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import erf, prod, sqrt

from lessongen.generation.strategy import Mode, Strategy
from lessongen.lesson.prompts import BRIEF
from lessongen.store.history import Measured, PartHistory

_STEPS = 200
_DEVIATIONS = 5.0


@dataclass(frozen=True, slots=True)
class Duration:
    """Seconds that are known as a mean and a variance."""

    mean: float
    variance: float = 0.0

    def __add__(self, other: "Duration") -> "Duration":
        return Duration(self.mean + other.mean, self.variance + other.variance)


@dataclass(frozen=True, slots=True)
class Estimate:
    """Seconds and US dollars to expect of a lesson, and how many answers that rests on.

    The parts in `unmeasured` are not counted: nobody knows yet how their models do with them.
    `dollars` are None where a model has no known price.
    """

    seconds: float
    dollars: float | None
    answers: int
    unmeasured: tuple[str, ...] = ()


def estimate(
    strategy: Strategy, sections: Sequence[str], mode: Mode, history: Iterable[PartHistory]
) -> Estimate | None:
    """Return what a lesson of these sections will take and cost; None where nothing is known.

    In parallel that is the brief and then the slowest of the sections, those it waits for
    included; in sequence, all of them. Second passes are not foreseen.
    """
    known = {(h.part, h.slot, h.model): h for h in history if h.written and h.seconds}
    parts = (BRIEF, *sections)
    found = {part: kept for part in parts if (kept := known.get(_who(strategy, part)))}
    if not found:
        return None
    durations = {p: _duration(h.queue_seconds) + _duration(h.seconds) for p, h in found.items()}
    if mode == "sequential":
        seconds = sum(duration.mean for duration in durations.values())
    else:
        brief = durations.pop(BRIEF, Duration(0.0))
        seconds = brief.mean + longest(_paths(strategy, durations))
    return Estimate(
        seconds,
        _dollars(found.values()),
        sum(measured.written for measured in found.values()),
        tuple(part for part in parts if part not in found),
    )


def longest(durations: Sequence[Duration]) -> float:
    """Return the seconds to expect of the longest of several that run side by side.

    That is more than the longest mean, since it need not be the same one that is late each time.
    Each is taken to be normal, and independent of the others.
    """
    if not durations:
        return 0.0
    spread = [(d.mean, _DEVIATIONS * sqrt(d.variance)) for d in durations]
    surely_later = max(mean - beyond for mean, beyond in spread)
    surely_done = max(mean + beyond for mean, beyond in spread)
    step = (surely_done - surely_later) / _STEPS
    moments = (surely_later + (number + 0.5) * step for number in range(_STEPS))
    return surely_later + step * sum(1 - _all_done(durations, moment) for moment in moments)


def _who(strategy: Strategy, part: str) -> tuple[str, str, str]:
    slot = strategy.assignment(part).slot
    return part, slot, strategy.slots[slot].model


def _duration(measured: Measured | None) -> Duration:
    return Duration(measured.mean, measured.variance) if measured else Duration(0.0)


def _paths(strategy: Strategy, durations: Mapping[str, Duration]) -> list[Duration]:
    """Return how long each section takes with all that come before it, where none comes after."""
    waits = {s: [w for w in strategy.assignment(s).waits_for if w in durations] for s in durations}
    awaited = {section for sections in waits.values() for section in sections}

    def path(section: str) -> Duration:
        before = max(map(path, waits[section]), key=lambda d: d.mean, default=Duration(0.0))
        return before + durations[section]

    return [path(section) for section in durations if section not in awaited]


def _all_done(durations: Sequence[Duration], seconds: float) -> float:
    """Return how probable it is that none of them lasts longer than so many seconds."""
    return prod(_done(duration, seconds) for duration in durations)


def _done(duration: Duration, seconds: float) -> float:
    beyond = seconds - duration.mean
    if duration.variance <= 0:
        return 1.0 if beyond >= 0 else 0.0
    return (1 + erf(beyond / sqrt(2 * duration.variance))) / 2


def _dollars(measured: Iterable[PartHistory]) -> float | None:
    """Return what all parts cost, with the attempts that came to nothing; None if unknown."""
    total = 0.0
    for part in measured:
        if part.dollars is None:
            return None
        total += part.dollars.mean * part.asked / part.written
    return total
