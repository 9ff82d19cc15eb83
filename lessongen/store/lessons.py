"""Lessons as the runner works on them: claimed, grown section by section, ended."""

from collections.abc import Callable

from lessongen.lesson.brief import Brief
from lessongen.store.database import Database
from lessongen.store.lesson_rows import FINDINGS, mark_stale, put_back, read_lesson
from lessongen.store.records import LessonRecord, LessonStatus, SectionRecord, SectionStatus

Now = Callable[[], float]


class LessonStore:
    """Everybody's lessons, as the runner sees them. Methods may be called from any thread.

    Pages and commands go through `OwnLessons`. Every method raises StoreError when the database
    cannot do its part.
    """

    def __init__(self, database: Database, now: Now) -> None:
        self._database = database
        self._now = now

    def get(self, lesson_id: str) -> LessonRecord | None:
        """Return a lesson with its sections, None where there is none (any more).

        Raises:
            UnreadableLessonError: where it is there, in a form this version does not know.
        """
        return read_lesson(self._database, lesson_id)

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
            mark_stale(self._database)
            put_back(self._database, SectionStatus.WRITING)
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
            findings=FINDINGS.dump_json(section.findings).decode(),
            score=section.score,
            rewriting_since=section.rewriting_since,
            rewriting_seconds=section.rewriting_seconds,
        )

    def save_strategy(self, lesson_id: str, version: int) -> None:
        """Keep which version of the strategy a lesson is written by."""
        self._database.execute(
            "UPDATE lessons SET strategy_version = :version WHERE id = :id",
            version=version,
            id=lesson_id,
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
            put_back(self._database, SectionStatus.WRITING, lesson_id)
            self._settle(lesson_id)
            mark_stale(self._database, lesson_id)

    def cancel_requests(self) -> set[str]:
        """Return the running lessons that somebody wants stopped."""
        rows = self._database.read(
            "SELECT id FROM lessons WHERE status = :running "
            "AND (cancel_requested = 1 OR deleted_at IS NOT NULL)",
            running=LessonStatus.RUNNING,
        )
        return {row["id"] for row in rows}

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
