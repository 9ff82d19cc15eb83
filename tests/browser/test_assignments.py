"""The page of assignments: an admin edits, saves, meets another admin, and goes back."""

import pytest
from playwright.sync_api import expect

from tests.browser.assignments_page import (
    open_assignment,
    save,
    turn_to,
    type_assignment,
    wait_for_tables,
)
from tests.browser.conftest import Serve, Tabs
from tests.browser.data_table import expect_rest
from tests.browser.lesson_page import expect_calm, go_to
from tests.browser.tab import Scheme, sideways_pixels

PHONE_PIXELS = 400
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
PARTS_OF_THE_PAGE = ("Versions", "Models now", "Rules", "Suggestions", "Strategy")


def test_an_admin_edits_a_cell_saves_it_and_finds_it_among_the_versions(serve: Serve, tabs: Tabs):
    with serve() as server:
        tab = tabs.open(f"{server.url}/assignments")
        page = tab.page
        wait_for_tables(page)

        type_assignment(page, "reading", "deadline_seconds", "30")
        expect(page.get_by_text("Reading: deadline 20 s → 30 s")).to_be_visible()
        # The second cell is still open when the button is pressed: it counts, too.
        open_assignment(page, "warmup", "deadline_seconds").fill("12")
        save(page, "the reading came late")
        expect(page.get_by_text("Saved. Version 2 counts from the next lesson on.")).to_be_visible()

        turn_to(page, "Versions")
        version = page.locator(".st-key-version-2")
        expect(version).to_contain_text("Version 2 · in force — the reading came late")
        version.get_by_text("2 changes").click()
        expect(version).to_contain_text("Warm-up: deadline 10 s → 12 s")
        expect(version).to_contain_text("Reading: deadline 20 s → 30 s")
        expect_calm(page)
        assert tab.errors == []


def test_fallbacks_keep_the_order_in_which_they_were_chosen(serve: Serve, tabs: Tabs):
    with serve() as server:
        tab = tabs.open(f"{server.url}/assignments")
        page = tab.page
        wait_for_tables(page)

        open_assignment(page, "reading", "fallbacks")
        for _ in range(2):
            page.keyboard.press("Backspace")
        for slot in ("experimental", "secondary"):
            page.locator("#portal input").fill(slot)
            page.get_by_role("option", name=slot).click()
        page.get_by_role("heading", name="Assignments").click()

        told = "fallbacks secondary, experimental → experimental, secondary"
        expect(page.get_by_text(told)).to_be_visible()
        assert tab.errors == []


def test_edits_outlive_a_look_elsewhere_and_an_admin_who_was_quicker(serve: Serve, tabs: Tabs):
    with serve() as server:
        one, other = (tabs.open(f"{server.url}/assignments") for _ in range(2))
        for tab in (one, other):
            wait_for_tables(tab.page)
        type_assignment(one.page, "reading", "deadline_seconds", "30")
        expect(one.page.get_by_text("1 change not saved yet")).to_be_visible()
        go_to(one.page, "Library")
        expect(one.page.get_by_role("heading", name="Library")).to_be_visible()
        type_assignment(other.page, "warmup", "deadline_seconds", "12")
        save(other.page, "quicker")
        expect(other.page.get_by_text("Saved. Version 2")).to_be_visible()

        go_to(one.page, "Assignments")
        conflict = one.page.locator(".st-key-assignments-conflict")
        expect(conflict).to_contain_text("version 2 was saved")
        expect(conflict).to_contain_text("quicker")
        expect(conflict).to_contain_text("Warm-up: deadline 10 s → 12 s")
        conflict.get_by_role("button", name="Redo my edits on top of version 2").click()
        expect(conflict).to_have_count(0)
        save(one.page, "on top of it")

        expect(one.page.get_by_text("Saved. Version 3")).to_be_visible()
        turn_to(one.page, "Versions")
        version = one.page.locator(".st-key-version-3")
        expect(version.get_by_text("1 change")).to_be_visible()
        assert one.errors == other.errors == []


@pytest.mark.parametrize("scheme", SCHEMES)
def test_no_part_of_the_page_scrolls_sideways_on_a_phone(serve: Serve, tabs: Tabs, scheme: Scheme):
    with serve() as server:
        tab = tabs.open(f"{server.url}/assignments", width=PHONE_PIXELS, scheme=scheme)
        wait_for_tables(tab.page)
        for part in PARTS_OF_THE_PAGE:
            turn_to(tab.page, part)
            expect(tab.page.get_by_role("tab", name=part)).to_have_attribute(
                "aria-selected", "true"
            )
            if part != "Models now":  # it keeps itself up to date, and never rests
                expect_rest(tab.page)
            assert sideways_pixels(tab.page) <= 0
        assert tab.errors == []
