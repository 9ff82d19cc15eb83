import asyncio
import gzip
import json
import socket
import struct

import pytest

from lessongen.errors import (
    BadRequest,
    Blocked,
    Malformed,
    ModelNotFound,
    ProviderError,
    Throttled,
    TimedOut,
    Unauthorized,
    Unavailable,
)
from lessongen.gemini.answers import parsed_answer
from lessongen.gemini.client import MAX_ANSWER_CHARACTERS
from lessongen.gemini.messages import Usage
from tests.support.gemini import (
    FLASH,
    KEY,
    READING,
    SAMPLE,
    answering_server,
    asked,
    event,
    google_error,
    heard_from,
    opened,
    piece,
)
from tests.support.raw_server import (
    STREAM,
    Answering,
    Connection,
    raw_server,
    response,
    sending,
)

pytestmark = pytest.mark.usefixtures("without_google_variables")


async def _reset(connection: Connection) -> None:
    connected: socket.socket = connection.writer.get_extra_info("socket")
    connected.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.writer.transport.abort()


HTML = "<html><body><b>Sign in</b> to the { network }</body></html>"
QUOTA_OF_THE_DAY = {
    "error": {
        "code": 429,
        "message": "Quota exceeded",
        "status": "RESOURCE_EXHAUSTED",
        "details": [
            {
                "@type": "type.googleapis.com/google.rpc.QuotaFailure",
                "violations": [{"quotaId": "GenerateRequestsPerDayPerProjectPerModel"}],
            },
            {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "54s"},
        ],
    }
}


def json_response(status: str, body: str) -> bytes:
    return response(status, body, "Content-Type: application/json")


@pytest.mark.parametrize(
    ("sent", "kind", "reason"),
    [
        (google_error(400, "INVALID_ARGUMENT", "Bad field"), BadRequest, "400: Bad field"),
        (google_error(401, "UNAUTHENTICATED", "Wrong key"), Unauthorized, "401: Wrong key"),
        (google_error(403, "PERMISSION_DENIED", "Leaked"), Unauthorized, "403: Leaked"),
        (google_error(404, "NOT_FOUND", "No model"), ModelNotFound, "404: No model"),
        (google_error(504, "DEADLINE_EXCEEDED", "Expired"), TimedOut, "504: Expired"),
        (response("502 Bad Gateway", HTML, "Content-Type: text/html"), Unavailable, "502: <html>"),
        (response("503 Service Unavailable", ""), Unavailable, "503: Service Unavailable"),
        (response("429 Too Many Requests", ""), Throttled, "429: Too Many Requests"),
        (json_response("403 No", "[]"), Unauthorized, "403: no reason given"),
        (json_response("500 No", '{"error": "boom"}'), Unavailable, "500: no reason given"),
        (json_response("500 No", '{"error": {"message": "boom"}}'), Unavailable, "500: boom"),
        # The SDK loses the status of an error whose JSON is broken.
        (json_response("503 No", "{"), Malformed, "not an answer"),
        (response("200 OK", HTML, "Content-Type: text/html"), Malformed, "not an answer"),
        (response("200 OK", "data: {nope\r\n\r\n"), Malformed, "not an answer"),
        (response("200 OK", b"data: \xff\xfe\r\n\r\n"), Malformed, "not an answer"),
        (response("200 OK", "Service ready\n"), Malformed, "not an answer"),
        (b"SSH-2.0-OpenSSH_9.6\r\n", Unavailable, "the connection failed"),
        (b"", Unavailable, "the connection was cut"),
        (STREAM + piece("{") + b'data: {"candi', Malformed, "not an answer"),
        # The SDK reads no comments and no names of events.
        (STREAM + piece("{") + b": keep alive\r\n\r\n", Malformed, "not an answer"),
        (STREAM + piece("{}", finishReason="RECITATION"), Blocked, "RECITATION"),
        (STREAM + piece("{}", finishReason="PROHIBITED_CONTENT"), Blocked, "PROHIBITED_CONTENT"),
        (STREAM + piece("{}", finishReason="OTHER"), Malformed, "ended with OTHER"),
        (
            STREAM + event({"promptFeedback": {"blockReason": "SAFETY"}}),
            Blocked,
            "the question was blocked (SAFETY)",
        ),
        (STREAM + piece("x" * (MAX_ANSWER_CHARACTERS + 1)), Malformed, "far longer"),
    ],
)
async def test_what_no_good_server_sends_is_still_our_error_after_one_request(
    sent: bytes, kind: type[ProviderError], reason: str
):
    async with raw_server(sending(sent)) as server:
        heard = await heard_from(server.url)

    assert type(heard.error) is kind
    assert reason in str(heard.error)
    assert len(server.connections) == 1


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "307 Temporary", "308 Permanent"])
async def test_a_redirect_is_never_followed_with_the_key(status: str):
    async with answering_server({"parts": [{"text": "{}"}]}) as elsewhere:
        moved = response(status, "", f"Location: {elsewhere.url}/v1/models")
        async with raw_server(sending(moved)) as server:
            heard = await heard_from(server.url)

    assert isinstance(heard.error, Malformed)
    assert heard.error.reason.startswith(f"unexpected answer {status[:3]}")
    assert elsewhere.connections == []


