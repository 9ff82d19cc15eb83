"""The lessons behind a mark of a chart, and how the requests of one of them went.

What is looked at stands in the address, so that it can be shared.
"""

from datetime import UTC, datetime
from typing import Any, cast

import pyarrow as pa
import streamlit as st

from lessongen.analytics.values import Figures
from lessongen.analytics.wording import with_unit
from lessongen.errors import StoreError
from lessongen.store.figures.lessons_behind import NEWEST, LessonLine, LessonsBehind
from lessongen.ui.analytics.lesson_timeline import lesson_timeline
from lessongen.ui.analytics.marks import marks
from lessongen.ui.analytics.specs import MARK, PICKED
from lessongen.ui.drawing import plain
from lessongen.ui.guards import Role, rerun_if_closed
from lessongen.ui.trouble import show_trouble
from lessongen.wording import counted

CHART_PARAMETER, MARK_PARAMETER, LESSON_PARAMETER = "behind", "mark", "timeline"
_LESSON, _TURNS = "timeline-lesson", "chart-turns"
_TABLE_PIXELS, _ROWS_SEEN = 260, 6
_WHEN = "D MMM YYYY, HH:mm"


def picked_in_menu(chart: str, key: str) -> None:
    """Look at the lessons behind what was chosen in the menu of a chart."""
    _look_at(chart, st.session_state[key])


def picked_in_chart(chart: str, key: str) -> None:
    """Look at the lessons behind what was clicked in a chart."""
    picked = st.session_state[key].selection.get(PICKED, [])
    if picked:
        _look_at(chart, picked[0].get(MARK))


def chart_key(chart: str) -> str:
    """Return the key of a chart; a new one once its lessons were looked at.

    The browser would otherwise keep what was clicked, and say nothing when it is clicked again.
    """
    return f"drawn-{chart}-{_turns().get(chart, 0)}"


def menu_key(chart: str) -> str:
    """Return the key of the menu of a chart: as above, nothing stays chosen in it."""
    return f"behind-{chart}-{_turns().get(chart, 0)}"


def lessons_behind(store: LessonsBehind, found: Figures) -> None:
    """Open the lessons that the address names, where there are any."""
    chart, name = st.query_params.get(CHART_PARAMETER), st.query_params.get(MARK_PARAMETER)
    mark = marks(found, chart).get(name) if chart and name else None
    if not chart or not name or mark is None:
        _close()
        return

    @st.dialog(plain(f"Lessons behind: {name}"), width="large", on_dismiss=_close)
    def opened() -> None:
        rerun_if_closed(Role.STAFF)
        try:
            lines = store.newest(mark)
            _lessons(lines)
            _timeline(store, lines)
        except StoreError as error:
            show_trouble(error)

    opened()


def _look_at(chart: str, name: object) -> None:
    if isinstance(name, str):
        st.query_params[CHART_PARAMETER] = chart
        st.query_params[MARK_PARAMETER] = name


def _close() -> None:
    """Forget what was looked at."""
    chart = st.query_params.get(CHART_PARAMETER)
    if chart:
        st.session_state[_TURNS] = _turns() | {chart: _turns().get(chart, 0) + 1}
    for name in (CHART_PARAMETER, MARK_PARAMETER, LESSON_PARAMETER):
        if name in st.query_params:
            del st.query_params[name]
    st.session_state.pop(_LESSON, None)


def _turns() -> dict[str, int]:
    return cast("dict[str, int]", st.session_state.get(_TURNS, {}))


def _lessons(lines: list[LessonLine]) -> None:
    if not lines:
        st.markdown(
            "No single lesson is kept for this any more, or none fits: only lessons that have "
            "ended and whose requests are still kept can be shown."
        )
        return
    many = counted(len(lines), "lesson")
    newest = f"The newest {many}" if len(lines) == NEWEST else many
    st.caption(f"{newest}, without a word of what they say. Times are UTC.")
    st.dataframe(
        cast("Any", pa).table(
            {
                "when": [datetime.fromtimestamp(line.created_at, UTC) for line in lines],
                "level": [line.level for line in lines],
                "mode": [line.mode for line in lines],
                "status": [line.status for line in lines],
                "time": [with_unit(line.seconds, "seconds") for line in lines],
                "cost": [with_unit(line.cost_usd, "dollars") for line in lines],
                "sections": [f"{line.written} of {line.asked}" for line in lines],
            }
        ),
        column_config={"when": st.column_config.DatetimeColumn(format=_WHEN, timezone="UTC")},
        hide_index=True,
        height=_TABLE_PIXELS if len(lines) > _ROWS_SEEN else "auto",
        on_select=lambda: _select(lines),
        selection_mode="single-row",
        key="lessons-behind",
        alt=f"{newest}: when, level, mode, status, time, cost, sections",
    )


def _select(lines: list[LessonLine]) -> None:
    rows = st.session_state["lessons-behind"].selection.rows
    if rows and rows[0] < len(lines):
        st.session_state[_LESSON] = lines[rows[0]].lesson_id


def _timeline(store: LessonsBehind, lines: list[LessonLine]) -> None:
    by_id = {line.lesson_id: line for line in lines}
    if _LESSON not in st.session_state:
        st.session_state[_LESSON] = st.query_params.get(LESSON_PARAMETER)
    if st.session_state[_LESSON] not in by_id:
        st.session_state[_LESSON] = None
    lesson = st.selectbox(
        "Timeline of one lesson",
        list(by_id),
        index=None,
        placeholder="Choose a lesson, here or in the table",
        format_func=lambda lesson_id: _named(by_id[lesson_id]),
        key=_LESSON,
    )
    if lesson is None:
        st.query_params.pop(LESSON_PARAMETER, None)
        return
    st.query_params[LESSON_PARAMETER] = lesson
    found = store.timeline(lesson)
    if found is None:
        st.markdown("This lesson is not kept any more.")
    else:
        lesson_timeline(found)


def _named(line: LessonLine) -> str:
    when = datetime.fromtimestamp(line.created_at, UTC)
    return (
        f"{when.day} {when:%b %Y, %H:%M} · {line.level} · {line.mode} · {line.status} · "
        f"{with_unit(line.seconds, 'seconds')} · {with_unit(line.cost_usd, 'dollars')}"
    )
