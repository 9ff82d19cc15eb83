import io
import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import docx
import pytest
from pypdf import PdfReader
from streamlit.testing.v1 import AppTest

from lessongen.export.formats import EXPORTS
from lessongen.lesson.sections import SECTIONS
from lessongen.people import LOCAL
from lessongen.quality.findings import Finding
from lessongen.services import running_services
from lessongen.settings import ROOT, Settings
from lessongen.store.records import LessonStatus, SectionRecord, SectionStatus
from lessongen.store.store import Store
from lessongen.ui.drawing import plain
from tests.app import kept
from tests.app.screen import (
    card,
    is_waiting,
    labels,
    opened,
    plan,
    pressed,
    sentences,
    text_of,
    turned_to,
)
from tests.support.lessons import MARKETS, markets
from tests.support.running import eventually

STOP, AGAIN = "Stop writing", "Write the missing sections"
FILES = Path(__file__).with_name("shell_with_files.py")
TEACHERS_NOTES = ("Aim:", "Learners may say")
ANY_LESSON = [EXPORTS[suffix].label for suffix in (".docx", ".pdf", ".md")]
ANKI, MOODLE = EXPORTS[".apkg"].label, EXPORTS[".gift"].label
MARKED_UP = [
    "# Heading",
    "*Stars* and _lines_",
    "<img src=x onerror=alert(1)>",
    "![x](http://attacker.example/p.png)",
    "[click](javascript:alert(1))",
    "$x^2$ costs $5",
    ":red[x]",
    "Traffic light:red",
    ":material/home:",
    ":smile:",
]


def downloads(page: AppTest) -> dict[str, bytes]:
    """Return what every download button of a page hands over, by its label."""
    given: dict[str, bytes] = page.session_state["files"]
    return {button.label: given[button.proto.deferred_file_id] for button in page.download_button}


def offered(page: AppTest) -> list[str]:
    """Return the labels of the files that can be downloaded."""
    return [button.label for button in page.download_button]


def section_as_written(section: str, **changed: object) -> str:
    return json.dumps(json.loads(kept.content(section)) | changed)


def test_a_queued_lesson_shows_a_place_for_every_section_and_can_be_stopped(store: Store):
    page = opened("lesson", kept.queued(store))

    assert not page.exception
    assert page.title.values == [MARKETS]
    assert "Waiting to begin" in page.progress[0].text
    assert page.progress[0].value == 0
    assert all(is_waiting(page, name) for name in SECTIONS)
    assert labels(page) == [STOP]
    assert "Sections appear here as they begin" in text_of(page)


@pytest.mark.parametrize(
    ("before", "told"), [(1, "1 lesson comes first"), (3, "3 lessons come first")]
)
def test_a_queued_lesson_says_how_many_come_first(store: Store, before: int, told: str):
    for _ in range(before):
        kept.planned(store)

    page = opened("lesson", kept.queued(store))

    assert f"Waiting for its turn: {told}" in page.progress[0].text


def test_a_queue_that_does_not_move_promises_nothing(store: Store, database: Path):
    kept.planned(store)
    lesson = kept.queued(store)
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("UPDATE lessons SET saved_at = saved_at - 60")
        connection.execute("UPDATE lessons SET created_at = created_at - 60")

    page = opened("lesson", lesson)

    assert "If this lasts, please start LessonGen again" in page.progress[0].text


def test_a_section_that_is_put_off_says_that_it_is_tried_again(store: Store):
    lesson = kept.planned(store)
    put_off = SectionRecord("grammar", SectionStatus.WAITING, revision=0, error="no answer")
    store.lessons.save_section(lesson, put_off)

    page = opened("lesson", lesson)

    assert "put off, tried again at the end" in card(page, "grammar")
    assert is_waiting(page, "grammar")


def test_a_lesson_without_its_brief_is_being_planned(store: Store):
    lesson = kept.queued(store)
    store.lessons.claim(lesson)

    page = opened("lesson", lesson)

    assert "Planning the lesson" in page.progress[0].text


def test_a_section_under_way_shows_what_has_arrived_and_who_writes_it(store: Store):
    lesson = kept.planned(store)
    kept.write(store, lesson, "warmup")
    kept.begin(
        store, lesson, "reading", '{"task": "Read it.", "title": "The stall", "paragraphs": ["Ami'
    )
    kept.begin(store, lesson, "grammar", "", reason="fallback")

    page = opened("lesson", lesson)

    assert not page.exception
    assert "1 of 9 sections ready" in page.progress[0].text
    assert page.progress[0].value == 11
    assert "#### The stall\n\nAmi" in card(page, "reading")
    assert re.search(
        r"writing · primary \(gemini-test\) · \d+ s\b", card(page, "reading"), re.MULTILINE
    )
    assert "another model took over" in card(page, "grammar")
    assert is_waiting(page, "grammar")
    assert is_waiting(page, "vocabulary")
    assert not is_waiting(page, "reading")
    assert "2.5 s" in card(page, "warmup")


