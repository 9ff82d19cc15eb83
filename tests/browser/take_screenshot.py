"""Takes the README's pictures of pages: all of them, or those that are named.

python -m tests.browser.take_screenshot [assignments.png ...]
"""

# ruff: noqa: T201 (a script prints)

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, expect

from lessongen.benchmark.history import History, fill
from lessongen.settings import ROOT
from lessongen.store.store import opened_store
from tests.browser.assignments_page import type_assignment, wait_for_tables
from tests.browser.data_table import expect_rest
from tests.browser.lesson_page import ask_for_lesson, wait_for_two_growing, wait_for_written
from tests.browser.server import copied_app, running_server
from tests.browser.tab import PATIENCE_SECONDS, Tab, chromium

PICTURES = ROOT / "data" / "pictures"
WIDTH, HEIGHT = 1280, 800
TALL = 1110
_SPEED = 0.5
_SECTIONS_WRITTEN = 4


def take_screenshot(app: Path, browser: Browser, picture: Path) -> Path:
    """Write a lesson with a copied app and take its picture half-way; return the picture."""
    with running_server(app, picture.with_suffix(".db"), speed=_SPEED) as server:
        tab = Tab(browser, width=WIDTH, height=HEIGHT)
        tab.page.goto(server.url)
        ask_for_lesson(tab.page)
        wait_for_written(tab.page, at_least=_SECTIONS_WRITTEN)
        wait_for_two_growing(tab.page)
        tab.page.screenshot(path=picture, scale="css")
        tab.close()
    return picture


def take_assignments(app: Path, browser: Browser, picture: Path) -> Path:
    """Edit a strategy with a copied app and take the page's picture before it is saved."""
    with running_server(app, picture.with_suffix(".db")) as server:
        tab = Tab(browser, width=WIDTH, height=TALL)
        tab.page.goto(f"{server.url}/assignments")
        wait_for_tables(tab.page)
        type_assignment(tab.page, "reading", "deadline_seconds", "25")
        expect(tab.page.get_by_text("Not saved yet: 1 change")).to_be_attached()
        tab.page.get_by_role("heading", name="Assignments").click()  # its own tools fold away
        expect_rest(tab.page)
        tab.page.screenshot(path=picture, scale="css")
        tab.close()
    return picture


def take_analytics(app: Path, browser: Browser, picture: Path) -> Path:
    """Make up some months of lessons for a copied app and take the picture of their figures."""
    database = picture.with_suffix(".db")
    with opened_store(database) as store:
        fill(store.database, History(20_000, until=time.time()))
    with running_server(app, database) as server:
        tab = Tab(browser, width=WIDTH, height=TALL)
        tab.page.goto(f"{server.url}/analytics?lessons=real+lessons&period=90+days")
        for chart in ("times", "success"):
            drawn = tab.page.locator(f".st-key-chart-card-{chart} svg [role=graphics-symbol]")
            expect(drawn.first).to_be_attached()
        expect_rest(tab.page)
        tab.page.screenshot(path=picture, scale="css")
        tab.close()
    return picture


TAKEN: dict[str, Callable[[Path, Browser, Path], Path]] = {
    "lesson-arriving.png": take_screenshot,
    "assignments.png": take_assignments,
    "analytics.png": take_analytics,
}


def main(names: list[str]) -> int:
    """Take the pictures into the folder the README shows them from."""
    expect.set_options(timeout=PATIENCE_SECONDS * 1000)
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        app = copied_app(Path(folder) / "app")
        for name in names or TAKEN:
            taken = TAKEN[name](app, browser, Path(folder) / name)
            picture = PICTURES / name
            picture.write_bytes(taken.read_bytes())
            print(f"{picture}: {picture.stat().st_size / 1000:.0f} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
