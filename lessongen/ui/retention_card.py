"""How long single requests are kept: a card to read and change it, which asks before it deletes."""

from functools import partial
from typing import cast

import streamlit as st

from lessongen.store.figures.retention import KeptDays, Retention
from lessongen.ui.guards import current_person
from lessongen.ui.rule_cards import fill_once, save_rule, tell_rule, typed_rule
from lessongen.ui.trouble import for_admins
from lessongen.wording import counted

_DAYS, _ASKED, _SAID = "kept-days", "kept-days-asked", "kept-days-said"
_GONE_WITH_THEM = (
    "Older requests are added up by the day and deleted for good. No chart changes, but their "
    "lessons lose their timelines and are no longer listed behind a model, section, reason or "
    "error, and estimates and suggestions no longer learn from them."
)
_SAVED = "Saved. It counts from now on."
_GOING = "Saved. Deleting begins within an hour, a part at a time."


def retention_card(retention: Retention) -> None:
    """Draw what counts, and a field to change it.

    Raises:
        StoreError: where it cannot be read what counts now.
    """
    with st.container(border=True, key="retention-card"):
        st.markdown("### How long requests are kept", anchors=False)
        meaning = st.container()
        fill_once(_DAYS, retention.kept_days)
        st.number_input(
            "Days to keep each request",
            value=None,
            step=1,
            key=_DAYS,
            placeholder="for ever",
            help=f"{_GONE_WITH_THEM} Their age is counted back from the newest one.",
            on_change="ignore",
        )
        if st.button("Save", key="retention-save", type="primary"):
            _save_or_ask(retention)
        _confirming(retention)
        with meaning:
            tell_rule(retention_sentence(retention.kept_days), retention.last_change)


def retention_sentence(days: int | None) -> str:
    """Return what a number of days means."""
    if days is None:
        return "Every request to a model is kept for ever."
    return f"Requests to models are kept for {days:,} days, and then only their sums by the day."


def _save_or_ask(retention: Retention) -> None:
    """Save what was typed; where requests would go that are kept so far, ask first."""
    st.session_state[_ASKED] = None
    kept = typed_rule(KeptDays, {"days": st.session_state[_DAYS]})
    if kept is None:
        return
    if _going(retention, kept):
        st.session_state[_ASKED] = kept
    else:
        save_rule(partial(retention.keep, kept, current_person().id), _SAVED)


def _going(retention: Retention, kept: KeptDays) -> int:
    """Return how many requests would go that are kept so far."""
    now = retention.kept_days
    shorter = kept.days is not None and (now is None or kept.days < now)
    return retention.too_old(kept) if shorter else 0


def _confirming(retention: Retention) -> None:
    if said := st.session_state.pop(_SAID, None):
        st.caption(f":material/check: {said}")
    kept = cast("KeptDays | None", st.session_state.get(_ASKED))
    if kept is None or not (many := _going(retention, kept)):
        return
    st.warning(f"Nothing is saved yet. {_GONE_WITH_THEM}", icon=":material/delete_forever:")
    with st.container(horizontal=True):
        st.button(
            f"Delete {counted(many, 'request')} older than {kept.days:,} days",
            key="retention-delete",
            type="primary",
            on_click=for_admins(_delete),
            args=(retention, kept),
        )
        st.button("Leave it as it is", key="retention-leave", on_click=for_admins(_leave))


def _delete(retention: Retention, kept: KeptDays) -> None:
    retention.keep(kept, current_person().id)
    st.session_state.update({_DAYS: kept.days, _ASKED: None, _SAID: _GOING})


def _leave() -> None:
    st.session_state[_ASKED] = None
