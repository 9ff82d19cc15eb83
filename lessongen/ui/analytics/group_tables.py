"""Groups side by side as a table: all their figures, where a chart shows their times alone."""

from collections.abc import Callable, Sequence

import streamlit as st

from lessongen.analytics.values import Figures, GroupFigures
from lessongen.analytics.wording import NO_BREAK, with_unit
from lessongen.ui.analytics.unbroken import unbroken

_COLUMNS: dict[str, Callable[[GroupFigures], str]] = {
    "Lessons": lambda group: with_unit(group.lessons, "lessons"),
    "Complete": lambda group: with_unit(group.completed, "share"),
    "Average": lambda group: with_unit(group.seconds, "seconds"),
    "Half within (p50)": lambda group: with_unit(group.p50, "seconds"),
    "95 of 100 (p95)": lambda group: with_unit(group.p95, "seconds"),
    "Sections written": lambda group: with_unit(group.success, "share"),
    "Cost per lesson": lambda group: with_unit(group.cost, "dollars"),
    "Quality": lambda group: with_unit(group.score, "points"),
    "Satisfaction": lambda group: with_unit(group.stars, "stars"),
}


def modes_table(found: Figures) -> None:
    """Draw the modes side by side."""
    _table("Modes side by side", found.modes)


def rollout_tables(found: Figures) -> None:
    """Draw the cohorts of the rollout, and the versions of the strategy, side by side."""
    _table("Cohorts side by side", found.cohorts)
    _table("Versions side by side", found.versions)


def _table(title: str, groups: Sequence[GroupFigures]) -> None:
    if not groups:
        return
    rows = [["", *_COLUMNS], ["---", *("--:" for _ in _COLUMNS)]]
    for group in groups:
        figures = [cell(group).replace(" ", NO_BREAK) for cell in _COLUMNS.values()]
        rows.append([group.name.replace(" %", f"{NO_BREAK}%"), *figures])
    st.subheader(title, anchor=False)
    st.markdown("\n".join(_line(row) for row in rows))


def _line(cells: Sequence[str]) -> str:
    marks = {"---", "--:"}
    return f"| {' | '.join(cell if cell in marks else unbroken(cell) for cell in cells)} |"
