"""What went wrong, as a sentence on the page; nothing of it can act as Markdown."""

from collections.abc import Callable
from typing import ParamSpec

import streamlit as st

from lessongen.errors import LessonGenError
from lessongen.people import Role
from lessongen.ui.drawing import plain
from lessongen.ui.visitors import current_visitor

Arguments = ParamSpec("Arguments")


def show_trouble(error: LessonGenError, icon: str = ":material/database:") -> None:
    """Say what went wrong, where the page would otherwise go on."""
    st.error(plain(str(error)), icon=icon)


def attempted(action: Callable[Arguments, object]) -> Callable[Arguments, None]:
    """Return a button's action that says in a sentence when it could not be done.

    Streamlit runs it before the page and its guard. So whoever has no role any more, since
    their sign-in ended while the page was open, does nothing: the page then says why.
    """

    def act(*args: Arguments.args, **kwargs: Arguments.kwargs) -> None:
        if not current_visitor().person.roles:
            return
        try:
            action(*args, **kwargs)
        except LessonGenError as error:
            st.toast(plain(str(error)), icon=":material/error:", duration="long")

    return act


def for_admins(action: Callable[Arguments, object]) -> Callable[Arguments, None]:
    """Return a button's action, attempted, that does nothing for whoever is no admin any more."""

    def act(*args: Arguments.args, **kwargs: Arguments.kwargs) -> None:
        if Role.ADMIN in current_visitor().person.roles:
            attempted(action)(*args, **kwargs)

    return act
