"""What a lesson will take and cost, told before it is asked for."""

from collections.abc import Sequence

import streamlit as st

from lessongen.administration.estimate import Estimate, estimate
from lessongen.administration.rollout import mode_for
from lessongen.errors import StoreError
from lessongen.generation.strategy import Mode
from lessongen.lesson.parts import part_title
from lessongen.services import Services
from lessongen.store.history import PartHistory
from lessongen.ui.drawing import plain
from lessongen.ui.own_models import OwnModels, choice_sentence
from lessongen.wording import counted

NOT_MEASURED = "is not known yet: nothing was measured so far."
_KEPT_SECONDS = 30
_CENT = 0.01


def lesson_estimate(
    services: Services, person: str, sections: Sequence[str], own: OwnModels
) -> None:
    """Say what a lesson of these sections will take and cost, and what of it is chosen."""
    sample = services.settings.sample_mode
    strategy = services.strategy.with_own(own.choices)
    try:
        mode = mode_for(person, services.decisions.rollout).mode
        history = measured_history(services, sample=sample)
    except StoreError:
        return  # pressing the button says so
    expected = estimate(strategy, sections, mode, history) if sections else None
    sentences = [estimate_sentence(expected, mode, sample=sample), choice_sentence(own)]
    with st.container(key="estimate"):
        st.caption(plain(" ".join(filter(None, sentences))))


def estimate_sentence(expected: Estimate | None, mode: Mode, *, sample: bool) -> str:
    """Return an estimate in words."""
    free = " Samples cost nothing." if sample else ""
    if expected is None:
        return f"How long this will take {NOT_MEASURED}{free}"
    cost = "" if sample or expected.dollars is None else f" and {_dollars(expected.dollars)}"
    answers = counted(expected.answers, "answer")
    way = ", one section after another" if mode == "sequential" else ""
    first = f"About {max(1, round(expected.seconds))} s{cost}{way}, going by {answers} so far."
    unpriced = not sample and expected.dollars is None
    price = " What it will cost is not known: a model has no price." if unpriced else ""
    return f"{first}{price}{_left_out(expected)}{free}"


def _left_out(expected: Estimate) -> str:
    titles = ", ".join(part_title(part) for part in expected.unmeasured)
    return f" Not counted, since their models have not written them yet: {titles}." * bool(titles)


def _dollars(dollars: float) -> str:
    return f"${dollars:.2f}" if dollars >= _CENT else "less than $0.01"


def _place(services: Services) -> str:
    return str(services.settings.database)


@st.cache_data(ttl=_KEPT_SECONDS, max_entries=8, show_spinner=False, hash_funcs={Services: _place})
def measured_history(services: Services, *, sample: bool) -> list[PartHistory]:
    """Return what recent answers took and cost, as it was known at most half a minute ago.

    Raises:
        StoreError: where it is not known.
    """
    return services.store.history.recent(sample=sample)
