"""What a teacher thinks of a lesson and its sections: stars, and perhaps a reason."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from lessongen.errors import RequestError, StoreError
from lessongen.lesson.parts import part_title
from lessongen.store.ratings import REASONS, WHOLE_LESSON, Rating, RatingReason, Ratings
from lessongen.store.records import LessonRecord
from lessongen.ui.guards import Role, current_person, rerun_if_closed
from lessongen.ui.trouble import attempted, show_trouble

_INVITATION = "Your stars help to choose better models. They can be changed at any time."
_GONE = "This lesson is not there any more, so it cannot be rated."


def rating_card(ratings: Ratings, lesson: LessonRecord) -> None:
    """Draw what can be rated of a finished lesson; every press is kept at once."""
    rerun_if_closed(Role.TEACHER)
    person = current_person().id
    try:
        kept = ratings.of(lesson.id, person)
    except StoreError as error:
        show_trouble(error)
        return
    question = partial(_Question, ratings, lesson, person, kept)
    whole = question(WHOLE_LESSON)
    with st.container(border=True, key="rating-card"):
        st.markdown("### How was this lesson?", anchors=False)
        whole.stars()
        if whole.given:
            whole.reason_pills()
        st.caption(_told([whole]) or _INVITATION)
        sections = st.expander("Rate single sections", key="rate-sections", on_change="rerun")
        # Drawn when it is wanted: most teachers will rate the lesson, if anything.
        if sections.open:
            with sections:
                _section_lines([question(s.name) for s in lesson.sections if s.there])


class _Question:
    """One thing to be rated: what was kept of it, and what the page shows just now."""

    def __init__(
        self,
        ratings: Ratings,
        lesson: LessonRecord,
        person: str,
        kept: dict[str, Rating],
        section: str,
    ) -> None:
        self._ratings = ratings
        self._lesson_id = lesson.id
        self._person = person
        self._kept = kept.get(section)
        self.section = section
        place = f"{lesson.id}-{lesson.version}-{section or 'lesson'}"
        self._stars_key, self._reason_key = f"stars-{place}", f"reason-{place}"

    @property
    def given(self) -> bool:
        """Say whether stars are given, on the page."""
        return st.session_state.get(self._stars_key) is not None

    def stars(self) -> None:
        """Draw the stars."""
        st.feedback(
            "stars",
            key=self._stars_key,
            default=self._kept.stars - 1 if self._kept else None,
            on_change=attempted(self._keep),
        )

    def reason_pills(self) -> None:
        """Draw the reasons, to choose one or none."""
        st.pills(
            "What could be better?",
            REASONS,
            key=self._reason_key,
            default=self._kept.reason if self._kept else None,
            format_func=str.capitalize,
            on_change=attempted(self._keep),
        )

    def reason_list(self) -> None:
        """Draw the reasons in one line, to choose one or none."""
        reason = self._kept.reason if self._kept else None
        st.selectbox(
            "What could be better?",
            REASONS,
            index=REASONS.index(reason) if reason else None,
            key=self._reason_key,
            placeholder="What could be better?",
            label_visibility="collapsed",
            format_func=str.capitalize,
            on_change=attempted(self._keep),
        )

    @property
    def answered(self) -> bool:
        """Say whether a rating is kept."""
        return self._kept is not None

    @property
    def lost(self) -> bool:
        """Say whether the page shows what could not be kept."""
        return self._shown() != self._kept

    def _shown(self) -> Rating | None:
        stars: int | None = st.session_state.get(self._stars_key)
        reason: RatingReason | None = st.session_state.get(self._reason_key)
        return None if stars is None else Rating(stars + 1, reason)

    def _keep(self) -> None:
        rating = self._shown()
        if rating is None:
            self._ratings.withdraw(self._lesson_id, self._person, self.section)
        elif not self._ratings.rate(self._lesson_id, self._person, rating, self.section):
            raise RequestError(_GONE)


def _section_lines(questions: Sequence[_Question]) -> None:
    for question in questions:
        with st.container(
            horizontal=True,
            horizontal_alignment="distribute",
            vertical_alignment="center",
            key=f"rate-{question.section}",
        ):
            st.markdown(part_title(question.section), width="content")
            question.stars()
        if question.given:
            question.reason_list()
    if told := _told(questions):
        st.caption(told)


def _told(questions: Sequence[_Question]) -> str:
    """Say whether what the page shows is kept; nothing where there is nothing to keep."""
    if any(question.lost for question in questions):
        return ":material/warning: This could not be kept. Please try again."
    if any(question.answered for question in questions):
        return ":material/check: Kept. Press the same star again to take it back."
    return ""
