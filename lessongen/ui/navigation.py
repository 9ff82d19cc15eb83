"""The pages by name, and how one leads to another."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import streamlit as st

from lessongen.people import Role
from lessongen.settings import ROOT

PAGES = ROOT / "pages"
LESSON_PARAMETER = "lesson"
_LAST_LESSON = "last_lesson"


@dataclass(frozen=True, slots=True)
class Entry:
    """A page in the navigation, for those who have its role."""

    name: str
    title: str
    icon: str
    role: Role


ENTRIES = (
    Entry("generate", "New lesson", ":material/add:", Role.TEACHER),
    Entry("lesson", "Lesson", ":material/auto_stories:", Role.TEACHER),
    Entry("library", "Library", ":material/shelves:", Role.TEACHER),
    Entry("assignments", "Assignments", ":material/tune:", Role.ADMIN),
    Entry("analytics", "Analytics", ":material/monitoring:", Role.STAFF),
)


def page_file(name: str) -> Path:
    """Return the file of a page; absolute, since the shell has no pages beside it."""
    return PAGES / f"{name}.py"


def links_for(roles: Collection[Role]) -> None:
    """Draw a link to every page that is open to these roles."""
    for entry in ENTRIES:
        if entry.role in roles:
            st.page_link(page_file(entry.name), label=entry.title, icon=entry.icon)


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
