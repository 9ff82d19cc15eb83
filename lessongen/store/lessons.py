"""Lessons in the store: asked for, claimed, grown section by section, found again, deleted."""

import secrets
from collections.abc import Callable, Sequence
from typing import Any

from pydantic import TypeAdapter

from lessongen.errors import UnreadableLessonError
from lessongen.generation.strategy import Mode
from lessongen.lesson.brief import Brief
from lessongen.lesson.request import LessonRequest
from lessongen.lesson.sections import SECTIONS
from lessongen.quality.findings import Finding
from lessongen.store.database import Database
from lessongen.store.records import (
    LessonRecord,
    LessonStatus,
    LessonSummary,
    SectionRecord,
    SectionStatus,
    WaitingLine,
)

Now = Callable[[], float]
_FINDINGS = TypeAdapter(tuple[Finding, ...])


class LessonStore:
    """Lessons and their sections. Methods may be called from any thread.

    Every method raises StoreError when the database cannot do its part.
    """

    def __init__(self, database: Database, now: Now) -> None:
        self._database = database
        self._now = now

    def add(self, request: LessonRequest, mode: Mode, *, sample: bool) -> str:
        """Queue a lesson and return its id."""
        lesson_id = secrets.token_hex(8)
        sections = [
            {"lesson_id": lesson_id, "name": name, "status": SectionStatus.WAITING, "revision": 0}
            for name in request.sections
        ]
        lesson = {
            "id": lesson_id,
            "created_at": self._now(),
            "status": LessonStatus.QUEUED,
            "cancel_requested": 0,
            "mode": mode,
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
        """Return a lesson with its sections, None where there is none (any more).

        Raises:
            UnreadableLessonError: where it is there, in a form this version does not know.
        """
        rows = self._database.read(
            "SELECT * FROM lessons WHERE id = :id AND deleted_at IS NULL", id=lesson_id
        )
        if not rows:
            return None
        sections = self._database.read("SELECT * FROM sections WHERE lesson_id = :id", id=lesson_id)
        return _lesson(rows[0], sections)

    def exists(self, lesson_id: str) -> bool:
        """Say whether a lesson has a row; a deleted one, that can be restored, has."""
        return bool(self._database.read("SELECT id FROM lessons WHERE id = :id", id=lesson_id))

    def claimable(self) -> list[str]:
        """Return the queued lessons, oldest first."""
        rows = self._database.read(
            "SELECT id FROM lessons WHERE status = :queued AND deleted_at IS NULL "
            "ORDER BY created_at",
            queued=LessonStatus.QUEUED,
        )
        return [row["id"] for row in rows]

    def line_before(self, lesson: LessonRecord) -> WaitingLine:
        """Return what a queued lesson waits for."""
        rows = self._database.read(
            "SELECT COUNT(*) AS lessons, MAX(saved_at) AS saved_at FROM lessons "
            "WHERE deleted_at IS NULL AND (status = :running "
            "OR (status = :queued AND created_at < :created_at))",
            running=LessonStatus.RUNNING,
            queued=LessonStatus.QUEUED,
            created_at=lesson.created_at,
        )
        return WaitingLine(**rows[0])

    def claim(self, lesson_id: str) -> bool:
        """Take a queued lesson; False where somebody else was first."""
        changed = self._database.execute(
            "UPDATE lessons SET status = :running, started_at = COALESCE(started_at, :now), "
            "saved_at = :now WHERE id = :id AND status = :queued AND deleted_at IS NULL",
            running=LessonStatus.RUNNING,
            queued=LessonStatus.QUEUED,
            now=self._now(),
            id=lesson_id,
        )
        return changed == 1

    def note_saved(self) -> None:
        """Note that all there is of the running lessons is saved; see `silent_seconds`."""
        self._database.execute(
            "UPDATE lessons SET saved_at = :now WHERE status = :running",
            now=self._now(),
            running=LessonStatus.RUNNING,
        )

    def requeue_interrupted(self) -> int:
        """Queue again what was running when its runner died; return how many lessons."""
        with self._database.transaction():
            self._put_back(SectionStatus.WRITING)
            self._settle()
            self._database.execute(
                "UPDATE lessons SET finished_at = :now, status = CASE WHEN EXISTS "
                "(SELECT 1 FROM sections WHERE lesson_id = lessons.id AND status <> :written) "
                "THEN :cancelled ELSE :complete END "
                "WHERE status = :running AND cancel_requested = 1",
                written=SectionStatus.WRITTEN,
                cancelled=LessonStatus.CANCELLED,
                complete=LessonStatus.COMPLETE,
                running=LessonStatus.RUNNING,
                now=self._now(),
            )
            return self._database.execute(
                "UPDATE lessons SET status = :queued WHERE status = :running",
                queued=LessonStatus.QUEUED,
                running=LessonStatus.RUNNING,
            )

    def save_brief(self, lesson_id: str, brief: Brief, *, local: bool) -> None:
        """Keep the brief."""
        self._database.execute(
            "UPDATE lessons SET brief = :brief, brief_local = :local, title = :title "
            "WHERE id = :id",
            brief=brief.model_dump_json(),
            local=int(local),
            title=brief.title,
            id=lesson_id,
        )

    def save_section(self, lesson_id: str, section: SectionRecord) -> None:
        """Keep a section as it stands and raise its revision. What is there is not taken away."""
        self._database.execute(
            "UPDATE sections SET status = :status, revision = revision + 1, partial = :partial, "
            "content = :content, slot = :slot, model = :model, reason = :reason, "
            "started_at = :started_at, finished_at = :finished_at, error = :error, "
            "findings = :findings, score = :score, rewriting_since = :rewriting_since, "
            "rewriting_seconds = :rewriting_seconds "
            "WHERE lesson_id = :id AND name = :name AND (content IS NULL OR :content IS NOT NULL)",
            id=lesson_id,
            name=section.name,
            status=section.status,
            partial=section.partial,
            content=section.content,
            slot=section.slot,
            model=section.model,
            reason=section.reason,
            started_at=section.started_at,
            finished_at=section.finished_at,
            error=section.error,
            findings=_FINDINGS.dump_json(section.findings).decode(),
            score=section.score,
            rewriting_since=section.rewriting_since,
            rewriting_seconds=section.rewriting_seconds,
        )

    def save_score(self, lesson_id: str, score: float) -> None:
        """Keep the score of a lesson, from 0 to 100."""
        self._database.execute(
            "UPDATE lessons SET score = :score WHERE id = :id", score=score, id=lesson_id
        )

    def finish(self, lesson_id: str, status: LessonStatus, error: str | None = None) -> None:
        """Close a lesson. Sections still being written are set back to waiting."""
        with self._database.transaction():
            self._database.execute(
                "UPDATE lessons SET status = :status, finished_at = :now, error = :error "
                "WHERE id = :id",
                status=status,
                now=self._now(),
                error=error,
                id=lesson_id,
            )
            self._put_back(SectionStatus.WRITING, lesson_id)
            self._settle(lesson_id)

    def request_cancel(self, lesson_id: str) -> None:
        """Ask the runner to stop a lesson; one that is still queued stops at once."""
        with self._database.transaction():
            self._database.execute(
                "UPDATE lessons SET cancel_requested = 1 WHERE id = :id", id=lesson_id
            )
            self._database.execute(
                "UPDATE lessons SET status = :cancelled, finished_at = :now "
                "WHERE id = :id AND status = :queued",
                cancelled=LessonStatus.CANCELLED,
                queued=LessonStatus.QUEUED,
                now=self._now(),
                id=lesson_id,
            )

    def cancel_requests(self) -> set[str]:
        """Return the running lessons that somebody wants stopped."""
        rows = self._database.read(
            "SELECT id FROM lessons WHERE status = :running "
            "AND (cancel_requested = 1 OR deleted_at IS NOT NULL)",
            running=LessonStatus.RUNNING,
        )
        return {row["id"] for row in rows}

    def queue_again(self, lesson_id: str) -> None:
        """Queue a finished lesson once more, for the sections that are not written."""
        with self._database.transaction():
            self._database.execute(
                "UPDATE lessons SET status = :queued, cancel_requested = 0, started_at = NULL, "
                "finished_at = NULL, error = NULL, score = NULL "
                "WHERE id = :id AND status NOT IN (:queued, :running)",
                queued=LessonStatus.QUEUED,
                running=LessonStatus.RUNNING,
                id=lesson_id,
            )
            self._put_back(SectionStatus.FAILED, lesson_id)

    def _settle(self, lesson_id: str | None = None) -> None:
        """Leave sections that were being written again as they are: of one lesson, or of all."""
        self._database.execute(
            "UPDATE sections SET status = :written, revision = revision + 1, "
            "rewriting_since = NULL "
            "WHERE status = :rewriting AND lesson_id = COALESCE(:id, lesson_id)",
            written=SectionStatus.WRITTEN,
            rewriting=SectionStatus.REWRITING,
            id=lesson_id,
        )

    def _put_back(self, status: SectionStatus, lesson_id: str | None = None) -> None:
        """Set sections of a status to waiting again: those of one lesson, or all there are."""
        self._database.execute(
            "UPDATE sections SET status = :waiting, revision = revision + 1, partial = NULL, "
            "error = NULL, started_at = NULL, finished_at = NULL "
            "WHERE status = :status AND lesson_id = COALESCE(:id, lesson_id)",
            waiting=SectionStatus.WAITING,
            status=status,
            id=lesson_id,
        )

    def delete(self, lesson_id: str) -> None:
        """Put a lesson away; `restore` brings it back."""
        self._database.execute(
            "UPDATE lessons SET deleted_at = :now WHERE id = :id", now=self._now(), id=lesson_id
        )

    def restore(self, lesson_id: str) -> None:
        """Bring a deleted lesson back."""
        self._database.execute("UPDATE lessons SET deleted_at = NULL WHERE id = :id", id=lesson_id)

    def recent(self, limit: int = 200) -> list[LessonSummary]:
        """Return the newest lessons first, deleted ones left out."""
        rows = self._database.read(
            "SELECT l.id, COALESCE(l.title, l.topic) AS title, l.topic, l.level, l.status, "
            "l.sample, l.created_at, "
            "SUM(CASE WHEN s.status IN (:written, :rewriting) THEN 1 ELSE 0 END) AS written, "
            "COUNT(s.name) AS sections "
            "FROM lessons l LEFT JOIN sections s ON s.lesson_id = l.id "
            "WHERE l.deleted_at IS NULL GROUP BY l.id "
            "ORDER BY l.created_at DESC, l.id LIMIT :limit",
            written=SectionStatus.WRITTEN,
            rewriting=SectionStatus.REWRITING,
            limit=limit,
        )
        return [_summary(row) for row in rows]


def _summary(row: dict[str, Any]) -> LessonSummary:
    fields = {**row}
    fields["status"] = LessonStatus(row["status"])
    fields["sample"] = bool(row["sample"])
    return LessonSummary(**fields)


def _lesson(row: dict[str, Any], section_rows: Sequence[dict[str, Any]]) -> LessonRecord:
    try:
        return LessonRecord(
            id=row["id"],
            status=LessonStatus(row["status"]),
            mode=row["mode"],
            sample=bool(row["sample"]),
            request=LessonRequest.model_validate_json(row["request"]),
            created_at=row["created_at"],
            started_at=row["started_at"],
            finished_at=row["finished_at"],
            saved_at=row["saved_at"],
            cancel_requested=bool(row["cancel_requested"]),
            brief=Brief.model_validate_json(row["brief"]) if row["brief"] else None,
            brief_local=bool(row["brief_local"]),
            error=row["error"],
            score=row["score"],
            sections=_in_lesson_order(section_rows),
        )
    except ValueError as error:
        raise UnreadableLessonError(row["id"]) from error


def _in_lesson_order(rows: Sequence[dict[str, Any]]) -> tuple[SectionRecord, ...]:
    by_name = {row["name"]: _section(row) for row in rows}
    return tuple(by_name[name] for name in SECTIONS if name in by_name)


def _section(row: dict[str, Any]) -> SectionRecord:
    fields = {key: value for key, value in row.items() if key != "lesson_id"}
    fields["status"] = SectionStatus(row["status"])
    fields["partial"] = row["partial"] or ""
    fields["findings"] = _FINDINGS.validate_json(row["findings"]) if row["findings"] else ()
    fields["score"] = None if row["score"] is None else round(row["score"])
    fields["rewriting_seconds"] = row["rewriting_seconds"] or 0.0
    return SectionRecord(**fields)