async def test_an_unknown_reason_to_finish_is_malformed():
    async with raw_server(sending(STREAM + piece("{}", finishReason="BRAND_NEW"))) as server:
        with pytest.warns(UserWarning, match="BRAND_NEW is not a valid FinishReason"):
            heard = await heard_from(server.url)

    assert isinstance(heard.error, Malformed)
    assert heard.error.reason == "the answer ended with BRAND_NEW"


async def test_a_server_that_refuses_the_connection_is_unavailable_at_once():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        heard = await heard_from(f"http://127.0.0.1:{free.getsockname()[1]}", patience=1)

    assert isinstance(heard.error, Unavailable)
    assert heard.error.reason == "the server 127.0.0.1 could not be reached"


async def test_a_connection_reset_before_the_headers_is_unavailable_after_one_request():
    async with raw_server(_reset) as server:
        heard = await heard_from(server.url, patience=1)

    assert isinstance(heard.error, Unavailable)
    assert len(server.connections) == 1


@pytest.mark.parametrize(
    "last",
    [
        b"",
        event({"candidates": []}),
        event({"usageMetadata": {"promptTokenCount": 5}}),
        event({"candidates": [{"finishReason": "STOP"}]}),
        event({"candidates": [{"content": dict[str, str](), "finishReason": "STOP"}]}),
        event({"candidates": [{"content": {"role": "model"}, "finishReason": "STOP"}]}),
    ],
    ids=["no finish", "no candidates", "usage alone", "no content", "empty content", "no parts"],
)
async def test_a_whole_answer_is_accepted_however_its_stream_ends(last: bytes):
    written = SAMPLE.model_dump_json()
    stream = STREAM + piece(written[:50]) + piece(written[50:]) + last
    async with raw_server(sending(stream)) as server:
        heard = await heard_from(server.url)

    assert heard.error is None
    assert parsed_answer(heard.text, READING.content, FLASH) == SAMPLE


async def test_usage_may_come_in_parts():
    first = event({"usageMetadata": {"promptTokenCount": 7, "cachedContentTokenCount": 4}})
    last = event({"usageMetadata": {"candidatesTokenCount": 3}})
    async with raw_server(sending(STREAM + first + piece("{}") + last)) as server:
        heard = await heard_from(server.url)

    assert [delta.usage for delta in heard.deltas] == [
        Usage(input=7, cached=4),
        None,
        Usage(output=3),
    ]


async def test_thoughts_and_other_candidates_are_no_part_of_the_answer():
    parts = [{"text": "I think", "thought": True}, {"text": '{"a":'}, {"text": " 1}"}]
    other = {"content": {"parts": [{"text": "other"}]}}
    answer = {"content": {"parts": parts}, "finishReason": "STOP"}
    async with raw_server(sending(STREAM + event({"candidates": [answer, other]}))) as server:
        heard = await heard_from(server.url)

    assert heard.text == '{"a": 1}'


@pytest.mark.parametrize("usage", [None, {}, {"promptTokenCount": 0, "candidatesTokenCount": 0}])
async def test_usage_that_is_missing_or_zero_is_no_failure(usage: dict[str, int] | None):
    told = {} if usage is None else {"usageMetadata": usage}
    candidate = {"content": {"parts": [{"text": "{}"}]}, "finishReason": "STOP"}
    async with raw_server(sending(STREAM + event({"candidates": [candidate], **told}))) as server:
        heard = await heard_from(server.url)

    assert (heard.text, heard.error) == ("{}", None)
    assert heard.usage == (None if usage is None else Usage(*[0 if usage else None] * 2))


