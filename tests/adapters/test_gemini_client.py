import asyncio
import contextlib
import json
import math
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Any

import aiohttp
import pytest
from google import genai
from google.genai import types
from pydantic import SecretStr

from lessongen.emulator.delays import Pace
from lessongen.errors import TimedOut
from lessongen.gemini.answers import parsed_answer
from lessongen.gemini.client import GeminiClient
from lessongen.gemini.endpoint import Endpoint
from lessongen.gemini.messages import Delta, Usage
from tests.support.gemini import (
    FLASH,
    KEY,
    PROMPT,
    READING,
    REQUEST,
    SAMPLE,
    StartEmulator,
    answering_server,
    asked,
    eventually,
    heard_from,
    opened,
    outcomes,
    piece,
)
from tests.support.raw_server import STREAM, Connection, raw_server, sending

pytestmark = pytest.mark.usefixtures("without_google_variables")

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


# Who stops listening is not served


async def _silent(_: Connection) -> None:
    await asyncio.Event().wait()


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
        left = time.monotonic()
        await eventually(lambda: outcomes(running) == ["disconnected"])

    ended = running.requests[0].ended
    assert ended is not None
    assert ended - left < 1


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
    head = server.connections[0].head
    assert head.startswith(f"POST /v1/models/{FLASH}:")
    assert "another-key" not in head


@pytest.mark.parametrize("finish", [{}, {"finishReason": "CONTINUATION"}])
async def test_an_answer_cut_short_is_never_continued_unasked(finish: dict[str, str]):
    stream = STREAM + piece("{", continuationToken="dG9rZW4=", **finish)
    async with raw_server(sending(stream)) as server:
        heard = await heard_from(server.url)

    assert heard.text == "{"
    assert len(server.connections) == 1


def test_a_key_is_not_in_the_text_of_an_endpoint():
    assert KEY not in repr(Endpoint(SecretStr(KEY)))


async def test_what_the_sdk_is_spared_changes_nothing_of_what_it_sends():
    categories = ("HARASSMENT", "HATE_SPEECH", "SEXUALLY_EXPLICIT", "DANGEROUS_CONTENT")
    plain = types.GenerateContentConfig(
        system_instruction=REQUEST.system,
        response_mime_type="application/json",
        response_json_schema=REQUEST.schema,
        max_output_tokens=REQUEST.max_output_tokens,
        thinking_config=types.ThinkingConfig(thinking_level=types.ThinkingLevel.LOW),
        safety_settings=[
            types.SafetySetting(
                category=types.HarmCategory(f"HARM_CATEGORY_{category}"),
                threshold=types.HarmBlockThreshold.BLOCK_LOW_AND_ABOVE,
            )
            for category in categories
        ],
    )
    async with (
        answering_server({"parts": [{"text": "{}"}]}) as server,
        opened(server.url) as client,
        aiohttp.ClientSession() as session,
    ):
        await asked(client)
        options = types.HttpOptions(base_url=server.url, aiohttp_client=session)
        sdk = genai.Client(vertexai=False, api_key=KEY, http_options=options)
        async for _ in await sdk.aio.models.generate_content_stream(
            model=REQUEST.model, contents=REQUEST.user, config=plain
        ):
            pass
        await sdk.aio.aclose()
        sdk.close()

    ours, theirs = server.connections
    assert json.loads(ours.body) == json.loads(theirs.body)
    assert ours.head.splitlines()[0] == theirs.head.splitlines()[0]
