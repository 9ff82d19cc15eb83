"""How often a watching tab asks for news: soon while few watch, later while many share a server."""

import secrets
import threading
import time
from collections.abc import Callable

import streamlit as st

POLL_SECONDS = 0.3
# An answer costs the server 6 to 10 ms of its one core, of which writing lessons needs a part.
_SECONDS_A_TAB = 0.019
_GONE_AFTER_SECONDS = 5.0
_TAB = "watching_tab"


def pause_seconds(tabs: int) -> float:
    """Return the seconds a tab has to wait after an answer while so many watch."""
    fair = tabs * _SECONDS_A_TAB
    return fair if fair > POLL_SECONDS else 0.0


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


def take_turns() -> None:
    """Count this tab among those that watch, and let the others have their turn.

    The browser asks as often as ever. What it asks during the pause is answered once, after it:
    so a busy server is never asked for more than it can draw, whenever the tabs were opened.
    """
    tab: str = st.session_state.setdefault(_TAB, secrets.token_hex(8))
    watchers = _watchers()
    watchers.see(tab)
    # Only the thread of this tab sleeps; a timer of another length would need a whole new run.
    time.sleep(pause_seconds(watchers.count()))


@st.cache_resource(show_spinner=False)
def _watchers() -> Watchers:
    return Watchers()
