"""The page of assignments in an admin's words."""

from playwright.sync_api import Locator, Page, expect

from lessongen.lesson.parts import PARTS
from tests.browser.data_table import expect_rest, open_cell, type_into_cell

COLUMNS = ("part", "slot", "fallbacks", "priority", "deadline_seconds", "waits_for", "hedging")


def wait_for_tables(page: Page) -> None:
    """Wait until both tables are drawn and the page is at rest."""
    for table in ("assignments", "slots"):
        expect(_table(page, table).get_by_test_id("data-grid-canvas")).to_be_visible()
    expect_rest(page)


def open_assignment(page: Page, part: str, column: str) -> Locator:
    """Open a cell of the table of assignments; return what can be typed into."""
    return open_cell(_assignments(page), PARTS.index(part), COLUMNS.index(column))


def type_assignment(page: Page, part: str, column: str, text: str) -> None:
    """Type another value into a cell of the table of assignments, and leave it."""
    type_into_cell(_assignments(page), PARTS.index(part), COLUMNS.index(column), text)


def save(page: Page, why: str) -> None:
    """Say why, and save."""
    page.get_by_role("textbox", name="Why").fill(why)
    page.get_by_role("button", name="Save as a new version").click()


def turn_to(page: Page, tab: str) -> None:
    """Open another part of the page."""
    page.get_by_role("tab", name=tab).click()


def _table(page: Page, table: str) -> Locator:
    return page.locator(f"[class*='st-key-{table}-table-']")


def _assignments(page: Page) -> Locator:
    return _table(page, "assignments").get_by_test_id("stDataFrame")
