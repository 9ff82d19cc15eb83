"""Charts along the days: times, costs, and requests with those that failed."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Any

import altair as alt

from lessongen.analytics.shares import per
from lessongen.analytics.values import Figures
from lessongen.analytics.wording import with_unit
from lessongen.store.figures.filters import day_number
from lessongen.ui.analytics.specs import (
    MARK,
    Columns,
    Drawing,
    Parameters,
    Spec,
    base,
    given,
    legend,
    parameter,
    picking,
    tooltip,
    without_data,
)
from lessongen.wording import day_name

_DAY_MILLISECONDS = 86_400_000
_PIXELS = 300
_BEGIN, _END = "begin", "end"
_AVERAGE, _HALF, _NEARLY_ALL = "average", "half within (p50)", "95 of 100 within (p95)"
_WRITTEN, _FAILED = "other requests", "failed"


def _times(found: Figures) -> Columns:
    """Return three rows a day: average, p50, p95."""
    rows = [
        (day, measure, seconds)
        for day in found.times
        for measure, seconds in ((_AVERAGE, day.mean), (_HALF, day.p50), (_NEARLY_ALL, day.p95))
    ]
    days = [day for day, _, _ in rows]
    return {
        MARK: [day_name(day.day) for day in days],
        "day": [_noon(day.day) for day in days],
        "measure": [measure for _, measure, _ in rows],
        "value": [seconds for _, _, seconds in rows],
        "lessons": [day.lessons for day in days],
        "mean": [with_unit(day.mean, "seconds") for day in days],
        "p50": [with_unit(day.p50, "seconds") for day in days],
        "p95": [with_unit(day.p95, "seconds") for day in days],
    }


def _costs(found: Figures) -> Columns:
    return {
        MARK: [day_name(day.day) for day in found.costs],
        "day": [_noon(day.day) for day in found.costs],
        "value": [day.mean for day in found.costs],
        "lessons": [day.lessons for day in found.costs],
        "mean": [with_unit(day.mean, "dollars") for day in found.costs],
        "total": [with_unit(day.total, "dollars") for day in found.costs],
    }


def _use(found: Figures) -> Columns:
    """Return two rows a day, of all models: requests that failed, and the others."""
    days = sorted({row.day for row in found.use})
    asked, failed = dict.fromkeys(days, 0), dict.fromkeys(days, 0)
    for row in found.use:
        asked[row.day] += row.requests
        failed[row.day] += row.failed
    twice = [day for day in days for _ in range(2)]
    return {
        MARK: [day_name(day) for day in twice],
        "day": [_midnight(day) for day in twice],
        "until": [_midnight(day) + 0.8 * _DAY_MILLISECONDS for day in twice],
        "came": [_FAILED, _WRITTEN] * len(days),
        "low": [n for day in days for n in (0, failed[day])],
        "high": [n for day in days for n in (failed[day], asked[day])],
        "asked": [f"{asked[day]:,}" for day in twice],
        "failed": [f"{failed[day]:,}" for day in twice],
        "share": [with_unit(per(failed[day], asked[day]), "share") for day in twice],
    }


@lru_cache(maxsize=1)
def _times_spec() -> Spec:
    measures = alt.Scale(domain=[_NEARLY_ALL, _AVERAGE, _HALF])
    told = tooltip(mark="day", lessons="complete lessons", mean="average", p50="p50", p95="p95")
    signs = legend(1, symbolStrokeWidth=0)
    lines = base().encode(
        x=_day_axis(),
        y=_value_axis("seconds"),
        color=alt.Color("measure:N", title=None, scale=measures, legend=signs),
        shape=alt.Shape("measure:N", title=None, scale=measures, legend=signs),
        strokeDash=alt.StrokeDash("measure:N", scale=measures, legend=None),
    )
    points = lines.mark_point(size=36, filled=True, cursor="pointer").encode(tooltip=told)
    return _by_day(lines.mark_line(), points.add_params(picking(nearest=True)))


@lru_cache(maxsize=1)
def _costs_spec() -> Spec:
    told = tooltip(mark="day", lessons="lessons", mean="for a lesson", total="for all")
    lines = base().encode(x=_day_axis(), y=_value_axis("dollars for a lesson", "$~g"))
    points = lines.mark_point(size=44, filled=True, cursor="pointer").encode(tooltip=told)
    return _by_day(lines.mark_line(), points.add_params(picking(nearest=True)))


@lru_cache(maxsize=1)
def _use_spec() -> Spec:
    names = [_WRITTEN, _FAILED]
    told = tooltip(mark="day", asked="requests", failed="failed", share="share that failed")
    bars = (
        base()
        .mark_bar(cursor="pointer")
        .encode(
            x=_day_axis(),
            x2="until:Q",
            # Stacked here: bars with a beginning and an end along the days are not stacked by Vega.
            y=alt.Y(
                "low:Q",
                title="requests",
                scale=alt.Scale(domainMin=0),
                axis=alt.Axis(tickCount=5, tickMinStep=1, format="~s"),
            ),
            y2="high:Q",
            color=alt.Color("came:N", title=None, scale=alt.Scale(domain=names), legend=legend()),
            tooltip=told,
        )
        .add_params(picking())
    )
    return _by_day(bars)


def _by_day(*layers: Any) -> Spec:
    """Lay charts over one another that begin and end with the days that were chosen."""
    chart = alt.layer(*layers).add_params(parameter(_BEGIN), parameter(_END))
    return without_data(chart)


def _day_axis() -> Any:
    """Return the axis of days: in UTC, as they were counted, wherever the browser is."""
    return alt.X(
        "day:T",
        title=None,
        scale=alt.Scale(type="utc", nice=False, domainMin=given(_BEGIN), domainMax=given(_END)),
        axis=alt.Axis(format="%-d %b", tickCount=5, labelOverlap=True, labelFlush=True, grid=False),
    )


def _value_axis(title: str, axis_format: str = "~s") -> Any:
    axis = alt.Axis(tickCount=5, format=axis_format)
    return alt.Y("value:Q", title=title, scale=alt.Scale(domainMin=0), axis=axis)


def _chosen_days(found: Figures) -> Parameters:
    """Return the ends of the axis: the days with anything in them, not all that were asked for."""
    days = _days_of(found)
    first = min(days, default=found.filters.first)
    last = max(days, default=found.filters.last)
    return {_BEGIN: _midnight(first), _END: _midnight(last) + _DAY_MILLISECONDS}


def _days_of(found: Figures) -> Sequence[date]:
    rows = (*found.times, *found.costs, *found.use)
    return [row.day for row in rows]


def _noon(day: date) -> float:
    return _midnight(day) + _DAY_MILLISECONDS / 2


def _midnight(day: date) -> float:
    return float(day_number(day) * _DAY_MILLISECONDS)


def _pixels(_columns: Columns) -> int:
    return _PIXELS


TIMES = Drawing(_times, _times_spec, _pixels, _chosen_days)
COSTS = Drawing(_costs, _costs_spec, _pixels, _chosen_days)
USE = Drawing(_use, _use_spec, _pixels, _chosen_days)
