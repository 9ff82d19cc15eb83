"""The services as pages get them: opened once, and a plain sentence where they cannot be."""

import os
from contextlib import ExitStack

import streamlit as st

from lessongen.errors import LessonGenError
from lessongen.services import Services, opened_services
from lessongen.settings import read_settings
from lessongen.store.own_lessons import OwnLessons
from lessongen.ui.guards import current_person
from lessongen.ui.trouble import show_trouble


def services() -> Services:
    """Return the services; where a setting or the database fails, say so and end the page."""
    try:
        return _opened().services
    except LessonGenError as error:
        show_trouble(error, ":material/build:")
        st.caption("After mending it, stop LessonGen and start it again.")
        st.stop()


def own_lessons() -> OwnLessons:
    """Return the lessons of the person at the page; see `services`."""
    return services().store.lessons_of(current_person().id)


class _Opened:
    """The services, open as long as this is kept: pages of every session share them."""

    def __init__(self) -> None:
        self._open = ExitStack()
        self.services = self._open.enter_context(opened_services(read_settings(os.environ)))

    def close(self) -> None:
        """Close what was opened; the next page opens it again."""
        self._open.close()


@st.cache_resource(show_spinner=False, on_release=_Opened.close)
def _opened() -> _Opened:
    return _Opened()
