"""The exchange: what the runner brings to the store, and what it finds there, in one go."""

import logging
import math
import time
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace

from lessongen.errors import StoreError, UnreadableLessonError
from lessongen.generation.places import GateState
from lessongen.runner.batch import Batch
from lessongen.store.errands import Errand
from lessongen.store.lessons import Now
from lessongen.store.records import LessonRecord, LessonStatus
from lessongen.store.slot_orders import SlotOrder
from lessongen.store.store import Store

_LOG = logging.getLogger(__name__)

_NOTE_SECONDS = 1.0
# How the slots are is told again though nothing has changed: whoever looks sees that we work.
TELL_AGAIN_SECONDS = 30.0
_PATIENCE_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class News:
    """Ids of lessons: saved up to now; queued, oldest first; running and not wanted any more.

    And what admins want: orders for slots that are new, and errands, which count as begun now.
    """

    saved: AbstractSet[str]
    queued: Sequence[str] = ()
    unwanted: AbstractSet[str] = frozenset()
    orders: Sequence[SlotOrder] = ()
    errands: Sequence[Errand] = ()


@dataclass(slots=True)
class _Saved:
    """What came of saving, as ids of lessons; those that are gone need nothing more."""

    lessons: set[str] = field(default_factory=set[str])
    gone: set[str] = field(default_factory=set[str])
    trouble: bool = False


class Exchange:
    """Works on one store, in trouble too. Not for two threads at the same time.

    `clock` returns seconds of any steady clock.
    """

    def __init__(self, store: Store, clock: Now = time.monotonic) -> None:
        self._store = store
        self._clock = clock
        self._told: Mapping[str, GateState] = {}
        self._orders: Sequence[SlotOrder] = ()
        self._noted = -math.inf
        self._slots_noted = -math.inf
        self._troubled = False

    def exchange(self, batches: Sequence[Batch], slots: Mapping[str, GateState]) -> News:
        """Save what can be saved and how the slots are, and read what is asked for.

        While something cannot be saved, nothing is queued: it would be paid for and not kept.
        """
        saved = self._save(batches)
        lessons = self._store.lessons
        try:
            unwanted = saved.gone | lessons.cancel_requests()
            if saved.trouble:
                return News(saved.lessons, unwanted=unwanted)
            self._note_slots(slots)
            if batches:
                self._note_saved()
            news = self._news(saved.lessons, unwanted)
        except StoreError as error:
            self.tell(error)
            return News(saved.lessons)
        self._recover()
        return news

    def save_last(self, batches: Sequence[Batch]) -> None:
        """Save what can be saved of batches after which none come, and log how many could not."""
        if lost := len(batches) - len(self._save(batches).lessons):
            _LOG.error("The last of %d lessons could not be saved", lost)

    def claimed(self, lesson_ids: Iterable[str]) -> list[LessonRecord]:
        """Take lessons and return them: all of them, or where the store fails none.

        Raises:
            StoreError: where they cannot be taken now.
        """
        with self._store.database.transaction():
            lessons = [self._claimed(lesson_id) for lesson_id in lesson_ids]
        return [lesson for lesson in lessons if lesson]

    def _claimed(self, lesson_id: str) -> LessonRecord | None:
        try:
            lesson = self._store.lessons.get(lesson_id)
        except UnreadableLessonError as error:
            self._store.lessons.finish(lesson_id, LessonStatus.FAILED, str(error))
            return None
        return lesson if lesson and self._store.lessons.claim(lesson_id) else None

    def tell(self, error: Exception) -> None:
        """Log the beginning of a time of trouble."""
        if not self._troubled:
            _LOG.error("The store is in trouble, trying on: %s", error)
        self._troubled = True

    def _save(self, batches: Iterable[Batch]) -> _Saved:
        """Save each for itself: one that fails holds up no other, unless it failed for long."""
        give_up = self._clock() + _PATIENCE_SECONDS
        result = _Saved()
        for batch in batches:
            try:
                if not (batch.empty or batch.save(self._store)):
                    result.gone.add(batch.lesson_id)
                result.lessons.add(batch.lesson_id)
            except StoreError as error:
                self.tell(error)
                result.trouble = True
                if self._clock() > give_up:
                    break
        return result

    def _news(self, saved: AbstractSet[str], unwanted: AbstractSet[str]) -> News:
        """Read what is asked for. Errands come last: they are begun by being read."""
        queued, orders = self._store.lessons.claimable(), self._store.slot_orders.all()
        errands = self._store.errands.take()
        new = [order for order in orders if order not in self._orders]
        self._orders = orders
        return News(saved, queued, unwanted, new, errands)

    def _note_saved(self) -> None:
        if (now := self._clock()) - self._noted >= _NOTE_SECONDS:
            self._store.lessons.note_saved()
            self._noted = now

    def _note_slots(self, slots: Mapping[str, GateState]) -> None:
        """Tell how the slots are, where that has changed, at most once a second; else seldom."""
        now = self._clock()
        # That a slot opens a moment sooner than a moment ago is no news.
        told = {name: replace(state, opens_in=state.opens_in > 0) for name, state in slots.items()}
        pause = _NOTE_SECONDS if told != self._told else TELL_AGAIN_SECONDS
        if now - self._slots_noted >= pause:
            self._store.slots.tell(slots)
            self._told, self._slots_noted = told, now

    def _recover(self) -> None:
        if self._troubled:
            _LOG.warning("The store is well again; everything is saved")
        self._troubled = False
