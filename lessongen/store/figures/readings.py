"""Readings: what the day sums hold for a choice of lessons, in few rows however long it is.

Readings cover the period of the filters and the one before, told apart by `current` or by day.
"""

# ruff: noqa: S608 (what is put into the SQL here are names of this module; values are parameters)

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lessongen.store.database import Database
from lessongen.store.figures.filters import Filters, day_number
from lessongen.store.figures.summing import ATTEMPT_SUMS
from lessongen.store.figures.sums import (
    AttemptDay,
    AttemptSums,
    Grouping,
    LessonSums,
    RatingSums,
    SectionSums,
    Spread,
)
from lessongen.store.records import LessonStatus

_CURRENT = "CASE WHEN day >= :first THEN 1 ELSE 0 END"
_BOTH_PERIODS = "day BETWEEN :earliest AND :last"
_PERIOD = "day BETWEEN :first AND :last"
_COMPLETE = f"status = '{LessonStatus.COMPLETE}'"


@dataclass(frozen=True, slots=True)
class Choices:
    """What there is to choose from, and the days of the first and the last lesson."""

    first: int | None
    last: int | None
    levels: tuple[str, ...]
    modes: tuple[str, ...]
    models: tuple[str, ...]
    sections: tuple[str, ...]
    versions: tuple[int, ...]


