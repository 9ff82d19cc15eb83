import time
from collections.abc import Callable, Generator
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit import config

from lessongen.errors import StoreError
from lessongen.people import LOCAL, Role
from lessongen.role_rules import role_rules
from lessongen.sign_in import SignIn
from lessongen.ui import visitors
from lessongen.ui.guards import current_person, current_roles
from lessongen.ui.visitors import LOCAL_ROLES, from_this_computer, sign_out

Listen = Callable[[str | None], None]
OPTION = "server.address"
OUTSIDE = ["0.0.0.0", "::", "192.168.1.20", "lessons.school.example", "", None, "127.0.0.1.example"]
HERE = {"Host": "127.0.0.1:8501", "Origin": "http://127.0.0.1:8501", "User-Agent": "Mozilla/5.0"}


@pytest.fixture
def listen() -> Generator[Listen]:
    """Let a test say where the server listens; afterwards it is as before."""
    before = config.get_option(OPTION)
    yield lambda address: config.set_option(OPTION, address)
    config.set_option(OPTION, before)


@pytest.mark.parametrize("address", ["127.0.0.1", "localhost", "::1"])
def test_the_one_user_of_this_computer_has_every_role(address: str, listen: Listen):
    listen(address)

    assert current_roles() == frozenset(Role) == LOCAL_ROLES
    assert current_person().id == LOCAL


@pytest.mark.parametrize("address", OUTSIDE)
def test_whoever_may_come_from_outside_is_a_teacher_and_no_more(
    address: str | None, listen: Listen
):
    listen(address)

    assert current_roles() == {Role.TEACHER}
    assert current_person().id == LOCAL


@pytest.mark.parametrize(
    "headers",
    [
        HERE,
        {},
        {"host": "localhost", "origin": "http://localhost"},
        {"Host": "[::1]:8501", "Origin": "http://[::1]:8501"},
        {"Host": "LOCALHOST:8501", "Origin": "http://localhost:8501"},
    ],
)
def test_a_browser_on_this_computer_is_known(headers: dict[str, str]):
    assert from_this_computer("127.0.0.1", headers)


def test_who_does_not_say_which_server_they_speak_to_may_come_through_a_proxy():
    assert not from_this_computer("127.0.0.1", {"Host": "127.0.0.1:8501"})


@pytest.mark.parametrize(
    "header",
    [
        *("Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto"),
        *("X-Real-IP", "x-forwarded-for", "X-FORWARDED-FOR"),
    ],
)
def test_what_came_through_a_proxy_came_from_outside(header: str):
    assert not from_this_computer("127.0.0.1", HERE | {header: "127.0.0.1"})
    assert not from_this_computer("127.0.0.1", HERE | {header: ""})


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "lessons.school.example"},
        {"Host": "lessons.school.example:8501"},
        {"Host": "localhost.school.example"},
        {"Host": "127.0.0.1.school.example"},
        {"Host": "192.168.1.20:8501"},
        {"Host": "localhost@school.example"},
        {"Host": "[::1"},
        {"Host": ""},
        {"User-Agent": "Mozilla/5.0"},
        # A proxy that says nothing of itself: the browser still names the server it speaks to.
        HERE | {"Origin": "https://lessons.school.example"},
        HERE | {"Origin": "null"},
        HERE | {"Origin": ""},
    ],
)
def test_a_browser_that_speaks_to_another_name_is_outside(headers: dict[str, str]):
    assert not from_this_computer("127.0.0.1", headers)


@given(st.text(max_size=30), st.text(max_size=30))
def test_whatever_the_headers_hold_a_strange_host_is_outside(host: str, origin: str):
    known = {"localhost", "127.", "[::1]"}
    local = from_this_computer("127.0.0.1", {"Host": host, "Origin": origin})

    assert not local or any(part in host.lower() for part in known)


def test_a_sign_in_ends_here_where_the_database_cannot_keep_it(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    claims = {"is_logged_in": True, "email": "ann@school.org", "iat": time.time(), "nonce": "kept"}
    rules = role_rules({"teacher": ["*@school.org"]})
    calls: list[str] = []

    def full() -> None:
        raise StoreError("The disk is full.")

    monkeypatch.setattr(visitors.st, "user", SimpleNamespace(to_dict=lambda: claims))
    monkeypatch.setattr(visitors.st, "logout", lambda: calls.append("logout"))
    monkeypatch.setattr(visitors, "_sign_in", lambda: SignIn(rules))
    monkeypatch.setattr(visitors, "shared_services", full)
    before = current_roles()

    sign_out()

    assert before == {Role.TEACHER}
    assert current_roles() == frozenset()
    assert calls == ["logout"]
    assert "only until this server stops: The disk is full." in caplog.text
    assert "ann" not in caplog.text
