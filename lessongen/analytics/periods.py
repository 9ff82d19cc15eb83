"""Two periods, the one that is looked at and the one before, as they were read."""

from collections.abc import Sequence
from typing import TypeVar

from lessongen.analytics.groups import Sums, completed
from lessongen.analytics.values import Known
from lessongen.store.figures.filters import Filters, day_number
from lessongen.store.figures.sums import AttemptSums, LessonSums, RatingSums, SectionSums

RowT = TypeVar("RowT", AttemptSums, SectionSums, RatingSums)


class Found:
    """What was read: of all versions but for the attempts, of this period and the one before."""

    def __init__(
        self,
        filters: Filters,
        lessons: Sequence[LessonSums],
        sections: Sequence[SectionSums],
        ratings: Sequence[RatingSums],
        attempts: Sequence[AttemptSums],
    ) -> None:
        self.filters = filters
        self.attempts = attempts
        self._lessons, self._sections, self._ratings = lessons, sections, ratings

    def lessons(self, *, current: bool, every_version: bool = False) -> list[LessonSums]:
        """Return lessons of one period, of the chosen version or of all."""
        first = day_number(self.filters.first)
        return [
            row
            for row in self._lessons
            if (row.day >= first) == current and self._has_version(row, every=every_version)
        ]

    def sections(self, *, current: bool, every_version: bool = False) -> list[SectionSums]:
        """Return sections of one period, of the chosen version or of all."""
        return self._of(self._sections, current=current, every=every_version)

    def ratings(self, *, current: bool, every_version: bool = False) -> list[RatingSums]:
        """Return ratings of one period, of the chosen version or of all."""
        return self._of(self._ratings, current=current, every=every_version)

    def requests(self, *, current: bool) -> list[AttemptSums]:
        """Return requests of one period."""
        return [row for row in self.attempts if bool(row.current) == current]

    def sums(self, *, every_version: bool = False) -> Sums:
        """Return what groups are made of, of the period that is looked at."""
        return Sums(
            self.lessons(current=True, every_version=every_version),
            self.sections(current=True, every_version=every_version),
            self.ratings(current=True, every_version=every_version),
        )

    def _of(self, rows: Sequence[RowT], *, current: bool, every: bool) -> list[RowT]:
        return [
            row
            for row in rows
            if bool(row.current) == current and self._has_version(row, every=every)
        ]

    def _has_version(self, row: object, *, every: bool) -> bool:
        wanted = self.filters.version
        return every or wanted is None or getattr(row, "version", wanted) == wanted


class Period:
    """One of two periods: every figure with how many things it rests on."""

    def __init__(self, found: Found, *, current: bool) -> None:
        self._lessons = found.lessons(current=current)
        self._sections = found.sections(current=current)
        self.ratings = found.ratings(current=current)
        self.requests = found.requests(current=current)

    def count(self) -> Known:
        """Return how many lessons ended."""
        many = sum(row.lessons for row in self._lessons)
        return Known(many, many)

    def completed(self) -> Known:
        """Return the share of complete lessons."""
        return completed(self._lessons)

    def times(self) -> Known:
        """Return the mean time of complete lessons, in seconds."""
        timed = sum(row.timed for row in self._lessons)
        return Known.of(sum(row.seconds for row in self._lessons), timed)

    def saved(self) -> Known:
        """Return the mean seconds that parallel lessons saved."""
        parallel = [row for row in self._lessons if row.mode == "parallel"]
        many = sum(row.saved_of for row in parallel)
        return Known.of(sum(row.saved_seconds for row in parallel), many)

    def success(self) -> Known:
        """Return the share of sections that were written."""
        asked = sum(row.asked for row in self._sections)
        return Known.of(sum(row.written for row in self._sections), asked)

    def cost(self) -> Known:
        """Return the mean cost of a lesson, in US dollars."""
        paid = sum(row.paid for row in self._lessons)
        return Known.of(sum(row.cost_usd for row in self._lessons), paid)

    def score(self) -> Known:
        """Return the mean score of lessons."""
        scored = sum(row.scored for row in self._lessons)
        return Known.of(sum(row.score_sum for row in self._lessons), scored)