class Readings:
    """Reads the day sums. Methods may be called from any thread; they raise StoreError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def lessons(self, filters: Filters) -> list[LessonSums]:
        """Return finished lessons; those that were not completed have no times."""
        # Added to the time, what was saved is unknown where either is. Times nothing, the time
        # adds nothing, and still leaves out the lessons that `saved_of` does not count.
        rows = self._database.read(
            "SELECT day, mode, cohort, version, status, "
            f"COUNT(*) AS lessons, {_of_complete('COUNT', 'seconds')} AS timed, "
            f"COALESCE({_of_complete('SUM', 'seconds')}, 0) AS seconds, "
            f"{_of_complete('COUNT', 'seconds + saved_seconds')} AS saved_of, "
            f"COALESCE({_of_complete('SUM', 'seconds + saved_seconds')}, 0) AS in_turn_seconds, "
            f"COALESCE({_of_complete('SUM', 'seconds * 0 + saved_seconds')}, 0) AS saved_seconds, "
            "COUNT(cost_usd) AS paid, COALESCE(SUM(cost_usd), 0) AS cost_usd, "
            "SUM(unpriced) AS unpriced, COUNT(score) AS scored, "
            "COALESCE(SUM(score), 0) AS score_sum "
            f"FROM lesson_facts WHERE {_lessons_of(filters)} "
            "GROUP BY day, mode, cohort, version, status",
            **_values(filters),
        )
        return [LessonSums(**row) for row in rows]

    def spreads(
        self, filters: Filters, by: Grouping | None, groups: Mapping[Any, int]
    ) -> list[Spread]:
        """Return how long the complete lessons of groups took; `groups` says how many each has."""
        chosen = {
            None: _lessons_of(filters, _PERIOD),
            "day": _lessons_of(filters, "day = :group"),
        }
        # What is asked for comes in the order of an index: nothing is sorted, little is read.
        sql = (
            "SELECT seconds FROM lesson_facts "
            f"WHERE {chosen.get(by) or f'{chosen[None]} AND {by} = :group'} "
            f"AND {_COMPLETE} AND seconds >= 0 ORDER BY seconds LIMIT 1 OFFSET :above"
        )
        found: list[Spread] = []
        for key, lessons in groups.items():
            places = ((lessons + 1) // 2, (95 * lessons + 99) // 100)
            values = _values(filters) | {"group": key}
            rows = [self._database.read(sql, **values, above=place - 1) for place in places]
            if all(rows):
                p50, p95 = (row[0]["seconds"] for row in rows)
                found.append(Spread(key, lessons, p50, p95))
        return found

    def attempts(self, filters: Filters) -> list[AttemptSums]:
        """Return requests to models."""
        sums = ", ".join(f"SUM({name}) AS {name}" for name in ATTEMPT_SUMS)
        rows = self._database.read(
            f"SELECT {_CURRENT} AS current, part, model, reason, outcome, error_class, "
            f"{sums} FROM attempt_days WHERE {_lessons_of(filters)}{_parts_of(filters, 'part')} "
            f"GROUP BY {_CURRENT}, part, model, reason, outcome, error_class",
            **_values(filters),
        )
        return [AttemptSums(**row) for row in rows]

    def attempt_days(self, filters: Filters) -> list[AttemptDay]:
        """Return requests to models by day, of the period alone."""
        rows = self._database.read(
            "SELECT day, model, outcome, SUM(attempts) AS attempts FROM attempt_days "
            f"WHERE {_lessons_of(filters, _PERIOD)}{_parts_of(filters, 'part')} "
            "GROUP BY day, model, outcome",
            **_values(filters),
        )
        return [AttemptDay(**row) for row in rows]

    def sections(self, filters: Filters) -> list[SectionSums]:
        """Return the sections of finished lessons that were not cancelled."""
        sums = ", ".join(f"SUM({name}) AS {name}" for name in _SECTION_SUMS)
        rows = self._database.read(
            f"SELECT {_CURRENT} AS current, section, model, mode, cohort, version, "
            f"{sums} FROM section_days WHERE {_lessons_of(filters)}{_parts_of(filters, 'section')} "
            f"GROUP BY {_CURRENT}, section, model, mode, cohort, version",
            **_values(filters),
        )
        return [SectionSums(**row) for row in rows]

    def ratings(self, filters: Filters) -> list[RatingSums]:
        """Return ratings: of whole lessons all, of sections those of the chosen ones."""
        rows = self._database.read(
            f"SELECT {_CURRENT} AS current, section, model, mode, cohort, version, stars, "
            f"reason, SUM(ratings) AS ratings FROM rating_days WHERE {_lessons_of(filters)} "
            f"AND (section = '' OR (1 = 1{_parts_of(filters, 'section')})) "
            f"GROUP BY {_CURRENT}, section, model, mode, cohort, version, stars, reason",
            **_values(filters),
        )
        return [RatingSums(**row) for row in rows]

    def choices(self, *, sample: bool) -> Choices:
        """Return what there is to choose from, among samples or real lessons."""
        ends = self._database.read(
            "SELECT MIN(day) AS first, MAX(day) AS last FROM lesson_facts WHERE sample = :sample",
            sample=int(sample),
        )[0]
        return Choices(
            ends["first"],
            ends["last"],
            levels=self._distinct("section_days", "level", sample=sample),
            modes=self._distinct("section_days", "mode", sample=sample),
            models=self._distinct("attempt_days", "model", sample=sample),
            sections=self._distinct("section_days", "section", sample=sample),
            versions=self._distinct("section_days", "version", sample=sample),
        )

    def _distinct(self, table: str, column: str, *, sample: bool) -> tuple[Any, ...]:
        rows = self._database.read(
            f"SELECT DISTINCT {column} AS found FROM {table} "
            f"WHERE sample = :sample ORDER BY {column}",
            sample=int(sample),
        )
        return tuple(row["found"] for row in rows)


_SECTION_SUMS: Sequence[str] = ("asked", "written", "timed", "seconds_sum", "scored", "score_sum")


def _of_complete(function: str, column: str) -> str:
    return f"{function}(CASE WHEN {_COMPLETE} THEN {column} END)"


def _lessons_of(filters: Filters, days: str = _BOTH_PERIODS) -> str:
    """Return the SQL that chooses lessons."""
    chosen = [days, "sample = :sample"]
    chosen += [
        f"{name} = :{name}"
        for name in ("level", "mode", "version")
        if getattr(filters, name) is not None
    ]
    return " AND ".join(chosen)


def _parts_of(filters: Filters, part: str) -> str:
    """Return the SQL that chooses models and sections."""
    model = " AND model = :model" if filters.model is not None else ""
    return model + (f" AND {part} = :section" if filters.section is not None else "")


def _values(filters: Filters) -> dict[str, object]:
    return {
        "earliest": day_number(filters.period_before().first),
        "first": day_number(filters.first),
        "last": day_number(filters.last),
        "sample": int(filters.sample),
        "level": filters.level,
        "mode": filters.mode,
        "version": filters.version,
        "model": filters.model,
        "section": filters.section,
    }
