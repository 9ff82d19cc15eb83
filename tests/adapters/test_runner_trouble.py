import asyncio
import math
import sqlite3
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlite_utils
from filelock import FileLock

from lessongen.emulator.server import RunningEmulator
from lessongen.lesson.prompts import BRIEF
from lessongen.people import LOCAL
from lessongen.runner.thread import background
from lessongen.store.records import LessonRecord, LessonStatus
from lessongen.store.sqlite import SqliteDatabase, open_sqlite
from lessongen.store.store import Store, opened_store
from tests.support.flaky_database import FlakyDatabase
from tests.support.lessons import contents, markets
from tests.support.running import (
    ALL_BUT_READING,
    PARTS,
    PATIENCE_SECONDS,
    SLOW,
    add,
    eventually,
    finished,
    hung_up,
    lesson_when,
    paced_emulator,
    runner_on,
)


@pytest.fixture
def flaky(database: Path) -> Iterator[FlakyDatabase]:
    wrapped = FlakyDatabase(open_sqlite(database))
    yield wrapped
    wrapped.close()


@dataclass
class Clock:
    """A clock that stands until it is moved."""

    seconds: float = 1000.0

    def __call__(self) -> float:
        return self.seconds


@dataclass
class Frail:
    """A store on a file that can be put into every trouble a real one meets."""

    path: Path
    writer: sqlite3.Connection
    clock: Clock
    store: Store

    @contextmanager
    def locked(self) -> Generator[None]:
        with closing(sqlite3.connect(self.path, PATIENCE_SECONDS, isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            yield
            other.execute("ROLLBACK")

    @contextmanager
    def full(self) -> Generator[None]:
        [(pages,)] = self.writer.execute("PRAGMA page_count")
        self.writer.execute(f"PRAGMA max_page_count = {pages}")
        yield
        self.writer.execute("PRAGMA max_page_count = 1000000")

    @contextmanager
    def read_only(self) -> Generator[None]:
        self.writer.execute("PRAGMA query_only = ON")
        yield
        self.writer.execute("PRAGMA query_only = OFF")


@pytest.fixture
def frail(database: Path) -> Iterator[Frail]:
    open_sqlite(database).close()
    writer = sqlite3.connect(database, timeout=0.05, check_same_thread=False)
    wrapped = sqlite_utils.Database(writer, execute_plugins=False)
    with closing(SqliteDatabase(database, wrapped, busy_seconds=0.05)) as opened:
        clock = Clock()
        yield Frail(database, writer, clock, Store(opened, clock))


def served(emulator: RunningEmulator) -> list[str]:
    return [request.part for request in emulator.requests if request.outcome == "served"]


def told(caplog: pytest.LogCaptureFixture, words: str) -> bool:
    return any(words in record.message for record in caplog.records)


def planned(lesson: LessonRecord) -> bool:
    return lesson.brief is not None


def all_but_reading_written(lesson: LessonRecord) -> bool:
    return lesson.written == ALL_BUT_READING


@pytest.mark.parametrize("trouble", [Frail.locked, Frail.full, Frail.read_only])
def test_what_arrives_while_nothing_can_be_saved_is_kept_and_saved_afterwards(
    trouble: Callable[[Frail], AbstractContextManager[None]],
    frail: Frail,
    caplog: pytest.LogCaptureFixture,
):
    store = frail.store
    with (
        paced_emulator({"reading": 1.5}) as emulator,
        background("runner", runner_on(store, emulator.url, frail.path.with_suffix(".lock"))),
    ):
        lesson_id = add(store)
        lesson_when(store, lesson_id, planned, "a brief")
        with trouble(frail):
            eventually(lambda: told(caplog, "in trouble"), "the trouble to be noticed")
            frail.clock.seconds += 12
            eventually(lambda: len(served(emulator)) == len(PARTS), "every part to be served")
            meanwhile = store.lessons.get(lesson_id)
        lesson = finished(store, lesson_id)
        attempts = store.attempts.of_lesson(lesson_id)

    assert meanwhile
    assert meanwhile.status is LessonStatus.RUNNING
    assert meanwhile.silent_seconds(frail.clock()) == 12
    assert lesson.status is LessonStatus.COMPLETE
    assert lesson.contents() == contents(markets())
    assert sorted((a.part, a.outcome) for a in attempts) == sorted((p, "written") for p in PARTS)
    assert sorted(request.part for request in emulator.requests) == sorted(PARTS)
    assert told(caplog, "well again")


def test_a_lesson_cancelled_while_nothing_can_be_saved_hangs_up_and_is_closed_afterwards(
    database: Path, flaky: FlakyDatabase
):
    store = Store(flaky)
    with (
        paced_emulator({"reading": SLOW}) as emulator,
        background("runner", runner_on(store, emulator.url, database.with_suffix(".lock"))),
        opened_store(database) as pages,
    ):
        lesson_id = add(pages)
        lesson_when(pages, lesson_id, all_but_reading_written, "all but the reading")
        flaky.failing_writes = math.inf
        pages.lessons_of(LOCAL).request_cancel(lesson_id)
        eventually(lambda: hung_up(emulator, "reading"), "a closed connection")
        meanwhile = pages.lessons.get(lesson_id)
        flaky.failing_writes = 0
        lesson = finished(pages, lesson_id)
        attempts = pages.attempts.of_lesson(lesson_id)

    assert meanwhile
    assert meanwhile.status is LessonStatus.RUNNING
    assert lesson.status is LessonStatus.CANCELLED
    assert lesson.written == ALL_BUT_READING
    assert [a.outcome for a in attempts if a.part == "reading"] == ["cancelled"]


def test_a_lesson_that_cannot_be_taken_stays_in_the_queue_and_costs_nothing(
    quick: RunningEmulator, database: Path, flaky: FlakyDatabase
):
    with (
        background("runner", runner_on(Store(flaky), quick.url, database.with_suffix(".lock"))),
        opened_store(database) as pages,
    ):
        finished(pages, add(pages))
        flaky.failing_writes = math.inf
        lesson_id = add(pages)
        eventually(lambda: flaky.failures >= 3, "three tries to take the lesson")
        meanwhile, asked = pages.lessons.get(lesson_id), quick.requests
        flaky.failing_writes = 0
        lesson = finished(pages, lesson_id)

    assert meanwhile
    assert (meanwhile.status, len(asked)) == (LessonStatus.QUEUED, len(PARTS))
    assert lesson.status is LessonStatus.COMPLETE
    assert len(quick.requests) == 2 * len(PARTS)


def test_a_runner_that_stops_while_nothing_can_be_saved_says_so_and_the_next_one_goes_on(
    quick: RunningEmulator, frail: Frail, caplog: pytest.LogCaptureFixture
):
    store, lock = frail.store, frail.path.with_suffix(".lock")
    with paced_emulator({"reading": SLOW}) as slow, frail_until_stopped(frail, slow.url, lock):
        lesson_id = add(store)
        lesson_when(store, lesson_id, all_but_reading_written, "all but the reading")
    stopped_in_words = told(caplog, "The last of 1 lessons could not be saved")

    with background("runner", runner_on(store, quick.url, lock)):
        lesson = finished(store, lesson_id)

    assert stopped_in_words
    assert lesson.contents() == contents(markets())
    assert [request.part for request in quick.requests] == ["reading"]


@contextmanager
def frail_until_stopped(frail: Frail, url: str, lock: Path) -> Generator[None]:
    """Run lessons; the database is locked when the runner stops."""
    with ExitStack() as locked, background("runner", runner_on(frail.store, url, lock)):
        yield
        locked.enter_context(frail.locked())


def test_a_store_that_fails_for_a_while_loses_nothing(
    quick: RunningEmulator, database: Path, flaky: FlakyDatabase, caplog: pytest.LogCaptureFixture
):
    store = Store(flaky)
    lesson_id = add(store)
    with background("runner", runner_on(store, quick.url, database.with_suffix(".lock"))):
        running = LessonStatus.RUNNING
        lesson_when(store, lesson_id, lambda lesson: lesson.status is running, "a running lesson")
        flaky.failing_writes = 5
        eventually(lambda: flaky.failures == 5, "five failed writes")
        lesson = finished(store, lesson_id)
        attempts = store.attempts.of_lesson(lesson_id)

    assert lesson.status is LessonStatus.COMPLETE
    assert lesson.contents() == contents(markets())
    assert sorted(a.part for a in attempts) == sorted(PARTS)
    assert len(quick.requests) == len(PARTS)
    assert [r.message for r in caplog.records if "in trouble" in r.message]


def test_a_store_that_fails_while_a_lesson_is_taken_leaves_it_in_the_queue(
    quick: RunningEmulator, database: Path, flaky: FlakyDatabase
):
    store = Store(flaky)
    with background("runner", runner_on(store, quick.url, database.with_suffix(".lock"))):
        lesson_id = add(store)
        flaky.failing_reads = 6
        eventually(lambda: flaky.failing_reads == 0, "six failed reads")

        assert finished(store, lesson_id).status is LessonStatus.COMPLETE
    assert len(quick.requests) == len(PARTS)


def test_a_runner_that_could_not_begin_frees_its_place_when_it_stops(
    quick: RunningEmulator, database: Path, flaky: FlakyDatabase
):
    store, lock = Store(flaky), database.with_suffix(".lock")
    flaky.failing_writes = 1  # the runner's, when it takes up what was left
    with background("runner", runner_on(store, quick.url, lock)):
        eventually(lambda: flaky.failures == 1, "a runner that could not begin")
        lesson_id = add(store)
        assert finished(store, lesson_id).status is LessonStatus.COMPLETE

    with FileLock(lock, timeout=0):
        pass


async def test_what_a_runner_was_saving_when_it_was_stopped_is_kept_even_if_that_save_fails(
    quick: RunningEmulator, database: Path, flaky: FlakyDatabase
):
    store = Store(flaky)
    lesson_id = add(store)
    flaky.attempts_wait.clear()
    runner = asyncio.create_task(runner_on(store, quick.url, database.with_suffix(".lock"))())
    assert await asyncio.to_thread(flaky.attempts_came.wait, PATIENCE_SECONDS)

    runner.cancel()
    await asyncio.sleep(0)
    flaky.failing_writes = 1
    flaky.attempts_wait.set()
    await asyncio.wait([runner])

    lesson = store.lessons.get(lesson_id)
    assert runner.cancelled()
    assert flaky.failures == 1
    assert lesson
    assert lesson.brief
    assert lesson.status is LessonStatus.RUNNING
    assert BRIEF in [attempt.part for attempt in store.attempts.of_lesson(lesson_id)]
