"""The table of models in a browser: cells are typed into, refused, passed on and reset."""

import re

import pytest
from playwright.sync_api import Page, expect

from lessongen.generation.strategy import OwnAssignment
from lessongen.lesson.parts import PARTS
from lessongen.people import LOCAL
from lessongen.store.store import opened_store
from tests.browser.conftest import Tabs
from tests.browser.data_table import type_into_cell, wait_for_stillness
from tests.browser.lesson_page import ask_for_lesson, expect_calm
from tests.browser.server import Server
from tests.browser.tab import sideways_pixels

SAMPLE_SPEED = 6.0
COLUMNS = ("section", "slot", "priority", "deadline")
ESTIMATE = ".st-key-estimate"


@pytest.fixture
def page(tabs: Tabs, server: Server) -> Page:
    """Open the first page, and unfold the table."""
    page = tabs.open(server.url).page
    unfold(page)
    return page


def unfold(page: Page) -> None:
    """Unfold the table, and wait until it is drawn: what lies below it moves down meanwhile."""
    page.get_by_text("Models for this lesson").click()
    expect(page.get_by_test_id("data-grid-canvas")).to_be_visible()
    wait_for_stillness(page.get_by_role("button", name="Use as my default"))


def fill(page: Page, part: str, column: str, value: str) -> None:
    """Type into a cell as a teacher does."""
    table = page.get_by_test_id("stDataFrame")
    type_into_cell(table, PARTS.index(part), COLUMNS.index(column), value)


def test_what_is_typed_into_the_table_goes_with_the_lesson(page: Page, server: Server):
    fill(page, "reading", "deadline", "90")
    fill(page, "dialogue", "slot", "primary")
    expect(page.locator(ESTIMATE)).to_contain_text("counts for: Reading, Dialogue.")

    ask_for_lesson(page)

    with opened_store(server.database) as store:
        line = store.lessons_of(LOCAL).recent()[0]
        lesson = store.lessons.get(line.id)
    assert lesson
    assert lesson.own_assignments == {
        "reading": OwnAssignment(slot="primary", priority="high", deadline_seconds=90),
        "dialogue": OwnAssignment(slot="primary", priority="medium", deadline_seconds=20),
    }
    expect_calm(page)


def test_a_cell_that_cannot_be_meant_is_refused_and_no_lesson_is_asked_for(page: Page):
    fill(page, "warmup", "deadline", "1")
    refusal = page.get_by_text("Warm-up: the deadline should be from 2 to 600 seconds.")
    expect(refusal).to_be_visible()
    expect(page.get_by_role("button", name="Use as my default")).to_be_disabled()

    page.get_by_label("Topic", exact=True).fill("Pets")
    page.get_by_role("button", name="Write the lesson").click()

    expect(refusal).to_have_count(2)
    fill(page, "warmup", "deadline", "30")
    expect(refusal).to_have_count(0)
    expect(page.locator(ESTIMATE)).to_contain_text("counts for: Warm-up.")


def test_a_default_is_there_after_a_reload_and_reset_shows_what_the_admin_has_set(page: Page):
    fill(page, "grammar", "deadline", "45")
    expect(page.locator(ESTIMATE)).to_contain_text("counts for: Grammar.")
    page.get_by_role("button", name="Use as my default").click()
    expect(page.get_by_text("This is your default now.")).to_be_visible()

    page.reload()
    expect(page.locator(ESTIMATE)).to_contain_text("counts for: Grammar.")
    unfold(page)
    page.get_by_role("button", name="Reset").click()

    expect(page.locator(ESTIMATE)).not_to_contain_text("counts for")
    fill(page, "wrapup", "deadline", "50")
    expect(page.locator(ESTIMATE)).to_contain_text(re.compile("counts for: Wrap-up.$"))
    page.get_by_role("button", name="Reset").click()
    page.get_by_role("button", name="Use as my default").click()


def test_on_a_phone_the_table_scrolls_and_the_page_does_not(tabs: Tabs, server: Server):
    page = tabs.open(server.url, width=400).page

    page.get_by_text("Models for this lesson").click()
    expect(page.get_by_test_id("stDataFrame")).to_be_visible()

    assert sideways_pixels(page) == 0
