"""The page of figures as staff use it: by address, by clicking charts, on a phone."""

import re
import time
from collections.abc import Generator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from lessongen.benchmark.history import History, fill
from lessongen.commands.figures import written_report
from lessongen.store.store import opened_store
from lessongen.ui.analytics.view import CHAPTERS
from tests.browser.conftest import Tabs
from tests.browser.lesson_page import expect_calm
from tests.browser.server import Server, running_server
from tests.browser.tab import Scheme, Tab, sideways_pixels

PHONE_PIXELS = 400
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
REAL = {"lessons": "real lessons"}


@pytest.fixture(scope="module")
def school(app_copy: Path, tmp_path_factory: pytest.TempPathFactory) -> Generator[Server]:
    """Start a server whose school had two months of lessons."""
    database = tmp_path_factory.mktemp("lessons") / "lessons.db"
    with opened_store(database) as store:
        fill(store.database, History(4_000, days=60, until=time.time()))
    with running_server(app_copy, database) as server:
        yield server


def address(server: Server, **parameters: str) -> str:
    return f"{server.url}/analytics?{urlencode(REAL | parameters)}"


def parameters(page: Page) -> dict[str, str]:
    """Return what stands in the address, but for the kind of lessons."""
    found = parse_qs(urlsplit(page.url).query)
    return {name: values[-1] for name, values in found.items() if name not in REAL}


def card(page: Page, chart: str) -> Locator:
    return page.locator(f".st-key-chart-card-{chart}")


def bar(page: Page, chart: str, mark: str) -> Locator:
    """Return a bar of a chart that is drawn."""
    return card(page, chart).locator(f"svg [aria-label*='mark: {mark};'][role*=graphics]").first


def dialog(page: Page) -> Locator:
    return page.get_by_role("dialog")


def choose_lesson(page: Page) -> None:
    """Choose the first lesson of those behind a mark."""
    page.get_by_role("combobox", name="Timeline of one lesson").click()
    page.get_by_role("option").first.click()


def expect_timeline(page: Page) -> None:
    drawn = dialog(page).locator(".st-key-lesson-timeline svg")
    expect(drawn.locator("[aria-label*='stage: writing']").first).to_be_visible()
    expect(dialog(page).get_by_text(re.compile(r"\d+ requests in "))).to_be_visible()


def expect_whole_legend(page: Page) -> None:
    """Hold that the stages of a timeline differ, and that their names are not cut off."""
    drawn = dialog(page).locator(".st-key-lesson-timeline svg:has(.role-legend)")
    shades = drawn.locator(".role-legend-symbol path").evaluate_all(
        "paths => paths.map(path => +path.getAttribute('opacity'))"
    )
    assert len(shades) == len({"in the queue", "until the first text", "writing"})
    assert shades == sorted({*shades})
    assert shades[-1] == 1
    edge = drawn.evaluate("svg => svg.getBoundingClientRect().right")
    ends = drawn.locator(".role-legend-label text").evaluate_all(
        "texts => texts.map(text => text.getBoundingClientRect().right)"
    )
    assert len(ends) == len(shades)
    assert max(ends) <= edge


def expect_quiet(tab: Tab) -> None:
    expect_calm(tab.page)
    assert tab.errors == []


def test_a_click_on_a_chart_leads_to_lessons_and_to_the_timeline_of_one(school: Server, tabs: Tabs):
    tab = tabs.open(address(school, at_level="B1", period="90 days"))
    page = tab.page

    bar(page, "success", "Reading").click()

    expect(dialog(page)).to_contain_text("Lessons behind: Reading")
    choose_lesson(page)
    expect_timeline(page)
    lesson = parameters(page)["timeline"]
    assert parameters(page) == {
        "at_level": "B1",
        "period": "90 days",
        "behind": "success",
        "mark": "Reading",
        "timeline": lesson,
    }
    again = tabs.open(page.url)
    expect_timeline(again.page)
    assert parameters(again.page) == parameters(page)
    expect_quiet(tab)
    expect_quiet(again)


