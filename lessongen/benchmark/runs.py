"""Runs: lessons in which nothing goes wrong, and the least time they could have taken."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from lessongen.benchmark.emulator import Pace
from lessongen.benchmark.rig import Phase, Rig, Seen
from lessongen.emulator.log import SERVED, RequestRecord
from lessongen.errors import LessonGenError
from lessongen.generation.strategy import Mode
from lessongen.lesson.prompts import BRIEF
from lessongen.store.records import LessonRecord, LessonStatus


@dataclass(frozen=True, slots=True)
class Run:
    """Lessons written at the same time, from the first queued to the last stored.

    `walls` are seconds for each lesson, from the moment it was queued to the moment it was
    stored as complete: claiming and saving count. `floor` is the least it could take, by the
    server's own clock: its brief, then its slowest section; `in_turn` is all parts one after
    another. `cpu_seconds` is our process's work. Of each wall, `claims` went by until the runner
    took the lesson, `saves` from its last section's end until that was stored.
    """

    walls: tuple[float, ...]
    claims: tuple[float, ...]
    saves: tuple[float, ...]
    floor: float
    in_turn: float
    cpu_seconds: float


def run(rig: Rig, lessons: int, pace: Pace, mode: Mode = "parallel") -> Run:
    """Write so many lessons at the same time.

    Raises:
        LessonGenError: where one is not complete, or was answered other than planned.
    """
    seen = rig.watch(Phase(lessons, pace), mode=mode)
    require_as_planned(seen)
    served = _served_seconds(seen.requests)
    slowest = max(seconds for part, seconds in served.items() if part != BRIEF)
    return Run(
        walls=tuple(seen.walls),
        claims=tuple((lesson.started_at or 0) - lesson.created_at for lesson in seen.lessons),
        saves=tuple((lesson.finished_at or 0) - _last_end(lesson) for lesson in seen.lessons),
        floor=served[BRIEF] + slowest,
        in_turn=sum(served.values()),
        cpu_seconds=seen.cpu_seconds,
    )


def require_as_planned(seen: Seen) -> None:
    """Make sure that every lesson is complete and every request was served.

    Raises:
        LessonGenError: where it is not so, and nothing was measured.
    """
    if any(lesson.status is not LessonStatus.COMPLETE for lesson in seen.lessons):
        raise LessonGenError("The benchmark is not valid: a lesson was not completed.")
    for request in seen.requests:
        if request.outcome != SERVED:
            raise LessonGenError(
                f"The benchmark is not valid: a request for {request.part} ended {request.outcome}."
            )


def _served_seconds(requests: Sequence[RequestRecord]) -> dict[str, float]:
    """Return the seconds the server took for each part, the median of its requests."""
    return {
        part: statistics.median((r.ended or 0) - r.started for r in requests if r.part == part)
        for part in {r.part for r in requests}
    }


def _last_end(lesson: LessonRecord) -> float:
    return max(section.finished_at or 0 for section in lesson.sections)
