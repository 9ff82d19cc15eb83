"""The runner: one loop that claims queued lessons, has them written, and keeps what arrives.

The store is the only meeting place. Pages queue and read; the runner claims and writes.
"""

import asyncio
import logging
import time
from collections.abc import Coroutine, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from filelock import FileLock, Timeout

from lessongen.errors import LessonGenError, StoreError
from lessongen.generation.lessons import LessonWriter, Progress
from lessongen.generation.strategy import Mode
from lessongen.runner.batch import Batch
from lessongen.runner.errands import ErrandTasks
from lessongen.runner.exchange import Exchange
from lessongen.runner.following import Follower, Nobody
from lessongen.runner.recorder import LessonRecorder
from lessongen.store.records import LessonRecord
from lessongen.store.slot_orders import SlotOrder
from lessongen.store.store import Store

_LOG = logging.getLogger(__name__)

TICK_SECONDS = 0.2
IDLE_SECONDS = 0.05
MAX_LESSONS = 100
_STANDBY_SECONDS = 1.0
# What ends within so short a time is saved together. A process that is killed loses no more.
_GATHER_SECONDS = 0.015


@dataclass(frozen=True, slots=True)
class _Active:
    task: asyncio.Task[None]
    recorder: LessonRecorder

    def cancel(self) -> None:
        """Stop writing. Once is enough: a second time would disturb the hanging up."""
        if not self.task.cancelling():
            self.task.cancel()


class Runner:
    """Runs the lessons of one store. At most one runner on a store works; others stand by.

    The operating system frees the lock when a process dies, so the next runner takes over at
    once, and takes up what was left unfinished.
    """

    def __init__(
        self,
        store: Store,
        writer: LessonWriter,
        lock: FileLock,
        errands: ErrandTasks,
        follower: Follower | None = None,
    ) -> None:
        self._store = store
        self._writer = writer
        self._lock = lock
        self._errands = errands
        self._follower = follower or Nobody()
        self._active: dict[str, _Active] = {}
        self._exchange = Exchange(store)
        self._hurried = asyncio.Event()
        self._next_look = 0.0

    async def run(self) -> None:
        """Work until cancelled. Lessons under way stop, and are resumed by the next runner."""
        try:
            await self._lead()
            await self._errands.abandon()  # what the runner before this one left
            while True:
                await _to_the_end(self._tick())
                await self._pause()
        finally:
            await self._stop()

    async def _pause(self) -> None:
        """Wait for the next look; what cannot wait is kept with all that comes close by."""
        with suppress(TimeoutError):
            async with asyncio.timeout_at(self._next_look):
                await self._hurried.wait()
                await asyncio.sleep(_GATHER_SECONDS)
        self._hurried.clear()

    async def _lead(self) -> None:
        """Wait until no other runner works on this store, then take up what it left."""
        while True:
            try:
                self._lock.acquire(blocking=False)
                left = self._store.lessons.requeue_interrupted()
            except Timeout:
                await asyncio.sleep(_STANDBY_SECONDS)
            except (StoreError, OSError) as error:
                self._exchange.tell(error)
                await asyncio.sleep(_STANDBY_SECONDS)
            else:
                if left:
                    _LOG.info("Resuming %d interrupted lessons", left)
                return

    async def _tick(self) -> None:
        batches = self._due()
        slots = self._writer.slot_states()
        news = await asyncio.to_thread(self._exchange.exchange, batches, slots)
        for batch in batches:
            if batch.lesson_id not in news.saved:
                self._active[batch.lesson_id].recorder.take_back(batch)
            elif batch.ending:
                del self._active[batch.lesson_id]
        self._obey(news.orders)
        self._errands.begin(news.errands)
        for lesson_id in news.unwanted & self._active.keys():
            self._active[lesson_id].cancel()
        room = min(MAX_LESSONS, self._writer.room()) - len(self._active)
        new = [lesson_id for lesson_id in news.queued if lesson_id not in self._active]
        if chosen := new[: max(0, room)]:
            await self._start(chosen)

    def _obey(self, orders: Iterable[SlotOrder]) -> None:
        """Close and open slots as admins have ordered, before any lesson is begun."""
        for order in orders:
            if order.closed:
                self._writer.close_slot(order.slot, order.reason)
            else:
                self._writer.open_slot(order.slot)
            _LOG.info("By hand: %s is %s", order.slot, "closed" if order.closed else "open")

    def _due(self) -> list[Batch]:
        """Return what cannot wait; where it is time to look, everything that is new."""
        now = asyncio.get_running_loop().time()
        recorders = [active.recorder for active in self._active.values()]
        if now < self._next_look:
            recorders = [recorder for recorder in recorders if recorder.urgent]
        else:
            self._next_look = now + (TICK_SECONDS if self._active else IDLE_SECONDS)
        return [recorder.batch() for recorder in recorders]

    async def _start(self, lesson_ids: Sequence[str]) -> None:
        loop_time = asyncio.get_running_loop().time
        try:
            lessons = await asyncio.to_thread(self._exchange.claimed, lesson_ids)
        except StoreError as error:
            self._exchange.tell(error)
            return
        for lesson in lessons:
            following = self._follower.begin(lesson)
            recorder = LessonRecorder(
                lesson, self._store.now, loop_time, self._hurried.set, following
            )
            task = asyncio.create_task(self._write(lesson, recorder), name=f"lesson {lesson.id}")
            self._active[lesson.id] = _Active(task, recorder)

    async def _write(self, lesson: LessonRecord, recorder: LessonRecorder) -> None:
        began = time.perf_counter()
        mode: Mode = "sequential" if lesson.mode == "sequential" else "parallel"
        try:
            done = Progress(lesson.brief, lesson.readable(), lesson.settled)
            await self._writer.write(
                lesson.id, lesson.request, mode, recorder.emit, done, lesson.own_assignments
            )
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
            active.cancel()
        if under_way:
            await asyncio.wait([active.task for active in under_way])
        ended = [a.recorder.batch() for a in self._active.values() if a not in under_way]
        left = [replace(active.recorder.batch(), ending=None) for active in under_way]
        self._exchange.save_last([*ended, *left])
        if self._lock.is_locked:  # another runner's errands are none of ours
            await self._errands.abandon()
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
