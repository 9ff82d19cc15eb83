"""Takes the README's picture: a sample lesson in the middle of being written.

python -m tests.browser.take_screenshot
"""

# ruff: noqa: T201 (a script prints)

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser

from lessongen.settings import ROOT
from tests.browser.lesson_page import ask_for_lesson, wait_for_two_growing, wait_for_written
from tests.browser.server import copied_app, running_server
from tests.browser.tab import Tab, chromium

PICTURE = ROOT / "data" / "pictures" / "lesson-arriving.png"
WIDTH, HEIGHT = 1280, 800
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


def main() -> int:
    """Take the picture into the folder the README shows it from."""
    with tempfile.TemporaryDirectory() as name, chromium() as browser:
        folder = Path(name)
        taken = take_screenshot(copied_app(folder / "app"), browser, folder / PICTURE.name)
        PICTURE.parent.mkdir(exist_ok=True)
        PICTURE.write_bytes(taken.read_bytes())
    print(f"{PICTURE}: {PICTURE.stat().st_size / 1000:.0f} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
