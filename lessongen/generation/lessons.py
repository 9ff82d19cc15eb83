"""A whole lesson: the brief first, then every section, side by side or one after another."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

from lessongen.errors import ProviderError
from lessongen.generation.attempts import Emit, Task
from lessongen.generation.events import BriefWritten, SectionFailed, SectionWritten
from lessongen.generation.explanations import explained
from lessongen.generation.parts import PartWriter
from lessongen.generation.strategy import Assignment, Mode
from lessongen.lesson.brief import Brief, local_brief
from lessongen.lesson.prompts import BRIEF, brief_prompt, section_prompt
from lessongen.lesson.request import LessonRequest
from lessongen.lesson.section import SectionContent
from lessongen.lesson.sections import SECTIONS


@dataclass(frozen=True, slots=True)
class Progress:
    """What is already there when a lesson is taken up again."""

    brief: Brief | None = None
    written: frozenset[str] = field(default_factory=frozenset[str])


class LessonWriter:
    """Writes lessons; one for a whole process, many lessons at once."""

    def __init__(self, parts: PartWriter, assignments: Mapping[str, Assignment]) -> None:
        self._parts = parts
        self._assignments = assignments

    async def write(
        self, request: LessonRequest, mode: Mode, emit: Emit, done: Progress | None = None
    ) -> None:
        """Write what is missing. A section that fails never stops the others.

        Everything that happens is told by events; BriefWritten comes before any section, and
        each missing section ends with SectionWritten or SectionFailed.
        """
        done = done or Progress()
        brief = done.brief or await self._brief(request, emit)
        missing = [name for name in request.sections if name not in done.written]
        # Parallel and sequential differ in this number alone.
        places = asyncio.Semaphore(1 if mode == "sequential" else max(1, len(missing)))

        async def in_turn(name: str) -> None:
            async with places:
                await self._section(name, request, brief, emit)

        async with asyncio.TaskGroup() as group:
            for name in missing:
                group.create_task(in_turn(name), name=f"section {name}")

    async def _brief(self, request: LessonRequest, emit: Emit) -> Brief:
        task = Task(BRIEF, brief_prompt(request), Brief)
        outcome = await self._parts.write(task, self._assignments[BRIEF], emit)
        failed = isinstance(outcome, ProviderError)
        brief = local_brief(request) if failed else outcome.content
        emit(BriefWritten(brief, local=failed))
        return brief

    async def _section(self, name: str, request: LessonRequest, brief: Brief, emit: Emit) -> None:
        section = SECTIONS[name]
        task: Task[SectionContent] = Task(
            name, section_prompt(section, request, brief), section.content
        )
        outcome = await self._parts.write(task, self._assignments[name], emit)
        if isinstance(outcome, ProviderError):
            emit(SectionFailed(name, explained(outcome)))
        else:
            content = outcome.content.model_dump_json()
            emit(SectionWritten(name, content, outcome.slot, outcome.model))
