"""Filters: which lessons, and which requests of theirs, figures are about."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

_FIRST_DAY = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Filters:
    """A choice of lessons by the day they were asked for (UTC, both days included), and more.

    None leaves all in. Version 0 stands for lessons whose strategy version is not known. Samples
    and real lessons are never mixed.
    """

    first: date
    last: date
    level: str | None = None
    mode: str | None = None
    model: str | None = None
    section: str | None = None
    version: int | None = None
    sample: bool = False

    @classmethod
    def of_days(cls, days: int, today: date, *, sample: bool = False) -> "Filters":
        """Return filters for so many days, today being the last."""
        return cls(today - timedelta(days=days - 1), today, sample=sample)

    @property
    def days(self) -> int:
        """How many days they span."""
        return (self.last - self.first).days + 1

    @property
    def narrowed_to_sections(self) -> bool:
        """Say whether a model or a section is chosen.

        Figures of whole lessons (time, cost of a lesson, stars of a lesson) are then still those
        of all lessons that the other filters leave in: a lesson has many sections and models.
        """
        return self.model is not None or self.section is not None

    def period_before(self) -> "Filters":
        """Return the same choice in the days before: as many of them."""
        span = timedelta(days=self.days)
        return replace(self, first=self.first - span, last=self.last - span)

    def of_every_version(self) -> "Filters":
        """Return the same choice for all versions of the strategy."""
        return replace(self, version=None)


def day_number(day: date) -> int:
    """Return how many days after 1 January 1970 a day is."""
    return (day - _FIRST_DAY).days


def day_of(number: int) -> date:
    """Return the day that is so many days after 1 January 1970."""
    return _FIRST_DAY + timedelta(days=number)
