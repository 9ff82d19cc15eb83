"""Measures how soon a tab shows what was stored, and what watching costs the server.

python -m tests.browser.measure_live --json live.json
"""

# ruff: noqa: T201 (a script prints)

import argparse
import html
import json
import os
import re
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal, Self

from filelock import FileLock
from playwright.sync_api import Browser

from lessongen.lesson.request import lesson_request
from lessongen.lesson.sections import SECTIONS
from lessongen.people import LOCAL
from lessongen.settings import ROOT
from lessongen.store.records import SectionStatus
from lessongen.store.store import opened_store
from lessongen.ui.drawing import partial_markdown, section_markdown
from tests.browser.lesson_page import LESSON_SECONDS, TOPIC, cards
from tests.browser.server import Server, copied_app, running_server
from tests.browser.tab import Tab, chromium

WATCH_TEXT = Path(__file__).with_name("watch_text.js")
QUIET_SECONDS = 5.0
_POLL_SECONDS = 0.002
# A server with forty lessons at once may not be able to write all of each.
_ENDED = re.compile(r"Your lesson is ready|sections are ready\.")
_TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")

Release = Callable[[], object]
Watching = Literal["nobody else", "the same lesson", "a lesson each"]


class SaturatedError(Exception):
    """The server is asked for more than it can draw: a new tab waits in vain for its page."""


@dataclass(frozen=True, slots=True)
class Writing:
    """A section as it was stored, and when: seconds since 1970."""

    at: float
    section: str
    letters: str


@dataclass(slots=True)
class Figures:
    """What one scenario measured. Milliseconds from stored to visible; frames after the end."""

    watching: Watching
    tabs: int
    milliseconds: list[float] = field(default_factory=list[float])
    never_shown: int = 0
    unknown_texts: int = 0
    cpu_percent: list[float] = field(default_factory=list[float])
    frames_after_the_end: int = 0
    asked: int = 0
    answered: int = 0
    megabytes: float = 0.0

    def percentile(self, percent: int) -> float:
        """Return a percentile of the milliseconds."""
        return statistics.quantiles(self.milliseconds, n=100)[percent - 1]

    def summary(self) -> dict[str, object]:
        """Return the figures that are worth keeping."""
        kept = asdict(self)
        del kept["milliseconds"]
        kept["cpu_percent"] = [round(percent, 1) for percent in self.cpu_percent]
        latency = {f"p{p}_ms": round(self.percentile(p)) for p in (50, 95, 99)}
        return {**kept, "changes": len(self.milliseconds), **latency}


class Observer:
    """Notices every write to a lesson, on a thread of its own."""

    def __init__(self, database: Path, lesson: str) -> None:
        self._database = database
        self._lesson = lesson
        self._done = threading.Event()
        self._rows: list[tuple[float, str, str, str | None, str | None]] = []
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def writings(self) -> list[Writing]:
        """Return what was stored, each text once."""
        found: list[Writing] = []
        last: dict[str, str] = {}
        for at, name, status, partial, content in self._rows:
            if status == SectionStatus.WRITTEN:
                drawn = section_markdown(name, content or "{}", "teacher")
            else:
                drawn = partial_markdown(name, partial or "", "teacher")
            letters = letters_of(drawn)
            if letters and last.get(name) != letters:
                last[name] = letters
                found.append(Writing(at, name, letters))
        return found

    def _look(self) -> None:
        with closing(sqlite3.connect(self._database)) as database:
            version, revisions = None, dict[str, int]()
            while not self._done.wait(_POLL_SECONDS):
                newest = database.execute("PRAGMA data_version").fetchone()
                if newest == version:
                    continue
                version = newest
                now = time.time()
                for name, revision, *row in database.execute(
                    "SELECT name, revision, status, partial, content FROM sections "
                    "WHERE lesson_id = ?",
                    [self._lesson],
                ):
                    if revisions.get(name) != revision:
                        revisions[name] = revision
                        self._rows.append((now, name, row[0], row[1], row[2]))


def letters_of(markdown: str) -> str:
    """Return the letters of a text: what Markdown and the browser's page have in common."""
    return "".join(filter(str.isalpha, html.unescape(markdown)))


def compare(writings: Sequence[Writing], shown: Sequence[Any], figures: Figures) -> None:
    """Add the time from every write to the first frame that showed it, or what came after it."""
    for section in SECTIONS:
        written = [w for w in writings if w.section == section]
        nth = {writing.letters: n for n, writing in enumerate(written)}
        frames: list[tuple[float, int]] = []
        for milliseconds, name, letters in shown:
            if name == section and letters:
                if letters in nth:
                    frames.append((milliseconds, nth[letters]))
                else:
                    figures.unknown_texts += 1
        for n, writing in enumerate(written):
            visible = next((at for at, shows in frames if shows >= n), None)
            if visible is None:
                figures.never_shown += 1
            else:
                figures.milliseconds.append(visible - writing.at * 1000)


