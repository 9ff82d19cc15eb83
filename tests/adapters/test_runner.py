import asyncio
import signal
import subprocess
import sys
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack
from itertools import pairwise
from pathlib import Path
from random import Random
from threading import Event
from typing import Any

import pytest
from filelock import FileLock

from lessongen.emulator.server import RunningEmulator
from lessongen.errors import StoreError
from lessongen.gemini.client import GeminiClient
from lessongen.gemini.endpoint import Endpoint
from lessongen.generation.lessons import LessonWriter
from lessongen.generation.parts import PartWriter
from lessongen.generation.policy import Policy
from lessongen.generation.pool import Pool
from lessongen.generation.strategy_files import load_strategy
from lessongen.lesson.prompts import BRIEF
from lessongen.lesson.request import LessonRequest
from lessongen.lesson.sections import SECTIONS
from lessongen.runner.runner import Runner
from lessongen.runner.thread import background
from lessongen.services import Services, running_services
from lessongen.settings import ROOT, Settings
from lessongen.store.database import Database, Row
from lessongen.store.records import LessonRecord, LessonStatus, SectionStatus
from lessongen.store.sqlite import open_sqlite
from lessongen.store.store import Store, opened_store
from tests.support.lessons import contents, markets, request_on
from tests.support.running import (
    PARTS,
    PATIENCE_SECONDS,
    asked,
    asking,
    eventually,
    finished,
    lesson_when,
    paced_emulator,
)

STRATEGY = load_strategy(ROOT / "data")
SLOW = 30.0
ALL_BUT_READING = frozenset(SECTIONS) - {"reading"}
RUN = """
import sys
sys.modules["pandas"] = None  # sqlite-utils would import it, which takes seconds, and not use it
from pathlib import Path
from lessongen.services import running_services
from tests.support.running import asking
with running_services(asking(sys.argv[1], Path(sys.argv[2]))):
    sys.stdin.read()
"""


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "lessons.db"


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    """Close what a test opened, whatever becomes of it."""
    with ExitStack() as opened:
        yield opened


@pytest.fixture
def quick() -> Iterator[RunningEmulator]:
    with paced_emulator() as emulator:
        yield emulator


@pytest.fixture
def slow_reading() -> Iterator[RunningEmulator]:
    """Serve all but the reading at once."""
    with paced_emulator({"reading": SLOW}) as emulator:
        yield emulator


def add(store: Store, request: LessonRequest | None = None) -> str:
    return store.lessons.add(request or request_on(), "parallel", sample=False)


def section_status(lesson: LessonRecord, name: str) -> SectionStatus:
    return next(section.status for section in lesson.sections if section.name == name)


def all_but_reading_written(lesson: LessonRecord) -> bool:
    return lesson.written == ALL_BUT_READING and "reading" in growing(lesson)


def growing(lesson: LessonRecord) -> list[str]:
    return [section.name for section in lesson.sections if section.partial]


class FlakyDatabase:
    """A database that fails the next so many writes, reads or both, then works again.

    Attempts are kept only while `attempts_wait` is set; `attempts_came` says that some came.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self.failing_writes = 0
        self.failing_reads = 0
        self.failures = 0
        self.attempts_came, self.attempts_wait = Event(), Event()
        self.attempts_wait.set()

    def read(self, sql: str, **parameters: object) -> list[dict[str, Any]]:
        if self.failing_reads > 0:
            self.failing_reads -= 1
            self._fail()
        return self._database.read(sql, **parameters)

    def insert(self, table: str, rows: Sequence[Row]) -> None:
        self._write()
        self._database.insert(table, rows)

    def upsert(self, table: str, row: Row, key: Sequence[str]) -> None:
        if table == "attempts":
            self.attempts_came.set()
            self.attempts_wait.wait(PATIENCE_SECONDS)
        self._write()
        self._database.upsert(table, row, key)

    def execute(self, sql: str, **parameters: object) -> int:
        self._write()
        return self._database.execute(sql, **parameters)

    def transaction(self) -> AbstractContextManager[None]:
        return self._database.transaction()

    def close(self) -> None:
        self._database.close()

    def _write(self) -> None:
        if self.failing_writes > 0:
            self.failing_writes -= 1
            self._fail()

    def _fail(self) -> None:
        self.failures += 1
        raise StoreError("The database lessons.db is busy.")


def runner_on(store: Store, url: str, lock: Path) -> Callable[[], Coroutine[Any, Any, None]]:
    """Compose a runner as the services do, on a store of one's own."""

    async def run() -> None:
        async with GeminiClient.opened(Endpoint(None, url)) as client:
            parts = PartWriter(Pool(client, STRATEGY.slots), Policy(), Random(0))
            writer = LessonWriter(parts, STRATEGY.assignments)
            await Runner(store, writer, FileLock(lock, thread_local=False)).run()

    return run


