import asyncio
import time

import pytest

from tests.support.virtual_time import in_virtual_time


@in_virtual_time
async def test_a_long_sleep_takes_no_real_time():
    started, real = asyncio.get_running_loop().time(), time.monotonic()

    await asyncio.sleep(3600)

    assert asyncio.get_running_loop().time() - started == pytest.approx(3600)
    assert time.monotonic() - real < 1


@in_virtual_time
async def test_sleepers_wake_in_the_order_of_their_times():
    woken: list[float] = []

    async def sleeper(seconds: float) -> None:
        await asyncio.sleep(seconds)
        woken.append(asyncio.get_running_loop().time())

    await asyncio.gather(sleeper(3), sleeper(1), sleeper(2))

    assert woken == pytest.approx([1, 2, 3])


@in_virtual_time
async def test_a_timeout_fires_at_its_moment():
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(5):
            await asyncio.sleep(6)

    assert asyncio.get_running_loop().time() == pytest.approx(5)


def test_a_wait_that_nothing_can_end_fails_instead_of_hanging():
    @in_virtual_time
    async def stuck() -> None:
        await asyncio.Event().wait()

    with pytest.raises(RuntimeError, match="no timer will ever wake it"):
        stuck()
