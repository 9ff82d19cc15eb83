"""The pages by name, and how one leads to another."""

from pathlib import Path
from typing import NoReturn

import streamlit as st

from lessongen.settings import ROOT

PAGES = ROOT / "pages"
LESSON_PARAMETER = "lesson"
_LAST_LESSON = "last_lesson"


def page_file(name: str) -> Path:
    """Return the file of a page; absolute, since the shell has no pages beside it."""
    return PAGES / f"{name}.py"


def open_lesson(lesson_id: str) -> NoReturn:
    """Go to a lesson."""
    st.switch_page(page_file("lesson"), query_params={LESSON_PARAMETER: lesson_id})


def opened_lesson() -> str | None:
    """Return the lesson the address names, else the last one of this session.

    The navigation drops what follows the question mark, so the session remembers it.
    """
    return st.query_params.get(LESSON_PARAMETER) or st.session_state.get(_LAST_LESSON)


def remember_lesson(lesson_id: str) -> None:
    """Keep a lesson as the last one of this session, and in the address."""
    st.session_state[_LAST_LESSON] = lesson_id
    st.query_params[LESSON_PARAMETER] = lesson_id
