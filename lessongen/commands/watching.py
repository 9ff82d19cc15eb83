"""Watches a lesson in the store until it is finished, and draws how far it is."""

import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager

from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

from lessongen.errors import LessonGenError, StoreError
from lessongen.lesson.request import cleaned
from lessongen.lesson.sections import SECTIONS
from lessongen.services import RUNNER
from lessongen.store.records import LessonRecord, SectionRecord, SectionStatus
from lessongen.store.store import Store

POLL_SECONDS = 0.2
_STATE = {
    SectionStatus.WAITING: ("waiting", "dim"),
    SectionStatus.WRITING: ("writing", "cyan"),
    SectionStatus.WRITTEN: ("written", "green"),
    SectionStatus.REWRITING: ("improving", "cyan"),
    SectionStatus.FAILED: ("failed", "red"),
}
Show = Callable[[LessonRecord], None]


def watched(store: Store, lesson_id: str, show: Show) -> LessonRecord:
    """Wait until a lesson is finished, showing each state on the way; return it.

    Raises:
        StoreError: where the lesson cannot be read (any more).
        LessonGenError: where nobody is left who could write it.
    """
    while True:
        # Asked first: a runner that ends after the lesson has done its work.
        alive = any(thread.name == RUNNER for thread in threading.enumerate())
        lesson = store.lessons.get(lesson_id)
        if lesson is None:
            raise StoreError("The lesson was deleted while it was being written.")
        show(lesson)
        if lesson.status.finished:
            return lesson
        if not alive:
            raise LessonGenError("The lesson cannot be written: the runner did not start.")
        time.sleep(POLL_SECONDS)  # the store tells nobody: it is looked at


@contextmanager
def display(console: Console) -> Generator[Show]:
    """Draw a table that lives on a terminal; elsewhere, a plain line for each change."""
    if console.is_terminal:
        with Live(console=console, refresh_per_second=8) as live:
            yield lambda lesson: live.update(_table(lesson, time.time()))
    else:
        yield _Lines(console)


def _table(lesson: LessonRecord, now: float) -> Table:
    table = Table(title=Text(_plain(lesson.title)), title_justify="left")
    for heading in ("Section", "State", "Slot", "Model"):
        table.add_column(heading)
    table.add_column("Seconds", justify="right")
    for section in lesson.sections:
        state, style = _STATE[section.status]
        cells = (state, section.slot or "", section.model or "", _seconds(section, now))
        table.add_row(SECTIONS[section.name].title, *(Text(cell, style) for cell in cells))
    return table


def _seconds(section: SectionRecord, now: float) -> str:
    if section.started_at is None:
        return ""
    return f"{(section.finished_at or now) - section.started_at:.1f}"


class _Lines:
    """Prints a line whenever something has changed."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._told: set[tuple[str, str]] = set()

    def __call__(self, lesson: LessonRecord) -> None:
        if lesson.brief:
            self._tell("brief", "", f"Brief: {_plain(lesson.title)}")
        for section in lesson.sections:
            if section.status is not SectionStatus.WAITING:
                self._tell(section.name, section.status, _line(section))

    def _tell(self, part: str, state: str, line: str) -> None:
        if (part, state) not in self._told:
            self._told.add((part, state))
            self._console.print(line, markup=False, highlight=False, soft_wrap=True)


def _line(section: SectionRecord) -> str:
    title = SECTIONS[section.name].title
    match section.status:
        case SectionStatus.WRITTEN:
            return f"{title}: written by {section.model} in {_seconds(section, 0)} s"
        case SectionStatus.FAILED:
            return f"{title}: failed, {_plain(section.error or 'no reason given')}"
        case SectionStatus.REWRITING:
            return f"{title}: being improved, because checks found something to mend"
        case SectionStatus.WRITING | SectionStatus.WAITING:
            return f"{title}: {section.model} is writing"


def _plain(text: str) -> str:
    """Return a text that cannot steer a terminal."""
    return str(cleaned(text))
