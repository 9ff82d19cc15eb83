"""The versions of the strategy: who saved them, when, why, what changed; compare and go back."""

import streamlit as st

from lessongen.administration.strategy_in_force import StrategyInForce
from lessongen.errors import LessonGenError
from lessongen.generation.strategy import Strategy
from lessongen.services import Services
from lessongen.store.strategies import StrategyVersion
from lessongen.ui.assignments.saving import LONGEST_WHY, save_version
from lessongen.ui.assignments.words import bullets, change_list, signed
from lessongen.ui.drawing import plain
from lessongen.ui.trouble import for_admins, show_trouble
from lessongen.wording import counted

VERSIONS_A_PAGE = 10
NEWEST = 100
_GOING_BACK, _BACK_WHY = "assignments-going-back", "assignments-back-why"


def history(services: Services, in_force: Strategy) -> None:
    """Draw the versions, newest first."""
    versions = services.store.strategies.recent(NEWEST)
    _going_back(services.strategies, in_force)
    _comparison(services.strategies, versions)
    st.subheader("All versions", anchor=False)
    pages = -(-len(versions) // VERSIONS_A_PAGE)
    shown = st.pagination(pages, key="versions-page") if pages > 1 else 1
    for version in versions[(shown - 1) * VERSIONS_A_PAGE : shown * VERSIONS_A_PAGE]:
        _version(version, in_force)
    if len(versions) == NEWEST:
        st.caption(f"These are the newest {NEWEST} versions. Older ones are kept too.")


def _version(version: StrategyVersion, in_force: Strategy) -> None:
    number = version.version
    with st.container(border=True, key=f"version-{number}"):
        with st.container(horizontal=True, vertical_alignment="center"):
            mark = " · in force" if number == in_force.version else ""
            st.markdown(f"**Version {number}{mark}** — {plain(version.why)}", width="stretch")
            if number != in_force.version:
                st.button(
                    "Go back to this",
                    key=f"back-{number}",
                    icon=":material/history:",
                    on_click=for_admins(_ask),
                    args=(number,),
                )
        st.caption(plain(signed(version)))
        changes = version.changes.splitlines()
        if changes:
            with st.expander(counted(len(changes), "change")):
                st.markdown(bullets(changes))


def _comparison(strategies: StrategyInForce, versions: list[StrategyVersion]) -> None:
    if len(versions) < 2:  # noqa: PLR2004 - it takes two to compare
        return
    labels = {v.version: f"{v.version} · {signed(v)}" for v in versions}
    numbers = list(labels)
    with st.expander(
        "Compare two versions", icon=":material/compare_arrows:", key="compare-versions"
    ):
        left, right = st.columns(2)
        before = left.selectbox(
            "From", numbers, 1, key="compare-from", format_func=labels.__getitem__
        )
        after = right.selectbox("To", numbers, 0, key="compare-to", format_func=labels.__getitem__)
        try:
            changes = strategies.compared(before, after)
        except LessonGenError as error:
            show_trouble(error, ":material/history:")
        else:
            st.markdown(change_list(changes) or "Both say the same.")


def _going_back(strategies: StrategyInForce, in_force: Strategy) -> None:
    """Ask once more, with what will change."""
    number = st.session_state.get(_GOING_BACK)
    if number is None:
        return
    with st.container(border=True, key="assignments-back"):
        st.markdown(f"**Go back to version {number}?** It is saved again, as a new version.")
        try:
            changes = strategies.compared(in_force.version or 0, number)
        except LessonGenError as error:
            show_trouble(error, ":material/history:")
            changes = None
        else:
            st.markdown(change_list(changes) or "It says the same as the version in force.")
            st.text_input("Why", key=_BACK_WHY, max_chars=LONGEST_WHY, on_change="ignore")
        with st.container(horizontal=True):
            st.button(
                f"Go back to version {number}",
                type="primary",
                icon=":material/history:",
                disabled=not changes,
                on_click=for_admins(_go_back),
                args=(strategies, number, in_force.version),
            )
            st.button("Leave it as it is", on_click=_ask, args=(None,))


def _ask(number: int | None) -> None:
    st.session_state[_GOING_BACK] = number
    st.session_state[_BACK_WHY] = f"Back to version {number}"


def _go_back(strategies: StrategyInForce, number: int, after: int) -> None:
    why = str(st.session_state.get(_BACK_WHY) or "") or f"Back to version {number}"
    if save_version(strategies, strategies.version(number), why, after) is not None:
        st.session_state[_GOING_BACK] = None
