"""One lesson as spans: the lesson, in it its sections, in each its attempts."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import chain

from opentelemetry.context import Context
from opentelemetry.trace import SpanKind, StatusCode, Tracer, set_span_in_context

from lessongen.generation.events import Attempt
from lessongen.lesson.prompts import BRIEF
from lessongen.store.records import LessonRecord, LessonStatus
from lessongen.telemetry.names import (
    ERROR_TYPE,
    OPERATION,
    OPERATION_NAME,
    Attributes,
    asked,
    output_tokens,
    request_attributes,
)

_NANOSECONDS = 1_000_000_000


@dataclass(slots=True)
class PartStory:
    """What became of the brief or a section. Times are the event loop's."""

    attempts: list[Attempt] = field(default_factory=list[Attempt])
    outcome: str = "unfinished"
    score: int | None = None

    @property
    def began(self) -> float:
        """When its first attempt began."""
        return min(attempt.started for attempt in self.attempts)

    @property
    def ended(self) -> float:
        """When its last attempt was over."""
        return max(_end(attempt) for attempt in self.attempts)


@dataclass(slots=True)
class LessonStory:
    """What became of a lesson. Times are the event loop's."""

    lesson: LessonRecord
    began: float
    ended: float
    status: LessonStatus = LessonStatus.RUNNING
    strategy_version: int | None = None
    score: float | None = None
    parts: dict[str, PartStory] = field(default_factory=dict[str, PartStory])

    def part(self, name: str) -> PartStory:
        """Return a part's story, begun here if need be."""
        return self.parts.setdefault(name, PartStory())


@dataclass(frozen=True, slots=True)
class Teller:
    """Tells stories to a tracer. `wall` turns the loop's time into seconds since 1970."""

    tracer: Tracer
    provider: str
    wall: Callable[[float], float]

    def tell(self, story: LessonStory) -> None:
        """Tell a lesson and everything in it; a child never lasts longer than its parent."""
        parts = {name: part for name, part in story.parts.items() if part.attempts}
        began = min([story.began, *(part.began for part in parts.values())])
        ended = max([began, story.ended, *(part.ended for part in parts.values())])
        span = self.tracer.start_span(
            "lesson", Context(), attributes=_of_lesson(story), start_time=self._ns(began)
        )
        if story.status is LessonStatus.FAILED:
            span.set_status(StatusCode.ERROR)
        within = set_span_in_context(span, Context())
        for name, part in parts.items():
            self._part(name, part, within)
        span.end(self._ns(ended))

    def _part(self, name: str, part: PartStory, within: Context) -> None:
        title = name if name == BRIEF else f"section {name}"
        span = self.tracer.start_span(
            title, within, attributes=_of_part(name, part), start_time=self._ns(part.began)
        )
        if part.outcome == "failed":
            span.set_status(StatusCode.ERROR)
        for attempt in part.attempts:
            self._attempt(attempt, set_span_in_context(span, Context()))
        span.end(self._ns(part.ended))

    def _attempt(self, attempt: Attempt, within: Context) -> None:
        """Tell a request from when the model was asked; a wait in vain, as the wait it was."""
        real = asked(attempt)
        span = self.tracer.start_span(
            f"{OPERATION if real else 'wait'} {attempt.model}",
            within,
            SpanKind.CLIENT if real else SpanKind.INTERNAL,
            _of_attempt(attempt, self.provider),
            start_time=self._ns(attempt.started + (max(0.0, attempt.queue_seconds) if real else 0)),
        )
        if attempt.error:
            span.set_status(StatusCode.ERROR)
        span.end(self._ns(_end(attempt)))

    def _ns(self, loop_time: float) -> int:
        return round(self.wall(loop_time) * _NANOSECONDS)


def _end(attempt: Attempt) -> float:
    """Return when an attempt was over: never before it began, whatever the clock says."""
    return attempt.started + max(0.0, attempt.queue_seconds, attempt.total_seconds)


def _of_lesson(story: LessonStory) -> Attributes:
    lesson = story.lesson
    return _known(
        {
            "lessongen.lesson.id": lesson.id,
            "lessongen.level": lesson.request.level,
            "lessongen.mode": lesson.mode,
            "lessongen.sample": lesson.sample,
            "lessongen.strategy.version": story.strategy_version,
            "lessongen.sections": len(lesson.request.sections),
            "lessongen.outcome": story.status.value,
            "lessongen.score": story.score,
            "lessongen.cost_usd": _cost(
                chain.from_iterable(p.attempts for p in story.parts.values())
            ),
        }
    )


def _of_part(name: str, part: PartStory) -> Attributes:
    error = part.attempts[-1].error if part.outcome == "failed" else None
    return _known(
        {
            "lessongen.section": name,
            "lessongen.attempts": len(part.attempts),
            "lessongen.outcome": part.outcome,
            "lessongen.score": part.score,
            "lessongen.cost_usd": _cost(part.attempts),
            ERROR_TYPE: type(error).__name__ if error else None,
        }
    )


def _of_attempt(attempt: Attempt, provider: str) -> Attributes:
    usage, first, queued = attempt.usage, attempt.first_text_seconds, attempt.queue_seconds
    told = _known(
        {
            "lessongen.section": attempt.part,
            "lessongen.slot": attempt.slot,
            "lessongen.reason": attempt.reason,
            "lessongen.outcome": attempt.outcome,
            "lessongen.queue_seconds": queued,
            "lessongen.first_text_seconds": None if first is None else first - queued,
            "lessongen.cost_usd": attempt.cost,
            "gen_ai.usage.input_tokens": usage.input,
            "gen_ai.usage.output_tokens": output_tokens(attempt),
            "gen_ai.usage.reasoning.output_tokens": usage.thoughts,
            "gen_ai.usage.cache_read.input_tokens": usage.cached,
        }
    )
    request = request_attributes(attempt, provider)
    if asked(attempt):
        return {**told, **request, "gen_ai.request.stream": True, "gen_ai.output.type": "json"}
    del request[OPERATION_NAME]  # nobody was asked: whoever counts operations must not count it
    return {**told, **request}


def _cost(attempts: Iterable[Attempt]) -> float | None:
    """Return what attempts cost, None where no price is known."""
    costs = [attempt.cost for attempt in attempts if attempt.cost is not None]
    return sum(costs) if costs else None


def _known(values: dict[str, str | bool | int | float | None]) -> Attributes:
    return {name: value for name, value in values.items() if value is not None}
