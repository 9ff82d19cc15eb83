"""A card for each chart: what it means, what it comes to, the lessons behind it, its data."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from lessongen.analytics.charts import Chart, chart
from lessongen.analytics.csv_text import csv_of
from lessongen.analytics.values import Figures
from lessongen.ui.analytics.behind import chart_key, menu_key, picked_in_chart, picked_in_menu
from lessongen.ui.analytics.drawings import DRAWINGS
from lessongen.ui.analytics.marks import marks
from lessongen.ui.analytics.specs import PICKED, table, with_parameters
from lessongen.ui.analytics.unbroken import unbroken
from lessongen.ui.drawing import plain

_CARD_PIXELS = 430
_MENU_PIXELS = 230


def cards(found: Figures, keys: tuple[str, ...]) -> None:
    """Draw charts side by side where there is room for two."""
    with st.grid(2, min_column_width=_CARD_PIXELS):
        for key in keys:
            with st.container(border=True, height="stretch", key=f"chart-card-{key}"):
                _card(found, chart(found, key))


def _card(found: Figures, shown: Chart) -> None:
    st.subheader(shown.title, anchor=False, help=plain(shown.definition))
    st.caption(unbroken(shown.sentence))
    if shown.empty:
        return
    _drawn(found, shown)
    with st.container(horizontal=True):
        menu = menu_key(shown.key)
        st.selectbox(
            f"Lessons behind a mark of “{shown.title}”",
            [*marks(found, shown.key)],
            index=None,
            placeholder="Lessons behind …",
            label_visibility="collapsed",
            key=menu,
            on_change=picked_in_menu,
            args=(shown.key, menu),
            width=_MENU_PIXELS,
        )
        st.download_button(
            "CSV",
            _csv(shown),
            f"lessongen-{shown.key}-{found.filters.first}-{found.filters.last}.csv",
            "text/csv",
            key=f"csv-{shown.key}",
            icon=":material/download:",
            type="tertiary",
            on_click="ignore",
        )


def _drawn(found: Figures, shown: Chart) -> None:
    drawing = DRAWINGS[shown.key]
    columns = drawing.columns(found)
    key = chart_key(shown.key)
    st.vega_lite_chart(
        table(columns),
        with_parameters(drawing.spec(), drawing.parameters(found)),
        key=key,
        height=drawing.height(columns),
        on_select=partial(picked_in_chart, shown.key, key),
        selection_mode=PICKED,
        alt=f"{shown.title}. {shown.sentence}",
    )


def _csv(shown: Chart) -> Callable[[], str]:
    return lambda: csv_of(shown)
