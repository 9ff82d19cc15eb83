"""The lessons of one person: nobody else's can be seen, changed or taken away through this."""

import secrets
from collections.abc import Mapping
from typing import Any

from lessongen.generation.strategy import Mode, OwnAssignment
from lessongen.lesson.request import LessonRequest
from lessongen.store.database import Database
from lessongen.store.lesson_rows import OWN_ASSIGNMENTS, mark_stale, put_back, read_lesson
from lessongen.store.lessons import Now
from lessongen.store.records import (
    LessonRecord,
    LessonStatus,
    LessonSummary,
    SectionStatus,
    WaitingLine,
)


class OwnLessons:
    """The lessons of one person. Methods may be called from any thread.

    Whose a lesson is stands in every query. What is asked of somebody else's lesson comes to
    nothing, as if it were not there. Every method raises StoreError when the database cannot do
    its part.
    """

    def __init__(self, database: Database, now: Now, owner: str) -> None:
        self._database = database
        self._now = now
        self.owner = owner

    def add(
        self,
        request: LessonRequest,
        mode: Mode,
        *,
        sample: bool,
        mode_reason: str | None = None,
        own: Mapping[str, OwnAssignment] | None = None,
    ) -> str:
        """Queue a lesson and return its id; `mode_reason` says why it is written in its mode."""
        lesson_id = secrets.token_hex(8)
        sections = [
            {"lesson_id": lesson_id, "name": name, "status": SectionStatus.WAITING, "revision": 0}
            for name in request.sections
        ]
        lesson = {
            "id": lesson_id,
            "owner": self.owner,
            "created_at": self._now(),
            "status": LessonStatus.QUEUED,
            "cancel_requested": 0,
            "mode": mode,
            "mode_reason": mode_reason,
            "own_assignments": OWN_ASSIGNMENTS.dump_json(dict(own)).decode() if own else None,
            "sample": int(sample),
            "topic": request.topic,
            "level": request.level,
            "request": request.model_dump_json(),
            "brief_local": 0,
        }
        with self._database.transaction():
            self._database.insert("lessons", [lesson])
            self._database.insert("sections", sections)
        return lesson_id

    def get(self, lesson_id: str) -> LessonRecord | None:
        """Return a lesson with its sections, None where they have no such lesson (any more).

        Raises:
            UnreadableLessonError: where it is there, in a form this version does not know.
        """
        return read_lesson(self._database, lesson_id, self.owner)

    def count_since(self, moment: float) -> int:
        """Return how many lessons were asked for since a moment, deleted ones included."""
        rows = self._database.read(
            "SELECT COUNT(*) AS lessons FROM lessons "
            "WHERE owner = :owner AND created_at >= :moment",
            owner=self.owner,
            moment=moment,
        )
        return rows[0]["lessons"]

    def recent(self, limit: int = 200) -> list[LessonSummary]:
        """Return the newest lessons first, deleted ones left out."""
        rows = self._database.read(
            "SELECT l.id, COALESCE(l.title, l.topic) AS title, l.topic, l.level, l.status, "
            "l.sample, l.created_at, "
            "SUM(CASE WHEN s.status IN (:written, :rewriting) THEN 1 ELSE 0 END) AS written, "
            "COUNT(s.name) AS sections "
            "FROM lessons l LEFT JOIN sections s ON s.lesson_id = l.id "
            "WHERE l.deleted_at IS NULL AND l.owner = :owner GROUP BY l.id "
            "ORDER BY l.created_at DESC, l.id LIMIT :limit",
            written=SectionStatus.WRITTEN,
            rewriting=SectionStatus.REWRITING,
            owner=self.owner,
            limit=limit,
        )
        return [_summary(row) for row in rows]

    def line_before(self, lesson: LessonRecord) -> WaitingLine:
        """Return what a queued lesson waits for: other people's lessons, too, as a number."""
        rows = self._database.read(
            "SELECT COUNT(*) AS lessons, MAX(saved_at) AS saved_at FROM lessons "
            "WHERE deleted_at IS NULL AND (status = :running "
            "OR (status = :queued AND created_at < :created_at))",
            running=LessonStatus.RUNNING,
            queued=LessonStatus.QUEUED,
            created_at=lesson.created_at,
        )
        return WaitingLine(**rows[0])

    def request_cancel(self, lesson_id: str) -> None:
        """Ask the runner to stop a lesson; one that is still queued stops at once."""
        with self._database.transaction():
            self._change(lesson_id, "cancel_requested = 1")
            self._database.execute(
                "UPDATE lessons SET status = :cancelled, finished_at = :now "
                "WHERE id = :id AND owner = :owner AND status = :queued",
                cancelled=LessonStatus.CANCELLED,
                queued=LessonStatus.QUEUED,
                now=self._now(),
                id=lesson_id,
                owner=self.owner,
            )
            mark_stale(self._database, lesson_id)

    def queue_again(self, lesson_id: str) -> None:
        """Queue a finished lesson once more, for the sections that are not written."""
        with self._database.transaction():
            queued = self._database.execute(
                "UPDATE lessons SET status = :queued, cancel_requested = 0, started_at = NULL, "
                "finished_at = NULL, error = NULL, score = NULL, version = version + 1 "
                "WHERE id = :id AND owner = :owner AND status NOT IN (:queued, :running)",
                queued=LessonStatus.QUEUED,
                running=LessonStatus.RUNNING,
                id=lesson_id,
                owner=self.owner,
            )
            if queued:
                put_back(self._database, SectionStatus.FAILED, lesson_id)

    def delete(self, lesson_id: str) -> None:
        """Put a lesson away; `restore` brings it back."""
        self._change(lesson_id, "deleted_at = :now", now=self._now())

    def restore(self, lesson_id: str) -> None:
        """Bring a deleted lesson back."""
        self._change(lesson_id, "deleted_at = NULL")

    def _change(self, lesson_id: str, change: str, **values: object) -> None:
        self._database.execute(
            f"UPDATE lessons SET {change} WHERE id = :id AND owner = :owner",  # noqa: S608 (ours)
            id=lesson_id,
            owner=self.owner,
            **values,
        )


def _summary(row: dict[str, Any]) -> LessonSummary:
    fields = {**row}
    fields["status"] = LessonStatus(row["status"])
    fields["sample"] = bool(row["sample"])
    return LessonSummary(**fields)
