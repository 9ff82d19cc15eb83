"""Figures: read from the day sums, put together into values."""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from lessongen.analytics.groups import Sums, group_figures, timed_by
from lessongen.analytics.requests import (
    day_use,
    error_share,
    model_errors,
    model_use,
    model_waits,
    reason_share,
    reason_use,
    section_scores,
    wait,
)
from lessongen.analytics.satisfaction import complaints, mean_stars, section_stars, star_counts
from lessongen.analytics.shares import completed_share, mean, place_of, share
from lessongen.analytics.values import (
    Compared,
    DayCosts,
    DayTimes,
    Figures,
    Headline,
    SectionSuccess,
)
from lessongen.store.figures.filters import Filters, day_number, day_of
from lessongen.store.figures.readings import (
    AttemptSums,
    Grouping,
    LessonSums,
    RatingSums,
    Readings,
    SectionSums,
    Spread,
)

RowT = TypeVar("RowT", AttemptSums, SectionSums, RatingSums)


def figures(readings: Readings, filters: Filters) -> Figures:
    """Return all figures for a choice of lessons; days not summed up yet are not in them.

    Raises:
        StoreError: where the database cannot.
    """
    every_version = filters.of_every_version()
    found = _Found(
        filters,
        readings.lessons(every_version),
        readings.sections(every_version),
        readings.ratings(every_version),
        readings.attempts(filters),
    )
    current = found.requests(current=True)
    lessons = found.lessons(current=True)
    every = found.lessons(current=True, every_version=True)

    def spreads(by: Grouping) -> list[Spread]:
        return readings.spreads(filters, by, timed_by(by, lessons))

    return Figures(
        filters,
        _headline(found, readings),
        times=_day_times(spreads("day"), lessons),
        costs=_day_costs(lessons),
        success=_success(found),
        models=model_use(current),
        use=day_use(readings.attempt_days(filters)),
        errors=model_errors(current),
        reasons=reason_use(current),
        waits=model_waits(current),
        stars=star_counts(found.ratings(current=True)),
        complaints=complaints(found.ratings(current=True)),
        section_stars=section_stars(found.ratings(current=True)),
        scores=section_scores(current),
        modes=group_figures("mode", found.sums(), spreads("mode")),
        cohorts=group_figures("cohort", found.sums(), spreads("cohort")),
        versions=group_figures(
            "version",
            found.sums(every_version=True),
            readings.spreads(every_version, "version", timed_by("version", every)),
        ),
    )


class _Found:
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
        first = day_number(self.filters.first)
        return [
            row
            for row in self._lessons
            if (row.day >= first) == current and self._has_version(row, every=every_version)
        ]

    def sections(self, *, current: bool, every_version: bool = False) -> list[SectionSums]:
        return self._of(self._sections, current=current, every=every_version)

    def ratings(self, *, current: bool, every_version: bool = False) -> list[RatingSums]:
        return self._of(self._ratings, current=current, every=every_version)

    def requests(self, *, current: bool) -> list[AttemptSums]:
        return [row for row in self.attempts if bool(row.current) == current]

    def sums(self, *, every_version: bool = False) -> Sums:
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


def _headline(found: _Found, readings: Readings) -> Headline:
    now, before = (_Period(found, current=current) for current in (True, False))
    spread = _spread(readings, found.filters, now)
    earlier = _spread(readings, found.filters.period_before(), before)

    def compared(figure: Callable[["_Period"], tuple[float | None, int]]) -> Compared:
        (value, count), (was, _) = figure(now), figure(before)
        return Compared(value, was, count)

    timed = now.times()[1]
    return Headline(
        lessons=compared(_Period.count),
        completed=compared(_Period.completed),
        seconds=compared(_Period.times),
        p50=Compared(spread and spread.p50, earlier and earlier.p50, timed),
        p95=Compared(spread and spread.p95, earlier and earlier.p95, timed),
        success=compared(_Period.success),
        errors=compared(lambda period: error_share(period.requests)),
        cost=compared(_Period.cost),
        stars=compared(lambda period: mean_stars(period.ratings)),
        score=compared(_Period.score),
        saved=compared(_Period.saved),
        fallbacks=compared(lambda period: reason_share(period.requests, "fallback")),
        repairs=compared(lambda period: reason_share(period.requests, "repair")),
        queue=compared(lambda period: wait(period.requests, "queue_ms")),
        model=compared(lambda period: wait(period.requests, "model_ms")),
    )


