"""Suggestions for the strategy: asked for with a button, with their evidence, never applied."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import cast

import streamlit as st

from lessongen.analytics.comparisons import RULES, Evidence, Measure
from lessongen.analytics.suggestion_words import NAMES, difference, with_bounds
from lessongen.analytics.suggestions import (
    NotEnough,
    Suggestion,
    recent_history,
    suggestions,
)
from lessongen.export.text import WORD_JOINER
from lessongen.generation.strategy import Strategy
from lessongen.lesson.parts import part_title
from lessongen.services import Services
from lessongen.store.history import RECENT_ATTEMPTS
from lessongen.ui.drawing import plain
from lessongen.ui.trouble import for_admins
from lessongen.wording import UNKNOWN

Put = Callable[[Suggestion], object]
_KEPT = "suggestions"
_ABOUT = (
    "Compares what the models made of each section: success, quality score, stars, time and "
    f"cost, over the newest {RECENT_ATTEMPTS:,} requests. It changes nothing by itself."
)
_NOTHING_YET = (
    "There is not enough data yet to compare models. Every lesson adds to it: each answer of a "
    "fallback counts, and so do the lessons whose teachers choose another slot for a section on "
    "the page New lesson."
)
_READING = (
    "In brackets: the bounds between which the truth lies, 19 times in 20. Those of differences "
    "are wider, so that all comparisons together hold 19 times in 20."
)
_FEW_STARS = "Stars: too few ratings to compare."
_DIFFERENCE = "↳ difference"
_NO_BREAK = "\N{NO-BREAK SPACE}"
_NO_BREAK_DASH = f"{WORD_JOINER}–{WORD_JOINER}"


@dataclass(frozen=True, slots=True)
class _Asked:
    """What was suggested when the button was pressed, and for which strategy."""

    strategy: Strategy
    found: tuple[Suggestion | NotEnough, ...]


def suggestions_panel(services: Services, put: Put) -> None:
    """Draw the button and what was suggested; `put` puts one suggestion where it can be saved.

    `put` is called as a button's action, before the page is drawn again.
    """
    st.caption(_ABOUT)
    st.button(
        "Suggest",
        icon=":material/lightbulb:",
        key="suggest",
        on_click=for_admins(_suggest),
        args=(services,),
    )
    asked = cast("_Asked | None", st.session_state.get(_KEPT))
    if asked is None:
        return
    if asked.strategy != services.strategy:
        st.caption("The strategy has changed since this was suggested. Please press again.")
        return
    if services.settings.sample_mode:
        st.caption("These figures are of samples: they say nothing about real models.")
    _draw(asked.found, put)


def _suggest(services: Services) -> None:
    strategy = services.strategy
    history = recent_history(services.store.history, sample=services.settings.sample_mode)
    st.session_state[_KEPT] = _Asked(strategy, suggestions(strategy, history))


def _draw(found: Sequence[Suggestion | NotEnough], put: Put) -> None:
    changes = [s for s in found if isinstance(s, Suggestion) and not s.keeps]
    kept = [s for s in found if isinstance(s, Suggestion) and s.keeps]
    to_weigh = [s for s in kept if s.to_weigh]
    missing = [s for s in found if isinstance(s, NotEnough)]
    if not (changes or kept):
        st.info(_NOTHING_YET, icon=":material/hourglass_empty:")
    elif not changes:
        st.info(
            "Nothing to change: no other slot is shown to be better on the whole.",
            icon=":material/check:",
        )
    if changes or kept:
        st.caption(_READING)
    for change in changes:
        _change(change, put)
    _others("Better in one thing, worse in another, for you to weigh", to_weigh)
    _others("Keep as it is", [s for s in kept if not s.to_weigh])
    _others("Not enough data yet", missing)


def _change(change: Suggestion, put: Put) -> None:
    with st.container(border=True, key=f"suggestion-{change.part}"):
        _told(change)
        st.button(
            "Put into the table",
            icon=":material/input:",
            key=f"put-suggestion-{change.part}",
            on_click=for_admins(put),
            args=(change,),
        )


def _others(label: str, found: Sequence[Suggestion | NotEnough]) -> None:
    if found:
        with st.expander(f"{label}: {len(found)} {'part' if len(found) == 1 else 'parts'}"):
            for suggestion in found:
                _told(suggestion)


def _told(suggestion: Suggestion | NotEnough) -> None:
    st.markdown(f"**{plain(part_title(suggestion.part))}.** {plain(suggestion.reason)}")
    if isinstance(suggestion, Suggestion):
        st.markdown(_table(suggestion.evidence))
        if suggestion.keeps and not _stars_compared(suggestion.evidence):
            st.caption(_FEW_STARS)


def _stars_compared(evidence: Sequence[Evidence]) -> bool:
    return any(c.measure == "stars" and c.gain for e in evidence for c in e.comparisons)


def _table(evidence: Sequence[Evidence]) -> str:
    """Return what is known of each slot as a table in Markdown; the one that writes now first."""
    measures: list[Measure] = [m for m in RULES if any(m in e.known for e in evidence)]
    rows = [row for of_slot in evidence for row in _rows(of_slot, measures)]
    rows[0][0] += " (now)"
    titles = ["Slot", "Answers", *(NAMES[measure].capitalize() for measure in measures)]
    ruler = "|---" * len(titles) + "|"
    return "\n".join([_row(titles), ruler, *map(_row, rows)])


def _rows(of_slot: Evidence, measures: Sequence[Measure]) -> Iterator[list[str]]:
    known = (with_bounds(m, of_slot.known[m]) if m in of_slot.known else UNKNOWN for m in measures)
    asked = " (second choice)" if of_slot.second_choice else ""
    yield [f"{of_slot.slot}{asked}", f"{of_slot.answers:,}", *known]
    if of_slot.comparisons:
        differences = {c.measure: difference(c) for c in of_slot.comparisons}
        yield [_DIFFERENCE, "", *(differences[measure] for measure in measures)]


def _row(cells: Sequence[str]) -> str:
    """Return a row whose cells stay on one line: on a phone the table scrolls."""
    whole = (plain(cell).replace(" ", _NO_BREAK).replace("–", _NO_BREAK_DASH) for cell in cells)
    return f"| {' | '.join(whole)} |"
