"""Lessons as rows: read into records, and set back where something is to be written again."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import TypeAdapter

from lessongen.errors import UnreadableLessonError
from lessongen.generation.strategy import OwnAssignment
from lessongen.lesson.brief import Brief
from lessongen.lesson.request import LessonRequest
from lessongen.lesson.sections import SECTIONS
from lessongen.quality.findings import Finding
from lessongen.store.database import Database
from lessongen.store.records import LessonRecord, LessonStatus, SectionRecord, SectionStatus

FINDINGS = TypeAdapter(tuple[Finding, ...])
OWN_ASSIGNMENTS = TypeAdapter(dict[str, OwnAssignment])


def read_lesson(
    database: Database, lesson_id: str, owner: str | None = None
) -> LessonRecord | None:
    """Return a lesson with its sections: anybody's, or where an owner is given only theirs.

    None where there is none (any more).

    Raises:
        UnreadableLessonError: where it is there, in a form this version does not know.
    """
    rows = database.read(
        "SELECT * FROM lessons WHERE id = :id AND deleted_at IS NULL "
        "AND owner = COALESCE(:owner, owner)",
        id=lesson_id,
        owner=owner,
    )
    if not rows:
        return None
    sections = database.read("SELECT * FROM sections WHERE lesson_id = :id", id=lesson_id)
    return _lesson(rows[0], sections)


def put_back(database: Database, status: SectionStatus, lesson_id: str | None = None) -> None:
    """Set sections of a status to waiting again: those of one lesson, or all there are."""
    database.execute(
        "UPDATE sections SET status = :waiting, revision = revision + 1, partial = NULL, "
        "error = NULL, started_at = NULL, finished_at = NULL "
        "WHERE status = :status AND lesson_id = COALESCE(:id, lesson_id)",
        waiting=SectionStatus.WAITING,
        status=status,
        id=lesson_id,
    )


def mark_stale(database: Database, lesson_id: str | None = None) -> None:
    """Note that the days of a lesson, or of all that are running, are to be summed up again."""
    database.execute(
        "INSERT INTO stale_days (day) SELECT DISTINCT CAST(created_at / 86400 AS INTEGER) "
        "FROM lessons WHERE id = :id OR (:id IS NULL AND status = :running) "
        "ON CONFLICT (day) DO NOTHING",
        id=lesson_id,
        running=LessonStatus.RUNNING,
    )


def _lesson(row: Mapping[str, Any], section_rows: Sequence[Mapping[str, Any]]) -> LessonRecord:
    own = row["own_assignments"]
    try:
        return LessonRecord(
            id=row["id"],
            status=LessonStatus(row["status"]),
            mode=row["mode"],
            sample=bool(row["sample"]),
            request=LessonRequest.model_validate_json(row["request"]),
            created_at=row["created_at"],
            owner=row["owner"],
            version=row["version"],
            mode_reason=row["mode_reason"],
            strategy_version=row["strategy_version"],
            own_assignments=OWN_ASSIGNMENTS.validate_json(own) if own else {},
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


def _in_lesson_order(rows: Sequence[Mapping[str, Any]]) -> tuple[SectionRecord, ...]:
    by_name = {row["name"]: _section(row) for row in rows}
    return tuple(by_name[name] for name in SECTIONS if name in by_name)


def _section(row: Mapping[str, Any]) -> SectionRecord:
    fields = {key: value for key, value in row.items() if key != "lesson_id"}
    fields["status"] = SectionStatus(row["status"])
    fields["partial"] = row["partial"] or ""
    fields["findings"] = FINDINGS.validate_json(row["findings"]) if row["findings"] else ()
    fields["score"] = None if row["score"] is None else round(row["score"])
    fields["rewriting_seconds"] = row["rewriting_seconds"] or 0.0
    return SectionRecord(**fields)
