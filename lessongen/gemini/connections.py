"""Connections: the HTTP session below the SDK; bodies are bounded, unread ones are hung up on.

The SDK keeps a line of any length in memory, and an error's body too. And it leaves a connection
open, with the server still writing, unless a pending read is cancelled: not where it raises the
error of a stream itself, nor where its stream is left early (googleapis/python-genai#2425).
"""

import asyncio
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from typing import Any, Self, cast
from weakref import WeakKeyDictionary

import aiohttp
from aiohttp.streams import AsyncStreamIterator


class OversizedBody(Exception):
    """A server sent more than any answer needs."""


class Connections:
    """A session whose bodies end in `OversizedBody` past a bound of bytes, decompressed."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._last = WeakKeyDictionary[asyncio.Task[Any], aiohttp.ClientResponse]()
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
    def hanging_up(self) -> Generator[None]:
        """On leaving, close the connection of the task's last request, unless all was read."""
        try:
            yield
        finally:
            task = asyncio.current_task()
            if task and (response := self._last.pop(task, None)):
                response.close()

    async def _bounded(
        self, request: aiohttp.ClientRequest, ask: aiohttp.ClientHandlerType
    ) -> aiohttp.ClientResponse:
        response = await ask(request)
        body = _BoundedBody(response.content, self._most_bytes)
        response.content = cast("aiohttp.StreamReader", body)
        if task := asyncio.current_task():
            self._last[task] = response
        return response


class _BoundedBody:
    """A body that is read up to a bound, and is otherwise the one it stands for."""

    def __init__(self, body: aiohttp.StreamReader, most_bytes: int) -> None:
        self._body = body
        self._most_bytes = most_bytes

    def __getattr__(self, name: str) -> Any:
        return getattr(self._body, name)

    async def read(self) -> bytes:
        return b"".join([data async for data in self.iter_any()])

    def iter_any(self) -> AsyncStreamIterator[bytes]:
        return AsyncStreamIterator(self.readany)

    async def readany(self) -> bytes:
        data = await self._body.readany()
        if self._body.total_bytes > self._most_bytes:
            raise OversizedBody
        return data
