import asyncio
import re
from http.cookies import SimpleCookie
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.types import Message, Receive, Scope, Send

from lessongen.ui.returning import COOKIE, FAILED, ReturnAfterSignIn

HOST = "lessons.school.org"
FIRST_PAGE = "/"


class Streamlit:
    """Answers every request as Streamlit's own routes do: go to this place."""

    def __init__(
        self, location: str = FIRST_PAGE, status: int = 302, cookie: str = "_streamlit_user=x"
    ) -> None:
        self.location = location
        self.status = status
        self.cookie = cookie

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert scope["type"] == "http"
        assert receive
        headers = [(b"location", self.location.encode()), (b"set-cookie", self.cookie.encode())]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": b""})


def answer(
    path: str, app: Streamlit | None = None, query: bytes = b"", **headers: str
) -> tuple[str, SimpleCookie]:
    """Ask for a path; return where the answer leads, and the cookies it sets."""
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.request"}

    given = {"host": HOST} | headers
    pairs = [(name.encode(), value.encode("latin-1")) for name, value in given.items()]
    scope: Scope = {"type": "http", "path": path, "query_string": query, "headers": pairs}
    asyncio.run(ReturnAfterSignIn(app or Streamlit())(scope, receive, send))
    told = [(name.decode(), value.decode("latin-1")) for name, value in sent[0]["headers"]]
    cookies = SimpleCookie()
    for name, value in told:
        if name.lower() == "set-cookie":
            cookies.load(value)
    return dict(told)["location"], cookies


def kept(referer: str) -> str | None:
    """Return what is kept when somebody leaves a page to sign in."""
    _, cookies = answer("/auth/login", referer=referer)
    return cookies[COOKIE].value if COOKIE in cookies else None


def led_to(place: str) -> str:
    """Return where somebody is led after a sign-in, with this place in the browser."""
    location, _ = answer("/oauth2callback", cookie=f"a=b; {COOKIE}={quote(place, safe='')}")
    return location


@pytest.mark.parametrize(
    "place",
    [
        "/",
        "/assignments",
        "/lesson?lesson=8f2c",
        "/analytics?from=2026-11-01&level=B1&model=gemini-3%2Eflash",
        "/school/lessons/library",
    ],
)
def test_the_page_from_which_somebody_leaves_is_the_page_they_are_led_back_to(place: str):
    assert kept(f"https://{HOST}{place}#part") == quote(place, safe="")
    assert led_to(place) == place


def test_the_place_is_kept_for_some_minutes_and_no_script_can_read_it():
    _, cookies = answer("/auth/login", referer=f"https://{HOST}/lesson")

    assert cookies[COOKIE]["max-age"] == "600"
    assert cookies[COOKIE]["httponly"]
    assert cookies[COOKIE]["samesite"] == "Lax"
    assert cookies["_streamlit_user"].value == "x"


def test_the_place_is_forgotten_when_it_was_used():
    _, cookies = answer("/oauth2callback", cookie=f"{COOKIE}=%2Flesson")

    assert cookies[COOKIE].value == ""
    assert cookies[COOKIE]["max-age"] == "0"


@pytest.mark.parametrize(
    "referer",
    [
        "",
        "https://evil.example/lesson",
        f"https://{HOST}.evil.example/lesson",
        f"https://{HOST}@evil.example/lesson",
        f"https://{HOST}//evil.example",
        "https://[",
        "not an address",
        f"https://{HOST}/lesson?a=<script>",
        f"https://{HOST}/le\\sson",
        f"https://{HOST}/" + "x?" + "y" * 5000,
    ],
)
def test_a_page_of_another_server_or_no_page_at_all_is_not_kept(referer: str):
    assert kept(referer) is None


@pytest.mark.parametrize(
    "place",
    [
        "",
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "evil.example",
        "/lesson//evil.example",
        "/ /evil.example",
        "/lesson\r\nSet-Cookie: a=b",
        "javascript:alert(1)",
        "/%2F/evil.example",
        "?lesson=8f2c",
        "?x=https://evil.example",
        "/../evil",
        "/@evil.example",
    ],
)
def test_nobody_is_led_to_another_server(place: str):
    assert led_to(place) == FIRST_PAGE


@given(st.text(max_size=40))
def test_whatever_the_browser_keeps_somebody_is_led_to_a_page_of_this_server(place: str):
    location = led_to(place)

    assert re.fullmatch(r"[!-~]+", location)
    assert location.startswith("/")
    assert not location.startswith(("//", "/\\"))


def test_an_answer_that_does_not_lead_to_the_first_page_is_left_alone():
    cookie = f"{COOKIE}=%2Flesson"

    elsewhere, _ = answer("/oauth2callback", Streamlit("/somewhere"), cookie=cookie)
    refused, _ = answer("/oauth2callback", Streamlit(status=400), cookie=cookie)

    assert (elsewhere, refused) == ("/somewhere", FIRST_PAGE)


def test_any_other_request_is_left_alone():
    location, cookies = answer("/lesson", referer=f"https://{HOST}/x", cookie=f"{COOKIE}=%2Fy")

    assert location == FIRST_PAGE
    assert COOKIE not in cookies


def test_a_server_below_a_path_leads_back_below_it():
    app = Streamlit("/school/")

    location, cookies = answer("/school/oauth2callback", app, cookie=f"{COOKIE}=%2Fschool%2Flesson")

    assert location == "/school/lesson"
    assert cookies[COOKIE]["path"] == "/school/"


@pytest.mark.parametrize("query", [b"code=a&state=b", b"state=b&error=access_denied"])
def test_who_comes_back_without_being_signed_in_is_told_so_on_the_page_asked_for(query: bytes):
    no_cookie = Streamlit(cookie="_streamlit_user=; Max-Age=0")

    told, _ = answer("/oauth2callback", no_cookie, query, cookie=f"{COOKIE}=%2Flesson%3Flesson%3D8")
    first, _ = answer("/oauth2callback", no_cookie, query)

    assert told == f"/lesson?lesson=8&{FAILED}=1"
    assert first == f"/?{FAILED}=1"


def test_who_comes_back_signed_in_or_signed_out_is_told_of_no_failure():
    signed_in, _ = answer("/oauth2callback", query=b"code=a&state=b")
    signed_out, _ = answer("/oauth2callback", Streamlit(cookie="other=1"))

    assert signed_in == signed_out == FIRST_PAGE


def test_where_the_provider_cannot_be_asked_the_page_says_so():
    page = f"https://{HOST}/library"

    location, cookies = answer("/auth/login", Streamlit(status=400), referer=page)

    assert location == f"/library?{FAILED}=1"
    assert COOKIE not in cookies


def test_a_failure_is_forgotten_on_the_next_try():
    assert kept(f"https://{HOST}/lesson?lesson=8&{FAILED}=1") == quote("/lesson?lesson=8", safe="")
    assert kept(f"https://{HOST}/library?{FAILED}=1") == quote("/library", safe="")
