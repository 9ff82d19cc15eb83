"""The runner: one loop that claims queued lessons, has them written, and keeps what arrives.

The store is the only meeting place. Pages queue and read; the runner claims and writes.
"""

import asyncio
import logging
import time
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass, replace

from filelock import FileLock, Timeout

from lessongen.errors import LessonGenError, StoreError, UnreadableLessonError
from lessongen.generation.lessons import LessonWriter, Progress
from lessongen.generation.strategy import Mode
from lessongen.runner.recorder import Batch, LessonRecorder
from lessongen.store.records import LessonRecord, LessonStatus
from lessongen.store.store import Store

_LOG = logging.getLogger(__name__)

TICK_SECONDS = 0.2
IDLE_SECONDS = 0.1
MAX_LESSONS = 100
_STANDBY_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class _Active:
    task: asyncio.Task[None]
    recorder: LessonRecorder


@dataclass(frozen=True, slots=True)
class _News:
    """What a tick found in the store."""

    saved: frozenset[str]
    queued: tuple[str, ...]
    cancelled: frozenset[str]


class Runner:
    """Runs the lessons of one store. At most one runner on a store works; others stand by.

    The operating system frees the lock when a process dies, so the next runner takes over at
    once, and takes up what was left unfinished.
    """

    def __init__(self, store: Store, writer: LessonWriter, lock: FileLock) -> None:
        self._store = store
        self._writer = writer
        self._lock = lock
        self._active: dict[str, _Active] = {}
        self._lesson_ended = asyncio.Event()
        self._troubled = False

    async def run(self) -> None:
        """Work until cancelled. Lessons under way stop, and are resumed by the next runner."""
        try:
            await self._lead()
            while True:
                await _to_the_end(self._tick())
                await self._pause()
        finally:
            await self._stop()

    async def _pause(self) -> None:
        """Wait for the next tick; the end of a lesson is kept at once."""
        with suppress(TimeoutError):
            async with asyncio.timeout(TICK_SECONDS if self._active else IDLE_SECONDS):
                await self._lesson_ended.wait()
        self._lesson_ended.clear()

    async def _lead(self) -> None:
        """Wait until no other runner works on this store, then take up what it left."""
        while True:
            try:
                self._lock.acquire(blocking=False)
                left = self._store.lessons.requeue_interrupted()
            except Timeout:
                await asyncio.sleep(_STANDBY_SECONDS)
            except (StoreError, OSError) as error:
                self._tell(error)
                await asyncio.sleep(_STANDBY_SECONDS)
            else:
                if left:
                    _LOG.info("Resuming %d interrupted lessons", left)
                return

    async def _tick(self) -> None:
        batches = [active.recorder.batch() for active in self._active.values()]
        news = await asyncio.to_thread(self._exchange, batches)
        for batch in batches:
            if batch.lesson_id not in news.saved:
                self._active[batch.lesson_id].recorder.take_back(batch)
            elif batch.ending:
                del self._active[batch.lesson_id]
        for lesson_id in news.cancelled & self._active.keys():
            self._active[lesson_id].task.cancel()
        try:
            for lesson_id in news.queued[: MAX_LESSONS - len(self._active)]:
                await self._start(lesson_id)
        except StoreError as error:
            self._tell(error)

    def _exchange(self, batches: list[Batch]) -> _News:
        """Save what is new and read what is asked for; runs on a thread of its own."""
        saved = {batch.lesson_id for batch in batches if batch.empty}
        lessons = self._store.lessons
        try:
            for batch in batches:
                if not batch.empty:
                    batch.save(self._store)
                    saved.add(batch.lesson_id)
            news = _News(
                frozenset(saved), tuple(lessons.claimable()), frozenset(lessons.cancel_requests())
            )
        except StoreError as error:
            self._tell(error)
            return _News(frozenset(saved), (), frozenset())
        self._troubled = False
        return news

    def _tell(self, error: Exception) -> None:
        if not self._troubled:
            _LOG.error("The store is in trouble, trying on: %s", error)
        self._troubled = True

    async def _start(self, lesson_id: str) -> None:
        if lesson_id in self._active:
            return
        if lesson := await asyncio.to_thread(self._claimed, lesson_id):
            loop_time = asyncio.get_running_loop().time
            recorder = LessonRecorder(lesson, self._store.now, loop_time)
            task = asyncio.create_task(self._write(lesson, recorder), name=f"lesson {lesson_id}")
            task.add_done_callback(lambda _: self._lesson_ended.set())
            self._active[lesson_id] = _Active(task, recorder)

    def _claimed(self, lesson_id: str) -> LessonRecord | None:
        """Read a lesson, then take it: a store that fails in between leaves it in the queue."""
        try:
            lesson = self._store.lessons.get(lesson_id)
        except UnreadableLessonError as error:
            self._store.lessons.finish(lesson_id, LessonStatus.FAILED, str(error))
            return None
        return lesson if lesson and self._store.lessons.claim(lesson_id) else None

    async def _write(self, lesson: LessonRecord, recorder: LessonRecorder) -> None:
        began = time.perf_counter()
        mode: Mode = "sequential" if lesson.mode == "sequential" else "parallel"
        done = Progress(lesson.brief, lesson.written)
        try:
            await self._writer.write(lesson.request, mode, recorder.emit, done)
        except asyncio.CancelledError:
            recorder.end(cancelled=True)
            _LOG.info("Lesson %s cancelled", lesson.id)
        except LessonGenError as error:
            recorder.end(str(error))
            _LOG.warning("Lesson %s failed: %s", lesson.id, error)
        except Exception:  # noqa: BLE001 - outermost: logs, and marks the lesson
            recorder.end("Something went wrong inside LessonGen; the log says what.")
            _LOG.exception("Lesson %s failed", lesson.id)
        else:
            recorder.end()
            _LOG.info("Lesson %s ended after %.1f s", lesson.id, time.perf_counter() - began)

    async def _stop(self) -> None:
        """Stop lessons under way, keep what they have, and leave them for the next runner."""
        under_way = [active for active in self._active.values() if not active.recorder.ended]
        for active in under_way:
            active.task.cancel()
        if under_way:
            await asyncio.wait([active.task for active in under_way])
        for active in self._active.values():
            batch = active.recorder.batch()
            if active in under_way:
                batch = replace(batch, ending=None)
            with suppress(StoreError):
                batch.save(self._store)
        # By force: a lead that failed halfway has taken the lock more than once.
        self._lock.release(force=True)


async def _to_the_end(work: Coroutine[None, None, None]) -> None:
    """Await work; where cancelled meanwhile, finish it first: half a tick loses what it holds."""
    task = asyncio.create_task(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        raise
