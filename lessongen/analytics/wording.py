"""Figures in words for people: seconds, shares, dollars and stars."""

from typing import Literal

from lessongen.wording import UNKNOWN

Unit = Literal["lessons", "seconds", "share", "dollars", "stars", "points"]
_MINUTE = 60
_CENT = 0.01


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
        return f"{value:.1f} s"
    whole = round(value)
    return f"{whole // _MINUTE} min {whole % _MINUTE} s"


def percent(share: float) -> str:
    """Return a share; one that is nearly all or nearly nothing is not said to be so."""
    text = f"{share:.1%}"
    if text == "100.0%" and share < 1:
        text = "over 99.9%"
    if text == "0.0%" and share > 0:
        text = "under 0.1%"
    return text.replace(".0%", "%").replace("%", " %")


def dollars(value: float) -> str:
    """Return US dollars, with as many places as a small sum needs."""
    return f"${value:,.2f}" if value == 0 or value >= 1 else f"${value:.{_places(value)}f}"


def reason_name(reason: str) -> str:
    """Return why a model was asked, in words."""
    return reason.replace("_", " ")


def _places(value: float) -> int:
    return 3 if value >= _CENT else 4
