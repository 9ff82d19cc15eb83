"""How long single requests are kept: a card to read and change it."""

from typing import Annotated

import streamlit as st
from pydantic import BaseModel, Field

from lessongen.store.figures.retention import FEWEST_DAYS, Retention
from lessongen.ui.guards import current_person
from lessongen.ui.rule_cards import fill_once, save_typed, tell_rule

_MOST_DAYS = 3650
_KEY = "kept-days"


class _Typed(BaseModel):
    days: Annotated[int, Field(ge=FEWEST_DAYS, le=_MOST_DAYS)] | None


def retention_card(retention: Retention) -> None:
    """Draw what counts, and a field to change it.

    Raises:
        StoreError: where it cannot be read what counts now.
    """
    with st.container(border=True, key="retention-card"):
        st.markdown("### Single requests", anchors=False)
        meaning = st.container()
        fill_once(_KEY, retention.kept_days)
        st.number_input(
            "Days to keep each request",
            value=None,
            step=1,
            key=_KEY,
            placeholder="for ever",
            help="Older ones are added up by the day and deleted. No chart changes; only the "
            "timelines of those lessons are gone.",
            on_change="ignore",
        )
        if st.button("Save", key="retention-save", type="primary"):
            save_typed(lambda: _keep(retention))
        with meaning:
            tell_rule(retention_sentence(retention.kept_days), retention.last_change)


def retention_sentence(days: int | None) -> str:
    """Return what a number of days means."""
    if days is None:
        return "Every request to a model is kept for ever."
    return f"Requests to models are kept for {days} days, and then only their sums by the day."


def _keep(retention: Retention) -> None:
    typed = _Typed.model_validate({"days": st.session_state[_KEY]})
    retention.keep_days(typed.days, current_person().id)