@pytest.fixture
def flaky(database: Path) -> Iterator[FlakyDatabase]:
    wrapped = FlakyDatabase(open_sqlite(database))
    yield wrapped
    wrapped.close()


def test_a_lesson_is_written_whole_with_one_attempt_for_each_part(
    quick: RunningEmulator, database: Path
):
    with running_services(asking(quick.url, database)) as services:
        lesson = finished(services.store, services.request_lesson(request_on()))
        attempts = services.store.attempts.of_lesson(lesson.id)

    assert (lesson.status, lesson.error) == (LessonStatus.COMPLETE, None)
    assert lesson.contents() == contents(markets())
    assert lesson.brief
    assert not lesson.brief_local
    assert not lesson.sample
    assert lesson.started_at
    assert lesson.finished_at
    assert lesson.created_at <= lesson.started_at < lesson.finished_at
    assert sorted(a.part for a in attempts) == sorted(PARTS)
    assert {(a.outcome, a.reason, a.mode) for a in attempts} == {("written", "first", "parallel")}
    assert all(a.input_tokens and a.output_tokens and a.cost_usd for a in attempts)
    assert all(lesson.started_at <= a.started_at <= lesson.finished_at for a in attempts)
    assert growing(lesson) == []


def test_without_a_key_the_sample_server_inside_writes_a_sample(database: Path):
    with running_services(Settings(ROOT, database, sample_speed=1000.0)) as services:
        lesson = finished(services.store, services.request_lesson(request_on()))

    assert (lesson.status, lesson.sample) == (LessonStatus.COMPLETE, True)


def test_a_sequential_lesson_asks_for_one_section_after_the_other(
    quick: RunningEmulator, database: Path
):
    with running_services(asking(quick.url, database)) as services:
        lesson_id = services.request_lesson(request_on(), mode="sequential")
        assert finished(services.store, lesson_id).status is LessonStatus.COMPLETE

    assert [request.part for request in quick.requests] == list(PARTS)


def test_what_a_model_has_written_so_far_is_seen_before_the_end(database: Path):
    with (
        paced_emulator({"reading": 2.0}) as emulator,
        running_services(asking(emulator.url, database)) as services,
    ):
        lesson_id = services.request_lesson(request_on())
        seen: list[str] = []

        def look() -> bool:
            lesson = services.store.lessons.get(lesson_id)
            assert lesson
            reading = next(section for section in lesson.sections if section.name == "reading")
            if reading.partial and reading.partial not in seen:
                seen.append(reading.partial)
            return lesson.status.finished

        eventually(look, "a finished lesson")

    assert len(seen) >= 3
    assert all(later.startswith(sooner) for sooner, later in pairwise(seen))


def test_cancelling_keeps_what_is_done_and_hangs_up(slow_reading: RunningEmulator, database: Path):
    with running_services(asking(slow_reading.url, database)) as services:
        store, lesson_id = services.store, services.request_lesson(request_on())
        lesson_when(store, lesson_id, all_but_reading_written, "all but the reading")

        store.lessons.request_cancel(lesson_id)

        lesson = finished(store, lesson_id)
        outcomes = {a.part: a.outcome for a in store.attempts.of_lesson(lesson_id)}
        eventually(lambda: hung_up(slow_reading, "reading"), "a closed connection")

    assert lesson.status is LessonStatus.CANCELLED
    assert lesson.written == ALL_BUT_READING
    assert section_status(lesson, "reading") is SectionStatus.WAITING
    assert outcomes == dict.fromkeys(PARTS, "written") | {"reading": "cancelled"}