def _spread(readings: Readings, filters: Filters, period: "_Period") -> Spread | None:
    timed = period.times()[1]
    found = readings.spreads(filters, None, {None: timed} if timed else {})
    return found[0] if found else None


class _Period:
    """One of two periods: every figure with how many things it rests on."""

    def __init__(self, found: _Found, *, current: bool) -> None:
        self._lessons = found.lessons(current=current)
        self._sections = found.sections(current=current)
        self.ratings = found.ratings(current=current)
        self.requests = found.requests(current=current)

    def count(self) -> tuple[float | None, int]:
        many = sum(row.lessons for row in self._lessons)
        return many, many

    def completed(self) -> tuple[float | None, int]:
        return completed_share(self._lessons)

    def times(self) -> tuple[float | None, int]:
        timed = sum(row.timed for row in self._lessons)
        return mean(sum(row.seconds for row in self._lessons), timed), timed

    def saved(self) -> tuple[float | None, int]:
        parallel = [row for row in self._lessons if row.mode == "parallel"]
        many = sum(row.saved_of for row in parallel)
        return mean(sum(row.saved_seconds for row in parallel), many), many

    def success(self) -> tuple[float | None, int]:
        asked = sum(row.asked for row in self._sections)
        return share(sum(row.written for row in self._sections), asked), asked

    def cost(self) -> tuple[float | None, int]:
        paid = sum(row.paid for row in self._lessons)
        return mean(sum(row.cost_usd for row in self._lessons), paid), paid

    def score(self) -> tuple[float | None, int]:
        scored = sum(row.scored for row in self._lessons)
        return mean(sum(row.score_sum for row in self._lessons), scored), scored


def _day_times(days: Sequence[Spread], lessons: Iterable[LessonSums]) -> tuple[DayTimes, ...]:
    seconds: dict[int, float] = {}
    for row in lessons:
        seconds[row.day] = seconds.get(row.day, 0.0) + row.seconds
    return tuple(
        DayTimes(day_of(day.group), day.lessons, seconds[day.group] / day.lessons, day.p50, day.p95)
        for day in days
    )


def _day_costs(lessons: Iterable[LessonSums]) -> tuple[DayCosts, ...]:
    paid: dict[int, int] = {}
    cost: dict[int, float] = {}
    for row in lessons:
        paid[row.day] = paid.get(row.day, 0) + row.paid
        cost[row.day] = cost.get(row.day, 0.0) + row.cost_usd
    return tuple(
        DayCosts(day_of(day), paid[day], cost[day] / paid[day], cost[day])
        for day in sorted(paid)
        if paid[day]
    )


def _success(found: _Found) -> tuple[SectionSuccess, ...]:
    now, before = (_asked_and_written(found.sections(current=c)) for c in (True, False))
    return tuple(
        SectionSuccess(name, *now[name], now[name][1] / now[name][0], _share_of(before.get(name)))
        for name in sorted(now, key=place_of)
    )


def _asked_and_written(rows: Iterable[SectionSums]) -> dict[str, tuple[int, int]]:
    found: dict[str, tuple[int, int]] = {}
    for row in rows:
        asked, written = found.get(row.section, (0, 0))
        found[row.section] = (asked + row.asked, written + row.written)
    return found


def _share_of(counts: tuple[int, int] | None) -> float | None:
    return counts[1] / counts[0] if counts else None
