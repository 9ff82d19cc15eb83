"""Analytics: how soon the page of figures is there, with a long history behind it."""

import os
import tempfile
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from lessongen.analytics.figures import figures
from lessongen.benchmark.figures import Figure, Target
from lessongen.benchmark.history import History, fill
from lessongen.store.figures.filters import Filters
from lessongen.store.store import Store, opened_store
from lessongen.ui.page_timing import Change, PageTimes, timed_page

CHANGES = (
    "Analytics: the history is made up, four months of lessons up to now. The page is drawn by "
    "the server for a new visitor, for all of it, and again after each of several changes of its "
    "filters; what a browser takes to show it is not measured."
)
_DATABASE = "LESSONGEN_DATABASE"
_ALL = {"lessons": "real lessons", "period": "365 days"}
_DAYS = 365
_FILTERS = (
    Change("at_level", "B1"),
    Change("in_mode", "parallel"),
    Change("by_model", "gemini-3.8-flash"),
    Change("period", "30 days"),
)


@dataclass(frozen=True, slots=True)
class Analytics:
    """What was measured with so many attempts, in seconds.

    `filled` and `summed` are what it took to make the history and to sum all of its days up.
    """

    attempts: int
    page: PageTimes
    all_figures: tuple[float, ...]
    some_figures: tuple[float, ...]
    filled: float
    summed: float

    def figures(self) -> Sequence[Figure]:
        """Return the medians."""
        many = f"{self.attempts:,} attempts"
        slowest = max(self.page.changed)
        return (
            Figure(
                "page_s",
                median(self.page.drawn),
                f"seconds to draw the page of figures for a new visitor, with {many}",
                Target("at most", 2.0),
            ),
            Figure(
                "filter_s",
                median(self.page.changed),
                f"seconds to draw it again after a filter was changed, the slowest {slowest:.2f} s",
                Target("at most", 1.0),
            ),
            Figure("figures_s", median(self.all_figures), "of them: all figures of all lessons"),
            Figure("figures_filter_s", median(self.some_figures), "the same for a choice of them"),
            Figure("summing_s", self.summed, "seconds to sum up every day of the history, once"),
            Figure("history_s", self.filled, "seconds to make the history up"),
        )


def with_history(rows: int, visitors: int) -> Analytics:
    """Make a history of about so many attempts, and draw the page for so many visitors.

    Raises:
        LessonGenError: where the page cannot be drawn.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "history.db"
        with opened_store(path) as store:
            began = time.perf_counter()
            made = fill(store.database, History(rows, until=time.time()))
            filled = time.perf_counter()
            store.day_sums.refresh()
            summed = time.perf_counter()
            all_figures, some = _timed_figures(store, visitors)
        with _database(path):
            page = timed_page("analytics", _ALL, _FILTERS, visitors)
    return Analytics(made, page, all_figures, some, filled - began, summed - filled)


def _timed_figures(store: Store, times: int) -> tuple[tuple[float, ...], tuple[float, ...]]:
    every = Filters.of_days(_DAYS, datetime.now(UTC).date())
    choices = (
        replace(every, level="B1"),
        replace(every, mode="parallel"),
        replace(every, model="gemini-3.8-flash"),
        replace(every, version=2),
    )
    return (
        tuple(_seconds(lambda: figures(store.readings, every)) for _ in range(times)),
        tuple(_seconds(lambda f=f: figures(store.readings, f)) for f in choices),
    )


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


@contextmanager
def _database(path: Path) -> Generator[None]:
    """Have the pages use a database, and afterwards what they used before."""
    before = os.environ.get(_DATABASE)
    os.environ[_DATABASE] = f"sqlite:///{path}"
    try:
        yield
    finally:
        if before is None:
            del os.environ[_DATABASE]
        else:
            os.environ[_DATABASE] = before
