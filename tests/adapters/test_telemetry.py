import logging
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from opentelemetry.proto.common.v1.common_pb2 import KeyValue

from lessongen.emulator.server import RunningEmulator
from lessongen.lesson.prompts import BRIEF
from lessongen.lesson.sections import SECTIONS
from lessongen.services import running_services
from lessongen.settings import ROOT
from lessongen.store.records import AttemptRecord, LessonRecord, LessonStatus
from lessongen.telemetry.following import Clocks
from lessongen.telemetry.sending import sending_telemetry
from tests.support.collector import running_collector
from tests.support.lessons import MARKETS, request_on
from tests.support.running import KEY, PARTS, asking, eventually, finished

LESSON = LessonRecord(
    "lesson-1", LessonStatus.RUNNING, "parallel", sample=False, request=request_on(), created_at=0.0
)


def values(attributes: Iterable[KeyValue]) -> dict[str, str | bool | int | float]:
    """Return attributes as plain values."""

    def plain(pair: KeyValue) -> str | bool | int | float:
        kind = pair.value.WhichOneof("value")
        assert kind
        return getattr(pair.value, kind)

    return {pair.key: plain(pair) for pair in attributes}


def written(url: str, database: Path, emulator: RunningEmulator) -> LessonRecord:
    """Have a lesson written while telemetry goes to a URL, and stop the runner."""
    return written_with_attempts(url, database, emulator)[0]


def written_with_attempts(
    url: str, database: Path, emulator: RunningEmulator
) -> tuple[LessonRecord, list[AttemptRecord]]:
    settings = replace(asking(emulator.url, database), otlp_endpoint=url)
    with running_services(settings) as services:
        lesson = finished(services.store, services.request_lesson(request_on()))
        return lesson, services.store.attempts.of_lesson(lesson.id)


def exporting_threads() -> list[str]:
    return [t.name for t in threading.enumerate() if t.name.startswith("Otel")]


