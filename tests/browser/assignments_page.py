"""The page of assignments in an admin's words. Its tables are canvases: they hear the keyboard."""

from playwright.sync_api import Locator, Page, expect

from lessongen.lesson.parts import PARTS

COLUMNS = ("part", "slot", "fallbacks", "priority", "deadline_seconds", "waits_for", "hedging")
_ROW_PIXELS = 35
_FRAMES = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"


def wait_for_tables(page: Page) -> None:
    """Wait until both tables are drawn and the page is at rest."""
    for table in ("assignments", "slots"):
        expect(_table(page, table).get_by_test_id("data-grid-canvas")).to_be_visible()
    expect_rest(page)


def expect_rest(page: Page) -> None:
    """Wait until the server has drawn everything."""
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    expect(page.locator("[data-stale='true']")).to_have_count(0)


def open_cell(page: Page, part: str, column: str) -> Locator:
    """Go to a cell of the table of assignments, and open it; return what can be typed into."""
    row = _ROW_PIXELS * (1 + PARTS.index(part)) + _ROW_PIXELS // 2
    _table(page, "assignments").get_by_test_id("stDataFrame").click(position={"x": 30, "y": row})
    for _ in range(COLUMNS.index(column)):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    field = page.locator("#portal input")
    expect(field).to_be_visible()
    return field


def type_into(page: Page, part: str, column: str, text: str) -> None:
    """Type another value into a cell, and leave it."""
    field = open_cell(page, part, column)
    field.fill(text)
    page.evaluate(_FRAMES)  # the table takes what was typed when it is drawn next
    page.keyboard.press("Enter")


def save(page: Page, why: str) -> None:
    """Say why, and save."""
    page.get_by_role("textbox", name="Why").fill(why)
    page.get_by_role("button", name="Save as a new version").click()


def turn_to(page: Page, tab: str) -> None:
    """Open another part of the page."""
    page.get_by_role("tab", name=tab).click()


def _table(page: Page, table: str) -> Locator:
    return page.locator(f"[class*='st-key-{table}-table-']")
