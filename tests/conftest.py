"""What every test needs."""

import asyncio

from hypothesis import HealthCheck, settings

# A busy machine is no failure: examples are not timed.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


def pytest_sessionstart() -> None:
    """Say that there is no current event loop.

    pytest-asyncio 1.5 asks for it, on Python 3.11 that makes one, and nothing ever closes it: an
    error at the end of every session whose first test is not async.
    """
    asyncio.set_event_loop(None)
