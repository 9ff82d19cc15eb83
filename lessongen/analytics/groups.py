"""Groups side by side: modes, cohorts of the rollout, versions of the strategy."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from lessongen.analytics.satisfaction import mean_stars
from lessongen.analytics.shares import per
from lessongen.analytics.values import GroupFigures, Known
from lessongen.store.figures.sums import (
    Grouping,
    LessonSums,
    RatingSums,
    SectionSums,
    Spread,
)
from lessongen.store.records import LessonStatus

_UNKNOWN = "not known"


@dataclass(frozen=True, slots=True)
class Sums:
    """The sums of one period."""

    lessons: Sequence[LessonSums]
    sections: Sequence[SectionSums]
    ratings: Sequence[RatingSums]

    def of(self, by: Grouping, key: Any) -> "Sums":
        """Return those of one group."""

        def belongs(row: object) -> bool:
            return getattr(row, by) == key

        return Sums(
            list(filter(belongs, self.lessons)),
            list(filter(belongs, self.sections)),
            list(filter(belongs, self.ratings)),
        )


def completed(lessons: Iterable[LessonSums]) -> Known:
    """Return the share of lessons with every section, of those that nobody cancelled."""
    ended = [row for row in lessons if row.status != LessonStatus.CANCELLED]
    complete = sum(row.lessons for row in ended if row.status == LessonStatus.COMPLETE)
    return Known.of(complete, sum(row.lessons for row in ended))


def timed_by(by: Grouping, lessons: Iterable[LessonSums]) -> dict[Any, int]:
    """Return how many lessons of each group have a time, in the order of the groups."""
    counts = Counter[Any]()
    for row in lessons:
        counts[getattr(row, by)] += row.timed
    return {key: counts[key] for key in sorted(counts) if counts[key]}


def group_figures(by: Grouping, sums: Sums, spreads: Sequence[Spread]) -> tuple[GroupFigures, ...]:
    """Return the figures of every group that has lessons, ordered by name and by number."""
    by_group = {spread.group: spread for spread in spreads}
    keys = sorted({getattr(row, by) for row in sums.lessons}, key=_order)
    return tuple(_group(_NAMES[by](key), key, sums.of(by, key), by_group.get(key)) for key in keys)


def _group(name: str, key: Any, sums: Sums, spread: Spread | None) -> GroupFigures:
    lessons, sections = sums.lessons, sums.sections
    timed, saved_of = sum(r.timed for r in lessons), sum(r.saved_of for r in lessons)
    paid, scored = sum(r.paid for r in lessons), sum(r.scored for r in lessons)
    asked, stars = sum(row.asked for row in sections), mean_stars(sums.ratings)
    return GroupFigures(
        key=str(key),
        name=name,
        lessons=sum(row.lessons for row in lessons),
        completed=completed(lessons).value,
        timed=timed,
        seconds=per(sum(row.seconds for row in lessons), timed),
        p50=spread.p50 if spread else None,
        p95=spread.p95 if spread else None,
        in_turn=per(sum(row.in_turn_seconds for row in lessons), saved_of),
        saved=per(sum(row.saved_seconds for row in lessons), saved_of),
        success=per(sum(row.written for row in sections), asked),
        cost=per(sum(row.cost_usd for row in lessons), paid),
        score=per(sum(row.score_sum for row in lessons), scored),
        stars=stars.value,
        ratings=stars.count,
        sections=asked,
        paid=paid,
        scored=scored,
    )


def _order(key: Any) -> list[tuple[int, str]]:
    """Return what to sort by: 100 % comes after 50 %."""
    parts = re.split(r"([0-9]+)", str(key))
    return [(int(part), "") if part.isdecimal() else (0, part) for part in parts]


def _version_name(version: Any) -> str:
    return f"version {version}" if version else _UNKNOWN


_NAMES: dict[str, Callable[[Any], str]] = {
    "mode": str,
    "cohort": lambda cohort: cohort or _UNKNOWN,
    "version": _version_name,
}
