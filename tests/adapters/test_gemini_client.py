import asyncio
import contextlib
import json
import math
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import certifi
import pytest
from pydantic import SecretStr

from lessongen.emulator.config import EmulatorConfig
from lessongen.emulator.delays import Pace
from lessongen.emulator.faults import FaultKind, FaultRule
from lessongen.emulator.server import RunningEmulator, running_emulator
from lessongen.errors import (
    BadRequest,
    Blocked,
    Malformed,
    ModelNotFound,
    ProviderError,
    Throttled,
    TimedOut,
    Truncated,
    Unauthorized,
    Unavailable,
)
from lessongen.gemini.answers import parsed_answer
from lessongen.gemini.client import MAX_ANSWER_CHARACTERS, Endpoint, GeminiClient
from lessongen.gemini.messages import Delta, ModelRequest, Usage
from lessongen.lesson.brief import local_brief
from lessongen.lesson.levels import Level
from lessongen.lesson.prompts import section_prompt
from lessongen.lesson.request import LessonRequest
from lessongen.lesson.samples import load_samples
from lessongen.lesson.sections import SECTIONS
from tests.support.raw_server import (
    STREAM,
    Answering,
    Connection,
    RawServer,
    raw_server,
    response,
    sending,
)

FLASH = "gemini-3.8-flash"
KEY = "AIza-a-secret"
LESSON = LessonRequest(topic="Weekend markets", level=Level.B1)
READING = SECTIONS["reading"]
PROMPT = section_prompt(READING, LESSON, local_brief(LESSON))
REQUEST = ModelRequest(FLASH, PROMPT.system, PROMPT.user, PROMPT.schema, "low", 6000)
BANK = load_samples(Path(__file__).parents[2] / "data" / "samples")
SAMPLE = READING.parsed(BANK.lesson_for(LESSON).part("reading", LESSON.topic))
GOOGLE_VARIABLES = (
    "GOOGLE_API_KEY",
    "GEMINI_API_KEY",
    "GOOGLE_GENAI_USE_VERTEXAI",
    "GOOGLE_GENAI_USE_ENTERPRISE",
    "GOOGLE_GEMINI_BASE_URL",
    "GOOGLE_GENAI_API_VERSION",
)
FAULTS: dict[FaultKind, type[ProviderError] | None] = {
    FaultKind.THROTTLED: Throttled,
    FaultKind.QUOTA_PER_DAY: Throttled,
    FaultKind.INTERNAL: Unavailable,
    FaultKind.UNAVAILABLE: Unavailable,
    FaultKind.CONNECTION_CUT: Unavailable,
    FaultKind.ERROR_WITHOUT_STATUS: Unavailable,
    FaultKind.MAX_TOKENS: Truncated,
    FaultKind.SAFETY: Blocked,
    FaultKind.PROMPT_BLOCKED: Blocked,
    FaultKind.BAD_KEY: Unauthorized,
    FaultKind.HANG: TimedOut,
    FaultKind.STALL: TimedOut,
    FaultKind.SLOW: TimedOut,
    FaultKind.CUT_WITHOUT_STOP: Malformed,
    FaultKind.BROKEN_JSON: Malformed,
    FaultKind.EMPTY: Malformed,
    FaultKind.FENCED_JSON: None,  # tolerated
    FaultKind.NO_USAGE: None,
}

StartEmulator = Callable[..., RunningEmulator]


@pytest.fixture(scope="module")
def one_certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file with one authority: the SDK reads it three times a client, for 0.2 s less."""
    path = tmp_path_factory.mktemp("certificates") / "one.pem"
    first, end, _ = Path(certifi.where()).read_text().partition("-----END CERTIFICATE-----\n")
    path.write_text(first[first.index("-----BEGIN") :] + end)
    return path


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, one_certificate: Path) -> None:
    """Run every test without the SDK's own variables."""
    for name in GOOGLE_VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SSL_CERT_FILE", str(one_certificate))


@pytest.fixture
def emulator() -> Iterator[StartEmulator]:
    """Start emulators at infinite speed, or as asked."""
    with contextlib.ExitStack() as running:

        def start(*faults: FaultKind, **settings: Any) -> RunningEmulator:
            rules = tuple(FaultRule(kind) for kind in faults)
            config = replace(EmulatorConfig(BANK, speed=math.inf, faults=rules), **settings)
            return running.enter_context(running_emulator(config))

        yield start


