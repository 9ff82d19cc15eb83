"""For teachers: the lessons so far."""

import streamlit as st

from lessongen.errors import StoreError
from lessongen.store.records import LessonSummary
from lessongen.ui.drawing import lesson_heading, plain
from lessongen.ui.guards import Role, only_for
from lessongen.ui.navigation import open_lesson, page_file
from lessongen.ui.resources import own_lessons
from lessongen.ui.trouble import attempted, show_trouble
from lessongen.wording import moment_name

only_for(Role.TEACHER)
lessons = own_lessons()

LESSONS_A_PAGE = 20
NEWEST = 200


def delete(lesson_id: str) -> None:
    """Put a lesson away, and remember it for the undo."""
    lessons.delete(lesson_id)
    st.session_state.deleted = lesson_id


def undo() -> None:
    """Bring the last deleted lesson back."""
    lessons.restore(st.session_state.deleted)
    del st.session_state.deleted


def about(lesson: LessonSummary) -> str:
    """Return the line below a topic: what the plan calls the lesson, and the facts."""
    planned = lesson.title != lesson.topic
    facts = [
        *([plain(lesson.title)] if planned else []),
        lesson.level,
        moment_name(lesson.created_at),
        f"{lesson.written} of {lesson.sections} sections",
    ]
    if lesson.sample:
        facts.append("sample")
    return " · ".join(facts)


st.title("Library", anchor=False)

if "deleted" in st.session_state:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(":material/delete: The lesson was deleted.")
        st.button("Undo", on_click=attempted(undo), icon=":material/undo:", key="undo")

try:
    found = lessons.recent(NEWEST)
except StoreError as error:
    show_trouble(error)
    st.stop()

if not found:
    st.markdown("Your lessons will be kept here.")
    st.page_link(page_file("generate"), label="Write the first one", icon=":material/add:")
    st.stop()

pages = -(-len(found) // LESSONS_A_PAGE)
shown = st.pagination(pages, key="library-page") if pages > 1 else 1

for lesson in found[(shown - 1) * LESSONS_A_PAGE : shown * LESSONS_A_PAGE]:
    with st.container(
        border=True, horizontal=True, vertical_alignment="center", key=f"lesson-{lesson.id}"
    ):
        with st.container(width="stretch", gap="xxsmall", key=f"about-{lesson.id}"):
            st.markdown(f"**{lesson_heading(lesson.topic)}**")
            st.caption(about(lesson))
        if st.button("Open", key=f"open-{lesson.id}", icon=":material/auto_stories:"):
            open_lesson(lesson.id)
        st.button(
            "Delete",
            key=f"delete-{lesson.id}",
            type="tertiary",
            icon=":material/delete:",
            on_click=attempted(delete),
            args=(lesson.id,),
        )

if len(found) == NEWEST:
    st.caption(f"These are the newest {NEWEST} lessons. Older ones are kept too.")
