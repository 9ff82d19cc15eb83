"""Strategies to draw at random, whose every rule is kept, and a suggestion that is followed."""

from datetime import date

from hypothesis import strategies as st

from lessongen.administration.edits_on_top import tables, written_by
from lessongen.analytics.suggestions import Suggestion
from lessongen.generation.prices import Prices
from lessongen.generation.strategy import Assignment, ModelSlot, Retired, Strategy
from lessongen.generation.strategy_tables import edited
from lessongen.lesson.parts import PARTS
from lessongen.lesson.prompts import BRIEF

_COUNTS = st.integers(1, 1_000_000_000)
_SECONDS = st.floats(0.001, 600)
_PRICES = st.floats(0, 10_000)
MODEL_IDS = st.text("aZ09_.:@/-", min_size=1, max_size=12)
SLOT_NAMES = st.text("az09_-", max_size=39).map("s{}".format)

PRICES = st.builds(Prices, input=_PRICES, output=_PRICES, cached=_PRICES)
MODEL_SLOTS = st.builds(
    ModelSlot,
    model=MODEL_IDS,
    enabled=st.booleans(),
    thinking=st.sampled_from([None, "minimal", "low", "medium", "high", "xhigh"]),
    timeout_seconds=_SECONDS,
    first_event_seconds=_SECONDS,
    idle_seconds=_SECONDS,
    max_output_tokens=_COUNTS,
    concurrency=_COUNTS,
    requests_per_minute=_COUNTS,
    input_tokens_per_minute=_COUNTS,
    requests_per_day=_COUNTS,
    prices=st.none() | PRICES,
)
_RETIRED = st.builds(Retired, replacement=MODEL_IDS, ends=st.dates(date(1, 1, 1)))


def followed(strategy: Strategy, suggestion: Suggestion) -> Strategy:
    """Return what a suggestion that is put into the tables makes of a strategy."""
    filled = written_by(tables(strategy), suggestion.part, suggestion.slot)
    after = edited(strategy, filled.assignments, filled.slots)
    assert isinstance(after, Strategy)
    return after


@st.composite
def whole_strategies(draw: st.DrawFn) -> Strategy:
    """Draw a strategy of one to four slots, some switched off, some parts waiting for others."""
    names = draw(st.lists(SLOT_NAMES, min_size=1, max_size=4, unique=True))
    slots = {name: draw(MODEL_SLOTS) for name in names}
    slots[names[0]] = slots[names[0]].model_copy(update={"enabled": True})
    order = draw(st.permutations(PARTS))
    retired = draw(st.dictionaries(MODEL_IDS, _RETIRED, max_size=3))
    assignments = dict.fromkeys(PARTS, draw(_assignments(names, [])))
    for part in draw(st.lists(st.sampled_from(PARTS), max_size=3)):
        assignments[part] = draw(_assignments(names, _earlier(order, part)))
    return Strategy(slots, assignments, retired, draw(st.booleans()))


def _earlier(order: list[str], part: str) -> list[str]:
    """Return the sections that a part may wait for, so that nobody waits in a circle."""
    return [] if part == BRIEF else [p for p in order[: order.index(part)] if p != BRIEF]


@st.composite
def _assignments(draw: st.DrawFn, names: list[str], earlier: list[str]) -> Assignment:
    asked = draw(st.permutations(names))
    last = max(asked.index(names[0]) + 1, draw(st.integers(1, len(asked))))
    return Assignment(
        slot=asked[0],
        priority=draw(st.sampled_from(["high", "medium", "low"])),
        deadline_seconds=draw(st.floats(2, 600)),
        fallbacks=tuple(asked[1:last]),
        waits_for=tuple(draw(st.permutations(earlier)))[: draw(st.integers(0, 3))],
        hedging=draw(st.sampled_from([None, True, False])),
    )
