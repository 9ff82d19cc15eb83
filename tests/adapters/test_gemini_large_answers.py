"""Answers without end: refused at a bound, in bounded memory, with the connection closed."""

import asyncio
import gzip
import tracemalloc
from collections.abc import Generator
from contextlib import contextmanager

import pytest

from lessongen.errors import Malformed
from tests.support.gemini import asked, opened, piece
from tests.support.raw_server import STREAM, Answering, Connection, raw_server

pytestmark = pytest.mark.usefixtures("without_google_variables")

MEGABYTE = b"x" * 1_000_000
MEGABYTES = 50
OPENING = b'data: {"candidates":[{"content":{"parts":[{"text":"'
ERROR = b"HTTP/1.1 500 Oops\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n"
ZIPPED = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Encoding: gzip\r\n"
    b"Connection: close\r\n\r\n" + gzip.compress(OPENING + MEGABYTE * MEGABYTES)
)


def _sending(first: bytes, then: bytes, times: int) -> Answering:
    """Send without ever holding all of it, then neither say more nor close."""

    async def answer(connection: Connection) -> None:
        await connection.send(first)
        for _ in range(times):
            await connection.send(then)
        await asyncio.Event().wait()

    return answer


@contextmanager
def _peak_below(megabytes: int) -> Generator[None]:
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < megabytes * 1_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "answer",
    [
        _sending(STREAM, piece("x" * 1000), MEGABYTES * 1000),
        _sending(STREAM + OPENING, MEGABYTE, MEGABYTES),
        _sending(STREAM, b"data: " + b"x" * 993 + b"\n", MEGABYTES * 1000),
        _sending(ERROR, MEGABYTE, MEGABYTES),
        _sending(ZIPPED, b"", 0),
    ],
    ids=["text", "one event", "one event of many lines", "error", "zip bomb"],
)
async def test_fifty_megabytes_are_refused_at_a_bound_and_hung_up_on(answer: Answering):
    async with raw_server(answer) as server, opened(server.url) as client:
        with _peak_below(megabytes=40):
            heard = await asked(client)
            async with asyncio.timeout(3):
                await server.connections[-1].closed.wait()

    assert isinstance(heard.error, Malformed)
    assert heard.error.reason == "the answer is far longer than any section"