def test_a_lesson_that_cannot_be_saved_says_so_until_it_can(store: Store, database: Path):
    lesson = kept.planned(store)
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("UPDATE lessons SET saved_at = saved_at - 12.2")
    page = opened("lesson", lesson)
    silent = page.progress[0].text

    store.lessons.note_saved()

    assert re.match(r"Nothing could be saved for 1\d s: the database is busy or", silent)
    assert "What the models write is kept" in silent
    assert "0 of 9 sections ready" in page.run().progress[0].text


def test_a_page_grows_with_its_lesson_until_it_is_ready(store: Store):
    lesson = kept.planned(store, sections=("warmup", "reading"))
    page = opened("lesson", lesson)
    before = text_of(page)
    kept.write(store, lesson, "warmup")
    halfway = text_of(page.run())
    kept.write(store, lesson, "reading")
    kept.finish(store, lesson, LessonStatus.COMPLETE)

    page.run()

    assert "0 of 2 sections ready" in before
    assert "1 of 2 sections ready" in halfway
    assert "Your lesson is ready." in page.progress[0].text
    assert page.progress[0].value == 100
    assert labels(page) == []


def test_a_written_lesson_shows_every_section_and_every_download(store: Store):
    page = opened("lesson", kept.complete(store))

    assert not page.exception
    assert page.title.values == [MARKETS]
    assert [len(card(page, name)) > 100 for name in SECTIONS] == [True] * len(SECTIONS)
    assert offered(page) == [*ANY_LESSON, ANKI, MOODLE]
    assert not page.get("skeleton")


def test_students_get_no_questions_with_their_answers_to_download(store: Store):
    page = opened("lesson", kept.complete(store))

    page.segmented_control(key="copy").set_value("student").run()

    assert offered(page) == [*ANY_LESSON, ANKI]


def test_a_lesson_keeps_saying_that_it_is_a_sample_and_any_other_never_does(store: Store):
    sample = opened("lesson", kept.complete(store, sample=True))
    own = opened("lesson", kept.complete(store, sample=False))

    assert "sample" in sample.expander[0].label
    assert [expander.label for expander in own.expander if "sample" in expander.label] == []


def test_a_lesson_planned_without_a_model_asks_to_be_checked(store: Store):
    page = opened("lesson", kept.complete(store, local=True))

    assert "written from the topic alone" in page.info[0].value


def test_the_students_copy_shows_the_questions_and_no_answers(store: Store):
    page = opened("lesson", kept.complete(store))
    teachers, teachers_questions = text_of(page), card(page, "comprehension")

    page.segmented_control(key="copy").set_value("student").run()

    students, students_questions = text_of(page), card(page, "comprehension")
    items = json.loads(kept.content("comprehension"))["items"]
    for item in items:
        assert plain(item["question"]) in students_questions
        assert plain(item["evidence"]) in teachers_questions
        assert plain(item["evidence"]) not in students_questions
    assert [note for note in TEACHERS_NOTES if note not in teachers] == []
    assert [note for note in TEACHERS_NOTES if note in students] == []


def test_the_students_copy_of_a_section_under_way_shows_no_answers_either(store: Store):
    lesson = kept.planned(store)
    kept.begin(store, lesson, "comprehension", kept.content("comprehension")[:-40])
    page = opened("lesson", lesson)

    page.segmented_control(key="copy").set_value("student").run()

    drawn = card(page, "comprehension")
    assert "1. " in drawn
    assert [note for note in TEACHERS_NOTES if note in drawn] == []


@pytest.mark.parametrize("copy", ["student", "teacher"])
def test_downloads_are_real_files_of_the_copy_on_the_page(copy: str, store: Store):
    page = opened("lesson", kept.complete(store), FILES)

    page.segmented_control(key="copy").set_value(copy).run()

    files = downloads(page)
    text = files["Markdown"].decode()
    document = docx.Document(io.BytesIO(files["Word document"]))
    words = "\n".join(paragraph.text for paragraph in document.paragraphs)
    printed = "\n".join(p.extract_text() for p in PdfReader(io.BytesIO(files["PDF"])).pages)
    for taken in (text, words, printed):
        assert kept.TITLE in taken
        assert "Comprehension" in taken
        assert ("Evidence:" in taken) == (copy == "teacher")


