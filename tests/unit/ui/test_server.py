import gc
import logging
import sys
import threading
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from starlette.types import Message, Receive, Scope, Send
from streamlit.testing.v1 import AppTest

from lessongen.ui.server import SecurityHeaders, calm_error, lifespan

APP = st.App("app.py")
FAILING_PAGE = """
from lessongen.ui.server import calm_error
try:
    raise ZeroDivisionError("the key is AIza-do-not-show")
except ZeroDivisionError as error:
    calm_error(error)
"""


@pytest.fixture
def thawed() -> Generator[None]:
    """Undo for the tests that follow what a server sets up for its whole process."""
    interval = sys.getswitchinterval()
    yield
    sys.setswitchinterval(interval)
    for thread in threading.enumerate():
        if thread.name == "lessongen-warm-up":
            thread.join()
    gc.unfreeze()


async def answered(kind: str, headers: list[tuple[bytes, bytes]]) -> dict[str, str]:
    """Return the headers of an answer of this kind, after it passed through."""
    sent: list[Message] = []

    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        start = "http.response.start" if kind == "http" else "websocket.accept"
        await send({"type": start, "status": 200, "headers": headers})

    async def receive() -> Message:
        return {}

    async def send(message: Message) -> None:
        sent.append(message)

    await SecurityHeaders(app)({"type": kind}, receive, send)
    return {name.decode().lower(): value.decode() for name, value in sent[0]["headers"]}


async def test_an_answer_gets_the_security_headers_beside_its_own():
    headers = await answered("http", [(b"content-type", b"text/html")])

    assert headers["content-type"] == "text/html"
    assert headers.keys() >= {
        "content-security-policy",
        "x-content-type-options",
        "referrer-policy",
        "permissions-policy",
    }


async def test_a_weaker_policy_from_further_inside_is_replaced():
    headers = await answered("http", [(b"content-security-policy", b"img-src *")])

    assert "img-src 'self' data: blob:;" in headers["content-security-policy"]
    assert "*" not in headers["content-security-policy"]


async def test_a_websocket_is_left_alone():
    assert await answered("websocket", []) == {}


@pytest.mark.usefixtures("thawed")
async def test_a_database_that_cannot_be_used_does_not_stop_the_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    database = tmp_path / "lessons.db"
    database.write_text("Dear diary")
    monkeypatch.setenv("LESSONGEN_DATABASE", f"sqlite:///{database}")

    with caplog.at_level(logging.ERROR, "lessongen"):
        async with lifespan(APP) as state:
            started: dict[str, Any] = state

    assert started == {}
    [record] = caplog.records
    assert "Lessons cannot be written: The database lessons.db is not a database" in record.message
    assert record.exc_info is None


@pytest.mark.usefixtures("thawed")
async def test_a_busy_thread_keeps_the_loop_of_the_server_waiting_for_less_than_a_millisecond():
    async with lifespan(APP):
        waits = sys.getswitchinterval()

    assert waits < 0.001


def test_a_page_that_fails_shows_a_calm_sentence_and_the_log_has_the_cause(
    caplog: pytest.LogCaptureFixture,
):
    page = AppTest.from_string(FAILING_PAGE, default_timeout=30).run()

    [sentence] = page.error.values
    assert "Nothing you made is lost." in sentence
    assert "AIza" not in sentence
    assert not page.exception
    [record] = [record for record in caplog.records if record.message == "A page failed"]
    assert record.exc_info
    assert record.exc_info[0] is ZeroDivisionError


def test_streamlit_is_told_that_the_failure_was_dealt_with():
    assert calm_error(ValueError("x")) is True
