"""Means and shares: None where there is nothing to divide by, and the order of sections."""

from collections.abc import Iterable

from lessongen.lesson.parts import PARTS
from lessongen.store.figures.sums import LessonSums
from lessongen.store.records import LessonStatus


def mean(total: float, count: int) -> float | None:
    """Return the mean of what adds up to a total."""
    return total / count if count else None


share = mean


def completed_share(lessons: Iterable[LessonSums]) -> tuple[float | None, int]:
    """Return the share of lessons with every section, and of how many that nobody cancelled."""
    ended = [row for row in lessons if row.status != LessonStatus.CANCELLED]
    many = sum(row.lessons for row in ended)
    complete = sum(row.lessons for row in ended if row.status == LessonStatus.COMPLETE)
    return share(complete, many), many


def place_of(part: str) -> tuple[int, str]:
    """Return where a part stands in a lesson, for sorting; those that are no more come last."""
    return (PARTS.index(part) if part in PARTS else len(PARTS)), part
