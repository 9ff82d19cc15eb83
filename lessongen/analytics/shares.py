"""Means and shares: None where there is nothing to divide by, and the order of sections."""

from lessongen.lesson.parts import PARTS


def per(total: float, count: int) -> float | None:
    """Return a total divided by how many it is of: a mean, or a share of them."""
    return total / count if count else None


def place_of(part: str) -> tuple[int, str]:
    """Return where a part stands in a lesson, for sorting; those that are no more come last."""
    return (PARTS.index(part) if part in PARTS else len(PARTS)), part
