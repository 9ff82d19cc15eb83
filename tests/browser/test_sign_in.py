"""Signing in with a real OIDC provider on loopback: who gets in, where to, and for how long."""

import json
import re
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from streamlit.web.server.starlette.starlette_app_utils import (
    create_signed_value,
    decode_signed_value,
)

from lessongen.ui.navigation import ENTRIES
from tests.browser.lesson_page import ask_for_lesson, cards, expect_calm, go_to
from tests.browser.provider import (
    CLIENT_SECRET,
    COOKIE_SECRET,
    STYLE_SHEET,
    Provider,
    running_provider,
    set_up_sign_in,
)
from tests.browser.server import Server, copied_app, running_server
from tests.browser.tab import FLAGS, Scheme, Tab, sideways_pixels
from tests.find_programs import CHROMIUM, required

COOKIE = "_streamlit_user"
HOUR = 3600
HOURS = 12
MOMENT_SECONDS = 20
ENDED = "Your sign-in has ended. Please sign in again; nothing is lost."
CLOSED = "This server can be reached from other computers and has no sign-in."
OTHER_NAME = "lessons.school.example"


@pytest.fixture(scope="module")
def provider() -> Generator[Provider]:
    with running_provider() as provider:
        yield provider


@pytest.fixture(scope="module")
def school(provider: Provider, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the app that is set up for a school's sign-in."""
    app = copied_app(tmp_path_factory.mktemp("school"))
    set_up_sign_in(app, provider)
    return app


@pytest.fixture(scope="module")
def server(school: Path, tmp_path_factory: pytest.TempPathFactory) -> Generator[Server]:
    """Start a server that the whole school can reach."""
    database = tmp_path_factory.mktemp("lessons") / "lessons.db"
    with running_server(school, database, speed=3, host="0.0.0.0") as server:
        yield server


@contextmanager
def visitor(browser: Browser, *, width: int = 1280, scheme: Scheme = "light") -> Generator[Tab]:
    """Open a tab that was never here; nothing in it may complain or ask elsewhere."""
    tab = Tab(browser, width=width, scheme=scheme)
    # The provider's page does without its style sheet, and has no icon.
    tab.context.route(STYLE_SHEET, lambda route: route.fulfill(body="", content_type="text/css"))
    tab.context.route("**/favicon.ico", lambda route: route.fulfill(body=""))
    yield tab
    assert tab.errors == []
    assert set(tab.asked_elsewhere()) <= {STYLE_SHEET}
    tab.close()


@pytest.fixture
def tab(browser: Browser) -> Generator[Tab]:
    with visitor(browser) as tab:
        yield tab


def sign_in(page: Page, account: str) -> None:
    """Press the one button of the sign-in page, and choose an account at the provider."""
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("button", name=account, exact=True).click()


def sign_out(page: Page) -> None:
    """Press the button at the top of a page, and agree at the provider."""
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="End session").click()


def expect_sign_in_page(page: Page, sentence: str = "Sign in with your school account.") -> None:
    """Hold that a page has nothing but the way in."""
    expect(page.get_by_text(sentence)).to_be_visible()
    expect(page.get_by_role("heading")).to_have_count(1)
    heading(page, "LessonGen")
    expect(page.get_by_test_id("stMain").get_by_role("button")).to_have_count(1)
    expect(page.get_by_test_id("stTopNavLink")).to_have_count(0)
    expect_calm(page)


def expect_navigation(page: Page, *titles: str) -> None:
    """Hold that these pages can be chosen; where there is but one, there is nothing to choose."""
    named = [re.compile(f"{title}$") for title in titles if len(titles) > 1]
    expect(page.get_by_test_id("stTopNavLink")).to_have_text(named)


def heading(page: Page, name: str) -> None:
    expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()


def claims(tab: Tab) -> dict[str, Any]:
    """Return what the browser keeps of a sign-in."""
    [cookie] = [c for c in tab.context.cookies() if c.get("name") == COOKIE]
    value = cookie.get("value", "").strip('"').encode()
    signed = decode_signed_value(COOKIE_SECRET, COOKIE, value)
    assert signed
    return json.loads(signed)


def keep(tab: Tab, server: Server, account: dict[str, Any], secret: str = COOKIE_SECRET) -> None:
    """Let the browser keep a sign-in, signed as the server does it."""
    value = create_signed_value(secret, COOKIE, json.dumps(account)).decode()
    tab.context.add_cookies([{"name": COOKIE, "value": value, "url": server.url}])


