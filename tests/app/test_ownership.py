"""A page gives and changes nothing of somebody else's lesson, by whatever way it is tried."""

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from lessongen.people import LOCAL
from lessongen.settings import ROOT
from lessongen.store.ratings import Rating
from lessongen.store.records import LessonStatus
from lessongen.store.store import Store, opened_store
from lessongen.ui.navigation import PAGES
from tests.app import kept
from tests.app.screen import opened, pressed, turned_to
from tests.browser.server import copied_app

OTHER = "other@school.org"
SECRET_WORD = "xylophonics"
PAGE_NAMES = sorted(page.stem for page in PAGES.glob("*.py"))
FOR_OTHERS_THAN_TEACHERS = ["analytics", "assignments"]
WARMUP = {
    "stage_aim": "To talk",
    "minutes": 5,
    "interaction": "pairs",
    "teacher_steps": ["Ask."],
    "task": f"Talk of {SECRET_WORD}.",
    "link_to_topic": "Let us read.",
    "questions": [f"Have you {SECRET_WORD}?", "Why?"],
    "sample_answers": ["Yes.", "So."],
}
SECRETS = """
[auth]
redirect_uri = "http://localhost:8501/oauth2callback"
cookie_secret = "k3Jx9-Q2mZ7pLw8RtY5vB1nC4dF6gH0sA"
client_id = "lessongen"
client_secret = "k3Jx9-Q2mZ7pLw8RtY5vB1nC4dF6gH0sA"
server_metadata_url = "https://accounts.google.com/.well-known/openid-configuration"

[roles]
teacher = ["*@school.org"]
"""
TWO_TEACHERS = f"""
import json, sys, time
from streamlit.testing.v1 import AppTest
from lessongen.ui.navigation import page_file
from tests.app.screen import SHELL, pressed, text_of, turned_to

def signed_in(name):
    app = AppTest.from_file(SHELL, default_timeout=60)
    email = name + "@school.org"
    account = dict(iss="https://school.example", sub=name, email=email, iat=time.time())
    app.user = dict(is_logged_in=True, **account)
    return app.run()

ann, ben = signed_in("ann"), signed_in("ben")
ann.text_input(key="topic").input("{SECRET_WORD}")
pressed(ann, "Write the lesson")
lesson = ann.query_params["lesson"]
told = dict(
    lesson=lesson,
    ann=[text_of(turned_to(ann, "library")), text_of(turned_to(ann, "lesson", lesson))],
    ben=[text_of(turned_to(ben, "library")), text_of(turned_to(ben, "lesson", lesson))],
    failed=[found.message for app in (ann, ben) for found in app.exception],
)
sys.stdout.write(json.dumps(told))
"""


def everything(app: AppTest) -> bytes:
    """Return all that a page sends to the browser: texts, tables, charts, labels."""
    return b"\n".join(_sent(app))


def _sent(app: AppTest) -> Iterator[bytes]:
    for node in app:
        proto: Any = getattr(node, "proto", None)
        if proto is not None:
            yield proto.SerializeToString()


def told(store: Store, status: LessonStatus = LessonStatus.COMPLETE, **fields: Any) -> str:
    """Keep a lesson that has the secret word wherever there is something to read."""
    lesson = kept.planned(
        store,
        f"Of {SECRET_WORD}",
        topic=f"All about {SECRET_WORD}",
        notes=f"We like {SECRET_WORD}.",
        sections=("warmup", "reading"),
        **fields,
    )
    kept.write(store, lesson, "warmup", json.dumps(WARMUP))
    kept.begin(store, lesson, "reading", f'{{"title": "{SECRET_WORD}", "task": "Read')
    return kept.finish(store, lesson, status) if status.finished else lesson


def of_other(store: Store, status: LessonStatus = LessonStatus.COMPLETE) -> str:
    return told(store, status, owner=OTHER)


def give_away(database: Path, lesson: str) -> None:
    """Make a lesson somebody else's, while its page is open."""
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("UPDATE lessons SET owner = ? WHERE id = ?", (OTHER, lesson))


def rows(store: Store, lesson: str) -> list[dict[str, Any]]:
    read = store.database.read
    return [
        *read("SELECT * FROM lessons WHERE id = :id", id=lesson),
        *read("SELECT * FROM ratings WHERE lesson_id = :id", id=lesson),
    ]


def is_not_there(page: AppTest) -> bool:
    return page.title.values == ["No lesson here"] and not page.exception


def test_the_secret_word_is_found_on_the_page_of_ones_own_lesson(store: Store):
    lesson = told(store)

    assert SECRET_WORD.encode() in everything(opened("lesson", lesson))
    assert SECRET_WORD.encode() in everything(opened("library"))


