"""The figures above the charts, each with its definition and what it was in the period before."""

from collections.abc import Iterable
from typing import Literal

import streamlit as st

from lessongen.analytics.changes import Change, change_of, rests_on_enough
from lessongen.analytics.metrics import Metric, metric_of
from lessongen.analytics.values import Compared, Figures, GroupFigures
from lessongen.analytics.wording import with_unit
from lessongen.ui.drawing import plain
from lessongen.wording import counted

_CARD_PIXELS = 240
_AS_BEFORE = "as before"
_MINUS = "-"  # Streamlit knows a fall by it
_OF_GROUPS = {
    "seconds": "timed",
    "success": "sections",
    "cost": "paid",
    "score": "scored",
    "stars": "ratings",
}
"""Figures of a group, and where it says on how many things each rests."""

Color = Literal["normal", "inverse", "off"]


def headline(found: Figures, keys: Iterable[str]) -> None:
    """Draw figures side by side, as many as fit."""
    with st.grid(min_column_width=_CARD_PIXELS):
        for key in keys:
            _metric(metric_of(key, found.filters), getattr(found.headline, key), "before")


def before_and_after(found: Figures, pair: tuple[GroupFigures, GroupFigures]) -> None:
    """Draw the figures of a version, each against those of the version before."""
    before, after = pair
    with st.grid(min_column_width=_CARD_PIXELS):
        for key, count in _OF_GROUPS.items():
            values = [getattr(group, key) for group in (after, before)]
            counts = [getattr(group, count) for group in (after, before)]
            _metric(metric_of(key, found.filters), Compared(*values, *counts), before.name)


def _metric(metric: Metric, figure: Compared, earlier: str) -> None:
    change = change_of(figure, metric.unit)
    told = f"{earlier}: {with_unit(figure.before, metric.unit)}"
    st.metric(
        metric.title,
        _value(with_unit(figure.value, metric.unit)),
        None if change is None else _delta(change),
        delta_color=_color(metric, figure, change),
        delta_arrow="off" if change is not None and change.same else "auto",
        delta_description=None if change is None else _value(told),
        help=_help(metric, figure, earlier),
        border=True,
        height="stretch",
    )


def _help(metric: Metric, figure: Compared, earlier: str) -> str:
    """Return the definition, and on how much the figure rests."""
    if not figure.count:
        return plain(metric.definition)
    many = counted(figure.count, metric.of)
    old = f"; {earlier}: {figure.before_count:,}" if figure.before_count else ""
    return plain(f"{metric.definition} This one is of {many}{old}.")


def _delta(change: Change) -> str:
    """Return by how much a figure changed, with a sign that Streamlit knows."""
    return _AS_BEFORE if change.same else f"{'+' if change.rose else _MINUS}{change.much}"


def _color(metric: Metric, figure: Compared, change: Change | None) -> Color:
    """Return whether more is good: a longer time is not, and little may be chance."""
    if change is None or change.same or not rests_on_enough(figure):
        return "off"
    match metric.better:
        case "more":
            return "normal"
        case "less":
            return "inverse"
        case _:
            return "off"


def _value(text: str) -> str:
    """Return a figure in words; two dollars in one line would make a formula of it."""
    return text.replace("$", r"\$")
