"""A lesson on its page: live while it is written, still once it is done."""

from functools import partial
from itertools import count

import streamlit as st

from lessongen.errors import StoreError, UnreadableLessonError
from lessongen.export.formats import EXPORTS, file_name
from lessongen.lesson.blocks import Copy
from lessongen.lesson.brief import Brief
from lessongen.lesson.parts import part_title
from lessongen.quality.summary import quality_sentence
from lessongen.services import Services
from lessongen.store.own_lessons import OwnLessons
from lessongen.store.records import LessonRecord, LessonStatus
from lessongen.ui.drawing import lesson_heading, plain
from lessongen.ui.guards import Role, rerun_if_closed
from lessongen.ui.rating_card import rating_card
from lessongen.ui.sample_note import sample_note
from lessongen.ui.section_cards import section_card
from lessongen.ui.timeline import (
    bars,
    finished_bars,
    improving_seconds,
    one_after_another,
    seconds_taken,
    timeline,
)
from lessongen.ui.trouble import attempted, show_trouble
from lessongen.ui.watching import POLL_SECONDS, take_turns

_LONG_WAIT_SECONDS = 20
_LONG_SILENCE_SECONDS = 5
_OFFERED = (".docx", ".pdf", ".md", ".apkg", ".gift")
_COPIES: dict[Copy, str] = {"student": "Student copy", "teacher": "Teacher copy"}
_LOCAL_BRIEF = (
    "No model could plan this lesson, so its sections were written from the topic alone. "
    "Please check that they fit together."
)


def lesson_view(services: Services, lessons: OwnLessons, lesson: LessonRecord) -> None:
    """Draw a lesson: once what seldom changes, and again and again what grows.

    Every element that is drawn again costs the server, for every tab that watches.
    """
    _heading(lesson)
    copy = _toolbar(lessons, lesson)
    draws = count()

    # A finished lesson is a fragment too, without a timer: one that leaves its fragment loses
    # its chart to a new one.
    def growing() -> None:
        rerun_if_closed(Role.TEACHER)
        first = next(draws) == 0
        try:
            newest = lessons.get(lesson.id)
        except StoreError as error:
            show_trouble(error)
            return
        if newest:
            # Before any rerun: what a fragment leaves out is taken off the page until then.
            _grown(services, lessons, newest, copy)
        if newest is None or _outside(newest) != _outside(lesson):
            st.rerun()
        if not (first or lesson.status.finished):
            take_turns()

    # Another fragment for every state of what is around it: a tick for a fragment that is still
    # there makes Streamlit forget a whole run that has just ended (streamlit issue 9921), and the
    # page never learns that its lesson is ready; any other tick is ignored. Streamlit knows a
    # fragment by its name and place.
    growing.__qualname__ += f" {_outside(lesson)}"
    st.fragment(growing, run_every=None if lesson.status.finished else POLL_SECONDS)()


def _outside(lesson: LessonRecord) -> tuple[bool, bool]:
    """Return what is drawn outside the fragment: its change draws the whole page again."""
    return lesson.cancel_requested, lesson.status.finished


def _grown(services: Services, lessons: OwnLessons, lesson: LessonRecord, copy: Copy) -> None:
    now = services.store.now()
    _progress(services, lessons, lesson, now)
    cards, side = st.columns([5, 3], gap="medium")
    with cards:
        for section in lesson.sections:
            section_card(lesson, section, copy, now)
    with side, st.container(border=True, key="timeline-card"):
        st.markdown(f"### Side by side\n\n:small[{_comparison(lesson, now)}]", anchors=False)
        # A fragment of its own: a chart that leaves its fragment for another is drawn anew.
        st.fragment(timeline)(lesson, services.strategy.slots, now)
    with side:
        _plan(lesson.brief)
        if lesson.status.finished and lesson.written:
            # A fragment of its own: a star draws nothing else anew.
            st.fragment(rating_card)(services.store.ratings, lesson)


def _heading(lesson: LessonRecord) -> None:
    request = lesson.request
    st.title(lesson_heading(request.topic), anchor=False)
    facts = [request.level, f"{request.minutes} minutes", f"{request.variant} English"]
    if lesson.status.finished:
        facts.append(_quality(lesson))
    with st.container(key="facts"):
        st.caption(" · ".join(filter(None, facts)))
    if lesson.sample:
        sample_note()


def _plan(brief: Brief | None) -> None:
    if brief:
        with st.container(border=True, key="plan-card"):
            st.markdown(f"**{plain(brief.title)}**\n\n{plain(brief.outcome)}")


def _toolbar(lessons: OwnLessons, lesson: LessonRecord) -> Copy:
    with st.container(horizontal=True, vertical_alignment="center", key="toolbar"):
        copy: Copy = (
            st.segmented_control(
                "Copy",
                list(_COPIES),
                default="teacher",
                required=True,
                format_func=_COPIES.__getitem__,
                label_visibility="collapsed",
                key="copy",
            )
            or "teacher"
        )
        if lesson.status.finished:
            _downloads(lesson, copy)
        else:
            st.button(
                "Stop writing",
                key="stop",
                icon=":material/stop_circle:",
                on_click=attempted(lessons.request_cancel),
                args=(lesson.id,),
                disabled=lesson.cancel_requested,
            )
    return copy


