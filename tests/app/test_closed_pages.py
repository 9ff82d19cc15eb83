"""What a page says to whoever may not see it, and that it then does nothing at all."""

import json
import os
import subprocess
import sys
from collections.abc import Generator
from typing import Any, TypedDict

import pytest
from streamlit import config

from lessongen.settings import ROOT
from lessongen.ui.navigation import ENTRIES
from tests.app.screen import opened, sentences
from tests.browser.server import copied_app

PAGES = [entry.name for entry in ENTRIES]
KEYS = ("GEMINI_", "GOOGLE_", "LESSONGEN_")
SECRET = "k3Jx9-Q2mZ7pLw8RtY5vB1nC4dF6gH0sA"
SECRETS = f"""
[auth]
redirect_uri = "http://localhost:8501/oauth2callback"
cookie_secret = "{SECRET}"
client_id = "lessongen"
client_secret = "{SECRET}"
server_metadata_url = "https://accounts.google.com/.well-known/openid-configuration"

[roles]
teacher = ["*@school.org"]
admin = ["ada@school.org", "*@it.school.org"]
"""
PROGRAM = f"""
import json, sys, time
from streamlit.testing.v1 import AppTest
from lessongen.ui.navigation import page_file
from tests.app.screen import SHELL, sentences, text_of

NOW, HOUR = time.time(), 3600
PAGES = {PAGES}
told = {{}}

def claims(email, issued=NOW, **more):
    account = dict(iss="https://school.example", sub=email, iat=issued, email=email)
    return dict(is_logged_in=True, **account, **more)

def look(name, user):
    told[name] = {{}}
    for page in PAGES:
        app = AppTest.from_file(SHELL, default_timeout=60)
        app.user = user
        app.run()
        if page != PAGES[0]:
            app.switch_page(str(page_file(page))).run()
        told[name][page] = dict(
            text=text_of(app),
            titles=[title.value for title in app.title],
            alerts=sentences([*app.info, *app.warning, *app.error]),
            buttons=[button.label for button in app.button],
            failed=[found.message for found in app.exception],
        )
    return app

look("nobody", dict(is_logged_in=False))
look("a teacher", claims("Ann@School.org"))
look("an admin who teaches", claims("ada@school.org"))
look("an admin who does not teach", claims("root@it.school.org"))
look("a stranger", claims("eve@evil-school.org"))
look("somebody unverified", claims("ada@school.org", email_verified=False))
look("somebody without an address", dict(is_logged_in=True, iat=NOW, sub="1"))
look("somebody long ago", claims("ada@school.org", NOW - 13 * HOUR))

BUTTON = '''
import streamlit as st
from lessongen.ui.trouble import attempted
def act():
    st.session_state.done = st.session_state.get("done", 0) + 1
st.button("Do it", on_click=attempted(act))
'''
app = AppTest.from_string(BUTTON)
app.user = claims("ann@school.org")
app.run().button[0].click().run()
told["done while signed in"] = app.session_state["done"]
app.user = claims("ann@school.org", NOW - 13 * HOUR)
app.button[0].click().run()
told["done after the end"] = app.session_state["done"]
sys.stdout.write(json.dumps(told))
"""


class Told(TypedDict):
    """What a page shows."""

    text: str
    titles: list[str]
    alerts: list[str]
    buttons: list[str]
    failed: list[str]