@dataclass
class Heard:
    """Everything a client heard of one answer."""

    deltas: list[Delta] = field(default_factory=list[Delta])
    error: ProviderError | None = None

    @property
    def text(self) -> str:
        return "".join(delta.text for delta in self.deltas)

    @property
    def usage(self) -> Usage | None:
        return next((delta.usage for delta in reversed(self.deltas) if delta.usage), None)


def opened(url: str, **settings: Any) -> contextlib.AbstractAsyncContextManager[GeminiClient]:
    return GeminiClient.opened(Endpoint(SecretStr(KEY), url, **settings))


async def asked(
    client: GeminiClient, request: ModelRequest = REQUEST, patience: float = 5.0
) -> Heard:
    """Ask and listen to the end; patience is the caller's own deadline, as in generation."""
    heard = Heard()
    try:
        async with asyncio.timeout(patience), client.stream(request) as deltas:
            async for delta in deltas:
                heard.deltas.append(delta)
    except ProviderError as error:
        heard.error = error
    except TimeoutError:
        heard.error = TimedOut(request.model, "patience")
    return heard


async def heard_from(url: str, patience: float = 5.0, **settings: Any) -> Heard:
    async with opened(url, **settings) as client:
        return await asked(client, patience=patience)


async def eventually(reached: Callable[[], bool]) -> None:
    async with asyncio.timeout(3):
        while not reached():  # noqa: ASYNC110 (it is another thread that gets there)
            await asyncio.sleep(0.005)


def outcomes(running: RunningEmulator) -> list[str]:
    return [record.outcome for record in running.requests]


# An answer


async def test_a_section_streams_in_pieces_and_is_valid(emulator: StartEmulator):
    running = emulator()

    heard = await heard_from(running.url)

    assert parsed_answer(heard.text, READING.content, FLASH) == SAMPLE
    assert len(heard.deltas) > 10
    assert [delta.finished for delta in heard.deltas] == [False] * (len(heard.deltas) - 1) + [True]
    assert outcomes(running) == ["served"]


