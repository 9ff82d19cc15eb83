"""What a whole lesson takes and costs, now and with the edits, going by what was measured."""

from collections.abc import Sequence

import streamlit as st

from lessongen.administration.estimate import Estimate, estimate
from lessongen.errors import StoreError
from lessongen.generation.strategy import Strategy
from lessongen.lesson.sections import SECTIONS
from lessongen.services import Services
from lessongen.store.history import PartHistory
from lessongen.ui.assignments.draft import Draft
from lessongen.ui.drawing import plain
from lessongen.ui.lesson_estimate import NOT_MEASURED, estimate_sentence, measured_history
from lessongen.ui.trouble import show_trouble

_UNKNOWN = f"How long a whole lesson takes {NOT_MEASURED}"


def preview(services: Services, draft: Draft, in_force: Strategy) -> None:
    """Draw an estimate of the version in force and, where something is changed, of the edits."""
    sample = services.settings.sample_mode
    try:
        history = measured_history(services, sample=sample)
    except StoreError as error:
        show_trouble(error)
        return
    result = draft.result
    edits = result if isinstance(result, Strategy) and draft.changes else None
    lines = [("as it is in force", in_force), *([("with your edits", edits)] if edits else [])]
    expected = [(told, _estimate(strategy, history)) for told, strategy in lines]
    known = [
        f"{told}: {_begun_small(estimate_sentence(found, 'parallel', sample=sample))}"
        for told, found in expected
        if found or any(other for _, other in expected)
    ]
    with st.container(key="assignments-preview"):
        st.caption(
            plain("Written in parallel, a whole lesson takes:") + _listed(known)
            if known
            else _UNKNOWN
        )


def _estimate(strategy: Strategy, history: Sequence[PartHistory]) -> Estimate | None:
    return estimate(strategy, list(SECTIONS), "parallel", history)


def _begun_small(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def _listed(lines: Sequence[str]) -> str:
    return "".join(f"\n- {plain(line)}" for line in lines)