def copied_before_signing_out(tab: Tab, server: Server) -> dict[str, Any]:
    """Sign in and out again; return what the browser kept meanwhile."""
    tab.page.goto(server.url)
    sign_in(tab.page, "ann")
    heading(tab.page, "New lesson")
    copied = claims(tab)
    sign_out(tab.page)
    expect_sign_in_page(tab.page)
    return copied


def begun(seconds_ago: float, server: Server) -> dict[str, Any]:
    """Return a teacher's sign-in that began so long ago."""
    issued = int(time.time() - seconds_ago)
    ann = {"sub": "ann", "email": "ann@school.org", "iat": issued, "iss": "provider"}
    return ann | {"origin": server.url, "is_logged_in": True, "provider": "default"}


def test_a_teacher_signs_in_and_is_shown_who_they_are(tab: Tab, server: Server):
    tab.page.goto(server.url)
    expect_sign_in_page(tab.page)

    sign_in(tab.page, "ann")

    heading(tab.page, "New lesson")
    account = tab.page.locator(".st-key-account")
    expect(account.get_by_text("ann")).to_have_text(re.compile("^ann.?@school.org$"))
    expect(account.get_by_role("button")).to_have_text(re.compile("Sign out$"))
    expect_calm(tab.page)


def test_the_server_says_that_others_can_reach_it_and_sign_in_first(server: Server):
    said = server.database.with_suffix(".output.txt").read_text()

    assert "Other computers on this network can open it too, and sign in first." in said


def test_a_teacher_signs_out_and_stays_out(tab: Tab, server: Server):
    tab.page.goto(f"{server.url}/library")
    sign_in(tab.page, "ann")
    heading(tab.page, "Library")

    sign_out(tab.page)

    expect_sign_in_page(tab.page)
    assert [cookie for cookie in tab.context.cookies() if cookie.get("name") == COOKIE] == []
    tab.page.goto(f"{server.url}/library")
    expect_sign_in_page(tab.page)


def test_signing_out_closes_every_tab_of_the_browser(tab: Tab, server: Server):
    tab.page.goto(server.url)
    sign_in(tab.page, "ann")
    heading(tab.page, "New lesson")
    second = tab.context.new_page()
    second.goto(server.url)
    heading(second, "New lesson")

    sign_out(tab.page)
    expect_sign_in_page(tab.page)
    second.get_by_role("button", name="Write the lesson").click()

    expect_sign_in_page(second)


def test_a_cookie_that_was_copied_before_signing_out_opens_nothing(
    tab: Tab, browser: Browser, server: Server
):
    copied = copied_before_signing_out(tab, server)

    with visitor(browser) as other:
        keep(other, server, copied)
        other.page.goto(server.url)
        expect_sign_in_page(other.page)


def test_a_copied_cookie_opens_nothing_after_a_restart_either(
    tab: Tab, school: Path, tmp_path: Path
):
    database = tmp_path / "lessons.db"
    with running_server(school, database) as before:
        copied = copied_before_signing_out(tab, before)
        tab.page.goto("about:blank")  # a page that is open would look for the server meanwhile

    with running_server(school, database, port=before.port) as after:
        keep(tab, after, copied | {"iat": copied["iat"] + 1})
        tab.page.goto(after.url)
        heading(tab.page, "New lesson")
        keep(tab, after, copied)
        tab.page.goto(after.url)
        expect_sign_in_page(tab.page)


def test_another_teacher_signs_in_where_one_has_signed_out(tab: Tab, server: Server):
    tab.page.goto(server.url)
    sign_in(tab.page, "ann")
    heading(tab.page, "New lesson")
    sign_out(tab.page)
    expect_sign_in_page(tab.page)

    sign_in(tab.page, "ben")

    heading(tab.page, "New lesson")
    expect(tab.page.locator(".st-key-account")).to_contain_text("ben")