@pytest.fixture
def reachable() -> Generator[None]:
    """Let the server be reachable from other computers."""
    before = config.get_option("server.address")
    config.set_option("server.address", "0.0.0.0")
    yield
    config.set_option("server.address", before)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Told]]:
    """Return what every page of a copy with sign-in shows to all kinds of people."""
    copy = copied_app(tmp_path_factory.mktemp("copy"))
    (copy / ".streamlit" / "secrets.toml").write_text(SECRETS)
    kept = {name: os.environ[name] for name in os.environ if not name.startswith(KEYS)}
    answer = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=copy,
        env=kept
        | {
            # The copy's product, and this checkout's tests.
            "PYTHONPATH": os.pathsep.join(map(str, (copy, ROOT))),
            "LESSONGEN_DATABASE": f"sqlite:///{copy / 'lessons.db'}",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr
    assert SECRET not in answer.stdout
    return json.loads(answer.stdout)


@pytest.mark.usefixtures("reachable")
@pytest.mark.parametrize("page", ["assignments", "analytics"])
def test_pages_for_admins_and_staff_say_why_they_are_closed_without_sign_in(page: str):
    app = opened(page)

    [sentence] = sentences(app.info)
    assert sentence.startswith(
        "This server can be reached from other computers and has no sign-in."
    )
    assert "The README says how to set sign-in up." in sentence
    assert not app.title
    assert not app.exception


@pytest.mark.usefixtures("reachable")
def test_teachers_need_no_sign_in_for_their_own_pages():
    app = opened()

    assert app.title.values == ["New lesson"]
    assert not app.info


@pytest.mark.parametrize("page", PAGES)
def test_who_is_not_signed_in_is_asked_to_sign_in_on_every_page(
    told: dict[str, dict[str, Told]], page: str
):
    shown = told["nobody"][page]

    assert shown["titles"] == ["LessonGen"]
    assert shown["buttons"] == ["Sign in"]
    assert "Sign in with your school account." in shown["text"]
    assert (shown["alerts"], shown["failed"]) == ([], [])


@pytest.mark.parametrize(
    ("person", "sentence", "buttons"),
    [
        ("a stranger", "this account has no role here", ["Sign out"]),
        ("somebody unverified", "Nobody confirms that", ["Sign out"]),
        ("somebody without an address", "has no e-mail address", ["Sign out"]),
    ],
)
@pytest.mark.parametrize("page", PAGES)
def test_an_account_without_a_role_is_told_whom_to_ask_on_every_page(
    told: dict[str, dict[str, Told]], page: str, person: str, sentence: str, buttons: list[str]
):
    shown = told[person][page]

    [alert] = shown["alerts"]
    assert sentence in alert
    assert "Please ask whoever looks after LessonGen at your school." in alert
    assert (shown["titles"], shown["buttons"], shown["failed"]) == ([], buttons, [])


@pytest.mark.parametrize("page", PAGES)
def test_who_signed_in_long_ago_signs_in_again_on_every_page(
    told: dict[str, dict[str, Told]], page: str
):
    shown = told["somebody long ago"][page]

    assert "Your sign-in has ended. Please sign in again; nothing is lost." in shown["text"]
    assert (shown["titles"], shown["buttons"], shown["failed"]) == (["LessonGen"], ["Sign in"], [])


def test_a_page_for_others_says_for_whom_it_is(told: dict[str, dict[str, Told]]):
    teacher = told["a teacher"]

    assert teacher["assignments"]["alerts"] == ["This page is for admins."]
    assert teacher["analytics"]["alerts"] == ["This page is for staff."]
    assert teacher["assignments"]["titles"] == teacher["analytics"]["titles"] == []
    assert teacher["assignments"]["buttons"] == ["Sign out"]
    assert teacher["library"]["titles"] == ["Library"]
    assert teacher["generate"]["titles"] == ["New lesson"]


def test_an_admin_is_no_teacher_unless_a_rule_says_so(told: dict[str, dict[str, Told]]):
    both, admin = told["an admin who teaches"], told["an admin who does not teach"]

    assert both["assignments"]["titles"] == admin["assignments"]["titles"] == ["Assignments"]
    assert both["library"]["titles"] == ["Library"]
    assert admin["library"]["alerts"] == ["This page is for teachers."]


def test_who_does_not_teach_begins_with_the_first_page_that_is_open(
    told: dict[str, dict[str, Told]],
):
    assert told["an admin who does not teach"]["generate"]["titles"] == ["Assignments"]


def test_the_address_and_the_way_out_stand_on_every_page_that_opens(
    told: dict[str, dict[str, Told]],
):
    for page in ("generate", "lesson", "library"):
        assert "ann" in told["a teacher"][page]["text"]
        assert told["a teacher"][page]["buttons"][0] == "Sign out"


def test_without_sign_in_nothing_of_it_is_on_a_page():
    app = opened()

    assert not [button for button in app.button if "ign" in button.label]


def test_a_button_does_nothing_for_somebody_whose_sign_in_ended_while_the_page_was_open(
    told: dict[str, Any],
):
    assert told["done while signed in"] == 1
    assert told["done after the end"] == 1
