"""Real runners on a real store, asking a real emulator; and waiting for what they do."""

import time
from collections.abc import Callable, Coroutine, Generator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any, TypeVar

from filelock import FileLock
from pydantic import SecretStr

from lessongen.emulator.config import SERVED_MODELS, EmulatorConfig
from lessongen.emulator.delays import Pace
from lessongen.emulator.server import RunningEmulator, running_emulator
from lessongen.gemini.client import GeminiClient
from lessongen.gemini.endpoint import Endpoint
from lessongen.generation.lessons import LessonWriter
from lessongen.generation.parts import PartWriter
from lessongen.generation.places import GateOptions
from lessongen.generation.policy import Policy
from lessongen.generation.pool import Pool
from lessongen.generation.strategy import Strategy
from lessongen.generation.strategy_files import load_strategy
from lessongen.lesson.prompts import BRIEF
from lessongen.lesson.request import LessonRequest
from lessongen.lesson.sections import SECTIONS
from lessongen.people import LOCAL
from lessongen.runner.errands import ErrandTasks
from lessongen.runner.runner import Runner
from lessongen.services import Tuning
from lessongen.settings import ROOT, Settings
from lessongen.store.records import LessonRecord
from lessongen.store.store import Store
from tests.support.generation import EasyReviewer
from tests.support.lessons import BANK, request_on

KEY = "not-a-real-key"
PARTS = (BRIEF, *SECTIONS)
PATIENCE_SECONDS = 60.0
STRATEGY = load_strategy(ROOT / "data")
SLOW = 30.0
ALL_BUT_READING = frozenset(SECTIONS) - {"reading"}
_POLL_SECONDS = 0.02
_UNLIMITED = dict.fromkeys(
    ("concurrency", "requests_per_minute", "input_tokens_per_minute", "requests_per_day"), 1_000_000
)

ValueT = TypeVar("ValueT")


@contextmanager
def paced_emulator(
    slow: Mapping[str, float] | None = None, accepted_key: str | None = None
) -> Generator[RunningEmulator]:
    """Serve every part in a tenth of a second, but the slow ones in as many seconds as they say.

    The first text of each comes at once.
    """
    seconds = dict.fromkeys(PARTS, 0.1) | dict(slow or {})
    paces = {model: Pace(0.05, 200.0) for model in SERVED_MODELS}
    config = EmulatorConfig(BANK, paces=paces, part_seconds=seconds, accepted_key=accepted_key)
    with running_emulator(config) as emulator:
        yield emulator


def roomy() -> Tuning:
    """Return the usual strategy without its limits: only the emulator decides how long it takes."""
    return Tuning(_within(2 * PATIENCE_SECONDS, timeout_seconds=2 * PATIENCE_SECONDS, **_UNLIMITED))


def hasty() -> Tuning:
    """Return the usual strategy with so little time that a lesson nobody answers soon fails."""
    return Tuning(_within(2.0), Policy(second_pass=0.0))


def _within(seconds: float, **limits: float) -> Strategy:
    """Return the usual strategy with so many seconds for each part, and other limits of slots."""
    return replace(
        STRATEGY,
        slots={name: s.model_copy(update=limits) for name, s in STRATEGY.slots.items()},
        assignments={
            part: assignment.model_copy(update={"deadline_seconds": seconds})
            for part, assignment in STRATEGY.assignments.items()
        },
    )


def asking(url: str, database: Path) -> Settings:
    """Return settings that ask the emulator at a URL and keep lessons in a database."""
    return Settings(ROOT, database, api_key=SecretStr(KEY), base_url=url)


def runner_on(store: Store, url: str, lock: Path) -> Callable[[], Coroutine[Any, Any, None]]:
    """Compose a runner as the services do, on a store of one's own."""

    async def run() -> None:
        async with GeminiClient.opened(Endpoint(None, url)) as client:
            pool = Pool(client, STRATEGY.slots, GateOptions(time.time))
            writer = LessonWriter(
                PartWriter(pool, Policy(), Random(0)), lambda: STRATEGY, EasyReviewer()
            )
            errands = ErrandTasks(store.errands, client, lambda: STRATEGY)
            await Runner(store, writer, FileLock(lock, thread_local=False), errands).run()

    return run


def add(store: Store, request: LessonRequest | None = None) -> str:
    """Queue a lesson and return its id."""
    return store.lessons_of(LOCAL).add(request or request_on(), "parallel", sample=False)


def eventually(look: Callable[[], ValueT | None], what: str) -> ValueT:
    """Look until there is something to see, and return it; fail when patience runs out."""
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        if seen := look():
            return seen
        time.sleep(_POLL_SECONDS)  # another thread or process gets there; the store tells nobody
    raise AssertionError(f"Waited {PATIENCE_SECONDS:g} s in vain for {what}.")


def lesson_when(
    store: Store, lesson_id: str, ready: Callable[[LessonRecord], bool], what: str
) -> LessonRecord:
    """Return a lesson as soon as it is as it should be."""

    def look() -> LessonRecord | None:
        lesson = store.lessons.get(lesson_id)
        return lesson if lesson and ready(lesson) else None

    return eventually(look, what)


def finished(store: Store, lesson_id: str) -> LessonRecord:
    """Return a lesson as soon as nothing more will happen to it."""
    return lesson_when(store, lesson_id, lambda lesson: lesson.status.finished, "a finished lesson")


def lessons_in(store: Store) -> list[LessonRecord]:
    """Return every lesson there is."""
    found = [store.lessons.get(line.id) for line in store.lessons_of(LOCAL).recent()]
    return [lesson for lesson in found if lesson]


def hung_up(emulator: RunningEmulator, part: str) -> bool:
    """Say whether a part was asked for once, and its connection closed before the answer's end."""
    return [r.outcome for r in emulator.requests if r.part == part] == ["disconnected"]


def asked(emulator: RunningEmulator, part: str) -> int:
    """Return how often an emulator was asked for a part."""
    return sum(request.part == part for request in emulator.requests)