async def test_usage_and_the_model_s_version_come_with_the_answer(emulator: StartEmulator):
    heard = await heard_from(emulator().url)

    assert heard.usage == Usage(
        input=-(-(len(PROMPT.system) + 1 + len(PROMPT.user)) // 4),
        output=-(-len(heard.text) // 4),
        thoughts=64,
        cached=0,
    )
    assert heard.deltas[-1].model_version == FLASH


async def test_pieces_arrive_before_the_answer_is_complete(emulator: StartEmulator):
    running = emulator(paces={FLASH: Pace(0, 50)}, speed=1)

    async with opened(running.url) as client, client.stream(REQUEST) as deltas:
        first = await anext(deltas)
        assert outcomes(running) == ["open"]

    assert first.text.startswith("{")


async def test_many_answers_stream_at_the_same_time(emulator: StartEmulator):
    running = emulator(part_seconds={"reading": 0.3}, speed=1)

    async with opened(running.url) as client:
        heard = await asyncio.gather(*(asked(client) for _ in range(30)))

    assert {answer.text for answer in heard} == {heard[0].text}
    last_start = max(record.started for record in running.requests)
    assert last_start < min(record.ended or math.inf for record in running.requests)


# What goes wrong: every fault of the emulator


@pytest.mark.parametrize(("kind", "error"), FAULTS.items())
async def test_every_fault_is_our_error_or_a_tolerated_answer_after_one_request(
    emulator: StartEmulator, kind: FaultKind, error: type[ProviderError] | None
):
    slow_enough = {"part_seconds": {"reading": 1.0}, "speed": 1.0} if error is TimedOut else {}
    running = emulator(kind, **slow_enough)

    heard = await heard_from(running.url, patience=0.6 if error is TimedOut else 5.0)
    try:
        content = heard.error or parsed_answer(heard.text, READING.content, FLASH)
    except Malformed as malformed:
        content = malformed

    assert type(content) is (error or READING.content)
    await eventually(lambda: outcomes(running) == [f"fault:{kind}"])


def test_the_table_of_faults_is_complete():
    assert set(FAULTS) == set(FaultKind)


async def test_a_throttled_answer_names_its_wait(emulator: StartEmulator):
    heard = await heard_from(emulator(FaultKind.THROTTLED).url)

    assert isinstance(heard.error, Throttled)
    assert (heard.error.retry_after, heard.error.per_day) == (2.0, False)


async def test_a_quota_of_the_day_is_told_from_one_of_the_minute(emulator: StartEmulator):
    heard = await heard_from(emulator(FaultKind.QUOTA_PER_DAY).url)

    assert isinstance(heard.error, Throttled)
    assert heard.error.per_day


async def test_text_before_a_failure_is_heard(emulator: StartEmulator):
    for kind in (FaultKind.MAX_TOKENS, FaultKind.CONNECTION_CUT):
        heard = await heard_from(emulator(kind).url)
        assert heard.text.startswith("{")
        assert heard.error


async def test_without_usage_nothing_is_counted(emulator: StartEmulator):
    heard = await heard_from(emulator(FaultKind.NO_USAGE).url)

    assert heard.usage is None
    assert heard.deltas[-1].model_version is None


async def test_a_model_that_is_gone_is_not_found(emulator: StartEmulator):
    async with opened(emulator().url) as client:
        heard = await asked(client, replace(REQUEST, model="gemini-2.0-flash"))

    assert isinstance(heard.error, ModelNotFound)
    assert str(heard.error).startswith("gemini-2.0-flash: 404: models/gemini-2.0-flash is not")


async def test_a_client_outlives_every_failure(emulator: StartEmulator):
    rules = tuple(FaultRule(kind, times=1) for kind in FaultKind)
    running = emulator(faults=rules)

    async with opened(running.url) as client:
        for _ in FaultKind:
            await asked(client, patience=0.3)
        last = await asked(client)

    assert parsed_answer(last.text, READING.content, FLASH) == SAMPLE
    assert len(running.requests) == len(FaultKind) + 1


# Who stops listening is not served


@dataclass
class Listening:
    """A stream that a task reads; `started` once the first piece is there."""

    started: asyncio.Event = field(default_factory=asyncio.Event)

    async def leave_early(self, client: GeminiClient) -> None:
        async with client.stream(REQUEST) as deltas:
            async for _ in deltas:
                self.started.set()
                break

    async def fail(self, client: GeminiClient) -> None:
        with contextlib.suppress(ZeroDivisionError):
            async with client.stream(REQUEST) as deltas:
                async for _ in deltas:
                    self.started.set()
                    raise ZeroDivisionError

    async def run_out_of_time(self, client: GeminiClient) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(0.1), client.stream(REQUEST) as deltas:
                await self._read(deltas)

    async def be_cancelled(self, client: GeminiClient) -> None:
        task = asyncio.create_task(self._listen(client))
        await self.started.wait()
        task.cancel()
        await asyncio.wait([task])

    async def be_cancelled_while_busy(self, client: GeminiClient) -> None:
        async def busy() -> None:
            async with client.stream(REQUEST) as deltas:
                await anext(deltas)
                self.started.set()
                await asyncio.Event().wait()

        task = asyncio.create_task(busy())
        await self.started.wait()
        task.cancel()
        await asyncio.wait([task])

    async def never_read(self, client: GeminiClient) -> None:
        running = asyncio.get_running_loop()
        async with client.stream(REQUEST):
            await asyncio.wait([running.create_task(asyncio.sleep(0.1))])

    async def _listen(self, client: GeminiClient) -> None:
        async with client.stream(REQUEST) as deltas:
            await self._read(deltas)

    async def _read(self, deltas: AsyncIterator[Delta]) -> None:
        async for _ in deltas:
            self.started.set()


Leaving = Callable[[Listening, GeminiClient], Awaitable[None]]


@pytest.mark.parametrize(
    "leave",
    [
        Listening.leave_early,
        Listening.fail,
        Listening.run_out_of_time,
        Listening.be_cancelled,
        Listening.be_cancelled_while_busy,
        Listening.never_read,
    ],
)
async def test_the_server_stops_at_once_when_nobody_listens_any_more(
    emulator: StartEmulator, leave: Leaving
):
    running = emulator(paces={FLASH: Pace(0, 20)}, speed=1)

    async with opened(running.url) as client:
        await leave(Listening(), client)
        await eventually(lambda: outcomes(running) == ["disconnected"])


async def test_a_silent_server_is_left_when_time_is_up():
    async with raw_server(_silent) as server, opened(server.url) as client:
        heard = await asked(client, patience=0.1)
        async with asyncio.timeout(3):
            await server.connections[0].closed.wait()

    assert isinstance(heard.error, TimedOut)


async def test_closing_the_client_leaves_no_socket_and_no_task(emulator: StartEmulator):
    running = emulator(paces={FLASH: Pace(0, 20)}, speed=1)
    before = asyncio.all_tasks()

    async with opened(running.url) as client:
        async with client.stream(REQUEST) as deltas:
            await anext(deltas)
        assert asyncio.all_tasks() == before

    await eventually(lambda: outcomes(running) == ["disconnected"])


def test_a_client_opens_and_closes_in_every_new_loop(emulator: StartEmulator):
    running = emulator()

    for _ in range(2):
        with asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:
            assert runner.run(heard_from(running.url)).text

    assert outcomes(running) == ["served", "served"]


# What is sent


async def test_the_request_says_everything_once_and_nothing_else():
    async with answering_server({"parts": [{"text": "{}"}]}) as server:
        await heard_from(server.url)

    [connection] = server.connections
    sent = json.loads(connection.body)
    assert sent["systemInstruction"]["parts"] == [{"text": PROMPT.system}]
    assert sent["contents"] == [{"parts": [{"text": PROMPT.user}], "role": "user"}]
    config = sent["generationConfig"]
    assert config["responseJsonSchema"] == PROMPT.schema
    assert config["responseMimeType"] == "application/json"
    assert config["maxOutputTokens"] == 6000
    assert config["thinkingConfig"] == {"thinking_level": "LOW"}
    assert {setting["threshold"] for setting in sent["safetySettings"]} == {"BLOCK_LOW_AND_ABOVE"}
    assert len(sent["safetySettings"]) == 4
    assert set(sent) == {"systemInstruction", "contents", "generationConfig", "safetySettings"}
    assert set(config) == {
        "responseJsonSchema",
        "responseMimeType",
        "maxOutputTokens",
        "thinkingConfig",
    }


async def test_the_key_is_sent_in_its_header_and_no_deadline_is():
    async with answering_server({"parts": [{"text": "{}"}]}) as server:
        await heard_from(server.url)

    head = server.connections[0].head.lower()
    assert f"x-goog-api-key: {KEY}".lower() in head
    assert KEY.lower() not in head.splitlines()[0]
    assert "x-server-timeout" not in head


async def test_a_model_without_a_thinking_level_is_not_told_one():
    async with (
        answering_server({"parts": [{"text": "{}"}]}) as server,
        opened(server.url) as client,
    ):
        await asked(client, replace(REQUEST, thinking=None, max_output_tokens=None))

    config = json.loads(server.connections[0].body)["generationConfig"]
    assert set(config) == {"responseJsonSchema", "responseMimeType"}


@pytest.mark.parametrize("thinking", ["minimal", "low", "medium", "high", "xhigh"])
async def test_every_thinking_level_of_a_slot_is_one_the_sdk_knows(thinking: str):
    async with (
        answering_server({"parts": [{"text": "{}"}]}) as server,
        opened(server.url) as client,
    ):
        heard = await asked(client, replace(REQUEST, thinking=thinking))

    assert heard.error is None
    assert f'"{thinking.upper()}"' in server.connections[0].body


@pytest.mark.parametrize(
    ("settings", "path"),
    [
        ({}, "/v1/models/"),
        ({"api_version": "v1beta"}, "/v1beta/models/"),
    ],
)
async def test_base_url_and_api_version_are_honoured(settings: dict[str, Any], path: str):
    async with answering_server({"parts": [{"text": "{}"}]}) as server:
        await heard_from(server.url, **settings)

    line = f"POST {path}{FLASH}:streamGenerateContent?alt=sse HTTP/1.1"
    assert server.connections[0].head.splitlines()[0] == line


async def test_a_base_url_may_have_a_path():
    async with answering_server({"parts": [{"text": "{}"}]}) as server:
        await heard_from(f"{server.url}/gemini")

    assert server.connections[0].head.startswith(f"POST /gemini/v1/models/{FLASH}:")


async def test_a_server_of_one_s_own_needs_no_key():
    async with (
        answering_server({"parts": [{"text": "{}"}]}) as server,
        GeminiClient.opened(Endpoint(None, server.url)) as client,
    ):
        heard = await asked(client)

    assert (heard.text, heard.error) == ("{}", None)


async def test_variables_made_for_other_programs_change_nothing(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GOOGLE_API_KEY", "another-key")
    monkeypatch.setenv("GOOGLE_GENAI_USE_VERTEXAI", "true")
    monkeypatch.setenv("GOOGLE_GEMINI_BASE_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")

    async with answering_server({"parts": [{"text": "{}"}]}) as server:
        heard = await heard_from(server.url)

    assert heard.text == "{}"
    assert "another-key" not in server.connections[0].head


# Odd servers


def event(body: object) -> bytes:
    return f"data: {json.dumps(body)}\r\n\r\n".encode()


def piece(text: str, **fields: object) -> bytes:
    content = {"parts": [{"text": text}], "role": "model"}
    return event({"candidates": [{"content": content, **fields}]})


def answering_server(
    content: dict[str, Any], finish: str = "STOP"
) -> contextlib.AbstractAsyncContextManager[RawServer]:
    """Answer every request with one piece."""
    candidate = {"content": content, "finishReason": finish}
    return raw_server(sending(STREAM + event({"candidates": [candidate]})))


async def _silent(_: Connection) -> None:
    await asyncio.Event().wait()


async def _reset(connection: Connection) -> None:
    connected: socket.socket = connection.writer.get_extra_info("socket")
    connected.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.writer.transport.abort()


def google_error(code: int, status: str, message: str) -> bytes:
    body = {"error": {"code": code, "message": message, "status": status}}
    return response(f"{code} {status}", json.dumps(body), "Content-Type: application/json")


HTML = "<html><body><b>Sign in</b> to the { network }</body></html>"


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
        (response("403 No", "[]", "Content-Type: application/json"), Unauthorized, "403: no reas"),
        # The SDK loses the status of an error whose JSON is broken.
        (response("503 No", "{", "Content-Type: application/json"), Malformed, "not an answer"),
        (response("200 OK", HTML, "Content-Type: text/html"), Malformed, "not an answer"),
        (response("200 OK", "data: {nope\r\n\r\n"), Malformed, "not an answer"),
        (response("200 OK", b"data: \xff\xfe\r\n\r\n"), Malformed, "not an answer"),
        (b"SSH-2.0-OpenSSH_9.6\r\n", Unavailable, "the connection failed"),
        (b"", Unavailable, "the connection was cut"),
        (STREAM + piece("{") + b'data: {"candi', Malformed, "not an answer"),
        (
            STREAM + piece("{") + event({"error": {"code": 503, "message": "Overloaded"}}),
            Unavailable,
            "503: Overloaded",
        ),
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
    body: Any = {"candidates": [{"content": {"parts": parts}, "finishReason": "STOP"}, other]}
    async with raw_server(sending(STREAM + event(body))) as server:
        heard = await heard_from(server.url)

    assert heard.text == '{"a": 1}'


@pytest.mark.parametrize("finish", ["CONTINUATION", "MAX_TOKENS"])
async def test_an_answer_cut_short_is_never_continued_unasked(finish: str):
    async with (
        answering_server({"parts": [{"text": "{"}]}, finish) as server,
        opened(server.url) as client,
    ):
        heard = await asked(client)

    assert heard.error
    assert len(server.connections) == 1


def _failing_and_going_on(chunk: bytes) -> Answering:
    async def answer(connection: Connection) -> None:
        await connection.send(STREAM)
        while True:
            await connection.send(chunk)
            await asyncio.sleep(0.01)

    return answer


@pytest.mark.parametrize(
    "chunk",
    [piece("x" * 100_000), piece("x", finishReason="MAX_TOKENS")],
    ids=["endless", "truncated"],
)
async def test_a_server_that_goes_on_after_a_failure_is_left(chunk: bytes):
    async with raw_server(_failing_and_going_on(chunk)) as server, opened(server.url) as client:
        heard = await asked(client)
        async with asyncio.timeout(3):
            await server.connections[0].closed.wait()

    assert isinstance(heard.error, Malformed | Truncated)


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


def test_a_key_is_not_in_the_text_of_an_endpoint():
    assert KEY not in repr(Endpoint(SecretStr(KEY)))
