"""A table that can be edited, in a browser: a canvas that hears the keyboard, key by key.

Its cells are drawn, so they are found by their place. A key that comes before the last one is drawn
counts from where the table was before; a person waits for that, and so does this.
"""

from playwright.sync_api import Locator, Page, expect

_ROW_PIXELS = 35
_FRAMES = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"

_STILL = """element => new Promise(done => {
    let top, since;
    const look = now => {
        const found = element.getBoundingClientRect().top;
        if (found !== top) [top, since] = [found, now];
        now - since < 250 ? requestAnimationFrame(look) : done();
    };
    requestAnimationFrame(look);
})"""


def expect_rest(page: Page) -> None:
    """Wait until the server has drawn everything."""
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    expect(page.locator("[data-stale='true']")).to_have_count(0)


def wait_for_stillness(element: Locator) -> None:
    """Wait until an element stays where it is for a quarter of a second, as a person would."""
    element.evaluate(_STILL)


def open_cell(table: Locator, row: int, column: int) -> Locator:
    """Go to a cell, both places counted from 0, and open it; return what can be typed into."""
    page = table.page
    expect_rest(page)
    height = _ROW_PIXELS * (1 + row) + _ROW_PIXELS // 2
    table.hover(position={"x": 40, "y": height})  # a table that is entered again first sees where
    page.evaluate(_FRAMES)
    table.click(position={"x": 30, "y": height})
    _expect_selected(table, row, 0)
    for place in range(column):
        page.keyboard.press("ArrowRight")
        _expect_selected(table, row, place + 1)
    page.keyboard.press("Enter")
    field = page.locator("#portal input")
    expect(field).to_be_visible()
    return field


def type_into_cell(table: Locator, row: int, column: int, text: str) -> None:
    """Type another value into a cell, and leave it."""
    field = open_cell(table, row, column)
    field.fill(text)
    table.page.evaluate(_FRAMES)  # the table takes what was typed when it is drawn next
    table.page.keyboard.press("Enter")
    expect(field).to_have_count(0)


def _expect_selected(table: Locator, row: int, column: int) -> None:
    cell = table.get_by_test_id(f"glide-cell-{column}-{row}")
    expect(cell).to_have_attribute("aria-selected", "true")
    table.page.evaluate(_FRAMES)