def sentences(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return what was said about telemetry, by us or by the SDK."""
    return [
        record.getMessage()
        for record in caplog.records
        if record.name.startswith(("opentelemetry", "lessongen.telemetry", "urllib3"))
        and record.levelno > logging.INFO
    ]


def test_a_lesson_arrives_at_the_collector_as_spans(quick: RunningEmulator, database: Path):
    with running_collector() as collector:
        lesson, attempts = written_with_attempts(collector.url, database, quick)

    spans = {span.span_id: span for span in collector.spans}
    [root] = [span for span in spans.values() if not span.parent_span_id]
    parts = [span for span in spans.values() if span.parent_span_id == root.span_id]
    requests = [s for s in spans.values() if s.parent_span_id in {part.span_id for part in parts}]
    assert len(spans) == 1 + len(parts) + len(requests)
    assert {span.trace_id for span in spans.values()} == {root.trace_id}
    assert root.name == "lesson"
    assert {part.name for part in parts} == {BRIEF, *(f"section {name}" for name in SECTIONS)}
    assert values(root.attributes)["lessongen.lesson.id"] == lesson.id
    assert values(root.attributes)["lessongen.outcome"] == "complete"
    assert values(root.attributes)["lessongen.score"] == lesson.score
    assert sorted(span.name for span in requests) == sorted(
        f"generate_content {attempt.model}" for attempt in attempts
    )
    asked = sorted(span.start_time_unix_nano / 1e9 for span in requests)
    assert asked == pytest.approx(
        sorted(a.started_at + a.queue_ms / 1000 for a in attempts), abs=0.05
    )
    assert lesson.finished_at
    assert root.end_time_unix_nano / 1e9 == pytest.approx(lesson.finished_at, abs=0.5)
    for span in spans.values():
        around = spans.get(span.parent_span_id, root)
        assert around.start_time_unix_nano <= span.start_time_unix_nano <= span.end_time_unix_nano
        assert span.end_time_unix_nano <= around.end_time_unix_nano


def test_a_lesson_arrives_at_the_collector_as_the_metrics_of_the_conventions(
    quick: RunningEmulator, database: Path
):
    with running_collector() as collector:
        _, attempts = written_with_attempts(collector.url, database, quick)

    duration = collector.metrics["gen_ai.client.operation.duration"]
    tokens = collector.metrics["gen_ai.client.token.usage"]
    seconds = sum(point.sum for point in duration.histogram.data_points)
    counted = {
        kind: sum(
            point.sum
            for point in tokens.histogram.data_points
            if values(point.attributes)["gen_ai.token.type"] == kind
        )
        for kind in ("input", "output")
    }
    assert (duration.unit, tokens.unit) == ("s", "{token}")
    assert sum(point.count for point in duration.histogram.data_points) == len(PARTS)
    assert seconds == pytest.approx(sum(a.total_ms - a.queue_ms for a in attempts) / 1000)
    assert counted == {
        "input": sum(a.input_tokens or 0 for a in attempts),
        "output": sum((a.output_tokens or 0) + (a.thought_tokens or 0) for a in attempts),
    }
    assert {
        values(point.attributes)["gen_ai.request.model"] for point in duration.histogram.data_points
    } == {attempt.model for attempt in attempts}


def test_the_sender_is_named_and_neither_the_key_nor_a_word_of_the_lesson_is_sent(
    quick: RunningEmulator, database: Path
):
    with running_collector() as collector:
        lesson = written(collector.url, database, quick)

    sent = b"".join(collector.bodies)
    assert {str(values(r.attributes)["service.name"]) for r in collector.resources} == {"lessongen"}
    assert all("service.version" in values(r.attributes) for r in collector.resources)
    assert lesson.brief
    words = (KEY, MARKETS, lesson.title, lesson.brief.outcome, lesson.owner)
    assert [word for word in words if word.encode() in sent] == []


@contextmanager
def unwell(kind: str) -> Generator[str]:
    """Yield the URL of a collector that takes nothing."""
    over = threading.Event()

    def hang() -> int:
        over.wait()
        return 200

    match kind:
        case "absent":
            with socket.create_server(("127.0.0.1", 0)) as nobody:
                port = nobody.getsockname()[1]
            yield f"http://127.0.0.1:{port}"
        case "failing":
            with running_collector(lambda: 500) as collector:
                yield collector.url
        case "busy":
            with running_collector(lambda: 503) as collector:
                yield collector.url
        case _:
            with running_collector(hang) as collector:
                try:
                    yield collector.url
                finally:
                    over.set()


@pytest.mark.parametrize("kind", ["absent", "failing", "busy", "hanging"])
def test_a_collector_that_is_not_well_costs_no_lesson_and_one_sentence(
    kind: str,
    quick: RunningEmulator,
    database: Path,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setenv("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "4")  # a lesson needs several requests
    with unwell(kind) as url:
        settings = replace(asking(quick.url, database), otlp_endpoint=url)
        with running_services(settings) as services:
            lesson = finished(services.store, services.request_lesson(request_on()))
            stopped = time.monotonic()
        seconds = time.monotonic() - stopped

    assert lesson.status is LessonStatus.COMPLETE
    assert seconds < 6.0
    [sentence] = sentences(caplog)
    assert sentence.startswith("Telemetry (")
    assert url in sentence
    assert sentence.endswith("Lessons go on without it")
    assert exporting_threads() == []


def test_nothing_runs_on_when_the_services_are_closed(quick: RunningEmulator, database: Path):
    before = threading.active_count()
    with running_collector() as collector:
        for _ in range(3):
            written(collector.url, database, quick)

    assert exporting_threads() == []
    assert threading.active_count() <= before


def test_a_collector_that_comes_back_is_told_once_and_gets_what_comes_then(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "20")
    answers = iter([500, 500, 500])

    with (
        running_collector(lambda: next(answers, 200)) as collector,
        sending_telemetry(collector.url, clocks=Clocks(loop=time.monotonic)) as telemetry,
    ):
        for before in range(5):
            telemetry.begin(LESSON).end(LessonStatus.COMPLETE)
            eventually(lambda: len(collector.traces) > before, "an export")  # noqa: B023 (at once)

    told = sentences(caplog)
    assert len(told) == 2
    assert "does not reach" in told[0]
    assert told[1] == f"Telemetry reaches {collector.url} again"


IMPORTED = """
import sys
import lessongen.services, lessongen.cli, lessongen.ui.server, lessongen.gemini.client
print([name for name in sys.modules if name.startswith(("opentelemetry", "requests"))])
"""


def test_nothing_of_opentelemetry_is_loaded_while_it_is_off():
    loaded = subprocess.run(
        [sys.executable, "-c", IMPORTED], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert [n for n in loaded.stdout.split("'") if n.startswith("opentelemetry")] == []


def test_no_collector_is_known_unless_one_is_named(database: Path, quick: RunningEmulator):
    with running_services(asking(quick.url, database)):
        assert exporting_threads() == []
