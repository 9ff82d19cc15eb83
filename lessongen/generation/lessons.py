"""Lessons written with the models of a pool, many at once."""

from collections.abc import Callable, Mapping

from lessongen.generation.attempts import Emit
from lessongen.generation.events import LessonBegun
from lessongen.generation.parts import PartWriter
from lessongen.generation.places import GateState
from lessongen.generation.strategy import Mode, OwnAssignment, Strategy
from lessongen.generation.writing import LessonWriting, Progress
from lessongen.lesson.request import LessonRequest
from lessongen.lesson.sections import SECTIONS
from lessongen.quality.reviewer import Reviewer

# Not every section of a lesson is under way all the time: half as many again keep models busy.
_CROWDING = 1.5
_LEAST_ROOM = 4


class LessonWriter:
    """Writes lessons; one for a whole process, many lessons at once.

    `strategy` is asked at the beginning of each lesson, which keeps it to its end.
    """

    def __init__(
        self, parts: PartWriter, strategy: Callable[[], Strategy], reviewer: Reviewer
    ) -> None:
        self._parts = parts
        self._strategy = strategy
        self._reviewer = reviewer

    def room(self) -> int:
        """Return how many lessons are well written at the same time.

        With more of them, sections would queue for places until their deadlines had passed; a
        lesson that waits its turn is late, and whole.
        """
        return max(_LEAST_ROOM, round(_CROWDING * self._parts.pool.places() / len(SECTIONS)))

    def slot_states(self) -> dict[str, GateState]:
        """Return how each slot is: open or closed, and how busy."""
        return self._parts.pool.states()

    def close_slot(self, slot: str, reason: str) -> None:
        """Ask a slot nothing more until it is opened; one that is not there yet stays closed."""
        self._parts.pool.close(slot, reason)

    def open_slot(self, slot: str) -> None:
        """Ask a slot again, also where failures or a wait that the server named closed it."""
        self._parts.pool.open(slot)

    async def write(
        self,
        lesson: str,
        request: LessonRequest,
        mode: Mode,
        emit: Emit,
        done: Progress | None = None,
        own: Mapping[str, OwnAssignment] | None = None,
    ) -> None:
        """Write what is missing. A section that fails never stops the others.

        `lesson` tells lessons apart, so that each gets its fair share of the models. Everything
        that happens is told by events; LessonBegun comes first, BriefWritten before any section,
        each missing section ends with SectionWritten or SectionFailed, and LessonChecked comes
        last. `own` are the teacher's own assignments for this lesson, by part.
        """
        strategy = self._strategy()
        self._parts.pool.adopt(strategy.slots)
        emit(LessonBegun(strategy.version))
        strategy = strategy.with_own(own or {})
        writing = LessonWriting(self._parts, strategy, self._reviewer, lesson, request, emit)
        await writing.write(mode, done or Progress())
