"""Charts of bars, a row for each thing: its length, and what it comes to written behind it."""

from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from typing import Any

import altair as alt

from lessongen.analytics.values import Figures
from lessongen.analytics.wording import Unit, reason_name, with_unit
from lessongen.lesson.parts import part_title
from lessongen.store.ratings import MOST_STARS
from lessongen.ui.analytics.marks import stars_name
from lessongen.ui.analytics.specs import (
    MARK,
    Columns,
    Drawing,
    Parameters,
    Spec,
    base,
    given,
    ink,
    parameter,
    picking,
    room,
    rows_height,
    tooltip,
    without_data,
)
from lessongen.wording import counted

ROOM = "room"
_GREY = "#8A8F98"
WHOLE, _OF_STARS = ",d", "d"
"""Formats of an axis of things that are counted, and of one of stars."""
_TICKS = {"%": (0, 0.25, 0.5, 0.75, 1), _OF_STARS: tuple(range(MOST_STARS + 1))}
_ROOM_FOR_RATINGS = 1.6


def bars(
    names: Sequence[str], values: Sequence[float], unit: Unit, about: Sequence[str]
) -> dict[str, Sequence[object]]:
    """Return a row for each bar: its mark, its length, that in words, and of how much it is."""
    return {
        MARK: names,
        "value": [float(value) for value in values],
        "told": [with_unit(value, unit) for value in values],
        "about": about,
    }


def names(column: str = MARK) -> Any:
    """Return the axis of names, in the order of the rows."""
    axis = alt.Axis(labelOverlap=False, labelFlush=False, labelLimit=170)
    return alt.Y(f"{column}:N", title=None, sort=None, axis=axis)


def lengths(title: str, axis_format: str = "~s", **more: Any) -> Any:
    """Return the axis of lengths, with room for the figures behind the bars."""
    scale = alt.Scale(domainMin=0, domainMax=given(ROOM))
    ticks = _TICKS.get(axis_format, alt.Undefined)  # no tick beyond 100 %, or five stars
    whole = 1 if axis_format == WHOLE else alt.Undefined
    overlap = False if axis_format == _OF_STARS else alt.Undefined  # every star has its number
    axis = alt.Axis(
        tickCount=4, format=axis_format, values=ticks, tickMinStep=whole, labelOverlap=overlap
    )
    return alt.X("value:Q", title=title, scale=scale, axis=axis, **more)


def bars_with_figures(rows: Any, *more: Any, **encodings: Any) -> Spec:
    """Return bars that can be clicked, with their figures behind them, and what lies over them."""
    drawn = rows.mark_bar(cornerRadiusEnd=4, height={"band": 0.62}, cursor="pointer")
    figures = rows.mark_text(align="left", dx=6, color=ink()).encode(text="told:N")
    layers = (drawn.encode(**encodings).add_params(picking()), *more, figures)
    return without_data(alt.layer(*layers).add_params(parameter(ROOM)))


def room_of(
    columns: Callable[[Figures], Columns], name: str = "value"
) -> Callable[..., Parameters]:
    """Return what tells where the axis of lengths must end."""

    def parameters(found: Figures) -> Parameters:
        return {ROOM: room([float(str(value)) for value in columns(found)[name]])}

    return parameters


def drawing(columns: Callable[[Figures], Columns], spec: Callable[[], Spec]) -> Drawing:
    """Return the drawing of a chart with one bar a row."""
    return Drawing(columns, spec, rows_height, room_of(columns))


def _success(found: Figures) -> Columns:
    rows = found.success
    return bars(
        [part_title(row.section) for row in rows],
        [row.share for row in rows],
        "share",
        [f"{row.written:,} of {row.asked:,} written" for row in rows],
    ) | {
        "earlier": [row.before for row in rows],
        "earlier_told": [with_unit(row.before, "share") for row in rows],
    }


def _models(found: Figures) -> Columns:
    rows = found.models
    return bars(
        [row.model for row in rows],
        [row.share for row in rows],
        "share",
        [f"{counted(row.requests, 'request')}, {with_unit(row.cost, 'dollars')}" for row in rows],
    )


def _reasons(found: Figures) -> Columns:
    rows = found.reasons
    return bars(
        [reason_name(row.reason) for row in rows],
        [row.share for row in rows],
        "share",
        [counted(row.requests, "request") for row in rows],
    )


def _stars(found: Figures) -> Columns:
    rows = found.stars[::-1]
    return bars(
        [stars_name(row.stars) for row in rows],
        [row.share for row in rows],
        "share",
        [counted(row.ratings, "rating") for row in rows],
    )


def _complaints(found: Figures) -> Columns:
    rows = found.complaints
    return bars(
        [row.reason for row in rows],
        [row.ratings for row in rows],
        "lessons",
        [counted(row.ratings, "rating") for row in rows],
    )


def _section_stars(found: Figures) -> Columns:
    rows = found.section_stars
    return bars(
        [part_title(row.section) for row in rows],
        [row.stars for row in rows],
        "stars",
        [counted(row.ratings, "rating") for row in rows],
    ) | {"told": [f"{row.stars:.1f} ({counted(row.ratings, 'rating')})" for row in rows]}


@lru_cache(maxsize=16)
def _plain(title: str, axis_format: str = "~s") -> Spec:
    told = tooltip(mark="what", told=title, about="in all")
    return bars_with_figures(base().encode(y=names(), x=lengths(title, axis_format), tooltip=told))


@lru_cache(maxsize=1)
def _with_period_before() -> Spec:
    """Return bars with a tick where each one ended in the period before."""
    told = tooltip(mark="section", told="written", about="in all", earlier_told="period before")
    rows = base().encode(y=names(), x=lengths("share written", "%"), tooltip=told)
    ticks = rows.mark_tick(thickness=2, height={"band": 0.9}, color=_GREY).encode(x="earlier:Q")
    return bars_with_figures(rows, ticks)


_OF_REQUESTS = partial(_plain, "share of requests", "%")

SUCCESS = drawing(_success, _with_period_before)
MODELS = drawing(_models, _OF_REQUESTS)
REASONS = drawing(_reasons, _OF_REQUESTS)
STARS = drawing(_stars, partial(_plain, "share of ratings", "%"))
COMPLAINTS = drawing(_complaints, partial(_plain, "ratings", WHOLE))
SECTION_STARS = Drawing(
    _section_stars,
    partial(_plain, "stars on average", _OF_STARS),
    rows_height,
    lambda _found: {ROOM: MOST_STARS * _ROOM_FOR_RATINGS},
)