@pytest.mark.parametrize(
    ("account", "titles"),
    [
        ("ann", ["New lesson", "Lesson", "Library"]),
        ("ada", ["Assignments"]),
        ("sue", ["Analytics"]),
        ("head", [entry.title for entry in ENTRIES]),
    ],
)
def test_everybody_finds_their_own_pages_and_no_other(
    account: str, titles: list[str], tab: Tab, server: Server
):
    tab.page.goto(server.url)
    sign_in(tab.page, account)
    heading(tab.page, titles[0])
    expect_navigation(tab.page, *titles)

    for entry in ENTRIES:
        tab.page.goto(f"{server.url}/{'' if entry is ENTRIES[0] else entry.name}")
        name = "No lesson here" if entry.name == "lesson" else entry.title
        if entry.title in titles:
            heading(tab.page, name)
        elif entry is ENTRIES[0]:
            heading(tab.page, titles[0])
        else:
            expect(tab.page.get_by_text(f"This page is for {entry.role}")).to_be_visible()
            expect(tab.page.get_by_role("heading")).to_have_count(0)
        expect_navigation(tab.page, *titles)


def test_a_page_for_others_leads_to_one_that_is_open(tab: Tab, server: Server):
    tab.page.goto(f"{server.url}/assignments")
    sign_in(tab.page, "ann")
    expect(tab.page.get_by_text("This page is for admins.")).to_be_visible()

    tab.page.locator(".st-key-closed").get_by_text("Library").click()

    heading(tab.page, "Library")


@pytest.mark.parametrize(
    ("account", "sentence"),
    [
        ("eve", "this account has no role here"),
        ("una", "Nobody confirms that"),
        ("nat", "This account has no e-mail address"),
    ],
)
def test_an_account_without_a_role_opens_no_page_and_is_told_whom_to_ask(
    account: str, sentence: str, tab: Tab, server: Server
):
    tab.page.goto(server.url)
    sign_in(tab.page, account)

    for entry in ENTRIES:
        tab.page.goto(f"{server.url}/{'' if entry is ENTRIES[0] else entry.name}")
        expect(tab.page.get_by_text(sentence)).to_be_visible()
        expect(tab.page.get_by_text("ask whoever looks after LessonGen")).to_be_visible()
        expect(tab.page.get_by_test_id("stTopNavLink")).to_have_count(0)
        expect(tab.page.get_by_role("heading")).to_have_count(0)

    sign_out(tab.page)
    expect_sign_in_page(tab.page)


def test_a_page_that_is_the_first_thing_a_server_is_asked_for_opens_after_signing_in(
    tab: Tab, school: Path, tmp_path: Path
):
    with running_server(school, tmp_path / "lessons.db") as fresh:
        tab.page.goto(f"{fresh.url}/assignments")
        expect_sign_in_page(tab.page)

        sign_in(tab.page, "head")

        heading(tab.page, "Assignments")
        assert tab.page.url == f"{fresh.url}/assignments"


def test_a_lesson_in_the_address_opens_after_signing_in_for_its_teacher_alone(
    tab: Tab, browser: Browser, server: Server
):
    tab.page.goto(server.url)
    sign_in(tab.page, "ann")
    ask_for_lesson(tab.page)
    address = tab.page.url
    assert "?lesson=" in address

    with visitor(browser) as again:
        again.page.goto(address)
        sign_in(again.page, "ann")
        expect(cards(again.page).first).to_be_visible()
        assert again.page.url == address
    with visitor(browser) as other:
        other.page.goto(address)
        sign_in(other.page, "ben")
        heading(other.page, "No lesson here")
        expect(cards(other.page)).to_have_count(0)


def test_who_changes_their_mind_at_the_provider_comes_back_and_can_try_again(
    tab: Tab, server: Server
):
    tab.page.goto(f"{server.url}/library")
    tab.page.get_by_role("button", name="Sign in", exact=True).click()
    tab.page.get_by_role("button", name="Deny").click()
    expect_sign_in_page(tab.page, "Signing in did not work.")

    sign_in(tab.page, "ann")

    heading(tab.page, "Library")
    assert tab.page.url == f"{server.url}/library"


def test_a_provider_that_does_not_answer_is_a_sentence_on_the_page(tab: Tab, tmp_path: Path):
    app = copied_app(tmp_path / "app")
    with running_provider() as gone:
        set_up_sign_in(app, gone)
    with running_server(app, tmp_path / "lessons.db") as alone:
        tab.page.goto(f"{alone.url}/library")
        tab.page.get_by_role("button", name="Sign in", exact=True).click()

        expect_sign_in_page(tab.page, "Signing in did not work.")
        alone.kill()  # what Streamlit says in the log, at length, is no complaint here


