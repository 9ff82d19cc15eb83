"""The timeline: which section was written when, by which slot, side by side."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, cast

import altair as alt
import pyarrow as pa
import streamlit as st

from lessongen.lesson.parts import PLAN, part_title
from lessongen.store.records import LessonRecord

_ROW_PIXELS = 24
_AXIS_AND_LEGEND_PIXELS = 110
_STEP_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Bar:
    """One part on the timeline, in seconds since the lesson began."""

    part: str
    begins: float
    ends: float
    slot: str

    @property
    def seconds(self) -> float:
        """How long the part took, or has taken so far."""
        return self.ends - self.begins


def bars(lesson: LessonRecord, now: float) -> list[Bar]:
    """Return a bar for the plan and for every section that was begun.

    Breaks in which nothing was written, as before a lesson is taken up again, are left out.
    """
    if lesson.started_at is None:
        return []
    end = lesson.finished_at or now
    sections = [
        Bar(part_title(s.name), s.started_at, s.finished_at or end, s.slot or "")
        for s in lesson.sections
        if s.started_at is not None
    ]
    first = min((bar.begins for bar in sections), default=end)
    if first < lesson.started_at:  # sections of an earlier run; how long its plan took is not kept
        return _without_breaks(sections)
    return _without_breaks([Bar(PLAN, lesson.started_at, first, PLAN.lower()), *sections])


def _without_breaks(drawn: list[Bar]) -> list[Bar]:
    """Move bars to begin at zero, and together where nothing was written between them."""
    moved: dict[str, Bar] = {}
    idle, until = min((bar.begins for bar in drawn), default=0.0), 0.0
    for bar in sorted(drawn, key=lambda bar: bar.begins):
        idle = max(idle, bar.begins - until)
        moved[bar.part] = replace(bar, begins=bar.begins - idle, ends=bar.ends - idle)
        until = max(until, moved[bar.part].ends)
    return [moved[bar.part] for bar in drawn]


def improving_seconds(lesson: LessonRecord, now: float) -> float:
    """Return how long sections were, or have been, written again because of what checks found."""
    over = sum(section.rewriting_seconds for section in lesson.sections)
    since = [s.rewriting_since for s in lesson.sections if s.rewriting_since is not None]
    return over + sum(max(0.0, now - begun) for begun in since)


def one_after_another(drawn: list[Bar]) -> float:
    """Return the seconds the same parts take when each waits for the one before."""
    return sum(bar.seconds for bar in drawn)


def finished_bars(lesson: LessonRecord) -> list[Bar]:
    """Return the bars of a finished lesson that came to something: the plan, what was written."""
    written = {part_title(s.name) for s in lesson.sections if s.there}
    return [bar for bar in bars(lesson, lesson.created_at) if bar.part in {PLAN, *written}]


def seconds_taken(drawn: list[Bar]) -> float:
    """Return the seconds from the first bar's beginning to the last one's end."""
    return max((bar.ends for bar in drawn), default=0.0)


def timeline(lesson: LessonRecord, slots: Iterable[str], now: float) -> None:
    """Draw the chart; it keeps its size from the first bar to the last.

    Nothing but its rows may change while a lesson is written, not even `alt`: the browser then
    moves the bars, otherwise it throws the chart away and draws another, which is seen.
    """
    drawn = bars(lesson, _next_second(lesson, now))
    end = float(_STEP_SECONDS * (int(seconds_taken(drawn) // _STEP_SECONDS) + 1))
    # The last bar has no length. It takes the axis to its end.
    rows = [*drawn, Bar(PLAN, end, end, PLAN.lower())]
    parts = (PLAN, *(part_title(s.name) for s in lesson.sections))
    st.vega_lite_chart(
        _table(tuple(rows)),
        _spec(parts, tuple(slots)),
        key="timeline",
        height=_ROW_PIXELS * len(parts) + _AXIS_AND_LEGEND_PIXELS,
        alt="Timeline: when each section was written, and by which slot",
    )


def _next_second(lesson: LessonRecord, now: float) -> float:
    """Return a time that is new once a second: moving the bars is the browser's dearest work."""
    zero = lesson.started_at or now
    return zero + math.ceil(now - zero)


@lru_cache(maxsize=256)
def _table(rows: tuple[Bar, ...]) -> Any:
    """Return the bars as Streamlit sends them; from a pandas frame it takes ten times as long.

    Cached: they are new once a second, and every tab that watches a lesson draws the same.
    """
    columns: dict[str, list[Any]] = {
        "part": [bar.part for bar in rows],
        "begins": [bar.begins for bar in rows],
        "ends": [bar.ends for bar in rows],
        "slot": [bar.slot for bar in rows],
        "seconds": [round(bar.seconds, 1) for bar in rows],
    }
    return cast("Any", pa).table(columns)


@lru_cache(maxsize=64)
def _spec(parts: tuple[str, ...], slots: tuple[str, ...]) -> dict[str, Any]:
    """Return the chart without its data. Altair takes far longer than drawing does."""
    chart = (
        alt.Chart(alt.NamedData(name="rows"))
        .mark_bar(cornerRadius=4, height={"band": 0.62})
        .encode(
            x=alt.X(
                "begins:Q",
                title="seconds",
                scale=alt.Scale(domainMin=0, nice=False),
                axis=alt.Axis(tickCount=5, labelFlush=False, titlePadding=2),
            ),
            x2="ends:Q",
            y=alt.Y(
                "part:N",
                title=None,
                scale=alt.Scale(domain=list(parts)),
                axis=alt.Axis(labelOverlap=False, labelFlush=False),
            ),
            color=alt.Color(
                "slot:N",
                title=None,
                scale=alt.Scale(domain=[*slots, PLAN.lower()]),
                legend=alt.Legend(orient="bottom", values=list(slots), columns=2, offset=0),
            ),
            tooltip=["part:N", "slot:N", "seconds:Q"],
        )
    )
    spec: dict[str, Any] = chart.to_dict()
    return {key: value for key, value in spec.items() if key not in {"data", "datasets", "config"}}
