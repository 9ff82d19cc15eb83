"""What the page reads: kept for half a minute, so that only a new choice asks the database."""

import streamlit as st

from lessongen.analytics.figures import figures
from lessongen.analytics.values import Figures
from lessongen.services import Services
from lessongen.store.figures.filters import Filters
from lessongen.store.figures.readings import Choices, Readings

_KEPT_SECONDS = 30
_CHOICES_KEPT = 50


class Reader:
    """Reads the figures of a database; what was read lately is not read again."""

    def __init__(self, services: Services) -> None:
        self._sums = services.store.day_sums
        self._readings = services.store.readings
        self._database = str(services.settings.database)

    def refresh(self) -> None:
        """Sum up the days that changed, and forget what was read before.

        Raises:
            StoreError: where the database cannot.
        """
        if self._sums.refresh():
            _figures.clear()
            _choices.clear()

    def choices(self, *, sample: bool) -> Choices:
        """Return what there is to choose from, among samples or real lessons."""
        return _choices(self._database, self._readings, sample=sample)

    def figures(self, filters: Filters) -> Figures:
        """Return all figures for a choice of lessons."""
        return _figures(self._database, filters, self._readings)


@st.cache_data(ttl=_KEPT_SECONDS, max_entries=_CHOICES_KEPT, show_spinner=False)
def _figures(database: str, filters: Filters, _readings: Readings) -> Figures:  # noqa: ARG001 (the database is a part of the key)
    return figures(_readings, filters)


@st.cache_data(ttl=_KEPT_SECONDS, max_entries=_CHOICES_KEPT, show_spinner=False)
def _choices(database: str, _readings: Readings, *, sample: bool) -> Choices:  # noqa: ARG001 (the database is a part of the key)
    return _readings.choices(sample=sample)
