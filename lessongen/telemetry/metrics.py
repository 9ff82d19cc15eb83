"""The two metrics of the GenAI conventions: how long requests took, and the tokens they used."""

from opentelemetry.metrics import MeterProvider

from lessongen.generation.events import Attempt
from lessongen.telemetry.names import (
    DURATION,
    SCOPE,
    SECONDS,
    TOKEN_COUNTS,
    TOKEN_TYPE,
    TOKENS,
    asked,
    output_tokens,
    request_attributes,
)


class RequestMetrics:
    """Counts requests to models. May be called from any thread."""

    def __init__(self, meters: MeterProvider, provider: str) -> None:
        meter = meters.get_meter(SCOPE)
        self._provider = provider
        self._seconds = meter.create_histogram(
            DURATION,
            unit="s",
            description="GenAI operation duration.",
            explicit_bucket_boundaries_advisory=SECONDS,
        )
        self._tokens = meter.create_histogram(
            TOKENS,
            unit="{token}",
            description="Number of input and output tokens used.",
            explicit_bucket_boundaries_advisory=TOKEN_COUNTS,
        )

    def record(self, attempt: Attempt) -> None:
        """Count an attempt, if a model was asked. The wait for a place is no part of it."""
        if not asked(attempt):
            return
        told = request_attributes(attempt, self._provider)
        self._seconds.record(attempt.total_seconds - attempt.queue_seconds, told)
        for kind, tokens in (("input", attempt.usage.input), ("output", output_tokens(attempt))):
            if tokens is not None and tokens >= 0:
                self._tokens.record(tokens, told | {TOKEN_TYPE: kind})
