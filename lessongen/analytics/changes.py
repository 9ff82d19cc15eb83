"""Changes: how a figure stands against the one before, as far as the figures that are shown differ.

A share changes by points, everything else by per cent of what it was.
"""

from dataclasses import dataclass

from lessongen.analytics.values import Compared
from lessongen.analytics.wording import NO_BREAK, Unit, with_unit

ENOUGH = 20
"""Values needed on both sides before a change is called good or bad."""
_PERCENT = 100


@dataclass(frozen=True, slots=True)
class Change:
    """By how much a figure rose or fell, in words; neither where it is shown as it was."""

    much: str = ""
    rose: bool = False

    @property
    def same(self) -> bool:
        """Say whether both figures are shown alike."""
        return not self.much


def change_of(figure: Compared, unit: Unit) -> Change | None:
    """Return how a figure stands against the one before; None where they cannot be compared."""
    now, before = figure.value, figure.before
    if now is None or before is None:
        return None
    if with_unit(now, unit) == with_unit(before, unit):
        return Change()
    if unit == "share":
        points = round(now * _PERCENT, 1) - round(before * _PERCENT, 1)
        return Change(_much(points, 1, "points"), now > before)
    if not before:
        return None
    return Change(_much((now / before - 1) * _PERCENT, 0, "%"), now > before)


def rests_on_enough(figure: Compared) -> bool:
    """Say whether both figures rest on so much that a change is more than chance alone."""
    return min(figure.count, figure.before_count) >= ENOUGH


def _much(change: float, places: int, unit: str) -> str:
    """Return an amount that is never said to be nothing."""
    text = f"{abs(change):.{places}f}"
    if not float(text):
        text = f"under {10**-places:.{places}f}"
    return f"{text}{NO_BREAK}{unit}"
