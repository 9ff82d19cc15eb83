"""The filters: widgets whose values live in the address, so that a view can be shared."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import streamlit as st

from lessongen.analytics.shares import place_of
from lessongen.lesson.parts import part_title
from lessongen.store.figures.filters import Filters
from lessongen.store.figures.readings import Choices
from lessongen.wording import day_name

_PERIODS = {"30 days": 30, "7 days": 7, "90 days": 90, "365 days": 365}
"""The usual one first: a menu begins with it, and Streamlit wants no other default with a key."""
_USUAL = next(iter(_PERIODS))
_OWN = "own dates"
_REAL, _SAMPLES = "real lessons", "samples"
_EARLIEST = date(2020, 1, 1)
_CHOICES = ("at_level", "in_mode", "by_model", "of_section", "of_version")
_PERIOD = "period"
_LESSONS = "lessons"
_UNKNOWN_VERSION = "not known"


def chosen_lessons(*, sample_mode: bool) -> bool:
    """Draw the choice between real lessons and samples; say whether it is samples."""
    kinds = [_SAMPLES, _REAL] if sample_mode else [_REAL, _SAMPLES]  # the usual one first
    chosen = st.selectbox(
        "Lessons",
        kinds,
        key=_LESSONS,
        bind="query-params",
        help="Samples are what the emulator serves while no key is set. The two are never mixed.",
    )
    return chosen == _SAMPLES


def chosen_filters(choices: Choices, today: date, *, sample: bool) -> Filters:
    """Draw the filters and return what they say; odd values in the address count as none."""
    first, last = _days(today)
    # Sections and versions are shown by names, which also stand in the address.
    names = {part_title(name): name for name in sorted(choices.sections, key=place_of)}
    versions = {str(version or _UNKNOWN_VERSION): version for version in choices.versions}
    level = _choice("Level", choices.levels, "at_level")
    mode = _choice("Mode", choices.modes, "in_mode")
    model = _choice("Model", choices.models, "by_model")
    section = _choice("Section", list(names), "of_section")
    version = _choice("Version of the strategy", list(versions), "of_version")
    return Filters(
        first,
        last,
        level=level,
        mode=mode,
        model=model,
        section=None if section is None else names[section],
        version=None if version is None else versions[version],
        sample=sample,
    )


def reset_filters(*, sample_mode: bool) -> None:
    """Put every filter back, as a button does; the address then forgets them too."""
    for key in _CHOICES:
        st.session_state[key] = None
    st.session_state[_PERIOD] = _USUAL
    st.session_state[_LESSONS] = _SAMPLES if sample_mode else _REAL


def in_words(filters: Filters) -> str:
    """Return the days that are looked at, as people say them."""
    if filters.first == filters.last:
        return f"on {day_name(filters.last)}"
    return f"from {day_name(filters.first)} to {day_name(filters.last)}"


def _days(today: date) -> tuple[date, date]:
    period = st.selectbox(
        "Period",
        [*_PERIODS, _OWN],
        key=_PERIOD,
        bind="query-params",
        help="Days begin and end at midnight UTC. The last day is today, unless you say otherwise.",
    )
    many = _PERIODS.get(str(period), _PERIODS[_USUAL])
    usual = (today - timedelta(days=many - 1), today)
    if period != _OWN:
        return usual
    chosen: Any = st.date_input(
        "Dates",
        usual,
        min_value=_EARLIEST,
        max_value=today,
        format="DD/MM/YYYY",
        key="dates",
        bind="query-params",
    )
    return _ordered(chosen, usual)


def _ordered(chosen: Sequence[date], usual: tuple[date, date]) -> tuple[date, date]:
    """Return the first and the last of what was chosen: one day, two in any order, or none."""
    days = sorted(chosen)
    return (days[0], days[-1]) if days else usual


def _choice(label: str, options: Sequence[str], key: str) -> str | None:
    chosen = st.selectbox(
        label, options, index=None, placeholder="All", key=key, bind="query-params"
    )
    return chosen if chosen in options else None
