"""For teachers: watch a lesson arrive, read it, take it away."""

import streamlit as st

from lessongen.errors import StoreError
from lessongen.ui.guards import Role, only_for
from lessongen.ui.lesson_view import lesson_view
from lessongen.ui.navigation import opened_lesson, page_file, remember_lesson
from lessongen.ui.resources import own_lessons, services
from lessongen.ui.trouble import show_trouble

only_for(Role.TEACHER)
lessons = own_lessons()

lesson_id = opened_lesson()
try:
    lesson = lessons.get(lesson_id) if lesson_id else None
except StoreError as error:
    show_trouble(error)
    st.stop()

if lesson is None:
    st.title("No lesson here")
    st.markdown(
        "This lesson does not exist or was deleted." if lesson_id else "You have not opened one."
    )
    st.page_link(page_file("library"), label="Open the library", icon=":material/shelves:")
    st.page_link(page_file("generate"), label="Write a new lesson", icon=":material/add:")
    st.stop()

remember_lesson(lesson.id)
lesson_view(services(), lessons, lesson)
