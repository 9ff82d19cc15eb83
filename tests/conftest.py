"""What every test needs."""

import asyncio
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# A busy machine is no failure: examples are not timed.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

_BROWSER = Path(__file__).parent / "browser"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the browser tests in one of the processes of `make test`: a browser wants a core."""
    for item in items:
        if item.path.is_relative_to(_BROWSER):
            item.add_marker(pytest.mark.xdist_group("browser"))


def pytest_sessionstart() -> None:
    """Say that there is no current event loop.

    pytest-asyncio 1.5 asks for it, on Python 3.11 that makes one, and nothing ever closes it: an
    error at the end of every session whose first test is not async.
    """
    asyncio.set_event_loop(None)
