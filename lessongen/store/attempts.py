"""The log of attempts: one row for each, from the first day."""

import secrets
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from lessongen.generation.events import Attempt, Outcome
from lessongen.store.database import Database, Row
from lessongen.store.records import AttemptRecord, LessonRecord

_REFUSED: Outcome = "refused"


class AttemptLog:
    """Attempts. Methods may be called from any thread; they raise StoreError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, rows: Sequence[Row]) -> None:
        """Keep attempts, made by `attempt_row`. A row that is there already stays as it is."""
        with self._database.transaction():
            for row in rows:
                self._database.execute(_insertion(tuple(row)), **row)

    def score(self, scores: Mapping[str, int]) -> None:
        """Note what the answers of attempts are worth: scores from 0 to 100, by attempt id."""
        for attempt_id, score in scores.items():
            self._database.execute(
                "UPDATE attempts SET score = :score WHERE id = :id", score=score, id=attempt_id
            )

    def of_lesson(self, lesson_id: str) -> list[AttemptRecord]:
        """Return a lesson's attempts in the order they began."""
        rows = self._database.read(
            "SELECT * FROM attempts WHERE lesson_id = :id ORDER BY started_at, id", id=lesson_id
        )
        return [_attempt(row) for row in rows]

    def requests_since(self, moment: float, model: str, *, sample: bool) -> int:
        """Return how often a model was asked since a moment, in seconds since 1970.

        Samples, or real requests; those that ended before anybody was asked do not count.
        """
        rows = self._database.read(
            "SELECT COUNT(*) AS requests FROM attempts WHERE model = :model AND sample = :sample "
            "AND started_at >= :moment AND total_ms > queue_ms AND outcome <> :refused",
            model=model,
            sample=int(sample),
            moment=moment,
            refused=_REFUSED,
        )
        return rows[0]["requests"]

    def dollars_since(self, moment: float) -> float:
        """Return what real requests have cost since a moment, in US dollars."""
        rows = self._database.read(
            "SELECT SUM(cost_usd) AS dollars FROM attempts "
            "WHERE sample = 0 AND started_at >= :moment",
            moment=moment,
        )
        return rows[0]["dollars"] or 0.0


@cache
def _insertion(columns: tuple[str, ...]) -> str:
    """Return how to add a row, unless its id is there."""
    values = ", ".join(f":{column}" for column in columns)
    return (
        f"INSERT INTO attempts ({', '.join(columns)}) VALUES ({values}) "  # noqa: S608 (our names)
        "ON CONFLICT (id) DO NOTHING"
    )


def _attempt(row: dict[str, Any]) -> AttemptRecord:
    row["sample"] = bool(row["sample"])
    row["score"] = None if row["score"] is None else round(row["score"])
    return AttemptRecord(**row)


def attempt_row(lesson: LessonRecord, attempt: Attempt, started_at: float) -> Row:
    """Return an attempt as a row; `started_at` is in seconds since 1970."""
    error, first = attempt.error, attempt.first_text_seconds
    return {
        "id": secrets.token_hex(10),
        "lesson_id": lesson.id,
        "part": attempt.part,
        "slot": attempt.slot,
        "model": attempt.model,
        "model_version": attempt.model_version,
        "reason": attempt.reason,
        "prompt_version": attempt.prompt_version,
        "mode": lesson.mode,
        "sample": int(lesson.sample),
        "started_at": started_at,
        "queue_ms": attempt.queue_seconds * 1000,
        "first_text_ms": None if first is None else first * 1000,
        "total_ms": attempt.total_seconds * 1000,
        "input_tokens": attempt.usage.input,
        "output_tokens": attempt.usage.output,
        "thought_tokens": attempt.usage.thoughts,
        "cached_tokens": attempt.usage.cached,
        "cost_usd": attempt.cost,
        "outcome": attempt.outcome,
        "error_class": type(error).__name__ if error else None,
        "error": error.reason if error else None,
    }
