"""The figures above the charts, each with its definition and what it was in the period before."""

from collections.abc import Iterable
from typing import Literal

import streamlit as st

from lessongen.analytics.metrics import METRICS, Metric
from lessongen.analytics.values import Compared, Figures, GroupFigures
from lessongen.analytics.wording import with_unit
from lessongen.ui.drawing import plain
from lessongen.wording import counted

_CARD_PIXELS = 240
_SAME = 0.0005
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
            _metric(METRICS[key], getattr(found.headline, key), "before")


def before_and_after(pair: tuple[GroupFigures, GroupFigures]) -> None:
    """Draw the figures of a version, each against those of the version before."""
    before, after = pair
    with st.grid(min_column_width=_CARD_PIXELS):
        for key, count in _OF_GROUPS.items():
            values = [getattr(group, key) for group in (after, before)]
            counts = [getattr(group, count) for group in (after, before)]
            _metric(METRICS[key], Compared(*values, *counts), before.name)


def _metric(metric: Metric, figure: Compared, earlier: str) -> None:
    delta = _delta(metric, figure)
    told = f"{earlier}: {with_unit(figure.before, metric.unit)}"
    st.metric(
        metric.title,
        _value(with_unit(figure.value, metric.unit)),
        delta,
        delta_color=_color(metric),
        delta_description=None if delta is None else _value(told),
        help=_help(metric, figure),
        border=True,
        height="stretch",
    )


def _help(metric: Metric, figure: Compared) -> str:
    """Return the definition, and on how much the figure rests."""
    if not figure.count:
        return plain(metric.definition)
    return plain(f"{metric.definition} This one is of {counted(figure.count, metric.of)}.")


def _delta(metric: Metric, figure: Compared) -> str | float | None:
    """Return by how much a figure changed; zero, not "0 %", where it is the same."""
    if figure.value is None or figure.before is None:
        return None
    if metric.unit == "share":
        return _signed(figure.value - figure.before, 100, " points", 1)
    change = figure.change
    return None if change is None else _signed(change, 100, " %", 0)


def _signed(change: float, times: int, unit: str, places: int) -> str | float:
    text = f"{abs(change) * times:.{places}f}"
    if not float(text):
        return 0
    return f"{_MINUS if change < 0 else '+'}{text}{unit}"


def _color(metric: Metric) -> Color:
    """Return whether more is good: a longer time is not."""
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
