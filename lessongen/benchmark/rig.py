"""The rig: the product's real path from the queue to the store, against a measured server.

Store, runner, generation, SDK and HTTP are those of the product. What is changed is told by
`CHANGES`: the limits that protect a paid account would be measured instead of the product.
"""

import statistics
import tempfile
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import SecretStr

from lessongen.benchmark.emulator import EmulatorProcess, Pace, emulator_process
from lessongen.emulator.log import SERVED, RequestRecord
from lessongen.errors import LessonGenError
from lessongen.generation.strategy import Mode, Strategy
from lessongen.generation.strategy_files import load_strategy
from lessongen.lesson.levels import Level
from lessongen.lesson.prompts import BRIEF
from lessongen.lesson.request import LessonRequest
from lessongen.services import Services, running_services
from lessongen.settings import Settings
from lessongen.store.records import LessonRecord, LessonStatus

CHANGES = (
    "Deadlines and timeouts are 600 s, so that the old way is not cut short; the slots let in any "
    "number of requests, so that limits of an account are not measured."
)
_SECONDS, _UNLIMITED = 600.0, 1_000_000_000
_POLL_SECONDS = 0.1
_REQUEST = LessonRequest(topic="Weekend markets", level=Level.B1)
_WARM_UP = Pace({}, speed=100)


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


class Rig:
    """Runs lessons, and measures them."""

    def __init__(self, services: Services, emulator: EmulatorProcess) -> None:
        self._services = services
        self._emulator = emulator

    def run(self, lessons: int, mode: Mode, pace: Pace) -> Run:
        """Write so many lessons at the same time.

        Raises:
            LessonGenError: where one is not complete, or was answered other than planned.
        """
        self._emulator.reset(pace)
        before = time.process_time()
        ids = [self._services.request_lesson(_REQUEST, mode) for _ in range(lessons)]
        finished = self._finished(ids)
        cpu = time.process_time() - before
        requests = self._emulator.requests()
        if any(lesson.status is not LessonStatus.COMPLETE for lesson in finished):
            raise LessonGenError("The benchmark is not valid: a lesson was not completed.")
        if any(request.outcome != SERVED for request in requests):
            raise LessonGenError("The benchmark is not valid: a request was not served.")
        served = _served_seconds(requests)
        slowest = max(seconds for part, seconds in served.items() if part != BRIEF)
        return Run(
            walls=tuple((lesson.finished_at or 0) - lesson.created_at for lesson in finished),
            claims=tuple((lesson.started_at or 0) - lesson.created_at for lesson in finished),
            saves=tuple((lesson.finished_at or 0) - _last_end(lesson) for lesson in finished),
            floor=served[BRIEF] + slowest,
            in_turn=sum(served.values()),
            cpu_seconds=cpu,
        )

    def _finished(self, ids: Sequence[str]) -> list[LessonRecord]:
        store = self._services.store.lessons
        waiting = set(ids)
        while waiting:
            time.sleep(_POLL_SECONDS)
            done = {line.id for line in store.recent(len(ids)) if line.status.finished}
            waiting -= done
        return [lesson for lesson_id in ids if (lesson := store.get(lesson_id))]


@contextmanager
def opened_rig(settings: Settings) -> Generator[Rig]:
    """Start an emulator and a runner on an empty store; one lesson warms both up.

    Raises:
        LessonGenError: where one of them does not start.
    """
    strategy = _unlimited(load_strategy(settings.data))
    with (
        tempfile.TemporaryDirectory(prefix="lessongen-bench-") as folder,
        emulator_process() as emulator,
    ):
        own = Settings(
            root=settings.root,
            database=Path(folder) / "bench.db",
            api_key=SecretStr("benchmark"),
            base_url=emulator.url,
        )
        with running_services(own, strategy) as services:
            rig = Rig(services, emulator)
            rig.run(1, "parallel", _WARM_UP)
            yield rig


def _unlimited(strategy: Strategy) -> Strategy:
    limits = {
        "timeout_seconds": _SECONDS,
        "concurrency": _UNLIMITED,
        "requests_per_minute": _UNLIMITED,
        "input_tokens_per_minute": _UNLIMITED,
        "requests_per_day": _UNLIMITED,
    }
    return replace(
        strategy,
        slots={name: slot.model_copy(update=limits) for name, slot in strategy.slots.items()},
        assignments={
            part: assignment.model_copy(update={"deadline_seconds": _SECONDS})
            for part, assignment in strategy.assignments.items()
        },
    )


def _served_seconds(requests: Sequence[RequestRecord]) -> dict[str, float]:
    """Return the seconds the server took for each part, the median of its requests."""
    return {
        part: statistics.median((r.ended or 0) - r.started for r in requests if r.part == part)
        for part in {r.part for r in requests}
    }


def _last_end(lesson: LessonRecord) -> float:
    return max(section.finished_at or 0 for section in lesson.sections)
