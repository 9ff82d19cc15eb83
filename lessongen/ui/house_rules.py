"""The rules of the house: who gets parallel mode, how much a day may bring, what is kept."""

import streamlit as st

from lessongen.administration.decisions import Decisions
from lessongen.administration.quotas import Quotas
from lessongen.administration.rollout import Rollout, mode_for
from lessongen.services import Services
from lessongen.ui.guards import current_person
from lessongen.ui.retention_card import retention_card
from lessongen.ui.rule_cards import (
    FROM_THE_NEXT_LESSON,
    fill_once,
    save_rule,
    tell_rule,
    typed_rule,
)
from lessongen.wording import counted

_WHEN_REACHED = (
    "Lessons that are queued or under way when it is reached are still written. Models without a "
    "known price are not counted."
)
_QUICK = (10.0, 50.0, 100.0)
_SHARE, _SEQUENTIAL = "rollout-share", "rollout-sequential"
_LESSONS, _DOLLARS = "quota-lessons", "quota-dollars"


def house_rules(services: Services) -> None:
    """Draw the rules, to be read and changed; what is saved counts from the next lesson on.

    Raises:
        StoreError: where it cannot be read what counts now.
    """
    decisions = services.decisions
    left, right = st.columns(2, gap="medium")
    with left:
        _rollout(decisions)
    with right:
        _quotas(decisions)
        retention_card(services.store.day_sums.retention)


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
        sentences.append(f"A teacher may ask for {counted(lessons, 'lesson')} a day.")
    if dollars is not None:
        sentences.append(f"All lessons of a day together may cost ${dollars:,.2f}.")
    return " ".join([*(sentences or ["There is no limit."]), f"Today: ${dollars_today:,.2f}."])


def _rollout(decisions: Decisions) -> None:
    person, now = current_person().id, decisions.rollout
    with st.container(border=True, key="rollout-card"):
        st.markdown("### Parallel mode", anchors=False)
        meaning = st.container()
        fill_once(_SHARE, now.share)
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
        fill_once(_SEQUENTIAL, now.sequential_for_all)
        st.toggle(
            "Sequential for all",
            key=_SEQUENTIAL,
            help="The way back: every lesson is written one section after another, as before.",
            on_change="ignore",
        )
        if st.button("Save", key="rollout-save", type="primary") and (rollout := _typed_rollout()):
            save_rule(lambda: decisions.decide_rollout(rollout, person), FROM_THE_NEXT_LESSON)
        with meaning:
            tell_rule(rollout_sentence(decisions.rollout, person), decisions.rollout_change)


def _quotas(decisions: Decisions) -> None:
    person, now = current_person().id, decisions.quotas
    with st.container(border=True, key="quotas-card"):
        st.markdown("### Limits of a day", anchors=False)
        meaning = st.container()
        fill_once(_LESSONS, now.lessons_per_teacher)
        st.number_input(
            "Lessons per teacher",
            value=None,
            step=1,
            key=_LESSONS,
            placeholder="no limit",
            on_change="ignore",
        )
        fill_once(_DOLLARS, now.dollars)
        st.number_input(
            "Dollars, all teachers together",
            value=None,
            step=1.0,
            format="%.2f",
            key=_DOLLARS,
            placeholder="no limit",
            help=_WHEN_REACHED,
            on_change="ignore",
        )
        if st.button("Save", key="quotas-save", type="primary") and (quotas := _typed_quotas()):
            save_rule(lambda: decisions.decide_quotas(quotas, person), FROM_THE_NEXT_LESSON)
        with meaning:
            told = quotas_sentence(decisions.quotas, decisions.dollars_today)
            tell_rule(told, decisions.quotas_change)


def _use_share(share: float) -> None:
    st.session_state[_SHARE] = share


def _typed_rollout() -> Rollout | None:
    state = st.session_state
    typed = {"share": state[_SHARE], "sequential_for_all": state[_SEQUENTIAL]}
    return typed_rule(Rollout, typed)


def _typed_quotas() -> Quotas | None:
    state = st.session_state
    return typed_rule(Quotas, {"lessons_per_teacher": state[_LESSONS], "dollars": state[_DOLLARS]})
