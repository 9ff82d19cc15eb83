"""For teachers: ask for a new lesson."""

import streamlit as st

from lessongen.errors import LessonGenError
from lessongen.lesson.levels import GUIDANCE, Level
from lessongen.lesson.parts import part_title
from lessongen.lesson.request import (
    MAX_MINUTES,
    MAX_OWN_WORDS,
    MAX_TEXT,
    MIN_MINUTES,
    lesson_request,
)
from lessongen.lesson.sections import SECTIONS
from lessongen.ui.drawing import plain
from lessongen.ui.guards import Role, current_person, only_for
from lessongen.ui.lesson_estimate import lesson_estimate
from lessongen.ui.navigation import open_lesson
from lessongen.ui.own_models import forget_reset, own_models
from lessongen.ui.quota_note import quota_note
from lessongen.ui.resources import services
from lessongen.ui.sample_note import sample_note

only_for(Role.TEACHER)
lessons = services()
teacher = current_person().id


def use_suggestion() -> None:
    """Put the chosen suggestion into the topic field."""
    if chosen := st.session_state.suggestion:
        st.session_state.topic = chosen


with st.container(width=760, key="new-lesson"):
    st.title("New lesson")
    st.markdown("Choose a topic and a level. The whole lesson is written while you watch.")
    if lessons.settings.sample_mode:
        sample_note()
    quota_note(lessons, teacher)

    topic = st.text_input(
        "Topic", key="topic", placeholder="for example: weekend markets", on_change="ignore"
    )
    st.pills(
        "Suggestions",
        lessons.samples.topics,
        key="suggestion",
        on_change=use_suggestion,
        label_visibility="collapsed",
    )
    level = st.segmented_control("Level", list(Level), default=Level.B1, required=True, key="level")
    st.caption(GUIDANCE[Level(level or Level.B1)].can_do)
    minutes = st.slider("Minutes", MIN_MINUTES, MAX_MINUTES, 60, 5, key="minutes")

    with st.expander("More options", icon=":material/tune:"):
        age_group = st.segmented_control(
            "Learners", ["children", "teenagers", "adults"], default="adults", required=True
        )
        variant = st.segmented_control(
            "English", ["British", "American"], default="British", required=True
        )
        first_language = st.text_input(
            "Learners’ first language", placeholder="if they share one", on_change="ignore"
        )
        notes = st.text_area(
            "Notes",
            placeholder="Wishes, such as: mention our school trip to Leeds",
            help="Please write nothing here about a pupil who could be recognised.",
            on_change="ignore",
        )
        st.markdown("**What you bring**")
        if lessons.settings.sample_mode:
            st.caption("Sample lessons cannot follow these four. With a key, they are followed.")
        grammar = st.text_input(
            "Grammar to practise",
            placeholder="for example: used to",
            disabled=lessons.settings.sample_mode,
            on_change="ignore",
        )
        own_words = st.text_input(
            "Words to teach",
            placeholder="for example: stall, haggle, set up",
            help=f"Up to {MAX_OWN_WORDS}, with commas between them.",
            disabled=lessons.settings.sample_mode,
            on_change="ignore",
        )
        known_words = st.text_area(
            "Words taught already",
            placeholder="They are used, and not taught again.",
            height=68,
            disabled=lessons.settings.sample_mode,
            on_change="ignore",
        )
        own_text = st.text_area(
            "Your own text",
            placeholder="It becomes the reading, word for word.",
            max_chars=MAX_TEXT,
            disabled=lessons.settings.sample_mode,
            on_change="ignore",
        )
        chosen = st.pills(
            "Sections",
            list(SECTIONS),
            default=list(SECTIONS),
            selection_mode="multi",
            format_func=part_title,
        )

    models = own_models(lessons, teacher)
    lesson_estimate(lessons, teacher, chosen, models)

    if st.button("Write the lesson", type="primary", icon=":material/edit_note:"):
        try:
            request = lesson_request(
                topic=topic,
                level=level,
                minutes=minutes,
                age_group=age_group,
                variant=variant,
                first_language=first_language,
                notes=notes,
                grammar=grammar,
                own_words=own_words,
                known_words=known_words,
                own_text=own_text,
                sections=tuple(chosen),
            )
            own = models.among(request.sections)
            lesson_id = lessons.request_lesson(request, owner=teacher, own=own)
        except LessonGenError as error:
            st.warning(plain(str(error)), icon=":material/edit:")
        else:
            forget_reset()
            open_lesson(lesson_id)