def cpu_seconds(process: int) -> float:
    """Return the processor time a process has used, in all its threads."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS_A_SECOND


@contextmanager
def watchers(server: Server, lessons: list[str], figures: Figures) -> Generator[None]:
    """Watch lessons with one more tab each, in a process of their own."""
    if not lessons:
        yield
        return
    url = f"{server.url.replace('http', 'ws', 1)}/_stcore/stream"
    with subprocess.Popen(
        [sys.executable, "-m", "tests.browser.watching_clients", url, *lessons],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout
            if process.stdout.readline() != "watching\n":
                raise SaturatedError
            yield
            told, _ = process.communicate("", LESSON_SECONDS)
        finally:
            process.kill()
    tally = json.loads(told)
    figures.asked += tally["asked"]
    figures.answered += tally["answered"]
    figures.megabytes += tally["bytes"] / 1_000_000


def ask_for(server: Server) -> str:
    """Ask for a lesson as the page does: by a row in the store."""
    with opened_store(server.database) as store:
        request = lesson_request(topic=TOPIC, level="B1", minutes=60)
        return store.lessons_of(LOCAL).add(request, "parallel", sample=True)


def others_watch(figures: Figures, lesson: str, server: Server) -> list[str]:
    """Return the lessons that the other tabs watch."""
    match figures.watching:
        case "nobody else":
            return []
        case "the same lesson":
            return [lesson] * figures.tabs
        case "a lesson each":
            return [ask_for(server) for _ in range(figures.tabs)]


def measure_lesson(server: Server, browser: Browser, figures: Figures, begin: Release) -> None:
    """Watch one lesson that begins when everybody is there, from its first letter to its end."""
    lesson = ask_for(server)
    others = others_watch(figures, lesson, server)
    tab = Tab(browser, watch=WATCH_TEXT)
    tab.page.goto(f"{server.url}/lesson?lesson={lesson}")
    cards(tab.page).last.wait_for()
    with Observer(server.database, lesson) as observer, watchers(server, others, figures):
        began, used = time.monotonic(), cpu_seconds(server.process.pid)
        begin()
        tab.page.get_by_text(_ENDED).wait_for(timeout=LESSON_SECONDS * 1000)
        took = time.monotonic() - began
        figures.cpu_percent.append(100 * (cpu_seconds(server.process.pid) - used) / took)
        tab.page.wait_for_timeout(1000)
    frames = tab.frames
    tab.page.wait_for_timeout(QUIET_SECONDS * 1000)
    figures.frames_after_the_end += tab.frames - frames
    compare(observer.writings(), tab.page.evaluate("() => shown"), figures)
    tab.close()


def measured(watching: Watching, tabs: int, lessons: int, speed: float) -> Figures:
    """Measure some lessons, each on a new server.

    The server's runner stands by as long as this process has the lock that a runner needs.
    """
    figures = Figures(watching, tabs)
    with chromium() as browser:
        for _ in range(lessons):
            with tempfile.TemporaryDirectory() as name:
                app, database = copied_app(Path(name) / "app"), Path(name) / "lessons.db"
                lock = FileLock(database.with_name(f"{database.name}-runner.lock"))
                lock.acquire()
                with running_server(app, database, speed=speed) as server:
                    measure_lesson(server, browser, figures, lock.release)
    return figures


def show(figures: Figures) -> None:
    """Print one line of the table."""
    cpu = statistics.fmean(figures.cpu_percent)
    print(
        f"{figures.watching:<16} {figures.tabs:>4} {len(figures.milliseconds):>8} "
        f"{figures.percentile(50):>7.0f} {figures.percentile(95):>7.0f} "
        f"{max(figures.milliseconds):>7.0f} {cpu:>6.1f} {figures.frames_after_the_end:>7} "
        f"{figures.never_shown:>6} {figures.unknown_texts:>8}",
        flush=True,
    )


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the figures here")
    parser.add_argument("--lessons", type=int, default=3, help="each scenario; default: 3")
    parser.add_argument("--tabs", type=int, default=40, help="that watch too; default: 40")
    parser.add_argument("--speed", type=float, default=1.0, help="of the samples; default: 1")
    return parser.parse_args()


def main() -> int:
    """Measure every scenario, print a table and write JSON."""
    given = arguments()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends what was started here
    scenarios: list[tuple[Watching, int]] = [
        ("nobody else", 0),
        ("the same lesson", given.tabs),
        ("a lesson each", given.tabs),
    ]
    print("Milliseconds from stored to visible; CPU in % of one core; frames within 5 s of the end")
    print("who watches      tabs  changes     p50     p95     max    CPU  frames  never  unknown")
    results: list[dict[str, object]] = []
    for watching, tabs in scenarios:
        try:
            figures = measured(watching, tabs, given.lessons, given.speed)
        except SaturatedError:
            print(
                f"{watching:<16} {tabs:>4}  too many: a new tab does not get its page", flush=True
            )
            results.append({"watching": watching, "tabs": tabs, "saturated": True})
        else:
            show(figures)
            results.append(figures.summary())
    if given.json:
        given.json.write_text(json.dumps(results, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
