import sqlite3
from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Feedback

from lessongen.people import LOCAL
from lessongen.store.ratings import REASONS, Rating
from lessongen.store.records import LessonStatus
from lessongen.store.store import Store
from tests.app import kept
from tests.app.screen import opened, sentences, text_of

KEPT, LOST = "Kept. Press the same star again", "This could not be kept."
QUESTION = "How was this lesson?"


def stars(page: AppTest, part: str = "lesson") -> Feedback:
    [found] = [stars for stars in page.feedback if (stars.key or "").endswith(f"-{part}")]
    return found


def reason(lesson: str) -> str:
    return f"reason-{lesson}-1-lesson"


def with_sections(page: AppTest) -> AppTest:
    """Unfold the list of sections."""
    page.session_state["rate-sections"] = True
    return page.run()


@contextmanager
def full_disk(database: Path) -> Generator[None]:
    """Let SQLite answer as it does when there is no room for a rating."""
    with closing(sqlite3.connect(database)) as connection:
        connection.execute(
            "CREATE TRIGGER full BEFORE INSERT ON ratings "
            "BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"
        )
        yield
        connection.execute("DROP TRIGGER full")


@pytest.fixture
def lesson(store: Store) -> str:
    return kept.complete(store, sections=("warmup", "reading"))


def test_a_star_is_kept_at_once_and_the_page_says_so(store: Store, lesson: str):
    page = opened("lesson", lesson)
    before = text_of(page)

    stars(page).set_value(3).run()

    assert not page.exception
    assert KEPT not in before
    assert KEPT in text_of(page)
    assert store.ratings.of(lesson, LOCAL) == {"": Rating(4)}


def test_reasons_are_asked_for_once_stars_are_given_and_one_can_be_taken_back(
    store: Store, lesson: str
):
    page = opened("lesson", lesson)
    before = [pills.label for pills in page.pills]
    stars(page).set_value(1).run()

    page.pills(key=reason(lesson)).set_value("too hard").run()
    given = store.ratings.of(lesson, LOCAL)
    page.pills(key=reason(lesson)).set_value(None).run()

    assert before == []
    assert given == {"": Rating(2, "too hard")}
    assert store.ratings.of(lesson, LOCAL) == {"": Rating(2)}


def test_every_reason_is_on_offer(lesson: str):
    page = opened("lesson", lesson)

    stars(page).set_value(0).run()

    offered = page.pills(key=reason(lesson)).options
    assert offered == [reason.capitalize() for reason in REASONS]


def test_a_rating_is_changed_and_taken_back(store: Store, lesson: str):
    page = opened("lesson", lesson)
    stars(page).set_value(0).run()
    page.pills(key=reason(lesson)).set_value("boring").run()

    stars(page).set_value(4).run()
    changed = store.ratings.of(lesson, LOCAL)
    stars(page).set_value(None).run()

    assert changed == {"": Rating(5, "boring")}
    assert store.ratings.of(lesson, LOCAL) == {}
    assert KEPT not in text_of(page)


def test_a_rating_taken_back_leaves_no_reason_for_the_next(store: Store, lesson: str):
    page = opened("lesson", lesson)
    stars(page).set_value(0).run()
    page.pills(key=reason(lesson)).set_value("boring").run()
    stars(page).set_value(None).run()

    stars(page).set_value(4).run()

    assert store.ratings.of(lesson, LOCAL) == {"": Rating(5)}


def test_a_page_shows_what_was_rated_before(store: Store, lesson: str):
    store.ratings.rate(lesson, LOCAL, Rating(2, "inaccurate"))
    store.ratings.rate(lesson, LOCAL, Rating(5, "other"), "reading")

    page = with_sections(opened("lesson", lesson))

    assert stars(page).value == 1
    assert page.pills(key=reason(lesson)).value == "inaccurate"
    assert stars(page, "reading").value == 4
    assert [box.value for box in page.selectbox] == ["other"]
    assert text_of(page).count(KEPT) == 2


def test_a_section_is_rated_on_its_own(store: Store, lesson: str):
    page = with_sections(opened("lesson", lesson))

    stars(page, "reading").set_value(2).run()
    page.selectbox[0].set_value("too easy").run()

    assert store.ratings.of(lesson, LOCAL) == {"reading": Rating(3, "too easy")}
    assert text_of(page).count(KEPT) == 1


def test_sections_are_drawn_when_they_are_wanted_and_only_those_that_are_there(store: Store):
    lesson = kept.planned(store, sections=("warmup", "reading"))
    kept.write(store, lesson, "reading")
    kept.finish(store, lesson, LessonStatus.INCOMPLETE)
    page = opened("lesson", lesson)
    folded = len(page.feedback)

    with_sections(page)

    assert folded == 1
    assert [(stars.key or "").rpartition("-")[2] for stars in page.feedback] == [
        "lesson",
        "reading",
    ]


def test_what_could_not_be_kept_is_told_and_can_be_tried_again(
    store: Store, lesson: str, database: Path
):
    page = opened("lesson", lesson)

    with full_disk(database):
        stars(page).set_value(3).run()
        told = text_of(page), sentences(page.toast)
    stars(page).set_value(2).run()

    assert LOST in told[0]
    assert "the disk is full" in told[1][0]
    assert not page.exception
    assert KEPT in text_of(page)
    assert store.ratings.of(lesson, LOCAL) == {"": Rating(3)}


def test_a_change_that_could_not_be_kept_leaves_what_was_kept(
    store: Store, lesson: str, database: Path
):
    page = opened("lesson", lesson)
    stars(page).set_value(4).run()

    with full_disk(database):
        stars(page).set_value(0).run()

    assert LOST in text_of(page)
    assert store.ratings.of(lesson, LOCAL) == {"": Rating(5)}
    assert stars(opened("lesson", lesson)).value == 4


def test_a_lesson_that_was_deleted_meanwhile_is_not_rated(store: Store, lesson: str):
    page = opened("lesson", lesson)
    store.lessons_of(LOCAL).delete(lesson)

    stars(page).set_value(3).run()

    assert not page.exception
    assert page.title.values == ["No lesson here"]
    assert store.ratings.of(lesson, LOCAL) == {}


def test_a_lesson_is_rated_when_it_is_finished_and_not_before(store: Store):
    lesson = kept.planned(store, sections=("warmup", "reading"))
    kept.write(store, lesson, "warmup")
    page = opened("lesson", lesson)
    before = len(page.feedback)

    kept.write(store, lesson, "reading")
    kept.finish(store, lesson, LessonStatus.COMPLETE)
    page.run()

    assert before == 0
    assert QUESTION in text_of(page)


def test_a_lesson_of_which_nothing_was_written_is_not_rated(store: Store):
    lesson = kept.finish(store, kept.planned(store), LessonStatus.FAILED)

    assert QUESTION not in text_of(opened("lesson", lesson))


def test_missing_sections_written_later_make_a_version_that_is_rated_anew(store: Store):
    lesson = kept.planned(store, sections=("warmup", "reading"))
    kept.write(store, lesson, "warmup")
    kept.finish(store, lesson, LessonStatus.INCOMPLETE)
    page = opened("lesson", lesson)
    stars(page).set_value(0).run()

    store.lessons_of(LOCAL).queue_again(lesson)
    store.lessons.claim(lesson)
    kept.write(store, lesson, "reading")
    kept.finish(store, lesson, LessonStatus.COMPLETE)
    page.run()
    page.run()

    assert stars(page).value is None
    assert store.ratings.of(lesson, LOCAL) == {}
