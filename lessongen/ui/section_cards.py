"""Section cards: a placeholder, then the text as it is written, then the section."""

import streamlit as st
from pydantic import ValidationError

from lessongen.lesson.blocks import Copy
from lessongen.lesson.sections import SECTIONS
from lessongen.store.records import LessonRecord, SectionRecord, SectionStatus
from lessongen.ui.drawing import partial_markdown, section_markdown

_SKELETON_PIXELS = 90


def section_card(lesson: LessonRecord, section: SectionRecord, copy: Copy, now: float) -> None:
    """Draw one section in its place, whatever its state."""
    spec = SECTIONS[section.name]
    with st.container(border=True, key=f"section-{section.name}"):
        # One element, not three: a page draws nine cards twice a second.
        state = f":small[:gray[{_state(lesson, section, now)}]]"
        st.subheader(f":material/{spec.icon}: {spec.title} {state}", anchor=False)
        _body(lesson, section, copy)


def _body(lesson: LessonRecord, section: SectionRecord, copy: Copy) -> None:
    match section.status:
        case SectionStatus.WRITTEN:
            _content(section, copy)
        case SectionStatus.WRITING:
            text = partial_markdown(section.name, section.partial, copy)
            if text:
                st.markdown(text)
            else:
                st.skeleton(height=_SKELETON_PIXELS)
        case SectionStatus.FAILED:
            st.warning(section.error or "This section could not be written.")
        case SectionStatus.WAITING:
            if lesson.status.finished:
                st.markdown(":gray[This section was not written: the lesson was stopped before.]")
            else:
                st.skeleton(height=_SKELETON_PIXELS)


def _content(section: SectionRecord, copy: Copy) -> None:
    try:
        st.markdown(section_markdown(section.name, section.content or "", copy))
    except ValidationError:
        st.warning("This section was stored by another version and cannot be shown.")


def _state(lesson: LessonRecord, section: SectionRecord, now: float) -> str:
    match section.status:
        case SectionStatus.WAITING:
            return "not written" if lesson.status.finished else "waiting"
        case SectionStatus.WRITING:
            seconds = now - (section.started_at or now)
            again = ", another model took over" if section.reason == "fallback" else ""
            return f":material/edit: writing · {_model(section)} · {seconds:.0f} s{again}"
        case SectionStatus.WRITTEN:
            return f":material/check: {_model(section)} · {_seconds(section)}"
        case SectionStatus.FAILED:
            return ":material/error: not written"


def _model(section: SectionRecord) -> str:
    return f"{section.slot} ({section.model})"


def _seconds(section: SectionRecord) -> str:
    if section.started_at is None or section.finished_at is None:
        return ""
    return f"{section.finished_at - section.started_at:.1f} s"
