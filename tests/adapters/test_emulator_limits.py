"""Rate limits, as a client meets them."""

import aiohttp
import pytest

from lessongen.emulator.limits import RateLimit
from lessongen.errors import Throttled
from tests.support.gemini import FLASH, PROMPT, StartEmulator, heard_from, outcomes
from tests.support.plain_client import body_of, posted, streamed

pytestmark = pytest.mark.usefixtures("without_google_variables")

LITE = "gemini-3.5-flash-lite"
BODY = body_of(PROMPT)
NO_HANDS = 12.25


async def test_more_requests_than_the_limit_are_told_when_to_come_again(
    emulator: StartEmulator, session: aiohttp.ClientSession
):
    running = emulator(limits=(RateLimit(FLASH, 2, 60),), clock=lambda: NO_HANDS)

    seen = [await streamed(session, running.url, BODY) for _ in range(4)]
    other = await streamed(session, running.url, BODY, model=LITE)

    assert [answer.status for answer in (*seen, other)] == [200, 200, 429, 429, 200]
    assert seen[-1].error["status"] == "RESOURCE_EXHAUSTED"
    assert seen[-1].error["details"][-1]["retryDelay"] == "60s"
    assert outcomes(running) == ["served", "served", "limited", "limited", "served"]


async def test_our_client_hears_the_wait_to_the_millisecond(emulator: StartEmulator):
    clock = iter([0.0] * 4 + [0.1004] * 4)
    running = emulator(limits=(RateLimit("*", 1, 2.5),), clock=lambda: next(clock))
    await heard_from(running.url)

    heard = await heard_from(running.url)

    assert isinstance(heard.error, Throttled)
    assert (heard.error.retry_after, heard.error.per_day) == (2.4, False)


async def test_a_key_that_is_refused_is_not_counted(
    emulator: StartEmulator, session: aiohttp.ClientSession
):
    running = emulator(limits=(RateLimit("*", 1, 60),), accepted_key="k")

    async with session.post(
        f"{running.url}/v1/models/{FLASH}:generateContent",
        json=BODY,
        headers={"x-goog-api-key": "x"},
    ) as response:
        assert response.status == 400
    assert (await streamed(session, running.url, BODY)).status == 200


async def test_limits_can_be_set_and_forgotten_through_the_control(
    emulator: StartEmulator, session: aiohttp.ClientSession
):
    url = emulator().url
    for limits, statuses in ((["*=1/60"], [200, 429]), ([], [200, 200])):
        assert (await posted(session, f"{url}/emulator/reset", {"limits": limits})).status == 200
        assert [(await streamed(session, url, BODY)).status for _ in range(2)] == statuses

    refused = await posted(session, f"{url}/emulator/reset", {"limits": ["one an hour"]})
    assert refused.status == 400
    assert "model=requests/seconds" in refused.error