def test_a_sign_in_of_yesterday_has_ended_and_is_renewed_on_the_page_asked_for(
    tab: Tab, server: Server
):
    tab.page.goto(server.url)
    sign_in(tab.page, "ann")
    heading(tab.page, "New lesson")
    account = claims(tab)
    assert account["iat"] > time.time() - HOUR
    keep(tab, server, account | {"iat": account["iat"] - HOURS * HOUR})

    tab.page.goto(f"{server.url}/library")
    expect_sign_in_page(tab.page, ENDED)
    sign_in(tab.page, "ann")

    heading(tab.page, "Library")


def test_a_lesson_that_is_being_watched_closes_by_itself_when_the_sign_in_ends(
    tab: Tab, school: Path, tmp_path: Path
):
    with running_server(school, tmp_path / "lessons.db", speed=0.05) as slow:
        keep(tab, slow, begun(HOURS * HOUR - MOMENT_SECONDS, slow))
        tab.page.goto(slow.url)
        ask_for_lesson(tab.page)

        expect_sign_in_page(tab.page, ENDED)

        expect(cards(tab.page)).to_have_count(0)


def test_a_sign_in_that_somebody_made_up_opens_nothing(tab: Tab, server: Server):
    keep(tab, server, begun(0, server), secret=CLIENT_SECRET)

    tab.page.goto(server.url)

    expect_sign_in_page(tab.page)


def test_a_sign_in_that_is_none_opens_nothing(tab: Tab, server: Server):
    keep(tab, server, begun(0, server) | {"is_logged_in": "true"})

    tab.page.goto(server.url)

    expect_sign_in_page(tab.page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_sign_in_and_the_way_out_fit_a_phone(scheme: Scheme, browser: Browser, server: Server):
    with visitor(browser, width=400, scheme=scheme) as phone:
        phone.page.goto(server.url)
        expect_sign_in_page(phone.page)
        assert sideways_pixels(phone.page) <= 0
        sign_in(phone.page, "head")
        heading(phone.page, "New lesson")
        expect(phone.page.get_by_role("button", name="Sign out")).to_be_visible()
        assert sideways_pixels(phone.page) <= 0


def test_no_secret_is_sent_to_the_browser(tab: Tab, server: Server):
    told: list[str] = []
    tab.page.on(
        "websocket",
        lambda socket: socket.on("framereceived", lambda frame: told.append(str(frame))),
    )
    tab.page.goto(server.url)
    sign_in(tab.page, "head")
    heading(tab.page, "New lesson")
    go_to(tab.page, "Assignments")
    heading(tab.page, "Assignments")

    frames = "".join(told)
    assert "Sign out" in frames
    assert CLIENT_SECRET not in frames
    assert COOKIE_SECRET not in frames


def test_without_sign_in_a_server_that_others_can_reach_closes_its_pages_for_admins_and_staff(
    tab: Tab, app_copy: Path, tmp_path: Path
):
    with running_server(app_copy, tmp_path / "lessons.db", host="0.0.0.0") as open_to_all:
        for page in ("assignments", "analytics"):
            tab.page.goto(f"{open_to_all.url}/{page}")
            expect(tab.page.get_by_text(CLOSED)).to_be_visible()
            expect(tab.page.get_by_role("heading")).to_have_count(0)
            expect_navigation(tab.page, "New lesson", "Lesson", "Library")
        tab.page.goto(open_to_all.url)
        heading(tab.page, "New lesson")
    said = (tmp_path / "lessons.output.txt").read_text()
    assert "There is no sign-in, so its pages for admins and staff are closed" in said


def test_without_sign_in_a_server_that_is_reached_by_another_name_closes_them_too(
    browser: Browser, app_copy: Path, tmp_path: Path
):
    named = [flag for flag in FLAGS if "resolver" not in flag]
    named.append(f"--host-resolver-rules=MAP {OTHER_NAME} 127.0.0.1, MAP * ~NOTFOUND")
    with running_server(app_copy, tmp_path / "lessons.db") as local:
        elsewhere = browser.browser_type.launch(executable_path=required(CHROMIUM), args=named)
        page = elsewhere.new_page()
        page.goto(f"http://{OTHER_NAME}:{local.port}/assignments")
        expect(page.get_by_text(CLOSED)).to_be_visible()
        expect(page.get_by_role("heading")).to_have_count(0)
        elsewhere.close()
