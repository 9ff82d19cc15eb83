"""Figures in words for people: seconds, shares, dollars and stars."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from lessongen.wording import UNKNOWN

Unit = Literal["lessons", "seconds", "share", "dollars", "stars", "points"]
NO_BREAK = "\N{NO-BREAK SPACE}"
"""What stands between a number and its unit, so that no line ends there."""
_MINUTE = 60
_CENT = 0.01
_ERRORS: Mapping[str, str] = MappingProxyType(
    {
        "Throttled": "too many requests",
        "Unavailable": "not reachable",
        "TimedOut": "took too long",
        "BadRequest": "request not accepted",
        "Unauthorized": "key not accepted",
        "ModelNotFound": "no such model",
        "Blocked": "stopped by a safety filter",
        "Truncated": "answer cut off",
        "Malformed": "unusable answer",
        "SwitchedOff": "switched off",
        "Refused": "no room in time",
    }
)
"""Classes of errors as staff are told them; in a CSV they keep their names."""


def with_unit(value: float | None, unit: Unit) -> str:
    """Return a figure with its unit; a dash where it is not known."""
    if value is None:
        return UNKNOWN
    match unit:
        case "lessons":
            return f"{value:,.0f}"
        case "seconds":
            return seconds(value)
        case "share":
            return percent(value)
        case "dollars":
            return dollars(value)
        case "stars":
            return f"{value:.1f} of 5"
        case "points":
            return f"{value:.0f} of 100"


def seconds(value: float) -> str:
    """Return a duration as people say it."""
    if value < _MINUTE:
        return f"{value:.1f}{NO_BREAK}s"
    whole = round(value)
    return NO_BREAK.join((f"{whole // _MINUTE}", "min", f"{whole % _MINUTE}", "s"))


def percent(share: float) -> str:
    """Return a share with one decimal; only all and nothing at all are said without."""
    if share in {0, 1}:
        return f"{share:.0%}".replace("%", f"{NO_BREAK}%")
    text = f"{share:.1%}"
    if text == "100.0%":
        text = "over 99.9%"
    if text == "0.0%":
        text = "under 0.1%"
    return text.replace("%", f"{NO_BREAK}%")


def dollars(value: float) -> str:
    """Return US dollars, with as many places as a small sum needs."""
    return f"${value:,.2f}" if value == 0 or value >= 1 else f"${value:.{_places(value)}f}"


def reason_name(reason: str) -> str:
    """Return why a model was asked, in words."""
    return reason.replace("_", " ")


def error_words(error: str) -> str:
    """Return what went wrong with a request, in words; a class that is not known as it is."""
    return _ERRORS.get(error, error)


def _places(value: float) -> int:
    return 3 if value >= _CENT else 4
