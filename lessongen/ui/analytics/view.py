"""The page of figures as a whole: filters, what stands above all, and a chapter of charts."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import streamlit as st

from lessongen.analytics.metrics import NOT_NARROWED
from lessongen.analytics.sentences import days_told
from lessongen.analytics.values import Figures
from lessongen.analytics.wording import with_unit
from lessongen.errors import StoreError
from lessongen.services import Services
from lessongen.ui.analytics.behind import lessons_behind
from lessongen.ui.analytics.cards import cards
from lessongen.ui.analytics.filtering import (
    chosen_filters,
    chosen_lessons,
    in_words,
    reset_filters,
)
from lessongen.ui.analytics.group_tables import modes_table, rollout_tables
from lessongen.ui.analytics.headline import before_and_after, headline
from lessongen.ui.analytics.reading import Reader
from lessongen.ui.drawing import plain
from lessongen.ui.trouble import show_trouble
from lessongen.wording import counted


def _nothing(_found: Figures) -> None:
    """Draw nothing more: a chapter has its figures and charts."""


@dataclass(frozen=True, slots=True)
class Chapter:
    """A tab of the page: figures, charts, and what stands between them and below."""

    title: str
    figures: tuple[str, ...]
    charts: tuple[str, ...]
    between: Callable[[Figures], None] = _nothing
    below: Callable[[Figures], None] = _nothing


def analytics_view(services: Services) -> None:
    """Draw the page."""
    reader = Reader(services)
    try:
        with st.spinner("Adding up the days that changed …"):
            reader.refresh()
        found = _chosen(reader, sample_mode=services.settings.sample_mode)
    except StoreError as error:
        show_trouble(error)
        return
    _summary(found)
    _chapters(found)
    lessons_behind(services.store.lessons_behind, found)


def _chosen(reader: Reader, *, sample_mode: bool) -> Figures:
    with st.grid(4, min_column_width=150, vertical_alignment="bottom", key="filters"):
        sample = chosen_lessons(sample_mode=sample_mode)
        today = datetime.now(UTC).date()
        filters = chosen_filters(reader.choices(sample=sample), today, sample=sample)
        st.button(
            "Reset",
            icon=":material/restart_alt:",
            on_click=reset_filters,
            kwargs={"sample_mode": sample_mode},
        )
    return reader.figures(filters)


def _summary(found: Figures) -> None:
    head, filters = found.headline, found.filters
    kind = "sample lesson" if filters.sample else "lesson"
    if found.empty:
        st.info(
            f"No {kind} was finished {in_words(filters)} that fits. What lessons took, cost and "
            "were worth will be here once there is one; a longer period or fewer filters may "
            "show more.",
            icon=":material/hourglass_empty:",
        )
        return
    half = (
        f" Half of the complete ones were ready within **{with_unit(head.p50.value, 'seconds')}** "
        f"(p50), 95 of 100 within **{with_unit(head.p95.value, 'seconds')}** (p95)."
        if head.p50.value is not None
        else ""
    )
    st.markdown(f"**{counted(head.lessons.count, kind)}** {in_words(filters)}.{half}")
    days = counted(filters.days, "day")
    st.caption(
        f"Changes are against the {days} before, {in_words(filters.period_before())}."
        f"{days_told(found)}"
    )
    if filters.sample:
        st.caption("Nothing is paid for samples: their costs are what they would cost.")
    if filters.narrowed_to_sections:
        st.caption(f":material/info: {plain(NOT_NARROWED)}")


def _chapters(found: Figures) -> None:
    tabs = st.tabs([chapter.title for chapter in CHAPTERS], key="chapter", bind="query-params")
    for tab, chapter in zip(tabs, CHAPTERS, strict=True):
        if tab.open:
            with tab:
                headline(found, chapter.figures)
                chapter.between(found)
                cards(found, chapter.charts)
                chapter.below(found)


def _versions(found: Figures) -> None:
    pair = found.before_and_after
    if pair is not None:
        before, after = pair
        st.subheader(
            f"{after.name.capitalize()} against {before.name}",
            anchor=False,
            help="The version that is chosen, else the newest in the period, and the one before.",
        )
        before_and_after(found, pair)


CHAPTERS = (
    Chapter(
        "Overview",
        ("lessons", "seconds", "p50", "p95", "success", "errors", "cost", "stars"),
        ("times", "success", "models", "errors", "stars", "costs"),
    ),
    Chapter("Speed", ("seconds", "saved", "queue", "model"), ("modes", "waits"), below=modes_table),
    Chapter("Requests", ("errors", "fallbacks", "repairs"), ("use", "reasons")),
    Chapter("Quality", ("score", "stars", "completed"), ("scores", "section_stars", "complaints")),
    Chapter("Rollout", (), ("cohorts", "versions"), _versions, rollout_tables),
)
