"""Real runners on a real store, asking a real emulator; and waiting for what they do."""

import time
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from pydantic import SecretStr

from lessongen.emulator.config import EmulatorConfig
from lessongen.emulator.server import RunningEmulator, running_emulator
from lessongen.lesson.prompts import BRIEF
from lessongen.lesson.sections import SECTIONS
from lessongen.settings import ROOT, Settings
from lessongen.store.records import LessonRecord
from lessongen.store.store import Store
from tests.support.lessons import BANK

KEY = "not-a-real-key"
PARTS = (BRIEF, *SECTIONS)
PATIENCE_SECONDS = 60.0
_POLL_SECONDS = 0.02

ValueT = TypeVar("ValueT")


@contextmanager
def paced_emulator(
    slow: Mapping[str, float] | None = None, accepted_key: str | None = None
) -> Generator[RunningEmulator]:
    """Serve every part in a tenth of a second, but the slow ones in as many seconds as they say."""
    seconds = dict.fromkeys(PARTS, 0.1) | dict(slow or {})
    config = EmulatorConfig(BANK, part_seconds=seconds, accepted_key=accepted_key)
    with running_emulator(config) as emulator:
        yield emulator


def asking(url: str, database: Path) -> Settings:
    """Return settings that ask the emulator at a URL and keep lessons in a database."""
    return Settings(ROOT, database, api_key=SecretStr(KEY), base_url=url)


def eventually(look: Callable[[], ValueT | None], what: str) -> ValueT:
    """Look until there is something to see, and return it; fail when patience runs out."""
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        if seen := look():
            return seen
        time.sleep(_POLL_SECONDS)
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


def asked(emulator: RunningEmulator, part: str) -> int:
    """Return how often an emulator was asked for a part."""
    return sum(request.part == part for request in emulator.requests)
