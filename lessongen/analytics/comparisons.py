"""Compares what two models made of the same part: success, score, stars, time and cost."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf
from types import MappingProxyType
from typing import Literal

from lessongen.analytics.intervals import (
    USUAL_CONFIDENCE,
    Interval,
    mean_difference,
    mean_interval,
    share_difference,
    share_interval,
)
from lessongen.store.history import Measured, PartHistory

Measure = Literal["success", "score", "stars", "seconds", "dollars"]
Verdict = Literal["better", "worse", "uncertain", "alike", "untold"]
"""`uncertain`: not found to be worse, but it may still be, by far. `untold`: too few values."""

ENOUGH = 30
"""Values needed on both sides: below, neither a mean nor a share of failures says much."""
_PERCENT = 100.0
_POSSIBLE: Mapping[Measure, tuple[float, float]] = MappingProxyType(
    {"score": (0.0, 100.0), "stars": (1.0, 5.0), "seconds": (0.0, inf), "dollars": (0.0, inf)}
)
_SPREAD = 2.0
"""Standard deviations above the mean: few answers take longer."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What a difference in a measure means, in points, in stars, or in per cent of what is now.

    A gain below `worth` is no reason for a change. Something else's gain outweighs a loss up to
    `tolerated`, as long as the loss cannot (95 %) be more than `at_worst`.
    """

    worth: float
    tolerated: float
    at_worst: float | None = None
    per_cent: bool = False
    more_is_better: bool = True


RULES: Mapping[Measure, Rule] = MappingProxyType(
    {
        "success": Rule(worth=2.0, tolerated=2.0, at_worst=10.0),
        "score": Rule(worth=2.0, tolerated=2.0, at_worst=5.0),
        "stars": Rule(worth=0.2, tolerated=0.2),
        "seconds": Rule(worth=5.0, tolerated=20.0, per_cent=True, more_is_better=False),
        "dollars": Rule(worth=5.0, tolerated=20.0, per_cent=True, more_is_better=False),
    }
)
"""In the order in which they matter."""


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of a measure: from how many values, and the mean with its 95 % interval.

    Success is in per cent of the answers, cost in US dollars.
    """

    n: int
    interval: Interval


@dataclass(frozen=True, slots=True)
class Comparison:
    """A candidate against the slot that writes now; None where there are too few values.

    `gain` is positive where the candidate is better, in the unit of its rule.
    """

    measure: Measure
    verdict: Verdict
    gain: Interval | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of a slot for one part, by attempts asked first or as second choice.

    The comparisons are with the slot that writes now; none for that slot itself, and where there
    are too few answers. `lacking` is what is known of that slot and too little of this one.
    """

    slot: str
    model: str
    answers: int
    second_choice: bool
    known: Mapping[Measure, Told]
    comparisons: tuple[Comparison, ...] = ()
    lacking: tuple[Measure, ...] = ()

    def found(self, *verdicts: Verdict) -> list[Comparison]:
        """Return the comparisons that came out so, in the order in which measures matter."""
        return [c for c in self.comparisons if c.verdict in verdicts]

    @property
    def suggests(self) -> bool:
        """Say whether the slot is better in something, and in nothing too bad to change to it."""
        hindered = self.lacking or self.found("worse", "uncertain")
        return bool(self.found("better")) and not hindered


def known_measures(history: PartHistory) -> dict[Measure, Told]:
    """Return all that is known of a part by a model."""
    known: dict[Measure, Told] = {}
    for measure in RULES:
        if measure == "success":
            if history.asked:
                share = share_interval(history.written, history.asked)
                known[measure] = Told(history.asked, share.times(_PERCENT))
        elif measured := _measured(history, measure):
            known[measure] = Told(measured.n, mean_interval(measured).within(*_POSSIBLE[measure]))
    return known


def comparable(current: PartHistory, candidate: PartHistory) -> int:
    """Return how many measures there are of which both have enough values."""
    return sum(_enough(current, m) and _enough(candidate, m) for m in RULES)


def compared(
    current: PartHistory, candidate: PartHistory, confidence: float, seconds_allowed: float
) -> tuple[Comparison, ...]:
    """Compare a candidate with the slot that writes now, in the order in which measures matter.

    A gain's interval has the `confidence` asked for; whether a loss may be too large is told by
    the usual one. A candidate that is slower must fit into the seconds that a first slot has.
    """
    return tuple(
        _compared(measure, current, candidate, confidence, seconds_allowed) for measure in RULES
    )


def lacking(current: PartHistory, candidate: PartHistory) -> tuple[Measure, ...]:
    """Return what is known well enough of the current slot and not of the candidate.

    Stars are left out: few teachers give them.
    """
    needed: tuple[Measure, ...] = ("success", "score", "seconds", "dollars")
    return tuple(m for m in needed if _enough(current, m) and not _enough(candidate, m))


def _compared(
    measure: Measure,
    current: PartHistory,
    candidate: PartHistory,
    confidence: float,
    seconds_allowed: float,
) -> Comparison:
    gain = _gain(measure, current, candidate, confidence)
    usual = _gain(measure, current, candidate, USUAL_CONFIDENCE)
    if gain is None or usual is None:
        return Comparison(measure, "untold")
    late = measure == "seconds" and gain.estimate < 0 and not _fits(candidate, seconds_allowed)
    return Comparison(measure, "worse" if late else _verdict(RULES[measure], gain, usual), gain)


def _verdict(rule: Rule, gain: Interval, usual: Interval) -> Verdict:
    if gain.estimate < -rule.tolerated:
        return "worse"
    if rule.at_worst is not None and usual.low < -rule.at_worst:
        return "uncertain"
    return "better" if gain.low > 0 and gain.estimate >= rule.worth else "alike"


def _gain(
    measure: Measure, current: PartHistory, candidate: PartHistory, confidence: float
) -> Interval | None:
    if not (_enough(current, measure) and _enough(candidate, measure)):
        return None
    if measure == "success":
        shares = (candidate.written, candidate.asked, current.written, current.asked)
        return share_difference(*shares, confidence).times(_PERCENT)
    one, other = _measured(candidate, measure), _measured(current, measure)
    return _more(RULES[measure], one, other, confidence) if one and other else None


def _more(rule: Rule, one: Measured, other: Measured, confidence: float) -> Interval:
    """Return what is gained by one against another, in the unit of the rule.

    In per cent of the other's mean as it was measured; that this could be otherwise too is left
    out of the interval, but not whether there is a gain at all.
    """
    more = mean_difference(one, other, confidence)
    gain = more if rule.more_is_better else -more
    return gain.times(_PERCENT / other.mean) if rule.per_cent else gain


def _fits(history: PartHistory, seconds_allowed: float) -> bool:
    measured = history.seconds
    if measured is None:
        return True
    return measured.mean + _SPREAD * measured.variance**0.5 <= seconds_allowed


def _enough(history: PartHistory, measure: Measure) -> bool:
    if measure == "success":
        return history.asked >= ENOUGH
    measured = _measured(history, measure)
    if measured is None or measured.n < ENOUGH:
        return False
    return measured.mean > 0 or not RULES[measure].per_cent  # nothing is a share of nothing


def _measured(history: PartHistory, measure: Measure) -> Measured | None:
    match measure:
        case "score":
            return history.score
        case "stars":
            return history.stars
        case "seconds":
            return history.seconds
        case "dollars":
            return history.dollars
        case "success":
            return None
