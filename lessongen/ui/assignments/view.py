"""The page of assignments as a whole: what it is for, what is wrong, and its parts."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

import streamlit as st

from lessongen.analytics.suggestions import Suggestion
from lessongen.errors import StoreError
from lessongen.generation.strategy import Strategy
from lessongen.services import Services
from lessongen.ui.assignments.draft import current_draft, keep_draft, put_slot
from lessongen.ui.assignments.exchange import exchange, files_differ
from lessongen.ui.assignments.history import history
from lessongen.ui.assignments.saving import conflict, saving, standing, tell_answer
from lessongen.ui.assignments.tables import edited_tables
from lessongen.ui.drawing import plain
from lessongen.ui.house_rules import house_rules
from lessongen.ui.slot_board import slot_board
from lessongen.ui.suggestions import suggestions_panel
from lessongen.ui.trouble import show_trouble

STRATEGY, VERSIONS, SUGGESTIONS = "Strategy", "Versions", "Suggestions"
NOW, RULES = "Models now", "Rules"
TAB = "assignments-tab"


def assignments_view(services: Services) -> None:
    """Draw the page."""
    st.markdown(
        "Which model writes which section of a lesson, in what time, and who helps out. "
        "What you save counts from the next lesson on."
    )
    in_force = services.strategy
    _notices(services, in_force)
    answer = st.container()
    parts: dict[str, Callable[[Services, Strategy], None]] = {
        STRATEGY: _strategy,
        VERSIONS: history,
        NOW: _slots_now,
        RULES: _rules,
        SUGGESTIONS: _suggestions,
    }
    tabs = st.tabs([*parts], key=TAB, on_change="rerun")
    for (name, draw), tab in zip(parts.items(), tabs, strict=True):
        # The tables stay: a cell that is left for another tab would lose what was typed into it.
        if tab.open or name == STRATEGY:
            with tab:
                _drawn(draw, services, in_force)
    # Last: a part that begins the page anew would take the answer along, and nobody would see it.
    with answer:
        tell_answer()


def _drawn(
    draw: Callable[[Services, Strategy], None], services: Services, in_force: Strategy
) -> None:
    try:
        draw(services, in_force)
    except StoreError as error:
        show_trouble(error)


def _notices(services: Services, in_force: Strategy) -> None:
    if trouble := services.strategies.trouble:
        st.error(f"The last good version stays in force. {plain(trouble)}", icon=":material/error:")
    if services.settings.sample_mode:
        st.caption(
            ":material/info: No key is set, so an emulator answers in place of these models, with "
            "samples. Everything on this page works the same."
        )
    for warning in in_force.warnings(datetime.now(UTC).date()):
        st.warning(plain(warning), icon=":material/event_busy:")


def _strategy(services: Services, in_force: Strategy) -> None:
    draft = current_draft(in_force)
    above = st.container()
    draft = edited_tables(draft)
    if draft.version != in_force.version and not draft.changed:
        keep_draft(draft.filled_with(in_force))
        st.rerun()
    with above:
        conflict(services, draft, in_force)
        standing(draft)
    saving(services, draft, in_force)
    exchange(draft, in_force)
    files_differ(services, draft, in_force)


def _slots_now(services: Services, _in_force: Strategy) -> None:
    slot_board(services)


def _rules(services: Services, _in_force: Strategy) -> None:
    house_rules(services)


def _suggestions(services: Services, in_force: Strategy) -> None:
    suggestions_panel(services, partial(_put, in_force))


def _put(in_force: Strategy, suggestion: Suggestion) -> None:
    put_slot(in_force, suggestion.part, suggestion.slot)
    st.session_state[TAB] = STRATEGY
    st.toast("It is in the table. Nothing is saved yet.", icon=":material/input:")
