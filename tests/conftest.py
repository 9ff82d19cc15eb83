"""What every test needs."""

import asyncio


def pytest_sessionstart() -> None:
    """Say that there is no current event loop.

    pytest-asyncio 1.5 asks for it, on Python 3.11 that makes one, and nothing ever closes it: an
    error at the end of every session whose first test is not async.
    """
    asyncio.set_event_loop(None)
