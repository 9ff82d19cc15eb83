"""The rig: the product's real path from the queue to the store, against a measured server.

Store, runner, generation, SDK and HTTP are those of the product.
"""

import gc
import tempfile
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

from lessongen.benchmark.emulator import EmulatorProcess, Pace, emulator_process
from lessongen.emulator.log import RequestRecord
from lessongen.generation.strategy import Mode
from lessongen.lesson.levels import Level
from lessongen.lesson.request import LessonRequest
from lessongen.people import LOCAL
from lessongen.services import Services, Tuning, running_services
from lessongen.settings import Settings
from lessongen.store.records import AttemptRecord, LessonRecord

_POLL_SECONDS = 0.5
_REQUEST = LessonRequest(topic="Weekend markets", level=Level.B1)
_WARM_UP = Pace(speed=100)


@dataclass(frozen=True, slots=True)
class Phase:
    """Lessons that are queued evenly over so many seconds, while the server has one pace."""

    lessons: int
    pace: Pace
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Seen:
    """What became of lessons, and every request that the server saw for them.

    `cpu_seconds` is our process's work, from the first lesson queued to the last one stored.
    """

    lessons: tuple[LessonRecord, ...]
    requests: tuple[RequestRecord, ...]
    cpu_seconds: float

    @property
    def walls(self) -> list[float]:
        """Seconds of each lesson from the moment it was queued to the moment it was stored."""
        return [(lesson.finished_at or 0) - lesson.created_at for lesson in self.lessons]


class Rig:
    """Has lessons written, and watches."""

    def __init__(self, services: Services, emulator: EmulatorProcess) -> None:
        self._services = services
        self._emulator = emulator

    def watch(self, *phases: Phase, mode: Mode = "parallel") -> Seen:
        """Queue the lessons of every phase in turn, and wait until all have ended."""
        before = time.process_time()
        ids: list[str] = []
        requests: list[RequestRecord] = []
        for number, phase in enumerate(phases):
            if number:
                requests += self._emulator.requests()
            self._emulator.reset(phase.pace)
            ids += self._queued(phase, mode)
        lessons = self._finished(ids)
        cpu = time.process_time() - before
        return Seen(tuple(lessons), (*requests, *self._emulator.requests()), cpu)

    def attempts(self, lessons: Sequence[LessonRecord]) -> list[AttemptRecord]:
        """Return what the product itself recorded of its requests for these lessons."""
        log = self._services.store.attempts
        return [attempt for lesson in lessons for attempt in log.of_lesson(lesson.id)]

    def _queued(self, phase: Phase, mode: Mode) -> list[str]:
        ids: list[str] = []
        start = time.monotonic()
        for number in range(phase.lessons):
            due = start + phase.seconds * number / phase.lessons
            time.sleep(max(0.0, due - time.monotonic()))  # the pace of arrivals is measured too
            ids.append(self._services.request_lesson(_REQUEST, mode))
        # A phase is as long as was asked for: the next one changes what the server does.
        time.sleep(max(0.0, start + phase.seconds - time.monotonic()))
        return ids

    def _finished(self, ids: Sequence[str]) -> list[LessonRecord]:
        lessons = self._services.store.lessons_of(LOCAL)
        waiting = set(ids)
        while waiting:
            time.sleep(_POLL_SECONDS)  # the store tells nobody; lessons note their own times
            done = {line.id for line in lessons.recent(len(ids)) if line.status.finished}
            waiting -= done
        return [lesson for lesson_id in ids if (lesson := lessons.get(lesson_id))]


@contextmanager
def opened_rig(settings: Settings, tuning: Tuning, *, warm: bool = True) -> Generator[Rig]:
    """Start an emulator and a runner on an empty store; where `warm`, a lesson warms both up.

    Raises:
        LessonGenError: where one of them does not start.
    """
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
        with running_services(own, tuning) as services:
            rig = Rig(services, emulator)
            if warm:
                rig.watch(Phase(1, _WARM_UP))
            gc.collect()
            gc.freeze()  # as the server does once it is warm
            yield rig
