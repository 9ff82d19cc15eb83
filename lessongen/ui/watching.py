"""How often a watching tab asks for news: soon while few watch, later while many share a server."""

import secrets
import threading
import time
from collections.abc import Callable

import streamlit as st

# Up to so many tabs, the seconds between two questions of one: an answer costs 5 to 8 ms of the
# server, which has one core. No pace changes while a lesson is written: that would take a whole
# run of the page in every tab, just when there are many.
_PACES = ((16, 0.3), (60, 0.75))
_SLOWEST_PACE = 1.5
_GONE_AFTER_SECONDS = 5.0
_TAB = "watching_tab"


def poll_seconds(tabs: int) -> float:
    """Return the seconds between two questions of a tab that begins while so many watch."""
    return next((seconds for most, seconds in _PACES if tabs <= most), _SLOWEST_PACE)


class Watchers:
    """The tabs that watch a lesson just now. Safe to use from any thread."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._last_seen: dict[str, float] = {}
        self._lock = threading.Lock()

    def see(self, tab: str) -> None:
        """Note that a tab asked for news."""
        with self._lock:
            self._last_seen[tab] = self._now()

    def count(self) -> int:
        """Return how many tabs watch, and forget those that are gone."""
        with self._lock:
            oldest = self._now() - _GONE_AFTER_SECONDS
            self._last_seen = {tab: at for tab, at in self._last_seen.items() if at >= oldest}
            return len(self._last_seen)


def note_watching() -> None:
    """Count this tab among those that watch."""
    tab: str = st.session_state.setdefault(_TAB, secrets.token_hex(8))
    _watchers().see(tab)


def pace_of_this_tab() -> float:
    """Return the seconds between two questions of this tab."""
    note_watching()
    return poll_seconds(_watchers().count())


@st.cache_resource(show_spinner=False)
def _watchers() -> Watchers:
    return Watchers()
