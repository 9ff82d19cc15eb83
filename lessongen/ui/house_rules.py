"""The rules of the house: who gets parallel mode, and how much may be written in a day."""

from collections.abc import Callable
from datetime import datetime

import streamlit as st
from pydantic import ValidationError

from lessongen.administration.decisions import Decisions
from lessongen.administration.quotas import Quotas
from lessongen.administration.rollout import Rollout, mode_for
from lessongen.errors import LessonGenError
from lessongen.people import LOCAL
from lessongen.services import Services
from lessongen.store.preferences import LastChange
from lessongen.ui.drawing import plain
from lessongen.ui.guards import current_person
from lessongen.ui.trouble import show_trouble

_QUICK = (10.0, 50.0, 100.0)
_SHARE, _SEQUENTIAL = "rollout-share", "rollout-sequential"
_LESSONS, _DOLLARS = "quota-lessons", "quota-dollars"
_BOUNDS = {
    "share": "The share has to be from 0 to 100 %.",
    "lessons_per_teacher": "The lessons have to be a number from 0 to 100,000, or left empty.",
    "dollars": "The dollars have to be from 0 to 1,000,000, or left empty.",
}


def house_rules(services: Services) -> None:
    """Draw both rules, to be read and changed; what is saved counts from the next lesson on.

    Raises:
        StoreError: where it cannot be read what counts now.
    """
    decisions = services.decisions
    left, right = st.columns(2, gap="medium")
    with left:
        _rollout(decisions)
    with right:
        _quotas(decisions)


def rollout_sentence(rollout: Rollout, person: str) -> str:
    """Return what a rollout means for teachers, and for the person who reads it."""
    if rollout.sequential_for_all:
        return "All lessons are written one section after another."
    if rollout.share == 100:  # noqa: PLR2004 - everybody
        return "Every teacher has their lessons written in parallel."
    if rollout.share == 0:
        return "No teacher has their lessons written in parallel."
    among = "" if mode_for(person, rollout).mode == "parallel" else "not "
    return (
        f"{rollout.share:g} % of teachers have their lessons written in parallel. "
        f"You are {among}among them."
    )


def quotas_sentence(quotas: Quotas, dollars_today: float) -> str:
    """Return what quotas mean for a day."""
    lessons, dollars = quotas.lessons_per_teacher, quotas.dollars
    if lessons == 0 or dollars == 0:
        return "Nobody can ask for a lesson until you raise the limit."
    sentences: list[str] = []
    if lessons is not None:
        many = "1 lesson" if lessons == 1 else f"{lessons:,} lessons"
        sentences.append(f"A teacher may ask for {many} a day.")
    if dollars is not None:
        sentences.append(f"All lessons of a day together may cost ${dollars:,.2f}.")
    return " ".join([*(sentences or ["There is no limit."]), f"Today: ${dollars_today:,.2f}."])


def _rollout(decisions: Decisions) -> None:
    person, now = current_person().id, decisions.rollout
    with st.container(border=True, key="rollout-card"):
        st.markdown("### Parallel mode", anchors=False)
        meaning = st.container()
        _field(_SHARE, now.share)
        st.number_input(
            "Share of teachers, in %",
            value=None,
            step=5.0,
            format="%g",
            key=_SHARE,
            on_change="ignore",
        )
        with st.container(horizontal=True):
            for share in _QUICK:
                st.button(
                    f"{share:g} %", key=f"rollout-{share:g}", on_click=_use_share, args=(share,)
                )
        _field(_SEQUENTIAL, now.sequential_for_all)
        st.toggle(
            "Sequential for all",
            key=_SEQUENTIAL,
            help="The way back: every lesson is written one section after another, as before.",
            on_change="ignore",
        )
        if st.button("Save", key="rollout-save", type="primary"):
            _saved(lambda: decisions.decide_rollout(_typed_rollout(), person))
        with meaning:
            _told(rollout_sentence(decisions.rollout, person), decisions.rollout_change)


def _quotas(decisions: Decisions) -> None:
    person, now = current_person().id, decisions.quotas
    with st.container(border=True, key="quotas-card"):
        st.markdown("### Limits of a day", anchors=False)
        meaning = st.container()
        _field(_LESSONS, now.lessons_per_teacher)
        st.number_input(
            "Lessons per teacher",
            value=None,
            step=1,
            key=_LESSONS,
            placeholder="no limit",
            on_change="ignore",
        )
        _field(_DOLLARS, now.dollars)
        st.number_input(
            "Dollars, all teachers together",
            value=None,
            step=1.0,
            format="%.2f",
            key=_DOLLARS,
            placeholder="no limit",
            help="Lessons that are under way when it is reached are still finished.",
            on_change="ignore",
        )
        if st.button("Save", key="quotas-save", type="primary"):
            _saved(lambda: decisions.decide_quotas(_typed_quotas(), person))
        with meaning:
            told = quotas_sentence(decisions.quotas, decisions.dollars_today)
            _told(told, decisions.quotas_change)


def _field(key: str, value: object) -> None:
    """Fill a field that is drawn for the first time; what somebody typed stays."""
    st.session_state.setdefault(key, value)


def _use_share(share: float) -> None:
    st.session_state[_SHARE] = share


def _typed_rollout() -> Rollout:
    state = st.session_state
    return Rollout.model_validate(
        {"share": state[_SHARE], "sequential_for_all": state[_SEQUENTIAL]}
    )


def _typed_quotas() -> Quotas:
    state = st.session_state
    return Quotas.model_validate(
        {"lessons_per_teacher": state[_LESSONS], "dollars": state[_DOLLARS]}
    )


def _saved(save: Callable[[], None]) -> None:
    """Save what was typed; where it cannot be, say so in place."""
    try:
        save()
    except ValidationError as error:
        fields = [str(fault["loc"][0]) for fault in error.errors()]
        st.warning(" ".join(_BOUNDS[field] for field in fields), icon=":material/edit:")
    except LessonGenError as error:
        show_trouble(error)
    else:
        st.caption(":material/check: Saved. It counts from the next lesson on.")


def _told(sentence: str, change: LastChange | None) -> None:
    st.markdown(plain(sentence))
    st.caption(plain(_changed(change)))


def _changed(change: LastChange | None) -> str:
    if change is None:
        return "Nobody has changed this yet."
    when = datetime.fromtimestamp(change.at)  # noqa: DTZ006 - the server's own clock
    by = f" by {change.by}" if change.by and change.by != LOCAL else ""
    return f"Changed{by} on {when.day} {when:%B %Y, %H:%M}."