def _downloads(lesson: LessonRecord, copy: Copy) -> None:
    try:
        value = lesson.lesson()
    except UnreadableLessonError as error:
        show_trouble(error)
        return
    if value is None or not value.contents:
        return
    # One button in the place of "Stop": on a phone two would take another row.
    with st.popover("Download", icon=":material/download:", key="downloads"):
        exports = (EXPORTS[suffix] for suffix in _OFFERED)
        for export in (export for export in exports if export.offered(value, copy)):
            st.download_button(
                export.label,
                data=partial(export.render, value, copy),
                file_name=file_name(value, copy, export.suffix),
                mime=export.mime,
                key=f"download{export.suffix}",
                on_click="ignore",
                width="stretch",
            )


def _progress(services: Services, lessons: OwnLessons, lesson: LessonRecord, now: float) -> None:
    with st.container(key="lesson-progress"):
        if not lesson.status.finished:
            waiting = lesson.status is LessonStatus.QUEUED
            text = _in_line(lessons, lesson, now) if waiting else _under_way(lesson, now)
            st.progress(len(lesson.written) / len(lesson.sections), text=text)
        elif lesson.status is LessonStatus.COMPLETE:
            # The same bar, full: nothing below it moves.
            st.progress(1.0, text=f":material/check_circle: Your lesson is ready.{_took(lesson)}")
            if lesson.brief_local:
                st.info(_LOCAL_BRIEF, icon=":material/info:")
        else:
            _unfinished(lesson)
            st.button(
                "Write the missing sections" if lesson.written else "Try again",
                key="again",
                type="primary",
                icon=":material/refresh:",
                on_click=attempted(services.write_again),
                args=(lesson.id, lessons.owner),
            )


def _in_line(lessons: OwnLessons, lesson: LessonRecord, now: float) -> str:
    """Say what a lesson waits for that is not being written yet."""
    elapsed = _elapsed(lesson, now)
    line = lessons.line_before(lesson)
    if line.lessons and line.moves(now):
        come = "1 lesson comes" if line.lessons == 1 else f"{line.lessons} lessons come"
        return f"Waiting for its turn: {come} first · {elapsed:.0f} s"
    stuck = lesson.started_at is None and elapsed > _LONG_WAIT_SECONDS
    advice = " · If this lasts, please start LessonGen again." if stuck else ""
    return f"Waiting to begin · {elapsed:.0f} s{advice}"


def _under_way(lesson: LessonRecord, now: float) -> str:
    ready = f"{len(lesson.written)} of {len(lesson.sections)} sections ready"
    seconds = f"{_elapsed(lesson, now):.0f} s"
    if (silence := lesson.silent_seconds(now)) > _LONG_SILENCE_SECONDS:
        return (
            f"Nothing could be saved for {silence:.0f} s: the database is busy or its disk is "
            "full. What the models write is kept, and saved as soon as it can be."
        )
    if lesson.cancel_requested:
        return "Stopping. What is ready stays."
    if lesson.brief is None:
        return f"Planning the lesson · {seconds}"
    if lesson.rewriting:
        return f"{ready} · improving {part_title(lesson.rewriting)} · {seconds}"
    return f"{ready} · {seconds}"


def _quality(lesson: LessonRecord) -> str:
    """Say what the checks think of a lesson; nothing where they have not gone over it."""
    if lesson.score is None or not lesson.written:
        return ""
    found = {part_title(s.name): len(s.findings) for s in lesson.sections if s.findings}
    missing = [part_title(s.name) for s in lesson.sections if not s.there]
    return quality_sentence(lesson.score, found, missing)


def _elapsed(lesson: LessonRecord, now: float) -> float:
    """Return the seconds of waiting or writing; breaks in between do not count."""
    if lesson.started_at is None:
        return now - lesson.created_at
    return seconds_taken(bars(lesson, now)) + improving_seconds(lesson, now)


def _unfinished(lesson: LessonRecord) -> None:
    ready = f"{len(lesson.written)} of {len(lesson.sections)} sections are ready."
    match lesson.status:
        case LessonStatus.INCOMPLETE:
            st.warning(f"{ready} The others are marked below.", icon=":material/warning:")
        case LessonStatus.CANCELLED:
            st.info(f"You stopped this lesson. {ready}", icon=":material/stop_circle:")
        case _:
            cause = lesson.error or next((s.error for s in lesson.sections if s.error), None)
            st.error(
                f"No section could be written, but your request is kept. {plain(cause or '')}",
                icon=":material/error:",
            )


def _took(lesson: LessonRecord) -> str:
    seconds = seconds_taken(finished_bars(lesson)) + improving_seconds(lesson, lesson.created_at)
    return f" It took {seconds:.0f} {'second' if round(seconds) == 1 else 'seconds'}."


def _comparison(lesson: LessonRecord, now: float) -> str:
    drawn = finished_bars(lesson) if lesson.status.finished else bars(lesson, now)
    if len(drawn) < 2:  # noqa: PLR2004 - one part cannot be compared
        if lesson.status.finished:
            return "Too little was written to compare."
        # As long as what comes after it, so that the chart does not move.
        return "Sections appear here as they begin: which model writes what, and when."
    verb = "would have taken" if lesson.status.finished else "would take"
    again = improving_seconds(lesson, now)
    improved = f" Improving what the checks found: {again:.0f} s." if again >= 1 else ""
    return (
        f"Written side by side: {seconds_taken(drawn):.0f} s. "
        f"One after another, they {verb} about {one_after_another(drawn):.0f} s.{improved}"
    )