def test_a_mark_can_be_looked_at_again_after_its_lessons_were_closed(school: Server, tabs: Tabs):
    tab = tabs.open(address(school))
    page = tab.page
    for turn in range(2):
        expect(page.locator(f".st-key-drawn-success-{turn}")).to_be_visible()
        bar(page, "success", "Grammar").click()
        expect(dialog(page)).to_contain_text("Lessons behind: Grammar")

        page.keyboard.press("Escape")

        expect(dialog(page)).to_have_count(0)
        expect(page).to_have_url(re.compile(r"^[^&]*$"))
    expect_quiet(tab)


def test_a_choice_in_the_menu_needs_no_mouse(school: Server, tabs: Tabs):
    tab = tabs.open(address(school))
    page = tab.page

    page.get_by_role("combobox", name="Lessons behind a mark of “Use of models”").focus()
    page.keyboard.type("flash-lite")
    page.keyboard.press("Enter")

    expect(dialog(page)).to_contain_text("Lessons behind: gemini-3.5-flash-lite")
    assert parameters(page) == {"behind": "models", "mark": "gemini-3.5-flash-lite"}
    expect_quiet(tab)


def test_what_is_filtered_stands_in_the_address_and_opens_for_others(school: Server, tabs: Tabs):
    tab = tabs.open(address(school))
    page = tab.page
    expect(card(page, "costs")).to_be_visible()

    page.get_by_role("combobox", name="Level").click()
    page.get_by_role("option", name="C1").click()
    expect(page).to_have_url(re.compile("at_level=C1"))
    page.get_by_role("tab", name="Quality").click()
    expect(card(page, "scores").locator("svg").first).to_be_visible()

    assert parameters(page) == {"at_level": "C1", "chapter": "Quality"}
    summary = page.get_by_text(re.compile(r"lessons from ")).first.inner_text()
    other = tabs.open(page.url)
    expect(card(other.page, "scores").locator("svg").first).to_be_visible()
    expect(other.page.get_by_text(summary)).to_be_visible()

    page.get_by_role("button", name="Reset").click()
    expect(page).not_to_have_url(re.compile("at_level"))
    expect_quiet(tab)


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.title)
def test_every_chart_is_drawn_and_fits_a_phone(chapter: object, school: Server, tabs: Tabs):
    [found] = [one for one in CHAPTERS if one is chapter]
    for scheme in SCHEMES:
        url = address(school, chapter=found.title)
        tab = tabs.open(url, width=PHONE_PIXELS, scheme=scheme)
        for chart in found.charts:
            marks = card(tab.page, chart).locator("svg [role=graphics-symbol]")
            expect(marks.first).to_be_attached()
            drawn = card(tab.page, chart).locator("svg").first.bounding_box()
            assert drawn
            assert drawn["width"] <= PHONE_PIXELS
        assert sideways_pixels(tab.page) <= 0
        expect_quiet(tab)


def test_the_timeline_of_a_lesson_can_be_read_on_a_phone(school: Server, tabs: Tabs):
    tab = tabs.open(address(school, behind="success", mark="Reading"), width=PHONE_PIXELS)
    choose_lesson(tab.page)
    expect_timeline(tab.page)

    expect_whole_legend(tab.page)
    assert sideways_pixels(tab.page) <= 0
    expect_quiet(tab)


def test_a_report_for_mail_fits_a_phone_and_its_wide_tables_scroll(
    school: Server, tabs: Tabs, tmp_path: Path
):
    out = tmp_path / "report.html"
    written_report(out, 30, datetime.now(UTC).date(), school.database, sample=False)
    page = tabs.open("about:blank", width=PHONE_PIXELS).page
    page.set_content(out.read_text(encoding="utf-8"))

    wider = "elements => elements.filter(e => e.scrollWidth > e.clientWidth).length"
    assert page.locator("table").count() > len(CHAPTERS)
    assert page.evaluate("document.scrollingElement.scrollWidth") <= PHONE_PIXELS
    assert page.locator("div:has(> table)").evaluate_all(wider) >= 1
