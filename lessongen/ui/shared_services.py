"""The services, opened once and shared by the pages of every session."""

import os
from contextlib import ExitStack

import streamlit as st

from lessongen.services import Services, opened_services
from lessongen.settings import read_settings


class _Opened:
    """The services, open as long as this is kept."""

    def __init__(self) -> None:
        self._open = ExitStack()
        self.services = self._open.enter_context(opened_services(read_settings(os.environ)))

    def close(self) -> None:
        """Close what was opened; the next page opens it again."""
        self._open.close()


def shared_services() -> Services:
    """Return the services.

    Raises:
        SettingsError, StoreError: where a setting or the database cannot be used.
    """
    return _opened().services


@st.cache_resource(show_spinner=False, on_release=_Opened.close)
def _opened() -> _Opened:
    return _Opened()
