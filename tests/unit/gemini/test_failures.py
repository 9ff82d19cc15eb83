import traceback
from typing import Any

import aiohttp
import pytest
from google.genai import errors as sdk
from pydantic import SecretStr

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
from lessongen.gemini.failures import translated

KEY = SecretStr("AIza-a-secret")
MODEL = "some-model"


def body(message: str, *details: dict[str, Any]) -> dict[str, Any]:
    return {"error": {"message": message, "status": "STATUS", "details": list(details)}}


def answered(code: int, sent: object) -> ProviderError:
    return translated(sdk.APIError(code, sent), MODEL, KEY)


BAD_KEY = {"@type": "google.rpc.ErrorInfo", "reason": "API_KEY_INVALID"}


@pytest.mark.parametrize(
    ("code", "sent", "ours"),
    [
        (400, body("No such field"), BadRequest(MODEL, "400: No such field")),
        (400, body("Not valid", BAD_KEY), Unauthorized(MODEL, "400: Not valid")),
        (401, body("Wrong kind of key"), Unauthorized(MODEL, "401: Wrong kind of key")),
        (403, body("Leaked"), Unauthorized(MODEL, "403: Leaked")),
        (404, body("No model"), ModelNotFound(MODEL, "404: No model")),
        (408, body("Late"), TimedOut(MODEL, "408: Late")),
        (413, body("Large"), BadRequest(MODEL, "413: Large")),
        (429, body("Slow down"), Throttled(MODEL, "429: Slow down")),
        (499, body("Cancelled"), BadRequest(MODEL, "499: Cancelled")),
        (500, body("Oops"), Unavailable(MODEL, "500: Oops")),
        (503, body("Overloaded"), Unavailable(MODEL, "503: Overloaded")),
        (504, body("Expired"), TimedOut(MODEL, "504: Expired")),
        (302, body("Elsewhere"), Malformed(MODEL, "unexpected answer 302: Elsewhere")),
        (503, {}, Unavailable(MODEL, "503: no reason given")),
        (503, {"error": "boom"}, Unavailable(MODEL, "503: no reason given")),
        (503, {"error": {"status": "DOWN"}}, Unavailable(MODEL, "503: DOWN")),
        (503, {"error": {"message": ["odd"], "status": 7}}, Unavailable(MODEL, "503: 7")),
        (503, "text", Unavailable(MODEL, "503: no reason given")),
        (503, None, Unavailable(MODEL, "503: no reason given")),
        (503, [body("In a list")], Unavailable(MODEL, "503: In a list")),
    ],
)
def test_every_status_has_its_error_and_keeps_the_server_s_reason(
    code: int, sent: object, ours: ProviderError
):
    error = answered(code, sent)

    assert (type(error), str(error), error.model) == (type(ours), str(ours), MODEL)


@pytest.mark.parametrize(
    ("details", "retry_after", "per_day"),
    [
        ([], None, False),
        ([{"retryDelay": "54s"}], 54.0, False),
        ([{"retryDelay": "2.5s"}], 2.5, False),
        ([{"@type": "Help"}, {"retryDelay": "0s"}], 0.0, False),
        ([{"retryDelay": "soon"}], None, False),
        ([{"retryDelay": None}], None, False),
        ([{"violations": [{"quotaId": "RequestsPerMinutePerProject"}]}], None, False),
        (
            [{"violations": [{}, {"quotaId": "RequestsPerDayPerProject"}]}, {"retryDelay": "54s"}],
            54.0,
            True,
        ),
        ([{"violations": "many"}], None, False),
        (["text", {"retryDelay": "1s"}], 1.0, False),
        ("text", None, False),
    ],
)
def test_a_throttled_answer_says_how_long_to_wait_and_whether_the_day_is_over(
    details: Any, retry_after: float | None, *, per_day: bool
):
    error = answered(429, {"error": {"message": "Quota", "details": details}})

    assert isinstance(error, Throttled)
    assert (error.retry_after, error.per_day) == (retry_after, per_day)


@pytest.mark.parametrize(
    ("error", "kind", "reason"),
    [
        (TimeoutError(), TimedOut, "timed out"),
        (aiohttp.ServerTimeoutError(), TimedOut, "timed out"),
        (aiohttp.ServerDisconnectedError(), Unavailable, "was cut"),
        (aiohttp.ClientPayloadError(), Unavailable, "was cut"),
        (aiohttp.ClientOSError(104, "reset"), Unavailable, "ClientOSError"),
        (ConnectionResetError(), Unavailable, "ConnectionResetError"),
        (ValueError("no JSON"), Malformed, "not an answer"),
        (sdk.UnknownApiResponseError("no JSON"), Malformed, "not an answer"),
        (RuntimeError("closed"), Unavailable, "RuntimeError"),
    ],
)
def test_what_goes_wrong_on_the_way_has_its_error_too(
    error: Exception, kind: type[ProviderError], reason: str
):
    ours = translated(error, MODEL, KEY)

    assert type(ours) is kind
    assert reason in ours.reason
    assert ours.__cause__ is error


@pytest.mark.parametrize(
    "message",
    [
        f"The key {KEY.get_secret_value()} is leaked: {KEY.get_secret_value()}",
        *[
            "x" * length + KEY.get_secret_value() + " is leaked"
            for length in (280, 286, 290, 294, 295)
        ],
    ],
)
def test_no_part_of_an_echoed_key_is_in_the_error_or_its_traceback(message: str):
    error = answered(403, body(message))

    shown = str(error) + "".join(traceback.format_exception(error))
    assert KEY.get_secret_value()[:5] not in shown
    assert len(error.reason) <= 300


def test_a_foreign_error_without_the_key_is_kept_as_the_cause():
    foreign = sdk.APIError(503, body("Overloaded"))

    assert translated(foreign, MODEL, KEY).__cause__ is foreign
    assert translated(foreign, MODEL).__cause__ is foreign
