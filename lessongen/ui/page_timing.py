"""How long a page takes to be drawn by the server, as a visitor who has just come finds it."""

import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import streamlit as st
from streamlit import config
from streamlit.logger import set_log_level
from streamlit.testing.v1 import AppTest

from lessongen.errors import LessonGenError
from lessongen.settings import ROOT
from lessongen.ui.navigation import page_file

_SHELL = ROOT / "lessongen" / "ui" / "shell.py"
_PATIENCE_SECONDS = 120.0
_ADDRESS = "server.address"


@dataclass(frozen=True, slots=True)
class Change:
    """Another choice in one of the page's lists, by its key."""

    key: str
    choice: str


@dataclass(frozen=True, slots=True)
class PageTimes:
    """Seconds for each time the page was drawn: for a new visitor, and after each change."""

    drawn: tuple[float, ...]
    changed: tuple[float, ...]


def timed_page(
    page: str, address: Mapping[str, str], changes: Sequence[Change], visitors: int
) -> PageTimes:
    """Draw a page for so many visitors one after another, each of whom makes all the changes.

    Nothing is remembered from one visitor to the next but what is open. The page is drawn here
    and not in a browser: what a browser does with it is not in the times.

    Raises:
        LessonGenError: where the page fails, or is closed to whoever sits at this computer.
    """
    with _alone_on_this_computer():
        _visit(page, address)  # imports and opens what every later visitor finds open
        times = [_timed_visit(page, address, changes) for _ in range(visitors)]
    return PageTimes(
        tuple(drawn for drawn, _ in times),
        tuple(seconds for _, changed in times for seconds in changed),
    )


def _timed_visit(
    page: str, address: Mapping[str, str], changes: Sequence[Change]
) -> tuple[float, list[float]]:
    """Return the seconds of a visitor's first page, and of each change to it."""
    st.cache_data.clear()
    began = time.perf_counter()
    app = _visit(page, address)
    drawn, changed = time.perf_counter() - began, list[float]()
    for change in changes:
        began = time.perf_counter()
        app = _drawn(app.selectbox(key=change.key).set_value(change.choice).run())
        changed.append(time.perf_counter() - began)
    return drawn, changed


@contextmanager
def _alone_on_this_computer() -> Generator[None]:
    """Draw pages as a server on loopback does, with nothing kept open from before or for later.

    Streamlit says at every turn that there is no server; it is asked to keep that to itself.
    """
    address = config.get_option(_ADDRESS)
    set_log_level("error")
    config.set_option(_ADDRESS, "127.0.0.1")
    st.cache_resource.clear()
    try:
        yield
    finally:
        st.cache_resource.clear()
        config.set_option(_ADDRESS, address)
        set_log_level(str(config.get_option("logger.level")))


def _visit(page: str, address: Mapping[str, str]) -> AppTest:
    """Return a page as a new visitor finds it, without the page that comes first without one."""
    app = AppTest.from_file(_SHELL, default_timeout=_PATIENCE_SECONDS)
    app.query_params.update(address)
    return _drawn(app.switch_page(str(page_file(page))).run())


def _drawn(app: AppTest) -> AppTest:
    if app.exception or app.error:
        said = [*app.exception, *app.error][0].value
        raise LessonGenError(f"The page could not be drawn: {said}")
    if not app.selectbox:
        raise LessonGenError("The page is closed to whoever sits at this computer.")
    return app
