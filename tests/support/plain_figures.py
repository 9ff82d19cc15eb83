"""The figures once more, from the rows themselves, in plain Python: to hold the others against."""

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from lessongen.store.figures.filters import Filters, day_number
from lessongen.store.store import Store
from tests.support.past_lessons import DAY

Row = dict[str, Any]


class PlainFigures:
    """The figures of a choice of lessons."""

    def __init__(self, store: Store, filters: Filters) -> None:
        self._filters = filters
        read = store.database.read
        first, last = day_number(filters.first), day_number(filters.last)
        self.lessons = [
            row
            for row in read("SELECT * FROM lessons")
            if row["status"] not in {"queued", "running"}
            and first <= row["created_at"] // DAY <= last
            and row["sample"] == int(filters.sample)
            and filters.level in {None, row["level"]}
            and filters.mode in {None, row["mode"]}
            and filters.version in {None, row["strategy_version"] or 0}
        ]
        self._by_id = {row["id"]: row for row in self.lessons}
        self.all_attempts = self._of(read("SELECT * FROM attempts"))
        self.attempts = [row for row in self.all_attempts if self._fits(row, row["part"])]
        self.all_sections = self._of(read("SELECT * FROM sections"))
        self.sections = [
            row
            for row in self.all_sections
            if self._fits(row, row["name"])
            and self._by_id[row["lesson_id"]]["status"] != "cancelled"
        ]
        self.ratings = self._of(read("SELECT * FROM ratings"))

    def _of(self, rows: Iterable[Row]) -> list[Row]:
        return [row for row in rows if row["lesson_id"] in self._by_id]

    def _fits(self, row: Row, part: str) -> bool:
        filters = self._filters
        return filters.model in {None, row["model"] or ""} and filters.section in {None, part}

    def seconds(self) -> list[float]:
        """Return the times of complete lessons, in order."""
        found = [self._seconds(row) for row in self.lessons if row["status"] == "complete"]
        return sorted(seconds for seconds in found if seconds is not None)

    def _seconds(self, lesson: Row) -> float | None:
        if lesson["started_at"] is None or lesson["finished_at"] is None:
            return None
        mine = [row for row in self.all_sections if row["lesson_id"] == lesson["id"]]
        if any(
            row["started_at"] is not None and row["started_at"] < lesson["started_at"]
            for row in mine
        ):
            return None
        breaks = sum(gap for gap in _gaps(_spells(mine)) if gap > 60)
        seconds = lesson["finished_at"] - lesson["started_at"] - breaks
        return seconds if 0 <= seconds <= DAY else None

    def saved(self) -> list[float]:
        """Return what every complete parallel lesson with a time saved by it."""
        found: list[float] = []
        for lesson in self.lessons:
            if lesson["status"] != "complete" or lesson["mode"] != "parallel":
                continue
            mine = [row for row in self.all_sections if row["lesson_id"] == lesson["id"]]
            torn = any(
                None not in {row["started_at"], row["finished_at"]}
                and row["finished_at"] < row["started_at"]
                for row in mine
            )
            spells = _spells(mine)
            if self._seconds(lesson) is None or torn or not spells:
                continue
            spanned = max(end for _, end in spells) - spells[0][0] - sum(_gaps(spells))
            saved = sum(end - begin for begin, end in spells) - spanned
            if 0 <= saved <= DAY:
                found.append(saved)
        return found

    def costs(self) -> list[float]:
        """Return what every lesson cost whose cost is known."""
        known = defaultdict[str, list[float]](list)
        for row in self.all_attempts:
            if row["cost_usd"] is not None:
                known[row["lesson_id"]].append(row["cost_usd"])
        return [sum(costs) for costs in known.values()]

    def share(self, rows: Sequence[Row], has: Callable[[Row], bool]) -> float | None:
        """Return the share of rows that have something."""
        return sum(map(has, rows)) / len(rows) if rows else None

    def asked(self) -> list[Row]:
        """Return the attempts that reached a model."""
        return [row for row in self.attempts if row["outcome"] != "refused"]

    def decided(self) -> list[Row]:
        """Return the attempts that a model answered or failed at."""
        return [row for row in self.attempts if row["outcome"] in {"written", "failed"}]

    def timed(self) -> list[Row]:
        """Return the attempts whose times can be believed."""
        most = DAY * 1000
        return [row for row in self.asked() if 0 <= row["queue_ms"] <= row["total_ms"] <= most]

    def stars(self) -> list[int]:
        """Return the stars of whole lessons."""
        return [row["stars"] for row in self.ratings if row["section"] == ""]


def mean(values: Sequence[float]) -> float | None:
    """Return the mean, None of nothing."""
    return sum(values) / len(values) if values else None


def nearest_rank(values: Sequence[float], percent: int) -> float | None:
    """Return the value that so many percent do not exceed."""
    return sorted(values)[math.ceil(percent * len(values) / 100) - 1] if values else None


def _spells(sections: Sequence[Row]) -> list[tuple[float, float]]:
    return sorted(
        (row["started_at"], row["finished_at"])
        for row in sections
        if None not in {row["started_at"], row["finished_at"]}
        and row["finished_at"] >= row["started_at"]
    )


def _gaps(spells: Sequence[tuple[float, float]]) -> list[float]:
    found: list[float] = []
    until = spells[0][0] if spells else 0.0
    for begin, end in spells:
        found.append(max(0.0, begin - until))
        until = max(until, end)
    return found
