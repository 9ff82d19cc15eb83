import asyncio

import aiohttp
import pytest

from lessongen.gemini.connections import Connections, OversizedBody
from lessongen.gemini.early_text import EarlyText
from lessongen.gemini.messages import Delta
from tests.support.gemini import FLASH, PROMPT, StartEmulator, eventually, outcomes
from tests.support.plain_client import body_of
from tests.support.raw_server import raw_server, response, sending

PATH = f"/v1/models/{FLASH}:streamGenerateContent?alt=sse"
BODY = body_of(PROMPT)
KEY = {"x-goog-api-key": "k"}
AMPLE = 2**20


def _unheard(_: Delta) -> None:
    """Take no notice of early text."""


async def _read(connections: Connections, url: str) -> bytes:
    with connections.call(EarlyText(_unheard, AMPLE)):
        answered = await connections.session.post(url, json=BODY, headers=KEY)
        return await answered.content.read()


async def _begun(connections: Connections, url: str) -> str:
    """Leave an answer when its first text is told."""
    told = asyncio.Queue[Delta]()
    with connections.call(EarlyText(told.put_nowait, AMPLE)):
        answered = await connections.session.post(url, json=BODY, headers=KEY)
        reading = asyncio.create_task(answered.content.read())
        first = asyncio.create_task(told.get())
        await asyncio.wait([reading, first], return_when=asyncio.FIRST_COMPLETED)
        if reading.done():
            return reading.result().decode()
        reading.cancel()
        return (await first).text


def _counting_reuse(session: aiohttp.ClientSession) -> list[str]:
    reused: list[str] = []

    async def count(*_: object) -> None:
        reused.append("again")

    trace = aiohttp.TraceConfig()
    trace.on_connection_reuseconn.append(count)
    trace.freeze()
    session.trace_configs.append(trace)
    return reused


async def test_an_answer_read_to_its_end_leaves_the_connection_to_the_next(
    emulator: StartEmulator,
):
    url = emulator().url + PATH
    async with Connections.opened(AMPLE) as connections:
        reused = _counting_reuse(connections.session)
        for _ in range(3):
            await _read(connections, url)

    assert reused == ["again", "again"]


async def test_an_answer_left_in_the_middle_takes_its_connection_along(emulator: StartEmulator):
    running = emulator(part_seconds={"reading": 60}, speed=1)
    async with Connections.opened(AMPLE) as connections:
        assert await _begun(connections, running.url + PATH)
        await eventually(lambda: outcomes(running) == ["disconnected"])


async def test_each_task_hangs_up_on_its_own_answer_alone(emulator: StartEmulator):
    running = emulator(part_seconds={"reading": 0.5}, speed=1)
    async with Connections.opened(AMPLE) as connections:
        whole = asyncio.create_task(_read(connections, running.url + PATH))
        await eventually(lambda: outcomes(running) == ["open"])
        await _begun(connections, running.url + PATH)

        assert b"STOP" in await whole

    assert sorted(outcomes(running)) == ["disconnected", "served"]


@pytest.mark.parametrize("size", [999, 1000])
async def test_a_body_may_reach_the_bound(size: int):
    answer = sending(response("200 OK", "x" * size))
    async with raw_server(answer) as server, Connections.opened(1000) as connections:
        assert len(await _read(connections, server.url)) == size


async def test_a_body_may_not_exceed_the_bound_whatever_reads_it():
    answer = sending(response("200 OK", "x" * 1001))
    async with raw_server(answer) as server, Connections.opened(1000) as connections:
        with pytest.raises(OversizedBody):
            await _read(connections, server.url)
        with pytest.raises(OversizedBody):
            await _begun(connections, server.url)
        with pytest.raises(OversizedBody):
            await (await connections.session.get(server.url)).text()
