"""The lessons behind a figure, and how the requests of one of them went; never what it says."""

# ruff: noqa: S608 (what is put into the SQL here are names of this module; values are parameters)

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from lessongen.store.database import Database
from lessongen.store.figures.filters import Filters, day_number

NEWEST = 50


@dataclass(frozen=True, slots=True)
class Mark:
    """What somebody pointed at in a chart: a choice of lessons, and more to narrow it by.

    `reason` and `error` are those of requests to models; `stars` of a whole lesson; `complaint` is
    the reason of a rating, of the lesson or of a section.
    """

    filters: Filters
    day: date | None = None
    status: str | None = None
    cohort: str | None = None
    reason: str | None = None
    error: str | None = None
    stars: int | None = None
    complaint: str | None = None


@dataclass(frozen=True, slots=True)
class LessonLine:
    """A finished lesson as staff see it: no topic, no title, no owner. Seconds and US dollars."""

    lesson_id: str
    created_at: float
    level: str
    mode: str
    version: int
    status: str
    seconds: float | None
    cost_usd: float | None
    written: int
    asked: int
    score: float | None


@dataclass(frozen=True, slots=True)
class TimelineAttempt:
    """A request to a model: `begins` and all that follows in seconds since the first one."""

    part: str
    slot: str
    model: str
    reason: str
    begins: float
    admitted: float
    first_text: float | None
    ends: float
    outcome: str
    error_class: str | None


@dataclass(frozen=True, slots=True)
class LessonTimeline:
    """How the requests of a lesson went; `kept` is False where they are not kept any more."""

    lesson: LessonLine
    attempts: tuple[TimelineAttempt, ...]
    kept: bool


class LessonsBehind:
    """Finds lessons by figures. Methods may be called from any thread; they raise StoreError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def newest(self, mark: Mark, limit: int = NEWEST) -> list[LessonLine]:
        """Return the newest finished lessons behind a mark.

        Where a model, section, reason or error is named, lessons of which a request is kept that
        fits all of them.
        """
        values = _values(mark)
        rows = self._database.read(
            f"SELECT {_LINE} FROM lesson_facts f WHERE {_chosen(mark)} "
            "ORDER BY f.day DESC, f.created_at DESC, f.lesson_id LIMIT :limit",
            **values,
            limit=limit,
        )
        return [LessonLine(**row) for row in rows]

    def timeline(self, lesson_id: str) -> LessonTimeline | None:
        """Return how the requests of a lesson went, None where no such lesson was summed up."""
        lines = self._database.read(
            f"SELECT {_LINE} FROM lesson_facts f WHERE f.lesson_id = :id", id=lesson_id
        )
        if not lines:
            return None
        rows = self._database.read(
            "SELECT part, slot, model, reason, started_at, queue_ms, first_text_ms, total_ms, "
            "outcome, error_class FROM attempts WHERE lesson_id = :id ORDER BY started_at, id",
            id=lesson_id,
        )
        sealed = self._database.read(
            "SELECT lesson_id FROM sealed_lessons WHERE lesson_id = :id", id=lesson_id
        )
        began = rows[0]["started_at"] if rows else 0.0
        attempts = tuple(_attempt(row, began) for row in rows)
        return LessonTimeline(LessonLine(**lines[0]), attempts, kept=not sealed)


_LINE = (
    "f.lesson_id, f.created_at, f.level, f.mode, f.version, f.status, f.seconds, f.cost_usd, "
    "f.written, f.asked, f.score"
)


def _values(mark: Mark) -> dict[str, object]:
    filters = mark.filters
    return {
        "first": day_number(mark.day or filters.first),
        "last": day_number(mark.day or filters.last),
        "sample": int(filters.sample),
        "level": filters.level,
        "mode": filters.mode,
        "version": filters.version,
        "model": filters.model,
        "part": filters.section,
        "status": mark.status,
        "cohort": mark.cohort,
        "reason": mark.reason,
        "error_class": mark.error,
        "stars": mark.stars,
        "complaint": mark.complaint,
    }


def _chosen(mark: Mark) -> str:
    """Return the SQL that chooses lessons; days without a request that fits are passed over."""
    values = _values(mark)
    of_lesson = [f"f.{name} = :{name}" for name in _LESSON_NAMES if values[name] is not None]
    of_attempt = [name for name in _ATTEMPT_NAMES if values[name] is not None]
    chosen = ["f.day BETWEEN :first AND :last", "f.sample = :sample", *of_lesson]
    if of_attempt:
        fits = " AND ".join(f"a.{name} = :{name}" for name in of_attempt)
        chosen.append(
            "f.day IN (SELECT a.day FROM attempt_days a WHERE a.day BETWEEN :first AND :last "
            f"AND {fits})"
        )
        chosen.append(
            f"EXISTS (SELECT 1 FROM attempts a WHERE a.lesson_id = f.lesson_id AND {fits})"
        )
    if mark.stars is not None:
        chosen.append(
            "EXISTS (SELECT 1 FROM ratings r WHERE r.lesson_id = f.lesson_id "
            "AND r.section = '' AND r.stars = :stars)"
        )
    if mark.complaint is not None:
        chosen.append(
            "EXISTS (SELECT 1 FROM ratings r WHERE r.lesson_id = f.lesson_id "
            "AND r.reason = :complaint)"
        )
    return " AND ".join(chosen)


_LESSON_NAMES = ("level", "mode", "version", "status", "cohort")
_ATTEMPT_NAMES = ("model", "part", "reason", "error_class")


def _attempt(row: Mapping[str, Any], began: float) -> TimelineAttempt:
    """Return an attempt; where a clock ran backwards, what follows begins where it stood."""
    begins = max(0.0, row["started_at"] - began)
    first = row["first_text_ms"]
    return TimelineAttempt(
        part=row["part"],
        slot=row["slot"],
        model=row["model"],
        reason=row["reason"],
        begins=begins,
        admitted=begins + _seconds(row["queue_ms"]),
        first_text=None if first is None else begins + _seconds(first),
        ends=begins + max(_seconds(row["queue_ms"]), _seconds(row["total_ms"])),
        outcome=row["outcome"],
        error_class=row["error_class"],
    )


def _seconds(milliseconds: float | None) -> float:
    return max(0.0, milliseconds or 0.0) / 1000
