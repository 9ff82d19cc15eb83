import sqlite3
from contextlib import closing
from pathlib import Path

from streamlit.testing.v1 import AppTest

from lessongen.store.records import LessonStatus
from lessongen.store.store import Store
from lessongen.ui.drawing import plain
from tests.app import kept
from tests.app.screen import labels, opened, pressed, sentences, text_of, turned_to
from tests.support.lessons import MARKETS


def listed(page: AppTest) -> list[str]:
    """Return the topics on a page of the library, from top to bottom."""
    return [text.value.strip("*") for text in page.markdown if text.value.startswith("**")]


def lines(page: AppTest) -> list[str]:
    return [str(caption.value) for caption in page.caption]


def test_an_empty_library_says_what_will_be_here_and_leads_to_a_first_lesson():
    page = opened("library")

    assert not page.exception
    assert "Your lessons will be kept here." in text_of(page)
    assert [link.label for link in page.page_link] == ["Write the first one"]


def test_the_newest_lesson_comes_first(store: Store):
    for topic in ("Oldest", "Middle", "Newest"):
        kept.queued(store, topic)

    assert listed(opened("library")) == ["Newest", "Middle", "Oldest"]


def test_a_lesson_is_listed_under_the_words_that_head_its_page(store: Store):
    lesson = kept.queued(store, "weekend markets")

    assert listed(opened("library")) == opened("lesson", lesson).title.values


def test_a_line_says_what_the_plan_is_called_the_level_and_how_much_is_written(store: Store):
    lesson = kept.planned(store, sample=False, sections=("warmup", "reading"))
    kept.write(store, lesson, "warmup")
    kept.complete(store, "A sample", sections=("warmup",))

    sample, own = lines(opened("library"))

    assert sample.startswith("A sample · B1 · ")
    assert sample.endswith(" · 1 of 1 sections · sample")
    assert own.endswith(" · 1 of 2 sections")


def test_a_line_of_a_lesson_without_a_plan_begins_with_its_level(store: Store):
    kept.queued(store, "Street music")

    assert lines(opened("library"))[0].startswith("B1 · ")


def test_a_lesson_opens_from_the_library(store: Store):
    kept.complete(store, "The other", sections=("warmup",))
    lesson = kept.complete(store, sections=("warmup",))
    page = opened("library")

    page.button(key=f"open-{lesson}").click().run()

    assert not page.exception
    assert page.title.values == [MARKETS]
    assert page.query_params["lesson"] == lesson


def test_a_deleted_lesson_is_gone_until_the_deletion_is_undone(store: Store):
    kept.queued(store, "Stays")
    lesson = kept.queued(store, "Goes")
    page = opened("library")

    page.button(key=f"delete-{lesson}").click().run()
    after_deletion = listed(page), "The lesson was deleted." in text_of(page)
    pressed(page, "Undo")

    assert after_deletion == (["Stays"], True)
    assert listed(page) == ["Goes", "Stays"]
    assert "Undo" not in labels(page)
    assert not page.exception


def test_deleting_the_only_lesson_can_be_undone_too(store: Store):
    lesson = kept.complete(store, sections=("warmup",))
    page = opened("library")

    page.button(key=f"delete-{lesson}").click().run()
    emptied = text_of(page)
    pressed(page, "Undo")

    assert "Your lessons will be kept here." in emptied
    assert listed(page) == [MARKETS]


def test_a_lesson_deleted_while_it_is_written_is_stopped(store: Store):
    lesson = kept.planned(store)
    page = opened("library")

    page.button(key=f"delete-{lesson}").click().run()

    assert store.lessons.cancel_requests() == {lesson}


def test_twenty_lessons_fill_one_page(store: Store):
    for number in range(20):
        kept.queued(store, f"Topic {number}")

    page = opened("library")

    assert len(listed(page)) == 20
    assert not page.pagination


def test_the_twenty_first_lesson_is_on_the_second_page(store: Store):
    for number in range(21):
        kept.queued(store, f"Topic {number}")
    page = opened("library")
    first = listed(page)

    page.pagination(key="library-page").set_value(2).run()

    assert first == [f"Topic {number}" for number in range(20, 0, -1)]
    assert listed(page) == ["Topic 0"]


def test_deleting_the_last_lesson_of_the_last_page_leads_to_a_page_that_has_some(store: Store):
    oldest = kept.queued(store, "Oldest")
    for number in range(40):
        kept.queued(store, f"Topic {number}")
    page = opened("library")
    page.pagination(key="library-page").set_value(3).run()
    third = listed(page)

    page.button(key=f"delete-{oldest}").click().run()

    assert third == ["Oldest"]
    assert not page.exception
    assert len(listed(page)) == 20


def test_a_title_that_a_model_marked_up_is_listed_as_it_was_written(store: Store):
    title = "![x](http://attacker.example) :red[x] **bold** $x$ :smile: <b>"
    kept.complete(store, title, sections=("warmup",))

    assert lines(opened("library"))[0].startswith(f"{plain(title)} · ")


def test_a_topic_that_somebody_marked_up_is_listed_as_it_was_typed(store: Store):
    topic = "<b> ![x](http://attacker.example) :red[x] **bold** $x$ :smile:"
    kept.queued(store, topic)

    assert f"**{plain(topic)}**" in opened("library").markdown.values


def test_a_lesson_that_failed_or_was_stopped_can_be_opened_again(store: Store):
    for status in (LessonStatus.FAILED, LessonStatus.CANCELLED, LessonStatus.INCOMPLETE):
        lesson = kept.finish(store, kept.planned(store, sections=("warmup",)), status)
        page = opened("library")

        page.button(key=f"open-{lesson}").click().run()

        assert not page.exception
        assert page.query_params["lesson"] == lesson


def test_a_damaged_database_is_named_in_one_sentence(store: Store, database: Path):
    kept.queued(store)
    page = opened("library")
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("DROP TABLE lessons")

    turned_to(page, "library")

    assert not page.exception
    [sentence] = sentences(page.error)
    assert database.name in sentence
