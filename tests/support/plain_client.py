"""A plain HTTP client: what goes over the wire, before any SDK makes something of it."""

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from lessongen.lesson.prompts import Prompt
from tests.support.gemini import FLASH


def body_of(prompt: Prompt) -> dict[str, Any]:
    return {
        "contents": [{"role": "user", "parts": [{"text": prompt.user}]}],
        "systemInstruction": {"parts": [{"text": prompt.system}]},
        "generationConfig": {"responseJsonSchema": prompt.schema},
    }


@dataclass
class Seen:
    """What a client saw of one answer."""

    status: int = 0
    events: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    ending: str = "complete"

    @property
    def candidates(self) -> list[dict[str, Any]]:
        return [candidate for event in self.events for candidate in event.get("candidates", [])]

    @property
    def text(self) -> str:
        parts = [part for seen in self.candidates for part in seen["content"].get("parts", [])]
        return "".join(part["text"] for part in parts)

    @property
    def finish(self) -> str | None:
        return self.candidates[-1].get("finishReason") if self.candidates else None

    @property
    def error(self) -> Any:
        return self.events[-1].get("error") if self.events else None


async def streamed(
    session: aiohttp.ClientSession,
    url: str,
    body: object,
    model: str = FLASH,
    patience: float = 5.0,
) -> Seen:
    """Ask for a stream of events and read it until it ends, breaks, or patience runs out."""
    seen = Seen()
    path = f"{url}/v1/models/{model}:streamGenerateContent?alt=sse"
    try:
        async with asyncio.timeout(patience), session.post(path, json=body) as response:
            seen.status = response.status
            if response.status != 200:
                seen.events.append(await response.json())
            async for line in response.content:
                if line.startswith(b"data: "):
                    assert line.endswith(b"\r\n")
                    seen.events.append(json.loads(line.removeprefix(b"data: ")))
    except TimeoutError:
        seen.ending = "silent"
    except aiohttp.ClientError:
        seen.ending = "cut"
    return seen


async def posted(session: aiohttp.ClientSession, url: str, body: object) -> Seen:
    async with session.post(url, json=body) as response:
        return Seen(response.status, [await response.json()])
