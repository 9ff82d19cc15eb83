"""The pages in a teacher's words: what is pressed, and what is there to be seen."""

import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

from lessongen.lesson.sections import SECTIONS

LESSON_SECONDS = 180.0  # generous: the machine may be busy with other things
TOPIC = "Weekend markets"
TOGETHER_MILLISECONDS = 2000
BODY = "[data-testid=stMarkdown] [data-testid=stMarkdownContainer] > :not(:has(> h3))"


def ask_for_lesson(page: Page, topic: str = TOPIC) -> None:
    """Type a topic, press the one button, and wait for the nine cards."""
    page.get_by_label("Topic", exact=True).fill(topic)
    page.get_by_role("button", name="Write the lesson").click()
    expect(cards(page)).to_have_count(len(SECTIONS))


def cards(page: Page) -> Locator:
    """Return the section cards."""
    return page.locator("[class*='st-key-section-']")


def card(page: Page, section: str) -> Locator:
    """Return the card of a section."""
    return page.locator(f".st-key-section-{section}")


def written(page: Page) -> Locator:
    """Return the cards whose section is complete: their state has a tick."""
    return cards(page).filter(has=page.locator("h3").get_by_text("check", exact=True))


def placeholders(page: Page) -> Locator:
    """Return the placeholders in cards that have no text yet."""
    return cards(page).get_by_test_id("stSkeletonElement")


def text_of(page: Page, section: str) -> str:
    """Return the text of a section, without its heading and its state."""
    return "\n".join(card(page, section).locator(BODY).all_inner_texts())


def texts(page: Page) -> dict[str, str]:
    """Return the text of every section."""
    return {name: text_of(page, name) for name in SECTIONS}


def wait_for_two_growing(page: Page) -> None:
    """Wait until the text of two sections grows at the same time."""
    page.wait_for_function(f"() => watched.growing({TOGETHER_MILLISECONDS}).length >= 2")


def wait_for_written(page: Page, at_least: int) -> None:
    """Wait until so many sections are complete."""
    page.wait_for_function(
        """(least) => {
            const bar = document.querySelector(".st-key-lesson-progress")?.textContent ?? "";
            return parseInt(/(\\d+) of \\d+ sections ready/.exec(bar)?.[1] ?? "0") >= least;
        }""",
        arg=at_least,
    )


def expect_writing(page: Page) -> None:
    """Hold that the lesson is under way."""
    expect(page.locator(".st-key-lesson-progress")).to_have_text(
        re.compile(r"Waiting to begin|Planning the lesson|\d of 9 sections ready")
    )
    expect(page.get_by_role("button", name="Stop writing")).to_be_visible()


def wait_until_ready(page: Page) -> None:
    """Wait for the end of the lesson, and hold that every section is complete."""
    ready = page.get_by_text("Your lesson is ready.")
    expect(ready).to_be_visible(timeout=LESSON_SECONDS * 1000)
    expect(written(page)).to_have_count(len(SECTIONS))
    expect(placeholders(page)).to_have_count(0)
    assert all(texts(page).values())


def go_to(page: Page, name: str) -> None:
    """Follow the navigation to a page."""
    page.get_by_test_id("stTopNavLink").get_by_text(name, exact=True).click()


def choose_copy(page: Page, label: str) -> None:
    """Choose the student or the teacher copy."""
    page.locator(".st-key-copy").get_by_text(label).click()


def watched(page: Page) -> dict[str, Any]:
    """Return what watch_cards.js saw since the page was loaded."""
    return page.evaluate("() => JSON.parse(JSON.stringify(watched))")


def expect_calm(page: Page) -> None:
    """Hold that nothing on the page is red."""
    expect(page.get_by_test_id("stException")).to_have_count(0)
    expect(page.get_by_test_id("stAlertContentError")).to_have_count(0)