@pytest.mark.parametrize("status", LessonStatus)
def test_the_address_of_anothers_lesson_opens_nothing(store: Store, status: LessonStatus):
    page = opened("lesson", of_other(store, status))

    assert is_not_there(page)
    assert SECRET_WORD.encode() not in everything(page)
    assert not page.download_button


def test_a_session_that_remembers_anothers_lesson_does_not_open_it(store: Store):
    page = opened()
    page.session_state["last_lesson"] = of_other(store)

    assert is_not_there(turned_to(page, "lesson"))


@pytest.mark.parametrize("page_name", PAGE_NAMES)
def test_no_page_sends_anything_of_anothers_lesson(store: Store, page_name: str):
    for status in LessonStatus:
        of_other(store, status)

    page = opened(page_name)

    assert not page.exception
    assert SECRET_WORD.encode() not in everything(page)


@pytest.mark.parametrize("page_name", FOR_OTHERS_THAN_TEACHERS)
def test_pages_for_admins_and_staff_show_no_content_of_any_lesson(store: Store, page_name: str):
    for status in LessonStatus:
        lesson = told(store, status)
        store.ratings.rate(lesson, LOCAL, Rating(1, "inaccurate"))
        store.ratings.rate(lesson, LOCAL, Rating(2, "boring"), "warmup")

    page = opened(page_name)

    assert not page.exception
    assert SECRET_WORD.encode() not in everything(page)


@pytest.mark.parametrize("status", [LessonStatus.RUNNING, LessonStatus.COMPLETE])
def test_a_page_that_is_open_shows_nothing_more_of_a_lesson_that_is_ones_own_no_more(
    store: Store, database: Path, status: LessonStatus
):
    lesson = told(store, status)
    page = opened("lesson", lesson)
    before = everything(page)
    give_away(database, lesson)

    page.run()

    assert SECRET_WORD.encode() in before
    assert is_not_there(page)
    assert SECRET_WORD.encode() not in everything(page)


def stop(page: AppTest) -> None:
    pressed(page, "Stop writing")


def again(page: AppTest) -> None:
    pressed(page, "Write the missing sections")


def rate(page: AppTest) -> None:
    page.feedback[0].set_value(0).run()


@pytest.mark.parametrize(
    ("press", "status"),
    [
        (stop, LessonStatus.RUNNING),
        (again, LessonStatus.INCOMPLETE),
        (rate, LessonStatus.COMPLETE),
    ],
)
def test_what_is_pressed_on_a_page_that_was_open_changes_nothing_of_anothers_lesson(
    store: Store, database: Path, press: Callable[[AppTest], None], status: LessonStatus
):
    lesson = told(store, status)
    page = opened("lesson", lesson)
    give_away(database, lesson)
    before = rows(store, lesson)

    press(page)

    assert rows(store, lesson) == before
    assert is_not_there(page)


def test_anothers_lesson_is_not_deleted_from_a_library_that_was_open(store: Store, database: Path):
    lesson = told(store)
    page = opened("library")
    give_away(database, lesson)
    before = rows(store, lesson)

    page.button(key=f"delete-{lesson}").click().run()

    assert rows(store, lesson) == before
    assert SECRET_WORD.encode() not in everything(page)


def test_anothers_lesson_is_not_brought_back_by_an_undo(store: Store):
    lesson = of_other(store)
    store.lessons_of(OTHER).delete(lesson)
    before = rows(store, lesson)
    page = opened("library")
    page.session_state["deleted"] = lesson

    pressed(page.run(), "Undo")

    assert rows(store, lesson) == before
    assert SECRET_WORD.encode() not in everything(page)


def test_of_two_teachers_who_signed_in_each_has_their_own_lessons(
    tmp_path_factory: pytest.TempPathFactory,
):
    copy = copied_app(tmp_path_factory.mktemp("school"))
    (copy / ".streamlit" / "secrets.toml").write_text(SECRETS)
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("GEMINI_")},
        "PYTHONPATH": os.pathsep.join(map(str, (copy, ROOT))),
        "LESSONGEN_DATABASE": f"sqlite:///{copy / 'lessons.db'}",
    }

    answer = subprocess.run(
        [sys.executable, "-c", TWO_TEACHERS],
        cwd=copy,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert answer.returncode == 0, answer.stderr
    seen = json.loads(answer.stdout)
    assert seen["failed"] == []
    assert all(SECRET_WORD in page.lower() for page in seen["ann"])
    assert not any(SECRET_WORD in page.lower() for page in seen["ben"])
    assert "Your lessons will be kept here." in seen["ben"][0]
    assert "No lesson here" in seen["ben"][1]
    with opened_store(copy / "lessons.db") as store:
        assert [kept.id for kept in store.lessons_of("ann@school.org").recent()] == [seen["lesson"]]
