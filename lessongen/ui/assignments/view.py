"""The page of assignments as a whole: what it is for, what is wrong, and its parts."""

from datetime import UTC, datetime

import streamlit as st

from lessongen.errors import StoreError
from lessongen.generation.strategy import Strategy
from lessongen.services import Services
from lessongen.ui.assignments.draft import current_draft, keep_draft
from lessongen.ui.assignments.exchange import exchange, files_differ
from lessongen.ui.assignments.history import history
from lessongen.ui.assignments.saving import conflict, saving, tell_answer
from lessongen.ui.assignments.tables import edited_tables
from lessongen.ui.drawing import plain
from lessongen.ui.trouble import show_trouble

STRATEGY, VERSIONS = "Strategy", "Versions"


def assignments_view(services: Services) -> None:
    """Draw the page."""
    st.markdown(
        "Which model writes which section of a lesson, in what time, and who helps out. "
        "What you save counts from the next lesson on."
    )
    in_force = services.strategy
    _notices(services, in_force)
    tell_answer()
    strategy_tab, versions_tab = st.tabs(
        [STRATEGY, VERSIONS], key="assignments-tab", on_change="rerun"
    )
    with strategy_tab:
        _strategy(services, in_force)
    if versions_tab.open:
        with versions_tab:
            _versions(services, in_force)


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
        files_differ(services, draft, in_force)
    saving(services.strategies, draft, in_force)
    exchange(draft, in_force)


def _versions(services: Services, in_force: Strategy) -> None:
    try:
        history(services, in_force)
    except StoreError as error:
        show_trouble(error)
