"""Chromium and servers for the browser tests.

Everything is synchronous, and no browser outlives its module: Playwright keeps an event loop in
the thread of the tests, in which the asynchronous tests of other folders could not run.
"""

from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, ExitStack
from functools import partial
from pathlib import Path
from typing import cast

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.server import Server, copied_app, running_server
from tests.browser.tab import PATIENCE_SECONDS, Scheme, Tab, chromium

expect.set_options(timeout=PATIENCE_SECONDS * 1000)

Serve = Callable[..., AbstractContextManager[Server]]


class Tabs:
    """Opens tabs of one browser."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self.opened: list[Tab] = []

    def open(
        self, url: str, *, width: int = 1280, height: int = 800, scheme: Scheme = "light"
    ) -> Tab:
        """Open an address in a new tab, as a visitor who was never here."""
        tab = Tab(self._browser, width=width, height=height, scheme=scheme)
        self.opened.append(tab)
        tab.page.goto(url)
        return tab


@pytest.fixture(scope="session")
def app_copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the app without lessons and secrets."""
    return copied_app(tmp_path_factory.mktemp("app"))


@pytest.fixture
def serve(app_copy: Path, tmp_path: Path) -> Serve:
    """Return what starts a server for one test; it may be started again on the same lessons."""
    return partial(running_server, app_copy, tmp_path / "lessons.db")


@pytest.fixture(scope="module")
def server(
    request: pytest.FixtureRequest, app_copy: Path, tmp_path_factory: pytest.TempPathFactory
) -> Generator[Server]:
    """Start the server that the tests of a module share, at the module's SAMPLE_SPEED."""
    database = tmp_path_factory.mktemp("lessons") / "lessons.db"
    speed = cast("float", request.module.SAMPLE_SPEED)
    with running_server(app_copy, database, speed=speed) as server:
        yield server


@pytest.fixture(scope="module")
def browser() -> Generator[Browser]:
    """Start a Chromium for the tests of a module."""
    with chromium() as browser:
        yield browser


@pytest.fixture
def tabs(browser: Browser) -> Generator[Tabs]:
    """Open tabs for one test; none of them may ask anything of another computer."""
    tabs = Tabs(browser)
    with ExitStack() as stack:
        stack.callback(lambda: [tab.close() for tab in tabs.opened])
        yield tabs
        assert [url for tab in tabs.opened for url in tab.asked_elsewhere()] == []
