"""Follows lessons while they are written: metrics as requests end, spans when a lesson ends."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import assert_never

from opentelemetry.metrics import MeterProvider
from opentelemetry.trace import Tracer, TracerProvider

from lessongen.generation.clock import loop_time
from lessongen.generation.events import (
    AnswerScored,
    AttemptEnded,
    BriefWritten,
    Event,
    LessonBegun,
    LessonChecked,
    PartGrew,
    PartReset,
    PartStarted,
    SectionChecked,
    SectionFailed,
    SectionPutOff,
    SectionRewriting,
    SectionWritten,
)
from lessongen.lesson.prompts import BRIEF
from lessongen.store.records import LessonRecord, LessonStatus
from lessongen.telemetry.metrics import RequestMetrics
from lessongen.telemetry.names import GEMINI, SCOPE
from lessongen.telemetry.traces import LessonStory, Teller

Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Clocks:
    """The wall clock, in seconds since 1970, and the clock that events carry."""

    wall: Clock = time.time
    loop: Clock = loop_time


class Telemetry:
    """Tells what lessons took, to providers of one's own. Lives on the runner's loop."""

    def __init__(
        self,
        tracers: TracerProvider,
        meters: MeterProvider,
        clocks: Clocks | None = None,
        provider: str = GEMINI,
    ) -> None:
        self._tracer = tracers.get_tracer(SCOPE)
        self._metrics = RequestMetrics(meters, provider)
        self._clocks = clocks or Clocks()
        self._provider = provider

    def begin(self, lesson: LessonRecord) -> "LessonTelemetry":
        """Follow a lesson from now on."""
        return LessonTelemetry(lesson, self._tracer, self._metrics, self._clocks, self._provider)


class LessonTelemetry:
    """Follows one lesson.

    The wall clock is read once, at its beginning: set back meanwhile, it turns nothing around.
    """

    def __init__(
        self,
        lesson: LessonRecord,
        tracer: Tracer,
        metrics: RequestMetrics,
        clocks: Clocks,
        provider: str,
    ) -> None:
        began = clocks.loop()
        self._loop_time = clocks.loop
        self._metrics = metrics
        self._teller = Teller(tracer, provider, partial(_later, clocks.wall() - began))
        self._story = LessonStory(lesson, began, began)

    def take(self, event: Event) -> None:
        """Take note of what happened."""
        match event:
            case AttemptEnded(attempt=attempt):
                self._metrics.record(attempt)
                self._story.part(attempt.part).attempts.append(attempt)
            case SectionWritten(section=name):
                self._story.part(name).outcome = "written"
            case SectionFailed(section=name):
                self._story.part(name).outcome = "failed"
            case BriefWritten(local=local):
                self._story.part(BRIEF).outcome = "failed" if local else "written"
            case SectionChecked(section=name, score=score):
                self._story.part(name).score = score
            case LessonBegun(strategy_version=version):
                self._story.strategy_version = version
            case LessonChecked(score=score):
                self._story.score = score
            case PartStarted() | PartGrew() | PartReset() | SectionPutOff():
                pass
            case SectionRewriting() | AnswerScored():
                pass
            case _:
                assert_never(event)

    def end(self, status: LessonStatus) -> None:
        """Tell the lesson, which has ended."""
        self._story.status, self._story.ended = status, self._loop_time()
        self._teller.tell(self._story)


def _later(offset: float, moment: float) -> float:
    return offset + moment
