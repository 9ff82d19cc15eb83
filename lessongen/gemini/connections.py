"""Connections: the HTTP session below the SDK; bodies are bounded, unread ones are hung up on.

The SDK keeps a line of any length in memory, and an error's body too. And it leaves a connection
open, with the server still writing, unless a pending read is cancelled: not where it raises the
error of a stream itself, nor where its stream is left early (googleapis/python-genai#2425).
"""

import asyncio
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any, Self, cast
from weakref import WeakKeyDictionary

import aiohttp
from aiohttp.streams import AsyncStreamIterator

from lessongen.gemini.early_text import EarlyText


class OversizedBody(Exception):
    """A server sent more than any answer needs."""


class Connections:
    """A session whose bodies end in `OversizedBody` past a bound of bytes, decompressed."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._calls = WeakKeyDictionary[asyncio.Task[Any], _Call]()
        self.session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0), middlewares=(self._bounded,)
        )

    @classmethod
    @asynccontextmanager
    async def opened(cls, most_bytes: int) -> AsyncGenerator[Self]:
        """Open a session; its connections close with the context."""
        connections = cls(most_bytes)
        async with connections.session:
            yield connections

    @contextmanager
    def call(self, early: EarlyText) -> Generator[None]:
        """Have the text of this task's requests told early.

        On leaving, the connection of the last one is closed, unless all was read.
        """
        task = cast("asyncio.Task[Any]", asyncio.current_task())
        call = self._calls[task] = _Call(early)
        try:
            yield
        finally:
            del self._calls[task]
            if call.response:
                call.response.close()

    async def _bounded(
        self, request: aiohttp.ClientRequest, ask: aiohttp.ClientHandlerType
    ) -> aiohttp.ClientResponse:
        response = await ask(request)
        task = asyncio.current_task()
        call = self._calls.get(task) if task else None
        streaming = response.content_type == "text/event-stream"
        early = call.early if call and streaming else None
        body = _BoundedBody(response.content, self._most_bytes, early)
        response.content = cast("aiohttp.StreamReader", body)
        if call:
            call.response = response
        return response


@dataclass(slots=True)
class _Call:
    early: EarlyText
    response: aiohttp.ClientResponse | None = None


class _BoundedBody:
    """A body that is read up to a bound, its text told early; otherwise what it stands for."""

    def __init__(
        self, body: aiohttp.StreamReader, most_bytes: int, early: EarlyText | None
    ) -> None:
        self._body = body
        self._most_bytes = most_bytes
        self._early = early
        self._failure: aiohttp.ClientError | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._body, name)

    async def read(self) -> bytes:
        return b"".join([data async for data in self.iter_any()])

    def iter_any(self) -> AsyncStreamIterator[bytes]:
        return AsyncStreamIterator(self.readany)

    async def readany(self) -> bytes:
        return await (self._bounded() if self._early is None else self._gathered(self._early))

    async def _gathered(self, early: EarlyText) -> bytes:
        """Return the next bytes for the SDK; what came before a failure comes before it."""
        if self._failure:
            raise self._failure
        try:
            while data := await self._bounded():
                if passing := early.feed(data):
                    return passing
        except aiohttp.ClientError as error:
            self._failure = error
            if kept := early.flush():
                return kept
            raise
        return early.flush()

    async def _bounded(self) -> bytes:
        data = await self._body.readany()
        if self._body.total_bytes > self._most_bytes:
            raise OversizedBody
        return data
