"""Upkeep: sums of the day are brought up to date, and old requests rolled up, now and then."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from lessongen.errors import StoreError

_LOG = logging.getLogger(__name__)
SECONDS_BETWEEN = 3600.0


async def upkeep(
    refresh: Callable[[], object], pause: Callable[[float], Awaitable[None]] = asyncio.sleep
) -> None:
    """Refresh every hour until cancelled, so that it is done where nobody looks at figures too.

    What goes wrong is told in the log, and tried again an hour later.
    """
    while True:
        try:
            await asyncio.to_thread(refresh)
        except StoreError as error:
            _LOG.warning("The sums of the day could not be brought up to date: %s", error)
        except Exception:  # noqa: BLE001 - a mistake in sums must cost no lesson
            _LOG.exception("The sums of the day could not be brought up to date")
        await pause(SECONDS_BETWEEN)
