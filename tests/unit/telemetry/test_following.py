from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import HistogramDataPoint, InMemoryMetricReader
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from lessongen.errors import Malformed, Refused, Throttled, TimedOut
from lessongen.gemini.messages import Usage
from lessongen.generation.events import (
    AnswerScored,
    Attempt,
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
from lessongen.lesson.brief import Brief
from lessongen.lesson.prompts import BRIEF
from lessongen.store.records import LessonRecord, LessonStatus
from lessongen.telemetry.following import Clocks, Telemetry
from lessongen.telemetry.names import GEMINI, SECONDS, TOKEN_COUNTS, VERTEX
from tests.support.lessons import MARKETS, markets, request_on

MIDNIGHT = 1_700_000_000.0
SECRET = "the-secret-words-of-a-lesson"
LESSON = LessonRecord(
    "lesson-1", LessonStatus.RUNNING, "parallel", sample=False, request=request_on(), created_at=0.0
)
WRITTEN = Attempt(
    part="reading",
    slot="primary",
    model="gemini-pro",
    reason="first",
    prompt_version="p",
    started=3.0,
    queue_seconds=0.5,
    first_text_seconds=1.5,
    total_seconds=8.5,
    usage=Usage(input=1000, output=300, thoughts=50, cached=200),
    model_version="gemini-pro-001",
    cost=0.25,
    outcome="written",
)


@dataclass
class Heard:
    """Telemetry with its ends in memory, and clocks that stand until they are moved."""

    spans: InMemorySpanExporter = field(default_factory=InMemorySpanExporter)
    reader: InMemoryMetricReader = field(default_factory=InMemoryMetricReader)
    wall: float = MIDNIGHT
    loop: float = 0.0
    provider: str = GEMINI

    def __post_init__(self) -> None:
        tracers = TracerProvider(shutdown_on_exit=False)
        tracers.add_span_processor(SimpleSpanProcessor(self.spans))
        meters = MeterProvider([self.reader], shutdown_on_exit=False)
        clocks = Clocks(lambda: self.wall, lambda: self.loop)
        self.telemetry = Telemetry(tracers, meters, clocks, self.provider)

    def follow(
        self,
        events: Sequence[Event],
        status: LessonStatus = LessonStatus.COMPLETE,
        seconds: float = 20.0,
    ) -> None:
        """Follow a lesson from 0 to its end, and hear of these events on the way."""
        following = self.telemetry.begin(LESSON)
        for event in events:
            following.take(event)
        self.loop += seconds
        following.end(status)

    def span(self, name: str) -> ReadableSpan:
        [span] = [span for span in self.spans.get_finished_spans() if span.name == name]
        return span

    def points(self, metric: str) -> list[HistogramDataPoint]:
        data = self.reader.get_metrics_data()
        if data is None:
            return []
        found = [m for r in data.resource_metrics for s in r.scope_metrics for m in s.metrics]
        points = [point for m in found if m.name == metric for point in m.data.data_points]
        return [point for point in points if isinstance(point, HistogramDataPoint)]


@pytest.fixture
def heard() -> Iterator[Heard]:
    heard = Heard()
    yield heard
    heard.reader.shutdown()


def at(span: ReadableSpan) -> tuple[float, float]:
    """Return when a span began and ended, in seconds of the lesson."""
    assert span.start_time
    assert span.end_time
    return (round(span.start_time / 1e9 - MIDNIGHT, 3), round(span.end_time / 1e9 - MIDNIGHT, 3))


def parent_of(span: ReadableSpan) -> int | None:
    return span.parent.span_id if span.parent else None


def id_of(span: ReadableSpan) -> int:
    assert span.context
    return span.context.span_id


def told(span: ReadableSpan) -> dict[str, Any]:
    return dict(span.attributes or {})


def ended(**changes: Any) -> AttemptEnded:
    return AttemptEnded(replace(WRITTEN, **changes))


def test_a_lesson_holds_its_sections_and_each_its_attempts_with_their_times(heard: Heard):
    heard.follow(
        [
            ended(part=BRIEF, model="gemini-flash", started=0.5, total_seconds=2.0),
            BriefWritten(Brief.model_validate_json(markets().part(BRIEF, MARKETS)), local=False),
            ended(outcome="failed", error=TimedOut("gemini-pro", "late"), total_seconds=5.5),
            ended(model="gemini-flash", reason="fallback", started=8.5, total_seconds=4.5),
            SectionWritten("reading", "{}", "secondary", "gemini-flash"),
        ]
    )

    lesson, reading = heard.span("lesson"), heard.span("section reading")
    first, [brief, fallback] = (
        heard.span("generate_content gemini-pro"),
        [span for span in heard.spans.get_finished_spans() if span.name.endswith("gemini-flash")],
    )
    assert len(heard.spans.get_finished_spans()) == 6
    assert {span.context.trace_id for span in heard.spans.get_finished_spans() if span.context} == {
        lesson.context.trace_id if lesson.context else 0
    }
    assert parent_of(lesson) is None
    assert parent_of(heard.span(BRIEF)) == parent_of(reading) == id_of(lesson)
    assert parent_of(brief) == id_of(heard.span(BRIEF))
    assert parent_of(first) == parent_of(fallback) == id_of(reading)
    assert at(lesson) == (0.0, 20.0)
    assert at(heard.span(BRIEF)) == (0.5, 2.5)
    assert at(reading) == (3.0, 13.0)
    assert at(first) == (3.5, 8.5)
    assert at(fallback) == (9.0, 13.0)


def test_an_attempt_tells_what_the_conventions_ask_for_and_what_is_ours(heard: Heard):
    heard.follow([ended()])

    span = heard.span("generate_content gemini-pro")
    assert span.kind is SpanKind.CLIENT
    assert span.status.status_code is StatusCode.UNSET
    assert told(span) == {
        "gen_ai.operation.name": "generate_content",
        "gen_ai.provider.name": "gcp.gemini",
        "gen_ai.request.model": "gemini-pro",
        "gen_ai.request.stream": True,
        "gen_ai.output.type": "json",
        "gen_ai.response.model": "gemini-pro-001",
        "gen_ai.usage.input_tokens": 1000,
        "gen_ai.usage.output_tokens": 350,
        "gen_ai.usage.reasoning.output_tokens": 50,
        "gen_ai.usage.cache_read.input_tokens": 200,
        "lessongen.section": "reading",
        "lessongen.slot": "primary",
        "lessongen.reason": "first",
        "lessongen.outcome": "written",
        "lessongen.queue_seconds": 0.5,
        "lessongen.first_text_seconds": 1.0,
        "lessongen.cost_usd": 0.25,
    }


def test_a_lesson_and_a_section_tell_how_they_ended(heard: Heard):
    heard.follow(
        [
            LessonBegun(7),
            ended(),
            SectionWritten("reading", "{}", "primary", "gemini-pro"),
            SectionChecked("reading", "{}", (), 90),
            ended(part="warmup", outcome="failed", error=Throttled("m", "quota"), cost=None),
            SectionPutOff("warmup", "later"),
            SectionFailed("warmup", "No model could."),
            LessonChecked(81.5),
        ],
        LessonStatus.INCOMPLETE,
    )

    assert told(heard.span("lesson")) == {
        "lessongen.lesson.id": "lesson-1",
        "lessongen.level": "B1",
        "lessongen.mode": "parallel",
        "lessongen.sample": False,
        "lessongen.strategy.version": 7,
        "lessongen.sections": len(LESSON.request.sections),
        "lessongen.outcome": "incomplete",
        "lessongen.score": 81.5,
        "lessongen.cost_usd": 0.25,
    }
    assert told(heard.span("section reading")) == {
        "lessongen.section": "reading",
        "lessongen.attempts": 1,
        "lessongen.outcome": "written",
        "lessongen.score": 90,
        "lessongen.cost_usd": 0.25,
    }
    assert told(heard.span("section warmup")) == {
        "lessongen.section": "warmup",
        "lessongen.attempts": 1,
        "lessongen.outcome": "failed",
        "error.type": "Throttled",
    }
    assert heard.span("section warmup").status.status_code is StatusCode.ERROR
    assert heard.span("lesson").status.status_code is StatusCode.UNSET


def test_a_failed_lesson_is_an_error_and_a_cancelled_one_is_none(heard: Heard):
    heard.follow([], LessonStatus.FAILED)
    heard.follow([], LessonStatus.CANCELLED)

    failed, cancelled = heard.spans.get_finished_spans()
    assert failed.status.status_code is StatusCode.ERROR
    assert cancelled.status.status_code is StatusCode.UNSET
    assert told(cancelled)["lessongen.outcome"] == "cancelled"


def test_a_section_written_again_is_one_span_around_all_its_attempts(heard: Heard):
    heard.follow(
        [
            ended(started=1.0, total_seconds=2.0),
            SectionWritten("reading", "{}", "primary", "gemini-pro"),
            SectionRewriting("reading"),
            ended(started=10.0, total_seconds=3.0, reason="second_pass"),
        ]
    )

    reading = heard.span("section reading")
    assert at(reading) == (1.0, 13.0)
    assert told(reading)["lessongen.attempts"] == 2


def test_a_wait_in_vain_is_told_as_a_wait_and_counts_as_no_request(heard: Heard):
    closed = Refused("gemini-pro", "the slot is closed")
    heard.follow(
        [
            ended(outcome="refused", error=closed, queue_seconds=0.0, total_seconds=0.0, cost=None),
            ended(outcome="cancelled", queue_seconds=2.0, total_seconds=2.0, model="gemini-lite"),
        ]
    )

    wait = heard.span("wait gemini-pro")
    assert wait.kind is SpanKind.INTERNAL
    assert told(wait)["error.type"] == "Refused"
    assert "gen_ai.operation.name" not in told(wait)
    assert at(wait) == (3.0, 3.0)
    assert at(heard.span("wait gemini-lite")) == (3.0, 5.0)
    assert heard.points("gen_ai.client.operation.duration") == []


def test_requests_are_counted_by_seconds_with_the_buckets_of_the_conventions(heard: Heard):
    heard.follow(
        [
            ended(),
            ended(queue_seconds=1.5, total_seconds=3.5),
            ended(outcome="failed", error=Malformed("gemini-pro", SECRET), model_version=None),
        ]
    )

    written, failed = heard.points("gen_ai.client.operation.duration")
    assert written.attributes == {
        "gen_ai.operation.name": "generate_content",
        "gen_ai.provider.name": "gcp.gemini",
        "gen_ai.request.model": "gemini-pro",
        "gen_ai.response.model": "gemini-pro-001",
    }
    assert (written.count, written.sum) == (2, 10.0)
    assert tuple(written.explicit_bounds) == SECONDS
    assert SECONDS[:3] == (0.01, 0.02, 0.04)
    assert SECONDS[-1] == 81.92
    assert failed.attributes
    assert failed.attributes["error.type"] == "Malformed"
    assert failed.sum == 8.0


def test_tokens_are_counted_by_type_and_thoughts_are_output_that_is_paid_for(heard: Heard):
    heard.follow([ended(), ended()])

    points = {
        str((point.attributes or {})["gen_ai.token.type"]): point
        for point in heard.points("gen_ai.client.token.usage")
    }
    assert {kind: (p.count, p.sum) for kind, p in points.items()} == {
        "input": (2, 2000),
        "output": (2, 700),
    }
    assert tuple(points["input"].explicit_bounds) == TOKEN_COUNTS
    assert TOKEN_COUNTS[-1] == 67_108_864


def test_the_provider_is_named_as_the_conventions_name_it():
    heard = Heard(provider=VERTEX)
    heard.follow([ended()])

    [point] = heard.points("gen_ai.client.operation.duration")
    assert (point.attributes or {})["gen_ai.provider.name"] == "gcp.vertex_ai"
    assert told(heard.span("generate_content gemini-pro"))["gen_ai.provider.name"] == VERTEX
    heard.reader.shutdown()


def test_tokens_that_nobody_counted_are_not_told_as_none(heard: Heard):
    heard.follow([ended(usage=Usage(), cost=None, first_text_seconds=None)])

    assert heard.points("gen_ai.client.token.usage") == []
    assert len(heard.points("gen_ai.client.operation.duration")) == 1
    names = set(told(heard.span("generate_content gemini-pro")))
    assert not {name for name in names if name.startswith("gen_ai.usage")}
    assert not {"lessongen.cost_usd", "lessongen.first_text_seconds"} & names


def test_a_wall_clock_that_is_set_back_meanwhile_turns_nothing_around(heard: Heard):
    following = heard.telemetry.begin(LESSON)
    heard.wall -= 3600.0
    heard.loop = 20.0
    following.take(ended())
    following.end(LessonStatus.COMPLETE)

    assert at(heard.span("lesson")) == (0.0, 20.0)
    assert at(heard.span("generate_content gemini-pro")) == (3.5, 11.5)


def test_a_lesson_that_ends_before_it_began_takes_no_time(heard: Heard):
    heard.follow([], seconds=-5.0)

    assert at(heard.span("lesson")) == (0.0, 0.0)


ANY = st.floats(-1e4, 1e4)


@given(started=ANY, queued=ANY, total=ANY, lasted=ANY)
def test_no_span_lasts_less_than_nothing_or_longer_than_what_it_is_part_of(
    started: float, queued: float, total: float, lasted: float
):
    heard = Heard()
    heard.follow(
        [ended(started=started, queue_seconds=queued, total_seconds=total), ended()],
        seconds=lasted,
    )

    spans = {id_of(span): span for span in heard.spans.get_finished_spans()}
    assert len(spans) == 4
    for span in spans.values():
        begun, over = at(span)
        assert begun <= over
        if parent := parent_of(span):
            around = at(spans[parent])
            assert around[0] <= begun
            assert over <= around[1]
    assert all(point.sum >= 0 for point in heard.points("gen_ai.client.operation.duration"))
    heard.reader.shutdown()


def test_nothing_of_what_a_lesson_says_is_told(heard: Heard):
    lesson = replace(LESSON, request=request_on(SECRET, notes=SECRET), owner=f"{SECRET}@it.org")
    following = heard.telemetry.begin(lesson)
    brief = Brief.model_validate_json(markets().part(BRIEF, MARKETS))
    for event in (
        BriefWritten(brief.model_copy(update={"title": SECRET}), local=True),
        PartStarted("reading", "primary", "gemini-pro", "first"),
        PartGrew("reading", SECRET),
        PartReset("reading"),
        ended(part=BRIEF, outcome="failed", error=Malformed("gemini-pro", SECRET)),
        ended(outcome="failed", error=Malformed("gemini-pro", SECRET)),
        SectionPutOff("reading", SECRET),
        SectionWritten("reading", SECRET, "primary", "gemini-pro"),
        SectionChecked("reading", SECRET, (), 90),
        AnswerScored("reading", 90),
        SectionFailed("reading", SECRET),
    ):
        following.take(event)
    following.end(LessonStatus.FAILED)

    spans = heard.spans.get_finished_spans()
    assert len(spans) == 5
    assert SECRET not in "".join(span.to_json() for span in spans)
    metrics = heard.reader.get_metrics_data()
    assert metrics
    assert SECRET not in metrics.to_json()
