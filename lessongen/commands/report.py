"""The report on a lesson: how long each part took, what it cost, and every attempt."""

from collections.abc import Iterable, Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict

from lessongen.lesson.prompts import BRIEF
from lessongen.lesson.request import LessonRequest
from lessongen.quality.findings import Finding
from lessongen.store.records import AttemptRecord, LessonRecord


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True)


class ReportedSection(_Value):
    """A section as it ended."""

    name: str
    status: str
    slot: str | None
    model: str | None
    seconds: float | None
    error: str | None
    score: int | None
    findings: tuple[Finding, ...]


class ReportedLesson(_Value):
    """A lesson as it ended. Times in seconds since 1970."""

    id: str
    title: str
    status: str
    mode: str
    sample: bool
    brief_local: bool
    request: LessonRequest
    created_at: float
    started_at: float | None
    finished_at: float | None
    error: str | None
    score: float | None
    sections: tuple[ReportedSection, ...]


class Totals(_Value):
    """Seconds as a clock on the wall shows them, cost in US dollars.

    `floor_seconds` is the least this lesson could take: its brief and then its slowest section.
    `in_turn_seconds` is what the same answers take one after another. `cost_usd` leaves out the
    attempts whose cost is unknown; None where all are.
    """

    wall_seconds: float | None
    brief_seconds: float
    slowest_section: str | None
    slowest_section_seconds: float
    floor_seconds: float
    in_turn_seconds: float
    attempts: int
    failed_attempts: int
    input_tokens: int
    output_tokens: int
    thought_tokens: int
    cost_usd: float | None
    attempts_of_unknown_cost: int


class LessonReport(_Value):
    """What `generate --report` writes; `format` tells a reader years later how to take it."""

    format: Literal["lessongen-report/1"] = "lessongen-report/1"
    lesson: ReportedLesson
    totals: Totals
    attempts: tuple[AttemptRecord, ...]


def report(lesson: LessonRecord, attempts: Sequence[AttemptRecord]) -> LessonReport:
    """Report on a finished lesson."""
    return LessonReport(
        lesson=_reported(lesson), totals=_totals(lesson, attempts), attempts=tuple(attempts)
    )


def _reported(lesson: LessonRecord) -> ReportedLesson:
    sections = tuple(
        ReportedSection(
            name=section.name,
            status=section.status,
            slot=section.slot,
            model=section.model,
            seconds=_between(section.started_at, section.finished_at),
            error=section.error,
            score=section.score,
            findings=section.findings,
        )
        for section in lesson.sections
    )
    return ReportedLesson(
        id=lesson.id,
        title=lesson.title,
        status=lesson.status,
        mode=lesson.mode,
        sample=lesson.sample,
        brief_local=lesson.brief_local,
        request=lesson.request,
        created_at=lesson.created_at,
        started_at=lesson.started_at,
        finished_at=lesson.finished_at,
        error=lesson.error,
        score=lesson.score,
        sections=sections,
    )


def _totals(lesson: LessonRecord, attempts: Sequence[AttemptRecord]) -> Totals:
    seconds = {part: _part_seconds(attempts, part) for part in {a.part for a in attempts}}
    brief = seconds.pop(BRIEF, 0.0)
    slowest = max(seconds, key=seconds.__getitem__, default=None)
    longest = seconds[slowest] if slowest else 0.0
    costs = [a.cost_usd for a in attempts if a.cost_usd is not None]
    return Totals(
        wall_seconds=_between(lesson.created_at, lesson.finished_at),
        brief_seconds=brief,
        slowest_section=slowest,
        slowest_section_seconds=longest,
        floor_seconds=brief + longest,
        in_turn_seconds=brief + sum(seconds.values()),
        attempts=len(attempts),
        failed_attempts=sum(a.outcome == "failed" for a in attempts),
        input_tokens=_sum(a.input_tokens for a in attempts),
        output_tokens=_sum(a.output_tokens for a in attempts),
        thought_tokens=_sum(a.thought_tokens for a in attempts),
        cost_usd=sum(costs) if costs else None,
        attempts_of_unknown_cost=len(attempts) - len(costs),
    )


def _part_seconds(attempts: Iterable[AttemptRecord], part: str) -> float:
    """Return the seconds from a part's first question to its last answer."""
    spans = [(a.started_at, a.started_at + a.total_ms / 1000) for a in attempts if a.part == part]
    return max(end for _, end in spans) - min(start for start, _ in spans)


def _between(start: float | None, end: float | None) -> float | None:
    return None if start is None or end is None else end - start


def _sum(numbers: Iterable[int | None]) -> int:
    return sum(number or 0 for number in numbers)
