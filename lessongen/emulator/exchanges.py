"""Exchanges: one reply sent over ASGI at its pace, given up as soon as the client hangs up."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from starlette.types import Message, Receive, Scope, Send

from lessongen.emulator.delays import Schedule
from lessongen.emulator.log import DISCONNECTED, ERROR, SERVED
from lessongen.emulator.replies import Ending, Reply


@dataclass(frozen=True, slots=True)
class Framing:
    """The bytes around the chunks of a stream."""

    content_type: bytes
    before_first: bytes
    before_next: bytes
    after_each: bytes
    end: bytes


_JSON = b"application/json; charset=UTF-8"
EVENTS = Framing(b"text/event-stream", b"data: ", b"data: ", b"\r\n\r\n", b"")
JSON_ARRAY = Framing(_JSON, b"[", b",\r\n", b"", b"]")


@dataclass(frozen=True, slots=True)
class Exchange:
    """An ASGI response that sends a reply; `framing` is None for an answer in one piece.

    `closed` is called with served, disconnected or error; its first call counts. It comes before
    the last byte, so whoever has read an answer to its end finds it closed. A reply that ends in
    a cut or a reset needs a server that puts `cut` and `reset` into the request's state: they
    close the socket.
    """

    reply: Reply
    schedule: Schedule
    framing: Framing | None
    closed: Callable[[str], None]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the reply; return early when the client is gone."""
        sending = asyncio.create_task(self._send(scope, send))
        hanging_up = asyncio.create_task(_hung_up(receive))
        outcome = ERROR
        try:
            await asyncio.wait((sending, hanging_up), return_when=asyncio.FIRST_COMPLETED)
            if sending.done():
                sending.result()
            else:
                outcome = DISCONNECTED
        finally:
            sending.cancel()
            hanging_up.cancel()
            self.closed(outcome)

    async def _send(self, scope: Scope, send: Send) -> None:
        if self.reply.started:
            await (self._stream(send, self.framing) if self.framing else self._send_whole(send))
        if self.reply.ending in {Ending.CUT, Ending.RESET}:
            self.closed(SERVED)
            scope["state"][self.reply.ending]()
        if self.reply.ending is not Ending.COMPLETE:
            await _forever()

    async def _stream(self, send: Send, framing: Framing) -> None:
        now = asyncio.get_running_loop().time
        due = now() + self.schedule.first_text_seconds
        before = framing.before_first
        await asyncio.sleep(due - now())
        await send(_start([(b"content-type", framing.content_type)]))
        for chunk in self.reply.chunks(self.schedule.chunk_characters):
            await asyncio.sleep(due - now())
            await send(_body(b"".join((before, chunk, framing.after_each)), more=True))
            before = framing.before_next
            due += self.schedule.chunk_seconds
        if self.reply.ending is Ending.COMPLETE:
            await self._end(send, framing.end)

    async def _send_whole(self, send: Send) -> None:
        if self.reply.ending is Ending.SILENCE:
            return
        await asyncio.sleep(self.schedule.total_seconds(len(self.reply.text)))
        body = self.reply.whole()
        length = str(len(body)).encode()
        await send(_start([(b"content-type", _JSON), (b"content-length", length)]))
        if self.reply.ending is not Ending.COMPLETE:
            await send(_body(body[: len(body) // 2], more=True))
        else:
            await self._end(send, body)

    async def _end(self, send: Send, body: bytes) -> None:
        self.closed(SERVED)
        await send(_body(body, more=False))


def _start(headers: list[tuple[bytes, bytes]]) -> Message:
    return {"type": "http.response.start", "status": 200, "headers": headers}


def _body(body: bytes, *, more: bool) -> Message:
    return {"type": "http.response.body", "body": body, "more_body": more}


async def _hung_up(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _forever() -> None:
    await asyncio.get_running_loop().create_future()