def hung_up(emulator: RunningEmulator, part: str) -> bool:
    return [r.outcome for r in emulator.requests if r.part == part] == ["disconnected"]


def test_a_cancelled_lesson_can_be_taken_up_again(database: Path, stack: ExitStack):
    emulator = stack.enter_context(paced_emulator({"reading": 1.5}))
    with running_services(asking(emulator.url, database)) as services:
        store, lesson_id = services.store, services.request_lesson(request_on())
        lesson_when(store, lesson_id, all_but_reading_written, "all but the reading")
        store.lessons.request_cancel(lesson_id)
        finished(store, lesson_id)

        store.lessons.queue_again(lesson_id)

        assert finished(store, lesson_id).status is LessonStatus.COMPLETE
    assert {part: asked(emulator, part) for part in PARTS} == dict.fromkeys(PARTS, 1) | {
        "reading": 2
    }


def test_deleting_a_running_lesson_stops_it(slow_reading: RunningEmulator, database: Path):
    with running_services(asking(slow_reading.url, database)) as services:
        store, lesson_id = services.store, services.request_lesson(request_on())
        lesson_when(store, lesson_id, all_but_reading_written, "all but the reading")

        store.lessons.delete(lesson_id)

        eventually(lambda: hung_up(slow_reading, "reading"), "a closed connection")
        eventually(lambda: not store.lessons.cancel_requests(), "the lesson to be closed")
        store.lessons.restore(lesson_id)
        lesson = store.lessons.get(lesson_id)

    assert lesson
    assert lesson.status is LessonStatus.CANCELLED
    assert lesson.written == ALL_BUT_READING


def test_a_stopped_lesson_is_finished_by_the_next_runner_without_asking_again(
    database: Path, stack: ExitStack
):
    first = stack.enter_context(paced_emulator({"reading": SLOW}))
    with running_services(asking(first.url, database)) as services:
        lesson_id = services.request_lesson(request_on())
        before = lesson_when(
            services.store, lesson_id, all_but_reading_written, "all but the reading"
        )
    second = stack.enter_context(paced_emulator())
    with running_services(asking(second.url, database)) as services:
        after = finished(services.store, lesson_id)
        attempts = services.store.attempts.of_lesson(lesson_id)

    assert [request.part for request in second.requests] == ["reading"]
    assert after.status is LessonStatus.COMPLETE
    assert after.brief == before.brief
    assert after.started_at == before.started_at
    assert [a.outcome for a in attempts if a.part == "reading"] == ["cancelled", "written"]
    assert len(attempts) == len(PARTS) + 1


def test_a_second_runner_stands_by_and_takes_over(database: Path, stack: ExitStack):
    slow = stack.enter_context(paced_emulator({"reading": SLOW}))
    quick = stack.enter_context(paced_emulator())
    leading = ExitStack()
    leader = leading.enter_context(running_services(asking(slow.url, database)))
    lesson_id = leader.request_lesson(request_on())
    lesson_when(leader.store, lesson_id, all_but_reading_written, "all but the reading")

    other = stack.enter_context(running_services(asking(quick.url, database)))
    assert quick.requests == ()
    leading.close()

    assert finished(other.store, lesson_id).status is LessonStatus.COMPLETE
    assert [request.part for request in quick.requests] == ["reading"]


def test_two_runners_in_one_process_never_double_a_lesson(
    quick: RunningEmulator, database: Path, stack: ExitStack
):
    runners = [stack.enter_context(running_services(asking(quick.url, database))) for _ in range(2)]
    lessons = [one.request_lesson(request_on()) for one in runners for _ in range(4)]

    statuses = {finished(runners[0].store, lesson_id).status for lesson_id in lessons}

    assert statuses == {LessonStatus.COMPLETE}
    assert len(quick.requests) == len(lessons) * len(PARTS)


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
    flaky.failing_writes = 2  # the first is the runner's, when it takes up what was left
    with background("runner", runner_on(store, quick.url, lock)):
        eventually(lambda: flaky.failures == 2, "a runner that could not begin")
        lesson_id = add(store)
        assert finished(store, lesson_id).status is LessonStatus.COMPLETE

    with FileLock(lock, timeout=0):
        pass