def test_a_failed_section_says_why_in_its_place_and_can_be_written_again(store: Store):
    lesson = kept.planned(store, sections=("warmup", "reading"))
    kept.write(store, lesson, "warmup")
    kept.fail(store, lesson, "reading", "The models did not answer in time.")
    kept.finish(store, lesson, LessonStatus.INCOMPLETE)
    page = opened("lesson", lesson)
    shown = card(page, "reading"), page.warning[0].value, offered(page)

    pressed(page, AGAIN)

    assert "The models did not answer in time." in shown[0]
    assert "1 of 2 sections are ready." in shown[1]
    assert shown[2] == ANY_LESSON
    assert "Waiting to begin" in page.progress[0].text
    assert is_waiting(page, "reading")
    assert not is_waiting(page, "warmup")
    assert store.lessons.claimable() == [lesson]


def test_a_lesson_none_of_which_was_written_keeps_the_request_and_offers_another_try(store: Store):
    lesson = kept.planned(store, sections=("warmup",))
    kept.fail(store, lesson, "warmup", "Gemini did not accept the key.")
    kept.finish(store, lesson, LessonStatus.FAILED)

    page = opened("lesson", lesson)

    assert not page.exception
    assert "your request is kept. Gemini did not accept the key." in page.error[0].value
    assert not page.download_button
    assert labels(page) == ["Try again"]


def test_a_lesson_that_failed_before_its_brief_is_drawn_too(store: Store):
    lesson = kept.finish(store, kept.queued(store), LessonStatus.FAILED, "Something went wrong.")

    page = opened("lesson", lesson)

    assert not page.exception
    assert "Something went wrong." in page.error[0].value


def test_stop_asks_the_runner_and_says_that_it_is_stopping(store: Store):
    lesson = kept.planned(store)
    page = opened("lesson", lesson)

    pressed(page, STOP)

    assert store.lessons.cancel_requests() == {lesson}
    assert page.progress[0].text == "Stopping. What is ready stays."
    assert labels(page) == []


def test_stopping_a_lesson_that_has_not_begun_ends_it_at_once(store: Store):
    page = opened("lesson", kept.queued(store))

    pressed(page, STOP)

    assert "You stopped this lesson. 0 of 9 sections are ready." in page.info[0].value
    assert labels(page) == ["Try again"]
    assert not is_waiting(page, "reading")
    assert "the lesson ended before it" in card(page, "reading")


def test_a_stopped_lesson_keeps_what_was_written(store: Store):
    lesson = kept.planned(store, sections=("warmup", "reading"))
    kept.write(store, lesson, "warmup")
    kept.begin(store, lesson, "reading", '{"title": "Half')
    kept.finish(store, lesson, LessonStatus.CANCELLED)

    page = opened("lesson", lesson)

    assert not page.exception
    assert "You stopped this lesson. 1 of 2 sections are ready." in page.info[0].value
    assert "not written" in card(page, "reading")
    assert offered(page) == ANY_LESSON


def test_an_unknown_lesson_leads_on_to_the_library_and_a_new_one():
    page = opened("lesson", "no-such-lesson")

    assert not page.exception
    assert "This lesson does not exist or was deleted." in text_of(page)
    assert [link.label for link in page.page_link] == ["Open the library", "Write a new lesson"]


def test_a_deleted_lesson_is_not_shown(store: Store):
    lesson = kept.complete(store)
    store.lessons_of(LOCAL).delete(lesson)

    assert "does not exist or was deleted" in text_of(opened("lesson", lesson))


def test_without_a_lesson_in_the_address_or_the_session_there_is_none_to_show():
    assert "You have not opened one." in text_of(opened("lesson"))


def test_the_navigation_leads_back_to_the_lesson_that_was_open(store: Store):
    lesson = kept.complete(store)
    page = opened("lesson", lesson)

    turned_to(page, "library")
    turned_to(page, "lesson")

    assert page.title.values == [MARKETS]
    assert page.query_params["lesson"] == lesson


@pytest.mark.parametrize(
    "lesson", ["'; DROP TABLE lessons; --", "a" * 10_000, "\x00", "🍕", "../.."]
)
def test_nonsense_in_the_address_is_just_an_unknown_lesson(lesson: str):
    page = opened("lesson", lesson)

    assert not page.exception
    assert page.title.values == ["No lesson here"]


@pytest.mark.parametrize("title", MARKED_UP)
def test_a_title_that_a_model_marked_up_is_shown_as_it_was_written(title: str, store: Store):
    page = opened("lesson", kept.complete(store, title, sections=("warmup",)))

    assert f"**{plain(title)}**" in plan(page)
    assert plain(title) != title


