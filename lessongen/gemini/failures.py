"""Errors of the SDK and of its transport, translated into ours."""

import re
from collections.abc import Iterator
from typing import cast

import aiohttp
from google.genai import errors as sdk
from pydantic import JsonValue, SecretStr

from lessongen.errors import (
    BadRequest,
    Malformed,
    ModelNotFound,
    ProviderError,
    Throttled,
    TimedOut,
    Unauthorized,
    Unavailable,
)
from lessongen.gemini.connections import OversizedBody

OVERSIZED = "the answer is far longer than any section"
_MAX_REASON = 300


def translated(error: Exception, model: str, key: SecretStr | None = None) -> ProviderError:
    """Return our error for anything the SDK lets out, with that as its cause.

    A server may echo the key: it is masked, and an error that repeats it is not kept as cause.
    """
    secret = key.get_secret_value() if key else ""
    ours = _ours(error, model, secret)
    if not (secret and secret in str(error)):
        ours.__cause__ = error
    return ours


def _ours(error: Exception, model: str, secret: str) -> ProviderError:
    match error:
        case sdk.APIError():
            return _from_status(error, model, _reason(error, secret))
        case TimeoutError():
            return TimedOut(model, "the connection timed out")
        case aiohttp.ClientConnectorError():
            return Unavailable(model, f"the server {error.host} could not be reached")
        case aiohttp.ClientPayloadError() | aiohttp.ServerDisconnectedError():
            return Unavailable(model, "the connection was cut")
        case aiohttp.ClientError() | OSError():
            return Unavailable(model, f"the connection failed ({type(error).__name__})")
        case OversizedBody():
            return Malformed(model, OVERSIZED)
        case AttributeError() | TypeError():
            # How the SDK fails on an error in a stream that is no object, or has no numeric code.
            return Unavailable(model, "the server reported an error that names no status")
        case ValueError():
            return Malformed(model, "the server sent something that is not an answer")
        case _:
            return Unavailable(model, f"the call failed ({type(error).__name__})")


def _from_status(error: sdk.APIError, model: str, reason: str) -> ProviderError:
    details = list(_details(cast("JsonValue", error.details)))
    match error.code:
        case 429:
            return Throttled(
                model, reason, retry_after=_retry_after(details), per_day=_per_day(details)
            )
        case 401 | 403:
            return Unauthorized(model, reason)
        case 404:
            return ModelNotFound(model, reason)
        case 408 | 504:
            return TimedOut(model, reason)
        case int(code) if code >= 500:  # noqa: PLR2004 - HTTP's own class of server errors
            return Unavailable(model, reason)
        case _ if any(detail.get("reason") == "API_KEY_INVALID" for detail in details):
            return Unauthorized(model, reason)
        case int(code) if code >= 400:  # noqa: PLR2004 - HTTP's own class of client errors
            return BadRequest(model, reason)
        case _:
            return Malformed(model, f"unexpected answer {reason}")


def _reason(error: sdk.APIError, secret: str) -> str:
    text = error.message if isinstance(error.message, str) and error.message else error.status
    reason = f"{error.code}: {text or 'no reason given'}"
    # Masked before it is cut: a cut key would not be found.
    return (reason.replace(secret, "•••") if secret else reason)[:_MAX_REASON]


def _details(body: JsonValue) -> Iterator[dict[str, JsonValue]]:
    """Yield the typed details of an error body, whatever shape the body really has."""
    match body:
        case {"error": {"details": [*details]}}:
            yield from _objects(details)
        case [first, *_]:
            yield from _details(first)
        case _:
            return


def _objects(items: JsonValue) -> Iterator[dict[str, JsonValue]]:
    if isinstance(items, list):
        yield from (item for item in items if isinstance(item, dict))


def _retry_after(details: list[dict[str, JsonValue]]) -> float | None:
    for detail in details:
        found = re.fullmatch(r"(\d+(?:\.\d+)?)s", str(detail.get("retryDelay", "")))
        if found:
            return float(found[1])
    return None


def _per_day(details: list[dict[str, JsonValue]]) -> bool:
    return any(
        "PerDay" in str(violation.get("quotaId", ""))
        for detail in details
        for violation in _objects(detail.get("violations"))
    )