def test_a_lesson_that_cannot_be_read_is_marked_and_the_next_one_is_written(
    quick: RunningEmulator, database: Path
):
    with opened_store(database) as store:
        broken, well = add(store), add(store)
        store.database.execute("UPDATE lessons SET request = '{}' WHERE id = :id", id=broken)

    with running_services(asking(quick.url, database)) as services:
        assert finished(services.store, well).status is LessonStatus.COMPLETE
        lines = {line.id: line.status for line in services.store.lessons.recent()}

    assert lines[broken] is LessonStatus.FAILED
    assert len(quick.requests) == len(PARTS)


def assert_failed_with(sentence: str, reason: str, services: Services) -> None:
    """Ask for a lesson, and check that it fails in words, every attempt on record."""
    lesson = finished(services.store, services.request_lesson(request_on()))
    attempts = services.store.attempts.of_lesson(lesson.id)

    assert lesson.status is LessonStatus.FAILED
    assert sentence in (lesson.error or "")
    assert lesson.brief_local
    assert {section.status for section in lesson.sections} == {SectionStatus.FAILED}
    assert {section.error for section in lesson.sections} == {lesson.error}
    assert {a.part for a in attempts} == set(PARTS)
    assert {a.outcome for a in attempts} == {"failed"}
    assert all(reason in (a.error or "") for a in attempts)
    assert "not-a-real-key" not in f"{lesson}{attempts}"


def test_a_lesson_with_a_wrong_key_fails_and_says_why(database: Path, stack: ExitStack):
    emulator = stack.enter_context(paced_emulator(accepted_key="another"))

    assert_failed_with(
        "did not accept the key",
        "API key not valid",
        stack.enter_context(running_services(asking(emulator.url, database))),
    )


def test_a_lesson_without_a_server_fails_and_says_why(database: Path, stack: ExitStack):
    nobody = "http://127.0.0.1:9"

    assert_failed_with(
        "could not be reached",
        "could not be reached",
        stack.enter_context(running_services(asking(nobody, database))),
    )


def test_a_lesson_queued_before_the_runner_came_is_written(quick: RunningEmulator, database: Path):
    with opened_store(database) as store:
        lesson_id = add(store, request_on(sections=["warmup"]))

    with running_services(asking(quick.url, database)) as services:
        assert finished(services.store, lesson_id).status is LessonStatus.COMPLETE
    assert [request.part for request in quick.requests] == [BRIEF, "warmup"]


def killed_in_mid_lesson(url: str, database: Path, store: Store, lesson_id: str) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", RUN, url, str(database)], cwd=ROOT, stdin=subprocess.PIPE
    )
    try:
        lesson_when(store, lesson_id, all_but_reading_written, "all but the reading")
    finally:
        process.send_signal(signal.SIGKILL)
        process.communicate()


def test_a_process_that_is_killed_loses_no_finished_section(database: Path, stack: ExitStack):
    slow = stack.enter_context(paced_emulator({"reading": SLOW}))
    quick = stack.enter_context(paced_emulator())
    store = stack.enter_context(opened_store(database))
    lesson_id = add(store)

    killed_in_mid_lesson(slow.url, database, store, lesson_id)
    left = store.lessons.get(lesson_id)
    assert left
    assert left.status is LessonStatus.RUNNING
    assert "reading" in growing(left)

    services = stack.enter_context(running_services(asking(quick.url, database)))
    lesson = finished(services.store, lesson_id)

    assert lesson.status is LessonStatus.COMPLETE
    assert lesson.contents() == contents(markets())
    assert [request.part for request in quick.requests] == ["reading"]


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
