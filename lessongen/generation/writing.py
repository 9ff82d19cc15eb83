"""A lesson that is being written: the brief, every section side by side or in turn, then again.

What fails while all are written side by side, and what checks find fault with, is written once
more when the others are done, one section after another, with the finished ones in view: the
second pass.
"""

import asyncio
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace

from lessongen.errors import ProviderError
from lessongen.generation.attempts import Emit, Task, Written
from lessongen.generation.clock import loop_time
from lessongen.generation.events import (
    AnswerScored,
    AttemptEnded,
    BriefWritten,
    Event,
    LessonChecked,
    Reason,
    SectionChecked,
    SectionFailed,
    SectionPutOff,
    SectionRewriting,
    SectionWritten,
)
from lessongen.generation.explanations import explained
from lessongen.generation.parts import PartWriter, Terms
from lessongen.generation.policy import worth_another
from lessongen.generation.strategy import SHORTEST_DEADLINE_SECONDS, Assignment, Mode, Strategy
from lessongen.lesson.brief import Brief, local_brief
from lessongen.lesson.lesson import Lesson
from lessongen.lesson.names import chosen_names
from lessongen.lesson.prompts import BRIEF, Prompt, brief_prompt, rewrite_prompt, section_prompt
from lessongen.lesson.request import LessonRequest
from lessongen.lesson.section import SectionContent
from lessongen.lesson.sections import SECTIONS
from lessongen.lesson.settling import settled
from lessongen.quality.review import Review
from lessongen.quality.reviewer import Reviewer


@dataclass(frozen=True, slots=True)
class Progress:
    """What is already there when a lesson is taken up again: sections by name.

    Those that are `settled` have had their second pass.
    """

    brief: Brief | None = None
    written: Mapping[str, SectionContent] = field(default_factory=dict[str, SectionContent])
    settled: AbstractSet[str] = frozenset()


