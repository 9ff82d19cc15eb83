"""The figures of some days, written into a file for those who want them by mail."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

from lessongen.analytics.figures import figures
from lessongen.analytics.report import csv_report, html_report
from lessongen.analytics.values import Figures
from lessongen.commands.order import require_writable
from lessongen.errors import LessonGenError, RequestError
from lessongen.store.figures.filters import Filters
from lessongen.store.store import opened_store
from lessongen.wording import counted

_KINDS: dict[str, Callable[[Figures], str]] = {".html": html_report, ".csv": csv_report}
_BYTE_ORDER_MARK = "\ufeff"
"""Without it, Excel takes a CSV file for one of the computer's old code page."""


def written_report(out: Path, days: int, today: date, database: Path, *, sample: bool) -> str:
    """Write the report on so many days up to today, and return a sentence about it.

    Raises:
        RequestError: where the file cannot be written, or is of no known kind.
        StoreError: where the database cannot be read.
    """
    render = _KINDS.get(out.suffix.lower())
    if render is None:
        kinds = " or ".join(_KINDS)
        raise RequestError(f"{out.name} is of no known kind: --out has to end in {kinds}.")
    require_writable(out)
    with opened_store(database) as store:
        store.day_sums.refresh()
        found = figures(store.readings, Filters.of_days(days, today, sample=sample))
    _write(out, render(found))
    return _sentence(found, out)


def _write(out: Path, text: str) -> None:
    mark = _BYTE_ORDER_MARK if out.suffix.lower() == ".csv" else ""
    try:
        out.write_text(mark + text, encoding="utf-8", newline="")
    except OSError as error:
        raise LessonGenError(f"{out} cannot be written: {error.strerror}.") from error


def _sentence(found: Figures, out: Path) -> str:
    kind = "sample lesson" if found.filters.sample else "lesson"
    many = counted(found.headline.lessons.count, kind)
    days = counted(found.filters.days, "day")
    return f"{many} of {days} up to {found.filters.last}, in {out}."
