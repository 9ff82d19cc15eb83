"""The Gemini client at work: a question, what is heard of its answer, and odd servers."""

import asyncio
import contextlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from pydantic import SecretStr

from lessongen.emulator.server import RunningEmulator
from lessongen.errors import ProviderError, TimedOut
from lessongen.gemini.client import GeminiClient
from lessongen.gemini.endpoint import Endpoint
from lessongen.gemini.messages import Delta, ModelRequest, Usage
from lessongen.lesson.brief import local_brief
from lessongen.lesson.prompts import section_prompt
from lessongen.lesson.sections import SECTIONS
from tests.support.lessons import MARKETS, markets, request_on
from tests.support.raw_server import STREAM, RawServer, raw_server, response, sending

FLASH = "gemini-3.8-flash"
KEY = "AIza-a-secret"
READING = SECTIONS["reading"]
SAMPLE = READING.parsed(markets().part("reading", MARKETS))
PROMPT = section_prompt(READING, request_on(), local_brief(request_on()))
REQUEST = ModelRequest(FLASH, PROMPT.system, PROMPT.user, PROMPT.schema, "low", 6000)

StartEmulator = Callable[..., RunningEmulator]


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
    async with asyncio.timeout(20):  # a busy machine is no failure
        while not reached():  # noqa: ASYNC110 (it is another thread that gets there)
            await asyncio.sleep(0.005)


def outcomes(running: RunningEmulator) -> list[str]:
    return [record.outcome for record in running.requests]


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


def google_error(code: int, status: str, message: str) -> bytes:
    body = {"error": {"code": code, "message": message, "status": status}}
    return response(f"{code} {status}", json.dumps(body), "Content-Type: application/json")
