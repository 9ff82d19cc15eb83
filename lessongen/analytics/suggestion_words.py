"""Says in words why a slot is suggested, or why all should stay as it is."""

from collections.abc import Iterable, Mapping, Sequence
from math import isfinite
from types import MappingProxyType

from lessongen.analytics.comparisons import ENOUGH, RULES, Comparison, Evidence, Measure, Told
from lessongen.wording import UNKNOWN, counted

NAMES: Mapping[Measure, str] = MappingProxyType(
    {
        "success": "success",
        "score": "quality score",
        "stars": "stars",
        "seconds": "time",
        "dollars": "cost",
    }
)
MINUS = "\N{MINUS SIGN}"
_UNITS = " %s$"
_DIFFERS_BY: Mapping[Measure, str] = MappingProxyType(
    {"success": " points", "score": " points", "stars": " stars", "seconds": " %", "dollars": " %"}
)
_SECOND_CHOICE = (
    "“{slot}” was asked as second choice each time, when another model had failed or was late: "
    "harder moments, with less time. Asked first, it may do otherwise."
)


def proposed_sentence(current: Evidence, proposed: Evidence) -> str:
    """Say what is better, how much and how surely, what is not worse, and by which answers."""
    gains = _joined(_gain(c, current, proposed) for c in proposed.found("better"))
    said = [f"“{proposed.slot}” instead of “{current.slot}”: {gains}."]
    if alike := [NAMES[c.measure] for c in proposed.found("alike")]:
        said.append(f"No worse by more than is tolerated in {_joined(alike)}.")
    if untold := [NAMES[c.measure] for c in proposed.found("untold")]:
        said.append(f"Too few values to compare {_joined(untold)}.")
    said.append(f"From {_answers(proposed)}, against {_answers(current)}.")
    if proposed.second_choice:
        said.append(_SECOND_CHOICE.format(slot=proposed.slot))
    return " ".join(said)


def kept_sentence(current: Evidence, candidates: Sequence[Evidence]) -> str:
    """Say why the slot that writes now should go on, with a word on every other one."""
    if not candidates:
        return f"Keep “{current.slot}”: there is no other slot to compare it with."
    alike = [f"“{c.slot}”" for c in candidates if c.comparisons and not c.found("better")]
    judged = [_shortfall(current, c) for c in candidates if not c.comparisons or c.found("better")]
    if alike:
        judged.append(f"In nothing is {_joined(alike, 'or')} surely better by enough to matter.")
    return " ".join([f"Keep “{current.slot}”.", *judged])


def _with_unit(measure: Measure, value: float) -> str:
    """Return a value of a measure with its unit, as people read it."""
    match measure:
        case "success":
            return f"{value:.0f} %"
        case "score":
            return f"{value:.0f}"
        case "stars":
            return f"{value:.1f}"
        case "seconds":
            return f"{value:.1f} s"
        case "dollars":
            return f"${value:.4f}"


def with_bounds(measure: Measure, told: Told) -> str:
    """Return a mean with its interval; from a single value there is none."""
    interval = told.interval
    mean = _with_unit(measure, interval.estimate)
    if not isfinite(interval.low):
        return mean
    low, high = (
        _with_unit(measure, bound).strip(_UNITS) for bound in (interval.low, interval.high)
    )
    return f"{mean} ({low}–{high})"


def difference(comparison: Comparison) -> str:
    """Return how much more a slot has of a measure than the one that writes now, with bounds."""
    gain, rule = comparison.gain, RULES[comparison.measure]
    if gain is None:
        return UNKNOWN
    more = gain if rule.more_is_better else -gain
    digits = 1 if comparison.measure == "stars" else 0
    by, low, high = (_signed(value, digits) for value in (more.estimate, more.low, more.high))
    return f"{by}{_DIFFERS_BY[comparison.measure]} ({low} to {high})"


def _signed(value: float, digits: int) -> str:
    rounded = round(value, digits)
    return f"{rounded:+.{digits}f}".replace("-", MINUS) if rounded else "0"


def _shortfall(current: Evidence, candidate: Evidence) -> str:
    said = f"“{candidate.slot}”"
    if not candidate.comparisons:
        return f"{said} has {candidate.answers} of at least {ENOUGH} answers."
    better = _joined(NAMES[c.measure] for c in candidate.found("better"))
    but, *further = _hindrances(current, candidate)
    sentences = (f" {one[0].upper()}{one[1:]}." for one in further)
    return f"{said} is better in {better}, but {but}.{''.join(sentences)}"


def _hindrances(current: Evidence, candidate: Evidence) -> list[str]:
    """Return what speaks against a slot: what is worse, may be, or is not known, each apart."""
    worse = [_loss(c, current, candidate) for c in candidate.found("worse")]
    unknown = [NAMES[measure] for measure in candidate.lacking]
    return [
        *([f"worse in {_joined(worse)}"] if worse else []),
        *(_doubt(c) for c in candidate.found("uncertain")),
        *([f"too little is known of its {_joined(unknown)}"] if unknown else []),
    ]


def _gain(comparison: Comparison, current: Evidence, proposed: Evidence) -> str:
    gain, measure = comparison.gain, comparison.measure
    if gain is None:
        return NAMES[measure]
    more = "more" if RULES[measure].more_is_better else "less"
    by, least = (_amount(measure, value) for value in (gain.estimate, gain.low))
    return f"{_change(measure, current, proposed)} ({by} {more}, almost surely at least {least})"


def _loss(comparison: Comparison, current: Evidence, candidate: Evidence) -> str:
    now, then = (
        _mean(comparison.measure, e.known.get(comparison.measure)) for e in (current, candidate)
    )
    return f"{NAMES[comparison.measure]} ({then} instead of {now})"


def _doubt(comparison: Comparison) -> str:
    rule = RULES[comparison.measure]
    name = NAMES[comparison.measure]
    return f"its {name} may still be worse by more than {rule.at_worst:.0f} points"


def _change(measure: Measure, current: Evidence, other: Evidence) -> str:
    now, then = (_mean(measure, e.known.get(measure)) for e in (current, other))
    return f"{NAMES[measure]} {then} instead of {now}"


def _mean(measure: Measure, told: Told | None) -> str:
    return _with_unit(measure, told.interval.estimate) if told else "unknown"


def _amount(measure: Measure, gain: float) -> str:
    if RULES[measure].per_cent:
        return f"{gain:.0f} %"
    return f"{gain:.1f} {'stars' if measure == 'stars' else 'points'}"


def _answers(evidence: Evidence) -> str:
    return f"{counted(evidence.answers, 'answer')} by “{evidence.slot}”"


def _joined(parts: Iterable[str], word: str = "and") -> str:
    *before, last = parts
    return f"{', '.join(before)} {word} {last}" if before else last
