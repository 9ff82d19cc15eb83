"""The services as pages get them: where they cannot be opened, a plain sentence instead."""

import streamlit as st

from lessongen.errors import LessonGenError
from lessongen.services import Services
from lessongen.store.own_lessons import OwnLessons
from lessongen.ui.guards import current_person
from lessongen.ui.shared_services import shared_services
from lessongen.ui.trouble import show_trouble


def services() -> Services:
    """Return the services; where a setting or the database fails, say so and end the page."""
    try:
        return shared_services()
    except LessonGenError as error:
        show_trouble(error, ":material/build:")
        st.caption("After mending it, stop LessonGen and start it again.")
        st.stop()


def own_lessons() -> OwnLessons:
    """Return the lessons of the person at the page; see `services`."""
    return services().store.lessons_of(current_person().id)
