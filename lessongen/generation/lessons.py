"""A whole lesson: the brief, then every section, side by side or one after another, then again.

What fails while all are written side by side is tried once more when the others are done, one
section after another, with the finished ones in view: the second pass.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from lessongen.errors import ProviderError
from lessongen.generation.attempts import Emit, Task
from lessongen.generation.clock import loop_time
from lessongen.generation.events import (
    BriefWritten,
    Reason,
    SectionFailed,
    SectionPutOff,
    SectionWritten,
)
from lessongen.generation.explanations import explained
from lessongen.generation.parts import PartWriter, Terms
from lessongen.generation.places import GateState
from lessongen.generation.policy import worth_another
from lessongen.generation.strategy import SHORTEST_DEADLINE_SECONDS, Assignment, Mode, Strategy
from lessongen.lesson.brief import Brief, local_brief
from lessongen.lesson.prompts import BRIEF, brief_prompt, section_prompt
from lessongen.lesson.request import LessonRequest
from lessongen.lesson.section import SectionContent
from lessongen.lesson.sections import SECTIONS

# Not every section of a lesson is under way all the time: half as many again keep models busy.
_CROWDING = 1.5
_LEAST_ROOM = 4


@dataclass(frozen=True, slots=True)
class Progress:
    """What is already there when a lesson is taken up again: sections by name, as JSON."""

    brief: Brief | None = None
    written: Mapping[str, str] = field(default_factory=dict[str, str])


class LessonWriter:
    """Writes lessons; one for a whole process, many lessons at once.

    `strategy` is asked at the beginning of each lesson, which keeps it to its end.
    """

    def __init__(self, parts: PartWriter, strategy: Callable[[], Strategy]) -> None:
        self._parts = parts
        self._strategy = strategy

    def room(self) -> int:
        """Return how many lessons are well written at the same time.

        With more of them, sections would queue for places until their deadlines had passed; a
        lesson that waits its turn is late, and whole.
        """
        return max(_LEAST_ROOM, round(_CROWDING * self._parts.pool.places() / len(SECTIONS)))

    def slot_states(self) -> dict[str, GateState]:
        """Return how each slot is: open or closed, and how busy."""
        return self._parts.pool.states()

    async def write(
        self,
        lesson: str,
        request: LessonRequest,
        mode: Mode,
        emit: Emit,
        done: Progress | None = None,
    ) -> None:
        """Write what is missing. A section that fails never stops the others.

        `lesson` tells lessons apart, so that each gets its fair share of the models. Everything
        that happens is told by events; BriefWritten comes before any section, and each missing
        section ends with SectionWritten or SectionFailed.
        """
        strategy = self._strategy()
        self._parts.pool.adopt(strategy.slots)
        writing = _Writing(self._parts, strategy, lesson, request, emit)
        await writing.write(mode, done or Progress())


class _Writing:
    """A lesson that is being written."""

    def __init__(
        self,
        parts: PartWriter,
        strategy: Strategy,
        lesson: str,
        request: LessonRequest,
        emit: Emit,
    ) -> None:
        self._parts = parts
        self._strategy = strategy
        self._lesson = lesson
        self._request = request
        self._emit = emit
        self._finished: dict[str, str] = {}
        self._put_off: dict[str, ProviderError] = {}
        self._over = {name: asyncio.Event() for name in request.sections}

    async def write(self, mode: Mode, done: Progress) -> None:
        brief = done.brief or await self._brief()
        wanted = self._request.sections
        self._finished = {name: done.written[name] for name in wanted if name in done.written}
        for name in self._finished:
            self._over[name].set()
        missing = [name for name in wanted if name not in self._finished]
        await self._first_pass(missing, mode, brief)
        await self._second_pass(brief)

    async def _brief(self) -> Brief:
        task = Task(BRIEF, brief_prompt(self._request), Brief, self._lesson)
        outcome = await self._parts.write(task, self._terms(BRIEF), self._emit)
        failed = isinstance(outcome, ProviderError)
        brief = local_brief(self._request) if failed else outcome.content
        self._emit(BriefWritten(brief, local=failed))
        return brief

    async def _first_pass(self, missing: list[str], mode: Mode, brief: Brief) -> None:
        # Parallel and sequential differ in this number alone.
        places = asyncio.Semaphore(1 if mode == "sequential" else max(1, len(missing)))

        async def in_turn(name: str) -> None:
            before = [self._over[other] for other in self._waits_for(name)]
            for other in before:
                await other.wait()
            view = {n: self._finished[n] for n in self._waits_for(name) if n in self._finished}
            async with places:
                await self._section(name, brief, view, self._terms(name))
            self._over[name].set()

        async with asyncio.TaskGroup() as group:
            for name in missing:
                group.create_task(in_turn(name), name=f"section {name}")

    async def _second_pass(self, brief: Brief) -> None:
        """Write what was put off, as long as there is hope and time."""
        ends = loop_time() + self._parts.policy.second_pass
        for name, error in list(self._put_off.items()):
            left = min(self._strategy.assignments[name].deadline_seconds, ends - loop_time())
            if left >= SHORTEST_DEADLINE_SECONDS:
                terms = self._terms(name, "second_pass", left)
                await self._section(name, brief, self._finished, terms)
            else:
                self._emit(SectionFailed(name, explained(error)))

    async def _section(
        self, name: str, brief: Brief, view: Mapping[str, str], terms: Terms
    ) -> None:
        section = SECTIONS[name]
        prompt = section_prompt(section, self._request, brief, view)
        task: Task[SectionContent] = Task(name, prompt, section.content, self._lesson)
        outcome = await self._parts.write(task, terms, self._emit)
        if not isinstance(outcome, ProviderError):
            content = outcome.content.model_dump_json()
            self._finished[name] = content
            self._emit(SectionWritten(name, content, outcome.slot, outcome.model))
        elif terms.opening == "first" and worth_another(outcome):
            self._put_off[name] = outcome
            self._emit(SectionPutOff(name, explained(outcome)))
        else:
            self._emit(SectionFailed(name, explained(outcome)))

    def _terms(self, part: str, opening: Reason = "first", seconds: float | None = None) -> Terms:
        assignment = self._strategy.assignments[part]
        if seconds is not None:
            assignment = _within(assignment, seconds)
        return Terms(assignment, opening, self._strategy.hedging)

    def _waits_for(self, name: str) -> list[str]:
        """Return the sections that one waits for, as far as they belong to this lesson."""
        return [n for n in self._strategy.assignments[name].waits_for if n in self._over]


def _within(assignment: Assignment, seconds: float) -> Assignment:
    return assignment.model_copy(update={"deadline_seconds": seconds})
