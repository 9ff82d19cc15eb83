"""The slots as an admin meets them: closed and opened while lessons run, tested side by side."""

import pytest
from playwright.sync_api import Locator, Page, expect

from lessongen.people import LOCAL
from lessongen.store.store import opened_store
from tests.browser.conftest import Serve, Tabs
from tests.browser.lesson_page import expect_calm
from tests.browser.server import Server
from tests.browser.tab import PATIENCE_SECONDS, Scheme, Tab, sideways_pixels
from tests.support.lessons import request_on
from tests.support.running import STRATEGY, finished

SAMPLE_SPEED = 10.0
PHONE_PIXELS = 400
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
_MOST_LOOKS = int(PATIENCE_SECONDS * 10)  # of a tenth of a second each
_COUNT_CHANGES = """() => {
    window.changes = 0;
    const count = (found) => { window.changes += found.length; };
    new MutationObserver(count).observe(
        document.querySelector("[data-testid=stMain]"),
        { subtree: true, childList: true, characterData: true },
    );
}"""


@pytest.fixture
def board(server: Server, tabs: Tabs) -> Tab:
    return at_the_slots(server, tabs)


def at_the_slots(server: Server, tabs: Tabs, width: int = 1280, scheme: Scheme = "light") -> Tab:
    """Open the page, at the part that tells how the slots are now."""
    tab = tabs.open(f"{server.url}/assignments", width=width, scheme=scheme)
    tab.page.get_by_role("tab", name="Models now").click()
    expect(slot(tab.page, "primary")).to_be_visible()
    return tab


def slot(page: Page, name: str) -> Locator:
    return page.locator(f".st-key-slot-{name}")


def await_turns(board: Tab, turns: int) -> None:
    """Let the timer of the page turn so many times; each brings a frame or more."""
    begun = board.frames
    for _ in range(_MOST_LOOKS):
        if board.frames >= begun + turns:
            return
        board.page.wait_for_timeout(100)  # frames are told to the thread that waits in Playwright
    raise AssertionError("The timer of the page has stopped.")


def asked_models(page: Page) -> Locator:
    """Test the models, and return the table of what came of it."""
    errand = page.locator(".st-key-errand-test_slots")
    page.get_by_role("button", name="Test models").click()
    expect(page.get_by_role("button", name="Test models")).to_be_disabled()
    expect(page.get_by_role("button", name="Test models")).to_be_enabled()
    expect(errand.get_by_text("asked by the user of this computer")).to_be_visible()
    return errand.get_by_role("table")


def writers(server: Server) -> set[str | None]:
    """Have a lesson written, and return who wrote its sections."""
    with opened_store(server.database) as store:
        lesson = store.lessons_of(LOCAL).add(request_on(), "parallel", sample=True)
        return {section.slot for section in finished(store, lesson).sections}


def test_a_slot_closed_at_the_page_writes_nothing_until_it_is_opened_there(
    server: Server, board: Tab
):
    page, primary = board.page, slot(board.page, "primary")
    expect(primary).to_contain_text("open")

    primary.get_by_role("button", name="Close").click()
    expect(page.get_by_text("Nothing more is asked of it")).to_be_visible()
    page.get_by_role("button", name="Close primary").click()
    expect(primary).to_contain_text("closed by hand by the user of this computer since")
    meanwhile = writers(server)
    primary.get_by_role("button", name="Open").click()
    expect(primary.get_by_role("button", name="Close")).to_be_visible()

    assert "primary" not in meanwhile
    assert "primary" in writers(server)
    expect_calm(page)
    assert board.errors == []


def test_what_the_models_answer_is_side_by_side_and_so_is_what_is_listed(board: Tab):
    table = asked_models(board.page)
    for name, model in STRATEGY.slots.items():
        row = table.get_by_role("row").filter(has_text=model.model)
        expect(row).to_contain_text(name)
        expect(row).to_contain_text("good")
        expect(row).to_contain_text("yes")
    expect(board.page.get_by_text("Every slot answers as it should.")).to_be_visible()

    board.page.get_by_role("button", name="Check model list").click()
    expect(board.page.get_by_text("Every slot’s model is listed")).to_be_visible()

    expect_calm(board.page)
    assert board.errors == []


def test_what_is_told_again_and_again_never_moves_and_closes_nothing(serve: Serve, tabs: Tabs):
    # A server of its own: where lessons were written, the requests of the last minute grow fewer.
    with serve(speed=SAMPLE_SPEED) as unused:
        board = at_the_slots(unused, tabs)
        page = board.page
        slot(page, "secondary").get_by_role("button", name="Close").click()
        expect(page.get_by_role("button", name="Close secondary")).to_be_visible()
        await_turns(board, 4)  # all of the page is drawn by then
        page.evaluate(_COUNT_CHANGES)

        await_turns(board, 8)

        assert page.evaluate("window.changes") == 0
        expect(page.get_by_role("button", name="Close secondary")).to_be_visible()


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_slots_fit_a_phone(scheme: Scheme, server: Server, tabs: Tabs):
    tab = at_the_slots(server, tabs, PHONE_PIXELS, scheme)
    expect(asked_models(tab.page)).to_be_visible()

    assert sideways_pixels(tab.page) <= 0
    box = slot(tab.page, "primary").get_by_role("button", name="Close").bounding_box()
    assert box
    assert box["x"] + box["width"] <= PHONE_PIXELS
