"""A lesson arrives: from the topic to the document, whatever happens on the way."""

from pathlib import Path

import pytest
from docx import Document
from playwright.sync_api import Download, Page, expect

from lessongen.lesson.sections import SECTIONS
from tests.browser.conftest import Serve, Tabs
from tests.browser.lesson_page import (
    ask_for_lesson,
    card,
    cards,
    choose_copy,
    expect_calm,
    expect_writing,
    go_to,
    placeholders,
    texts,
    wait_for_two_growing,
    wait_for_written,
    wait_until_ready,
    watched,
    written,
)
from tests.browser.server import Server

SAMPLE_SPEED = 0.6  # slow enough to do something in the middle, quick enough for every deadline
NEVER_DONE = 0.3  # slow enough that every check is over long before the lesson is
QUICK = 1.5  # where nothing more is done in the middle
AT_ONCE = 20.0
QUIET_SECONDS = 5


def downloaded(page: Page, label: str) -> Download:
    page.get_by_test_id("stPopoverButton").click()
    with page.expect_download() as info:
        page.get_by_role("button", name=label).click()
    page.keyboard.press("Escape")
    return info.value


def title_of(page: Page) -> str:
    return page.locator(".st-key-plan-card strong").inner_text()


def main_text(page: Page) -> str:
    return page.get_by_test_id("stMain").inner_text()


def test_a_teacher_types_a_topic_watches_the_lesson_arrive_and_takes_it_away(
    server: Server, tabs: Tabs, tmp_path: Path
):
    tab = tabs.open(server.url)
    page = tab.page

    ask_for_lesson(page)
    expect(placeholders(page).first).to_be_visible()
    wait_for_two_growing(page)
    expect_calm(page)

    page.reload()
    expect(cards(page)).to_have_count(len(SECTIONS))
    expect_writing(page)
    wait_until_ready(page)
    assert "Aim:" in main_text(page)
    assert "Quality 100 of 100" in main_text(page)
    evidence = card(page, "comprehension").get_by_text("Evidence:").first
    expect(evidence).to_be_hidden()
    card(page, "comprehension").get_by_text("Key", exact=True).click()
    expect(evidence).to_be_visible()

    document = downloaded(page, "Word document")
    document.save_as(tmp_path / document.suggested_filename)
    paragraphs = Document(str(tmp_path / "weekend-markets-B1-teacher.docx")).paragraphs
    assert title_of(page) in [paragraph.text for paragraph in paragraphs]
    markdown = downloaded(page, "Markdown")
    assert markdown.suggested_filename == "weekend-markets-B1-teacher.md"
    assert title_of(page) in markdown.path().read_text(encoding="utf-8")

    choose_copy(page, "Student copy")
    expect(page.get_by_text("Aim:")).to_have_count(0)
    assert "Key" not in main_text(page)
    copy = downloaded(page, "Markdown")
    assert copy.suggested_filename == "weekend-markets-B1-student.md"
    assert "Answer:" not in copy.path().read_text(encoding="utf-8")

    page.wait_for_timeout(1000)
    frames = tab.frames
    page.wait_for_timeout(QUIET_SECONDS * 1000)
    assert tab.frames == frames, "A finished lesson still asks the server for news."
    expect_calm(page)
    assert tab.errors == []


def test_a_lesson_goes_on_while_its_teacher_looks_elsewhere(server: Server, tabs: Tabs):
    page = tabs.open(server.url).page
    ask_for_lesson(page)
    wait_for_two_growing(page)

    go_to(page, "Library")
    expect(page.get_by_role("heading", name="Library")).to_be_visible()
    expect(cards(page)).to_have_count(0)
    go_to(page, "Lesson")

    expect(cards(page)).to_have_count(len(SECTIONS))
    expect_writing(page)
    wait_until_ready(page)


def test_a_second_tab_shows_the_same_lesson_and_each_tab_chooses_its_copy(serve: Serve, tabs: Tabs):
    with serve(speed=NEVER_DONE) as slow:
        first = tabs.open(slow.url).page
        ask_for_lesson(first)
        second = tabs.open(first.url).page
        expect(cards(second)).to_have_count(len(SECTIONS))

        choose_copy(second, "Student copy")
        student = second.locator(".st-key-copy").get_by_role("radio", name="Student copy")
        expect(student).to_be_checked()
        wait_for_two_growing(second)
        expect_writing(second)
        expect(student).to_be_checked()
        slow.kill()

    with serve(speed=AT_ONCE, port=slow.port):
        wait_until_ready(first)
        wait_until_ready(second)
        expect(student).to_be_checked()
        expect(second.get_by_text("Aim:")).to_have_count(0)
        assert "Aim:" in main_text(first)
        choose_copy(second, "Teacher copy")
        expect(second.get_by_text("Aim:").first).to_be_visible()
        assert texts(second) == texts(first)


def test_a_stopped_lesson_keeps_what_is_done_and_writes_the_rest_later(server: Server, tabs: Tabs):
    page = tabs.open(server.url).page
    ask_for_lesson(page)
    wait_for_written(page, at_least=2)

    page.get_by_role("button", name="Stop writing").click()
    expect(page.get_by_text("You stopped this lesson.")).to_be_visible()
    kept = {name: text for name, text in texts(page).items() if "was not written" not in text}
    assert 2 <= len(kept) < len(SECTIONS)
    expect(written(page)).to_have_count(len(kept))

    page.get_by_role("button", name="Write the missing sections").click()
    wait_until_ready(page)
    assert texts(page).items() >= kept.items()


def test_a_lesson_survives_the_sudden_death_of_its_server(serve: Serve, tabs: Tabs):
    with serve(speed=SAMPLE_SPEED) as first:
        page = tabs.open(first.url).page
        ask_for_lesson(page)
        wait_for_written(page, at_least=1)
        first.kill()
    with serve(speed=QUICK, port=first.port):
        wait_until_ready(page)
        expect(page.get_by_role("dialog")).to_have_count(0)
        expect_calm(page)


@pytest.mark.parametrize("width", [1280, 400])
def test_nothing_flickers_while_a_lesson_arrives(serve: Serve, tabs: Tabs, width: int):
    with serve(speed=QUICK) as server:
        page = tabs.open(server.url, width=width).page
        ask_for_lesson(page)
        wait_until_ready(page)
        seen = watched(page)

    assert seen["lost"] == []
    in_order = " ".join(SECTIONS)
    assert seen["orders"][-1] == in_order
    assert all(in_order.startswith(order) for order in seen["orders"]), seen["orders"]
    assert len(seen["grown"]) == len(SECTIONS)
    assert max(seen["tops"]) - min(seen["tops"]) <= 2, seen["tops"]
    assert seen["fallen"] == [], "A card and its placeholder were there together."
    assert seen["charts"] == 1, "The timeline was drawn anew instead of being changed."