def test_a_section_that_a_model_marked_up_is_shown_as_it_was_written(store: Store):
    lesson = kept.planned(store, sections=("warmup",))
    marked_up = section_as_written("warmup", questions=MARKED_UP[:3], sample_answers=MARKED_UP[3:9])
    kept.write(store, lesson, "warmup", marked_up)
    kept.finish(store, lesson, LessonStatus.COMPLETE)

    page = opened("lesson", lesson)

    assert not page.exception
    assert [text for text in MARKED_UP[:9] if plain(text) not in card(page, "warmup")] == []


def test_a_lesson_of_another_version_is_named_in_one_sentence(store: Store, database: Path):
    lesson = kept.complete(store)
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("UPDATE lessons SET request = '{\"old\": 1}'")

    page = opened("lesson", lesson)

    assert not page.exception
    [sentence] = sentences(page.error)
    assert "this version cannot read" in sentence


def test_a_lesson_is_written_while_its_page_is_open(store: Store, database: Path):
    page = opened()
    page.text_input(key="topic").input(MARKETS)
    pressed(page, "Write the lesson")
    placeholders = len(page.get("skeleton"))

    with running_services(Settings(ROOT, database, sample_speed=100)):
        eventually(lambda: "is ready" in text_of(page.run()), "the lesson to be ready")

    assert placeholders == len(SECTIONS)
    assert not page.exception
    assert plain(json.loads(markets().part("brief", MARKETS))["title"]) in plan(page)
    assert [name for name in SECTIONS if len(card(page, name)) < 100] == []
    [lesson] = store.lessons_of(LOCAL).recent()
    assert (lesson.status, lesson.written) == (LessonStatus.COMPLETE, len(SECTIONS))
    assert "One after another, they would have taken" in text_of(page)


TOO_HARD = Finding(
    "reading", "level", "fault", "The text reads like B2. Hard words: *haggle*.", ("haggle",)
)


def keys(page: AppTest) -> dict[str, str]:
    """Return the folded keys of a lesson by section."""
    return {
        name: str(expander.markdown[0].value)
        for name in SECTIONS
        for expander in page.container(key=f"section-{name}").expander
    }


def test_the_key_of_a_section_is_folded_and_holds_the_evidence(store: Store):
    page = opened("lesson", kept.complete(store))

    item = json.loads(kept.content("comprehension"))["items"][0]
    assert set(keys(page)) == {"vocabulary", "comprehension", "grammar", "wrapup"}
    assert plain(item["evidence"]) in keys(page)["comprehension"]
    assert (
        plain(item["evidence"]) not in card(page, "comprehension").split("Key")[0].split("1. ")[0]
    )


def test_a_students_view_has_no_key(store: Store):
    page = opened("lesson", kept.complete(store))

    page.segmented_control(key="copy").set_value("student").run()

    assert keys(page) == {}


def test_what_checks_found_is_told_on_the_card_with_its_words_marked(store: Store):
    lesson = kept.complete(store)
    kept.check(store, lesson, "reading", TOO_HARD, score=75)

    page = opened("lesson", lesson)

    text = card(page, "reading")
    assert "**Please check**" in text
    assert r"Hard words: \*haggle\*." in text
    assert ":orange-background[haggle" in text


def test_students_are_shown_nothing_of_what_checks_found(store: Store):
    lesson = kept.complete(store)
    kept.check(store, lesson, "reading", TOO_HARD, score=75)
    page = opened("lesson", lesson)

    page.segmented_control(key="copy").set_value("student").run()

    assert "Please check" not in card(page, "reading")
    assert ":orange-background" not in card(page, "reading")


def test_a_section_that_is_being_improved_can_be_read_meanwhile(store: Store):
    lesson = kept.planned(store)
    for name in SECTIONS:
        kept.write(store, lesson, name)
    kept.check(store, lesson, "reading", TOO_HARD, status=SectionStatus.REWRITING)

    page = opened("lesson", lesson)

    assert "9 of 9 sections ready · improving Reading" in page.progress[0].text
    assert "being improved" in card(page, "reading")
    assert "Lwazi" in card(page, "reading")


@pytest.mark.parametrize(
    ("findings", "sentence"),
    [
        ((), "Quality 97 of 100: the checks found nothing to mend"),
        ((TOO_HARD,), "Quality 97 of 100: 1 thing to look at in Reading"),
        ((TOO_HARD, TOO_HARD), "Quality 97 of 100: 2 things to look at in Reading"),
    ],
)
def test_a_lesson_says_in_a_sentence_what_the_checks_think_of_it(
    store: Store, findings: tuple[Finding, ...], sentence: str
):
    lesson = kept.complete(store)
    kept.check(store, lesson, "reading", *findings)
    store.lessons.save_score(lesson, 97.2)

    assert sentence in text_of(opened("lesson", lesson))


def test_a_lesson_that_was_never_checked_says_nothing_of_its_quality(store: Store):
    assert "Quality" not in text_of(opened("lesson", kept.complete(store)))
