"""Sends telemetry to a collector in the background; one that is down costs no lesson a moment."""

import logging
import threading
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.metrics import NoOpMeterProvider
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import (
    MetricExportResult,
    MetricsData,
    PeriodicExportingMetricReader,
)
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExportResult

from lessongen.telemetry.following import Clocks, Telemetry
from lessongen.telemetry.names import GEMINI, VERTEX

_LOG = logging.getLogger(__name__)

_EXPORT_SECONDS = 3.0
# Longer than one export: what is under way when the server stops may still arrive.
_FLUSH_SECONDS = 4.0
# A hundred lessons that end in the same second.
_MOST_SPANS = 8192


@contextmanager
def sending_telemetry(
    endpoint: str, *, vertex: bool = False, clocks: Clocks | None = None
) -> Generator[Telemetry]:
    """Send to the collector at a URL; leaving the context sends what is left, for a few seconds.

    Nothing global is touched but the level of the SDK's log, which would repeat itself for as long
    as a collector is down.
    """
    logging.getLogger("opentelemetry").setLevel(logging.CRITICAL)
    collector, silent = _Collector(endpoint), NoOpMeterProvider()
    resource = _resource()
    reader = PeriodicExportingMetricReader(_Metrics(endpoint, collector))
    meters = MeterProvider([reader], resource, shutdown_on_exit=False)
    spans = BatchSpanProcessor(
        _Spans(endpoint, collector), max_queue_size=_MOST_SPANS, meter_provider=silent
    )
    tracers = TracerProvider(resource=resource, shutdown_on_exit=False, meter_provider=silent)
    tracers.add_span_processor(spans)
    try:
        yield Telemetry(tracers, meters, clocks, VERTEX if vertex else GEMINI)
    finally:
        collector.close([tracers.shutdown, meters.shutdown])


class _Collector:
    """Knows whether the collector takes what it is sent, and tells once where it does not.

    Methods may be called from any thread.
    """

    def __init__(self, endpoint: str) -> None:
        self._endpoint = endpoint
        self._lock = threading.Lock()
        self._failing: set[str] = set()
        self._closing = False
        self._given_up = False

    def takes(self, kind: str, export: Callable[[], bool]) -> bool:
        """Export something and say whether it was taken; at the end, nothing after a failure."""
        if self._given_up:
            return False
        taken = export()
        with self._lock:
            if not taken:
                self._tell_failure(kind)
            elif kind in self._failing:
                self._failing.remove(kind)
                if not self._failing:
                    _LOG.warning("Telemetry reaches %s again", self._endpoint)
        return taken

    def close(self, shutdowns: Sequence[Callable[[], None]]) -> None:
        """Send what is left, as long as that takes a few seconds at most."""
        self._closing = True
        closing = [threading.Thread(target=shutdown, daemon=True) for shutdown in shutdowns]
        for thread in closing:
            thread.start()
        latest = time.monotonic() + _FLUSH_SECONDS
        for thread in closing:
            thread.join(max(0.0, latest - time.monotonic()))
        self._given_up = True

    def _tell_failure(self, kind: str) -> None:
        if not self._failing:
            _LOG.warning(
                "Telemetry (%s) does not reach %s: no answer, or not the right one. "
                "Lessons go on without it",
                kind,
                self._endpoint,
            )
        self._failing.add(kind)
        self._given_up = self._closing


class _Spans(OTLPSpanExporter):
    def __init__(self, endpoint: str, collector: _Collector) -> None:
        super().__init__(
            f"{endpoint}/v1/traces", timeout=_EXPORT_SECONDS, meter_provider=NoOpMeterProvider()
        )
        self._collector = collector

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        ask = partial(super().export, spans)
        taken = self._collector.takes("traces", lambda: ask() is SpanExportResult.SUCCESS)
        return SpanExportResult.SUCCESS if taken else SpanExportResult.FAILURE


class _Metrics(OTLPMetricExporter):
    def __init__(self, endpoint: str, collector: _Collector) -> None:
        super().__init__(
            f"{endpoint}/v1/metrics", timeout=_EXPORT_SECONDS, meter_provider=NoOpMeterProvider()
        )
        self._collector = collector

    def export(
        self,
        metrics_data: MetricsData,
        timeout_millis: float | None = None,
        **kwargs: Any,
    ) -> MetricExportResult:
        ask = partial(super().export, metrics_data, timeout_millis, **kwargs)
        taken = self._collector.takes("metrics", lambda: ask() is MetricExportResult.SUCCESS)
        return MetricExportResult.SUCCESS if taken else MetricExportResult.FAILURE


def _resource() -> Resource:
    """Return who sends: the product and its version; the SDK adds an id for each process."""
    told = {"service.name": "lessongen"}
    try:
        told["service.version"] = version("lessongen")
    except PackageNotFoundError:
        _LOG.info("Telemetry names no version: LessonGen is not installed as a package")
    return Resource.create(told)
