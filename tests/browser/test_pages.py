"""The pages around a lesson: what they refuse, what they keep, and how they fit a window."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from lessongen.lesson.sections import SECTIONS
from tests.browser.conftest import Serve, Tabs
from tests.browser.lesson_page import (
    ask_for_lesson,
    cards,
    expect_calm,
    go_to,
    wait_for_two_growing,
    wait_until_ready,
)
from tests.browser.server import Server
from tests.browser.tab import Scheme, sideways_pixels
from tests.browser.take_screenshot import HEIGHT, WIDTH, take_screenshot

SAMPLE_SPEED = 3.0
PHONE_PIXELS = 400
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
MOST_BYTES = 250_000
NOWHERE = "http://127.0.0.1:9"  # the port of the discard service: nobody answers


def expect_to_fit(page: Page) -> None:
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    assert sideways_pixels(page) <= 0


def expect_harmless(page: Page, topic: str) -> None:
    """Hold that a topic is there as it was typed, and that the browser made nothing of it."""
    main = page.get_by_test_id("stMain")
    # An invisible character keeps Streamlit from drawing :red: as a style.
    assert topic in main.inner_text().replace("\u2060", "")
    expect(main.locator("img, script, iframe, a[href*='203.0.113.7']")).to_have_count(0)


def test_a_lesson_without_a_topic_is_not_begun_and_the_page_says_why(server: Server, tabs: Tabs):
    tab = tabs.open(server.url)

    tab.page.get_by_role("button", name="Write the lesson").click()

    expect(tab.page.get_by_text("Please type a topic first")).to_be_visible()
    expect(cards(tab.page)).to_have_count(0)
    assert tab.errors == []


@pytest.mark.parametrize(
    "topic",
    [
        "<img src=http://203.0.113.7/pixel.png onerror=alert(1)>",
        "![pixel](http://203.0.113.7/pixel.png) [link](http://203.0.113.7)",
        "<script>fetch('http://203.0.113.7')</script>",
        "**bold** :red[red] :material/home: $x^2$ # no heading",
    ],
)
def test_whatever_a_topic_holds_is_shown_as_text_and_nothing_is_fetched(
    server: Server, tabs: Tabs, topic: str
):
    tab = tabs.open(server.url)
    ask_for_lesson(tab.page, topic)
    wait_until_ready(tab.page)
    expect_harmless(tab.page, topic)

    go_to(tab.page, "Library")

    expect(tab.page.get_by_role("heading", name="Library")).to_be_visible()
    expect(tab.page.get_by_role("button", name="Open").first).to_be_visible()
    expect_harmless(tab.page, topic)
    assert [url for url in tab.requests if "203.0.113.7" in url] == []
    assert tab.errors == []


def test_the_library_opens_deletes_and_brings_back_a_lesson(serve: Serve, tabs: Tabs):
    with serve(speed=20) as server:
        tab = tabs.open(server.url)
        page = tab.page
        go_to(page, "Library")
        expect(page.get_by_text("Your lessons will be kept here.")).to_be_visible()
        page.get_by_role("link", name="Write the first one").click()
        ask_for_lesson(page)
        wait_until_ready(page)
        title = page.locator(".st-key-plan-card strong").inner_text()

        go_to(page, "Library")
        lesson = page.locator("[class*='st-key-lesson-']").filter(has_text=title)
        expect(lesson).to_contain_text(f"{len(SECTIONS)} of {len(SECTIONS)} sections")
        lesson.get_by_role("button", name="Open").click()
        expect(page.locator(".st-key-plan-card strong")).to_have_text(title)

        go_to(page, "Library")
        lesson.get_by_role("button", name="Delete").click()
        expect(page.get_by_text("The lesson was deleted.")).to_be_visible()
        expect(lesson).to_have_count(0)
        page.get_by_role("button", name="Undo").click()
        expect(lesson).to_be_visible()
        expect(page.get_by_text("The lesson was deleted.")).to_have_count(0)
        expect_calm(page)
        assert tab.errors == []


@pytest.mark.parametrize("scheme", SCHEMES)
def test_no_page_scrolls_sideways_on_a_phone(server: Server, tabs: Tabs, scheme: Scheme):
    page = tabs.open(server.url, width=PHONE_PIXELS, scheme=scheme).page
    expect(page.get_by_role("heading", name="New lesson")).to_be_visible()
    page.get_by_text("More options").click()
    expect(page.get_by_role("textbox", name="Notes")).to_be_visible()
    expect_to_fit(page)

    ask_for_lesson(page)
    wait_for_two_growing(page)
    assert sideways_pixels(page) <= 0
    wait_until_ready(page)
    expect_to_fit(page)

    page.goto(f"{server.url}/library")
    expect(page.get_by_role("button", name="Open").first).to_be_visible()
    expect_to_fit(page)


def test_a_lesson_that_no_model_could_write_says_so_and_can_be_tried_again(
    serve: Serve, tabs: Tabs
):
    with serve(LESSONGEN_GEMINI_BASE_URL=NOWHERE, GEMINI_API_KEY="x") as server:
        tab = tabs.open(server.url)
        ask_for_lesson(tab.page)

        failure = tab.page.get_by_test_id("stAlertContentError")
        expect(failure).to_contain_text("your request is kept", timeout=120_000)
        expect(tab.page.get_by_role("button", name="Try again")).to_be_visible()
        expect(cards(tab.page)).to_have_count(len(SECTIONS))
        assert tab.errors == []


def test_the_picture_in_the_readme_can_be_taken_again(
    app_copy: Path, browser: Browser, tmp_path: Path
):
    picture = take_screenshot(app_copy, browser, tmp_path / "lesson-arriving.png")

    content = picture.read_bytes()
    assert content.startswith(b"\x89PNG")
    size = (int.from_bytes(content[16:20], "big"), int.from_bytes(content[20:24], "big"))
    assert size == (WIDTH, HEIGHT)
    assert len(content) < MOST_BYTES
