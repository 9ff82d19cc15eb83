"""Figures: read from the day sums, put together into values."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from lessongen.analytics.groups import group_figures, timed_by
from lessongen.analytics.periods import Found, Period
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
from lessongen.analytics.shares import per, place_of
from lessongen.analytics.values import (
    Compared,
    DayCosts,
    DayTimes,
    Figures,
    Headline,
    Known,
    SectionSuccess,
)
from lessongen.store.figures.filters import Filters, day_of
from lessongen.store.figures.readings import Readings
from lessongen.store.figures.sums import Grouping, LessonSums, SectionSums, Spread


def figures(readings: Readings, filters: Filters) -> Figures:
    """Return all figures for a choice of lessons; days not summed up yet are not in them.

    Raises:
        StoreError: where the database cannot.
    """
    every_version = filters.of_every_version()
    found = Found(
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
        days_before=len({row.day for row in found.lessons(current=False)}),
    )


def _headline(found: Found, readings: Readings) -> Headline:
    now, before = (Period(found, current=current) for current in (True, False))
    spread = _spread(readings, found.filters, now)
    earlier = _spread(readings, found.filters.period_before(), before)

    def compared(figure: Callable[[Period], Known]) -> Compared:
        known, earlier = figure(now), figure(before)
        return Compared(known.value, earlier.value, known.count, earlier.count)

    timed = (now.times().count, before.times().count)
    return Headline(
        lessons=compared(Period.count),
        completed=compared(Period.completed),
        seconds=compared(Period.times),
        p50=Compared(spread and spread.p50, earlier and earlier.p50, *timed),
        p95=Compared(spread and spread.p95, earlier and earlier.p95, *timed),
        success=compared(Period.success),
        errors=compared(lambda period: error_share(period.requests)),
        cost=compared(Period.cost),
        stars=compared(lambda period: mean_stars(period.ratings)),
        score=compared(Period.score),
        saved=compared(Period.saved),
        fallbacks=compared(lambda period: reason_share(period.requests, "fallback")),
        repairs=compared(lambda period: reason_share(period.requests, "repair")),
        queue=compared(lambda period: wait(period.requests, "queue_ms")),
        model=compared(lambda period: wait(period.requests, "model_ms")),
    )


def _spread(readings: Readings, filters: Filters, period: Period) -> Spread | None:
    timed = period.times().count
    found = readings.spreads(filters, None, {None: timed} if timed else {})
    return found[0] if found else None


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


@dataclass(frozen=True, slots=True)
class _Sections:
    """Sections of one name in one period: how many were asked for, and written."""

    asked: int = 0
    written: int = 0

    @property
    def share(self) -> float | None:
        """The share of those that were written."""
        return per(self.written, self.asked)

    def with_those_of(self, row: SectionSums) -> "_Sections":
        """Return them with those of a row."""
        return _Sections(self.asked + row.asked, self.written + row.written)


def _success(found: Found) -> tuple[SectionSuccess, ...]:
    now, before = (_by_section(found.sections(current=current)) for current in (True, False))
    return tuple(
        SectionSuccess(
            name, of.asked, of.written, of.written / of.asked, before.get(name, _Sections()).share
        )
        for name, of in sorted(now.items(), key=lambda item: place_of(item[0]))
    )


def _by_section(rows: Iterable[SectionSums]) -> dict[str, _Sections]:
    found: dict[str, _Sections] = {}
    for row in rows:
        found[row.section] = found.get(row.section, _Sections()).with_those_of(row)
    return found