async def test_a_compressed_stream_is_understood():
    written = SAMPLE.model_dump_json()
    zipped = gzip.compress(piece(written[:50]) + piece(written[50:], finishReason="STOP"))
    head = STREAM.removesuffix(b"\r\n") + b"Content-Encoding: gzip\r\n\r\n"
    async with raw_server(sending(head + zipped)) as server:
        heard = await heard_from(server.url)

    assert "gzip" in server.connections[0].head.lower()
    assert parsed_answer(heard.text, READING.content, FLASH) == SAMPLE


@pytest.mark.parametrize(
    "sent",
    [event(QUOTA_OF_THE_DAY), json.dumps(QUOTA_OF_THE_DAY, indent=2).encode() + b"\n"],
    ids=["an event", "bare lines"],
)
async def test_an_error_in_the_stream_keeps_all_that_it_says(sent: bytes):
    async with raw_server(sending(STREAM + piece("{") + sent)) as server:
        heard = await heard_from(server.url)

    assert heard.text == "{"
    assert isinstance(heard.error, Throttled)
    assert heard.error.reason == "429: Quota exceeded"
    assert (heard.error.retry_after, heard.error.per_day) == (54.0, True)


@pytest.mark.parametrize(
    ("error", "kind", "reason"),
    [
        ({"code": 503, "message": "Overloaded"}, Unavailable, "503: Overloaded"),
        ({"code": 504, "message": "Expired"}, TimedOut, "504: Expired"),
        ({"code": 403, "message": "Leaked"}, Unauthorized, "403: Leaked"),
        ({"code": 13, "message": "Of gRPC"}, Malformed, "unexpected answer 13: Of gRPC"),
        ({"code": "503", "message": "In quotes"}, Unavailable, "names no status"),
        ({"message": "Without a code"}, Unavailable, "names no status"),
        ("boom", Unavailable, "names no status"),
        (None, Unavailable, "names no status"),
    ],
)
async def test_an_error_in_the_stream_is_our_error_whatever_its_shape(
    error: object, kind: type[ProviderError], reason: str
):
    async with raw_server(sending(STREAM + piece("{") + event({"error": error}))) as server:
        heard = await heard_from(server.url)

    assert type(heard.error) is kind
    assert reason in str(heard.error)


def _failing_and_going_on(chunk: bytes, then: bytes = b"data: {}\r\n\r\n") -> Answering:
    async def answer(connection: Connection) -> None:
        await connection.send(STREAM + piece("{") + chunk)
        while True:
            await connection.send(then)
            await asyncio.sleep(0.01)

    return answer


@pytest.mark.parametrize(
    "answer",
    [
        _failing_and_going_on(b"", then=piece("x" * 100_000)),
        _failing_and_going_on(piece("x", finishReason="MAX_TOKENS")),
        _failing_and_going_on(event(QUOTA_OF_THE_DAY)),
        _failing_and_going_on(event({"error": "boom"})),
        _failing_and_going_on(event({"usageMetadata": "none"})),
        _failing_and_going_on(event(5)),
        _failing_and_going_on(b"<html>\r\n"),
    ],
    ids=["endless", "truncated", "quota", "boom", "no usage", "a number", "html"],
)
async def test_a_server_that_goes_on_after_a_failure_is_left(answer: Answering):
    async with raw_server(answer) as server, opened(server.url) as client:
        heard = await asked(client)
        async with asyncio.timeout(1):
            await server.connections[0].closed.wait()

    assert heard.error
    assert not isinstance(heard.error, TimedOut)


@pytest.mark.parametrize(
    "sent",
    [
        google_error(400, "INVALID_ARGUMENT", f"API key {KEY} not valid"),
        google_error(403, "PERMISSION_DENIED", f"{'x' * 290}{KEY} was leaked"),
        response("401 Unauthorized", f"<html>{KEY}</html>", "Content-Type: text/html"),
        response(f"500 {KEY}", ""),
        response("200 OK", f"{{ {KEY} }}"),
        response("302 Found", "", f"Location: /{KEY}"),
        STREAM + piece("{}", finishReason="OTHER") + event({"error": {"message": KEY}}),
    ],
)
async def test_a_key_that_a_server_echoes_is_in_no_error(sent: bytes):
    async with raw_server(sending(sent)) as server:
        heard = await heard_from(server.url)

    assert heard.error
    assert KEY[:5] not in str(heard.error)
    assert KEY not in str(heard.error.__cause__)
