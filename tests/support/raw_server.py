"""A raw HTTP server on the test's own event loop: what no well-behaved server would send."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

OK = b"HTTP/1.1 200 OK\r\n"
STREAM = OK + b"Content-Type: text/event-stream\r\nConnection: close\r\n\r\n"


@dataclass
class Connection:
    """A client's connection: its first request, and `closed` once the client has hung up."""

    head: str
    body: str
    writer: asyncio.StreamWriter
    closed: asyncio.Event = field(default_factory=asyncio.Event)

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()


Answering = Callable[[Connection], Awaitable[None]]


@dataclass
class RawServer:
    """A server that answers at `url`; every request it was sent is in `connections`."""

    url: str = ""
    connections: list[Connection] = field(default_factory=list[Connection])


def response(status: str, body: str | bytes, *headers: str) -> bytes:
    """Return a whole response that closes its connection."""
    data = body.encode() if isinstance(body, str) else body
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(data)}", "Connection: close", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + data


def sending(data: bytes) -> Answering:
    """Answer every request with these bytes, then close the connection."""

    async def answer(connection: Connection) -> None:
        await connection.send(data)

    return answer


@asynccontextmanager
async def raw_server(answer: Answering) -> AsyncGenerator[RawServer]:
    """Serve on a free loopback port; connections still open at the end are cut."""
    server = RawServer()
    tasks: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        connection = Connection(head, (await _body(head, reader)).decode(), writer)
        server.connections.append(connection)
        answering = asyncio.create_task(_answered(answer, connection))
        tasks.add(answering)
        while await _more(reader):
            pass
        connection.closed.set()
        answering.cancel()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as listening:
        port = listening.sockets[0].getsockname()[1]
        server.url = f"http://127.0.0.1:{port}"
        yield server
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _answered(answer: Answering, connection: Connection) -> None:
    try:
        await answer(connection)
    finally:
        connection.writer.close()


async def _more(reader: asyncio.StreamReader) -> bool:
    try:
        return bool(await reader.read(1024))
    except ConnectionError:
        return False


async def _body(head: str, reader: asyncio.StreamReader) -> bytes:
    headers = dict(line.lower().split(": ", 1) for line in head.split("\r\n")[1:] if line)
    return await reader.readexactly(int(headers.get("content-length", "0")))
