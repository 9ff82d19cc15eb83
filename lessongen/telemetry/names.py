"""The names under which telemetry is sent: OpenTelemetry's for models, and our own.

Those that begin with gen_ai are of the GenAI semantic conventions, which have a repository of their
own, open-telemetry/semantic-conventions-genai; the SDK's copy of them is deprecated.
"""

from collections.abc import Mapping
from typing import Final

from lessongen.generation.events import Attempt

Attributes = Mapping[str, str | bool | int | float]

SCOPE: Final = "lessongen"
OPERATION_NAME: Final = "gen_ai.operation.name"
OPERATION: Final = "generate_content"
GEMINI, VERTEX = "gcp.gemini", "gcp.vertex_ai"

DURATION: Final = "gen_ai.client.operation.duration"
TOKENS: Final = "gen_ai.client.token.usage"
TOKEN_TYPE: Final = "gen_ai.token.type"  # noqa: S105 (a name that is sent, no password)
ERROR_TYPE: Final = "error.type"

# The boundaries that the conventions ask for.
SECONDS: Final = tuple(0.01 * 2**power for power in range(14))
TOKEN_COUNTS: Final = tuple(4**power for power in range(14))


def asked(attempt: Attempt) -> bool:
    """Say whether a model was asked at all; a closed slot, or a cancelled wait, asks nobody."""
    return attempt.outcome != "refused" and attempt.total_seconds > attempt.queue_seconds


def request_attributes(attempt: Attempt, provider: str) -> dict[str, str]:
    """Return what tells requests apart: the model asked, the one that answered, what went wrong."""
    named = {
        OPERATION_NAME: OPERATION,
        "gen_ai.provider.name": provider,
        "gen_ai.request.model": attempt.model,
        "gen_ai.response.model": attempt.model_version,
        ERROR_TYPE: type(attempt.error).__name__ if attempt.error else None,
    }
    return {name: value for name, value in named.items() if value is not None}


def output_tokens(attempt: Attempt) -> int | None:
    """Return the output that is paid for, thoughts included; None where the server did not say."""
    counted = [n for n in (attempt.usage.output, attempt.usage.thoughts) if n is not None]
    return sum(counted) if counted else None