class LessonWriting:
    """A lesson that is being written."""

    def __init__(
        self,
        parts: PartWriter,
        strategy: Strategy,
        reviewer: Reviewer,
        lesson: str,
        request: LessonRequest,
        emit: Emit,
    ) -> None:
        self._parts = parts
        self._strategy = strategy
        self._reviewer = reviewer
        self._lesson = lesson
        self._request = request
        self._names = chosen_names(lesson)
        self._emit = emit
        self._finished: dict[str, SectionContent] = {}
        self._put_off: dict[str, ProviderError] = {}
        self._told: dict[str, SectionChecked] = {}
        self._over = {name: asyncio.Event() for name in request.sections}

    async def write(self, mode: Mode, done: Progress) -> None:
        """Write what is missing, check it all, and mend what can be mended."""
        brief = done.brief or await self._brief()
        wanted = self._request.sections
        self._finished = {name: done.written[name] for name in wanted if name in done.written}
        for name in self._finished:
            self._over[name].set()
        missing = [name for name in wanted if name not in self._finished]
        await self._first_pass(missing, mode, brief, list(self._finished))
        await self._second_pass(brief, done.settled)

    async def _brief(self) -> Brief:
        prompt = brief_prompt(self._request, self._names)
        task = Task(BRIEF, prompt, Brief, self._lesson)
        outcome = await self._parts.write(task, self._terms(BRIEF), self._emit)
        failed = isinstance(outcome, ProviderError)
        brief = (
            local_brief(self._request, self._names)
            if failed
            else settled(outcome.content, self._request, self._names)
        )
        self._emit(BriefWritten(brief, local=failed))
        return brief

    async def _first_pass(
        self, missing: list[str], mode: Mode, brief: Brief, there: list[str]
    ) -> None:
        """Write what is missing; what is `there` from an earlier run, all of it has in view."""
        # Parallel and sequential differ in this number alone.
        places = asyncio.Semaphore(1 if mode == "sequential" else max(1, len(missing)))

        async def in_turn(name: str) -> None:
            before = [self._over[other] for other in self._waits_for(name)]
            for other in before:
                await other.wait()
            async with places:
                view = [*there, *self._waits_for(name)]
                await self._section(name, brief, view, self._terms(name))
            self._over[name].set()

        async with asyncio.TaskGroup() as group:
            for name in missing:
                group.create_task(in_turn(name), name=f"section {name}")

    async def _second_pass(self, brief: Brief, had_it: AbstractSet[str]) -> None:
        """Write what was put off or is at fault, as long as there is hope and time."""
        ends = loop_time() + self._parts.policy.second_pass
        for name, error in list(self._put_off.items()):
            if terms := self._terms_until(ends, name):
                await self._section(name, brief, self._finished, terms)
            else:
                self._emit(SectionFailed(name, explained(error)))
        review = self._reviewed(brief)
        self._tell(review)
        for name in self._request.sections:
            faults = () if name in had_it | self._put_off.keys() else review.faults(name)
            if faults and (terms := self._terms_until(ends, name)):
                self._emit(SectionRewriting(name))
                review = await self._rewritten(name, review, terms)
                self._told.pop(name, None)
                self._tell(review)

    async def _section(self, name: str, brief: Brief, view: Iterable[str], terms: Terms) -> None:
        prompt = self._prompt(name, brief, view)
        outcome = await self._asked(name, brief, prompt, terms, self._emit)
        if not isinstance(outcome, ProviderError):
            self._keep(name, outcome)
        elif terms.opening == "first" and worth_another(outcome):
            self._put_off[name] = outcome
            self._emit(SectionPutOff(name, explained(outcome)))
        else:
            self._emit(SectionFailed(name, explained(outcome)))

    async def _rewritten(self, name: str, review: Review, terms: Terms) -> Review:
        """Have a section written again, and return the review of the better lesson."""
        lesson = review.lesson
        others = [other for other in self._finished if other != name]
        prompt = rewrite_prompt(
            self._prompt(name, lesson.brief, others),
            lesson.contents[name].model_dump_json(),
            [finding.sentence for finding in review.faults(name)],
        )
        tell = _only_attempts(self._emit)
        outcome = await self._asked(name, lesson.brief, prompt, terms, tell)
        if isinstance(outcome, ProviderError):
            return review
        # Answers are proved anew: what proved them in the old text may prove nothing in the new.
        contents = {**self._finished, name: outcome.content}
        after = self._reviewer.review(replace(lesson, contents=contents))
        self._emit(AnswerScored(name, after.section_score(name)))
        # The whole lesson counts: a new text must not take the answers of its questions away.
        if after.lost >= review.lost:
            return review
        self._keep(name, outcome)
        return after

    async def _asked(
        self, name: str, brief: Brief, prompt: Prompt, terms: Terms, emit: Emit
    ) -> Written[SectionContent] | ProviderError:
        content: type[SectionContent] = SECTIONS[name].content
        task = Task(name, prompt, content, self._lesson, self._refusal)
        outcome = await self._parts.write(task, terms, emit)
        if isinstance(outcome, ProviderError):
            return outcome
        completed = self._reviewer.completed(name, outcome.content, self._request, brief)
        return replace(outcome, content=completed)

    def _refusal(self, content: SectionContent) -> str | None:
        return self._reviewer.refusal(content, self._request)

    def _keep(self, name: str, written: Written[SectionContent]) -> None:
        self._finished[name] = written.content
        content = written.content.model_dump_json()
        self._emit(SectionWritten(name, content, written.slot, written.model))

    def _reviewed(self, brief: Brief) -> Review:
        review = self._reviewer.review(Lesson(self._request, brief, self._finished))
        for name in self._finished:
            self._emit(AnswerScored(name, review.section_score(name)))
        return review

    def _tell(self, review: Review) -> None:
        for name, content in review.lesson.contents.items():
            found, score = review.of(name), review.section_score(name)
            checked = SectionChecked(name, content.model_dump_json(), found, score)
            if checked != self._told.get(name):
                self._told[name] = checked
                self._emit(checked)
        self._emit(LessonChecked(review.score))

    def _prompt(self, name: str, brief: Brief, view: Iterable[str]) -> Prompt:
        finished = {n: self._finished[n].model_dump_json() for n in view if n in self._finished}
        return section_prompt(SECTIONS[name], self._request, brief, finished)

    def _terms_until(self, ends: float, name: str) -> Terms | None:
        """Return the terms of a second pass that is over by then, None where time is too short."""
        left = min(self._strategy.assignments[name].deadline_seconds, ends - loop_time())
        return self._terms(name, "second_pass", left) if left >= SHORTEST_DEADLINE_SECONDS else None

    def _terms(self, part: str, opening: Reason = "first", seconds: float | None = None) -> Terms:
        assignment = self._strategy.assignment(part)
        if seconds is not None:
            assignment = _within(assignment, seconds)
        return Terms(assignment, opening, self._strategy.hedges(part))

    def _waits_for(self, name: str) -> list[str]:
        """Return the sections that one waits for, as far as they belong to this lesson."""
        return [n for n in self._strategy.assignments[name].waits_for if n in self._over]


def _within(assignment: Assignment, seconds: float) -> Assignment:
    return assignment.model_copy(update={"deadline_seconds": seconds})


def _only_attempts(emit: Emit) -> Emit:
    """Pass on what was paid for, not the text as it grows: the section is there already."""

    def tell(event: Event) -> None:
        if isinstance(event, AttemptEnded):
            emit(event)

    return tell
