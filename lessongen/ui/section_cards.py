"""Section cards: a placeholder, then the text as it is written, then the section."""

from functools import lru_cache

import streamlit as st
from pydantic import ValidationError

from lessongen.lesson.blocks import Copy
from lessongen.lesson.sections import SECTIONS
from lessongen.quality.findings import Finding
from lessongen.store.records import LessonRecord, SectionRecord, SectionStatus
from lessongen.ui.drawing import (
    highlighted,
    partial_markdown,
    plain,
    section_key,
    section_markdown,
)

_SKELETON_PIXELS = 90
_TAKEN_OVER = {"fallback", "hedge"}


def section_card(lesson: LessonRecord, section: SectionRecord, copy: Copy, now: float) -> None:
    """Draw one section in its place, whatever its state."""
    spec = SECTIONS[section.name]
    with st.container(border=True, key=f"section-{section.name}"):
        heading = f"### :material/{spec.icon}: {spec.title} :gray[{_state(lesson, section, now)}]"
        # One element, not three: every tab that watches draws nine cards again and again.
        text = _text(lesson, section, copy)
        st.markdown(f"{heading}\n\n{text}", anchors=False)
        if not text:
            _without_text(section)
        elif section.there and copy == "teacher" and (key := _key(section)):
            with st.expander("Key", icon=":material/key:"):
                st.markdown(key)


def _text(lesson: LessonRecord, section: SectionRecord, copy: Copy) -> str:
    """Return what is there to be read of a section, else nothing."""
    match section.status:
        case SectionStatus.WRITTEN | SectionStatus.REWRITING:
            return _content(section, copy)
        case SectionStatus.WRITING:
            variant = lesson.request.variant
            return partial_markdown(section.name, section.partial, copy, variant)
        case SectionStatus.WAITING if lesson.status.finished:
            return ":gray[This section was not written: the lesson ended before it.]"
        case _:
            return ""


def _content(section: SectionRecord, copy: Copy) -> str:
    try:
        drawn = section_markdown(section.name, section.content or "", copy)
    except ValidationError:
        return ""
    return drawn if copy == "student" else _with_notes(drawn, section.findings)


@lru_cache(maxsize=512)
def _with_notes(drawn: str, findings: tuple[Finding, ...]) -> str:
    """Add what checks found to a section, and mark what it is about.

    Cached: every tab that watches a lesson draws the same.
    """
    if not findings:
        return drawn
    evidence = [text for finding in findings for text in finding.evidence]
    notes = "\n".join(f"- {plain(finding.sentence)}" for finding in findings)
    return f"{highlighted(drawn, evidence)}\n\n:material/rate_review: **Please check**\n\n{notes}"


def _key(section: SectionRecord) -> str:
    return section_key(section.name, section.content or "")


def _without_text(section: SectionRecord) -> None:
    match section.status:
        case SectionStatus.FAILED:
            st.warning(plain(section.error or "This section could not be written."))
        case SectionStatus.WRITTEN | SectionStatus.REWRITING:
            st.warning("This section was stored by another version and cannot be shown.")
        case _:
            st.skeleton(height=_SKELETON_PIXELS)


def _state(lesson: LessonRecord, section: SectionRecord, now: float) -> str:
    match section.status:
        case SectionStatus.WAITING if lesson.status.finished:
            return "not written"
        case SectionStatus.WAITING:
            return "put off, tried again at the end" if section.error else "waiting"
        case SectionStatus.WRITING:
            seconds = now - (section.started_at or now)
            again = ", another model took over" if section.reason in _TAKEN_OVER else ""
            return f":material/edit: writing · {_model(section)} · {seconds:.0f} s{again}"
        case SectionStatus.WRITTEN:
            return f":material/check: {_model(section)} · {_seconds(section)}"
        case SectionStatus.REWRITING:
            return ":material/edit: ready, and being improved"
        case SectionStatus.FAILED:
            return ":material/error: not written"


def _model(section: SectionRecord) -> str:
    return f"{section.slot} ({section.model})"


def _seconds(section: SectionRecord) -> str:
    if section.started_at is None or section.finished_at is None:
        return ""
    return f"{section.finished_at - section.started_at:.1f} s"
