import asyncio
import logging

import pytest

from lessongen.errors import StoreError
from lessongen.runner.upkeep import SECONDS_BETWEEN, upkeep


class Hours:
    """A clock's hours: so many pass at once, and then the day is over."""

    def __init__(self, hours: int) -> None:
        self.left = hours
        self.asked: list[float] = []

    async def pass_by(self, seconds: float) -> None:
        self.asked.append(seconds)
        self.left -= 1
        if not self.left:
            raise asyncio.CancelledError


async def test_sums_are_brought_up_to_date_at_once_and_every_hour():
    done: list[str] = []
    hours = Hours(3)

    with pytest.raises(asyncio.CancelledError):
        await upkeep(lambda: done.append("refreshed"), hours.pass_by)

    assert len(done) == 3
    assert hours.asked == [SECONDS_BETWEEN] * 3


async def test_a_store_in_trouble_is_told_and_tried_again(caplog: pytest.LogCaptureFixture):
    answers = iter([StoreError("The database lessons.db is busy."), None])
    tried: list[str] = []

    def refresh() -> None:
        tried.append("once more")
        if error := next(answers):
            raise error

    with caplog.at_level(logging.WARNING), pytest.raises(asyncio.CancelledError):
        await upkeep(refresh, Hours(2).pass_by)

    assert len(tried) == 2
    assert caplog.messages == [
        "The sums of the day could not be brought up to date: The database lessons.db is busy."
    ]


async def test_a_mistake_in_the_sums_does_not_end_the_upkeep(caplog: pytest.LogCaptureFixture):
    hours = Hours(2)

    with caplog.at_level(logging.ERROR), pytest.raises(asyncio.CancelledError):
        await upkeep(lambda: 1 / 0, hours.pass_by)

    assert len(hours.asked) == 2
    assert caplog.text.count("ZeroDivisionError") == 2
