"""Saving what was edited: what will change, why, and what to do when somebody was quicker."""

from dataclasses import replace

import streamlit as st

from lessongen.administration.edits_on_top import clashes
from lessongen.administration.strategy_in_force import Overtaken, StrategyInForce
from lessongen.errors import LessonGenError
from lessongen.generation.strategy import Strategy
from lessongen.generation.strategy_changes import Change, differences
from lessongen.services import Services
from lessongen.ui.assignments.draft import Draft, drop_edits, keep_draft
from lessongen.ui.assignments.preview import preview
from lessongen.ui.assignments.words import change_list, signed
from lessongen.ui.drawing import plain
from lessongen.ui.guards import current_person
from lessongen.ui.trouble import for_admins, show_trouble
from lessongen.wording import counted

LONGEST_WHY = 300
_ANSWER = "assignments-answer"
_QUICKER = "Somebody saved a version just before you. Nothing is saved, and nothing is lost."
_REDOING = (
    "Redoing yours fills the tables with theirs and your edits on top; nothing is saved before "
    "you press the button."
)


def saving(services: Services, draft: Draft, in_force: Strategy) -> None:
    """Draw what saving would change, and the way to do it."""
    if not draft.changed:
        preview(services, draft, in_force)
        return
    with st.container(border=True, key="assignments-saving"):
        st.markdown(f"**{_heading(draft)}**")
        st.markdown(change_list(draft.changes))
        preview(services, draft, in_force)
        draft = _explained(draft)
        with st.container(horizontal=True):
            # Not in a callback: that would not know of a cell that is left for this button.
            pressed = st.button(
                "Save as a new version",
                type="primary",
                icon=":material/save:",
                disabled=bool(draft.faults) or draft.version != in_force.version,
            )
            st.button(
                "Drop my edits",
                icon=":material/undo:",
                on_click=for_admins(drop_edits),
                args=(in_force,),
            )
        if pressed:
            _save(services.strategies, draft)


def standing(draft: Draft) -> None:
    """Say in one line whether anything is edited; it stands where edits begin."""
    if draft.faults:
        edits = "Something is to be mended before your edits can be saved."
    elif draft.changes:
        many = counted(len(draft.changes), "change")
        edits = f"**{many} not saved yet**: saving is below the tables."
    else:
        edits = "Nothing is changed."
    st.caption(f"You see version {draft.version}. {edits}")


def conflict(services: Services, draft: Draft, in_force: Strategy) -> None:
    """Say that somebody saved a version meanwhile, and offer both ways on."""
    if draft.version == in_force.version:
        return
    newest = services.store.strategies.get(in_force.version or 0)
    if newest is None:
        return
    theirs = differences(draft.base, in_force)
    with st.container(border=True, key="assignments-conflict"):
        st.warning(
            f"While you were editing version {draft.version}, version {newest.version} was "
            f"saved: {plain(signed(newest))}, “{plain(newest.why)}”. Your edits are still here.",
            icon=":material/group:",
        )
        st.markdown(
            f"**What is different now**\n\n{change_list(theirs) or '- Nothing, after all.'}"
        )
        _tell_clashes(draft.changes, theirs)
        st.caption(_REDOING)
        _both_ways(draft, in_force)


def _both_ways(draft: Draft, in_force: Strategy) -> None:
    with st.container(horizontal=True):
        redo = st.button(
            f"Redo my edits on top of version {in_force.version}",
            type="primary",
            icon=":material/layers:",
        )
        st.button(
            "Drop mine, take theirs",
            icon=":material/undo:",
            on_click=for_admins(drop_edits),
            args=(in_force,),
        )
    if redo:
        keep_draft(draft.on_top_of(in_force))
        st.rerun()


def save_version(
    strategies: StrategyInForce, strategy: Strategy, why: str, after: int
) -> int | None:
    """Save a strategy as a new version, to be said on the page; None where somebody was quicker.

    Raises:
        StoreError: where it could not be kept.
    """
    answer = strategies.save(strategy, by=current_person().id, why=why.strip(), after=after)
    if isinstance(answer, Overtaken):
        st.session_state[_ANSWER] = _QUICKER
        return None
    st.session_state[_ANSWER] = f"Saved. Version {answer} counts from the next lesson on."
    return answer


def tell_answer() -> None:
    """Say once what came of saving."""
    match st.session_state.pop(_ANSWER, None):
        case None:
            pass
        case str(answer) if answer == _QUICKER:
            st.warning(answer, icon=":material/group:")
        case answer:
            st.success(answer, icon=":material/check:")


def _save(strategies: StrategyInForce, draft: Draft) -> None:
    result = draft.result
    if not isinstance(result, Strategy):
        return
    if not draft.why.strip():
        st.warning("Please say in a few words why, then save again.", icon=":material/edit:")
        return
    try:
        number = save_version(strategies, result, draft.why, draft.version)
    except LessonGenError as error:
        show_trouble(error)
        return
    if number is not None:
        drop_edits(strategies())
    st.rerun()


def _explained(draft: Draft) -> Draft:
    """Ask why, and return the draft with the answer."""
    key = f"assignments-why-{draft.number}"
    st.session_state.setdefault(key, draft.why)
    why = st.text_input(
        "Why",
        key=key,
        max_chars=LONGEST_WHY,
        placeholder="for example: the reading took too long",
        help="Whoever looks at the versions later reads it there.",
        on_change="ignore",
    )
    return keep_draft(replace(draft, why=why))


def _heading(draft: Draft) -> str:
    if draft.faults:
        return "Not saved yet: please mend what is told below the tables"
    return f"Not saved yet: {counted(len(draft.changes), 'change')}"


def _tell_clashes(mine: tuple[Change, ...], theirs: tuple[Change, ...]) -> None:
    for own, other in clashes(mine, theirs):
        st.markdown(
            f":material/swap_horiz: You both changed one thing. Theirs: {plain(other.sentence)}. "
            f"Yours, which redoing takes: {plain(own.sentence)}."
        )
