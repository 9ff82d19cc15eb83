"""Back to the page that was asked for: after a sign-in, Streamlit always opens the first one."""

import re
from http import HTTPStatus
from urllib.parse import quote, unquote, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lessongen.sign_in import CALLBACK

COOKIE = "lessongen_return"
_LOGIN = "/auth/login"
_SECONDS = 600  # for typing a password and a code
_ATTRIBUTES = "HttpOnly; SameSite=Lax; Path="
# An address of this server and no other: never two slashes at the beginning, never a host.
_PLACE = re.compile(r"(?=/)(?:/[\w-]+)*/?(?:\?[\w&=%.,:;+~!*()-]{0,1500})?", re.ASCII)


class ReturnAfterSignIn:
    """Keeps the page from which somebody leaves to sign in, and leads back to it.

    The page is named by the browser on the way out. It is kept in the browser, for some minutes,
    and believed only where it is an address of this server.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        path = scope.get("path", "")
        if scope["type"] == "http" and path.endswith(_LOGIN):
            send = _keeping(scope, path.removesuffix(_LOGIN), send)
        elif scope["type"] == "http" and path.endswith(CALLBACK):
            send = _returning(scope, path.removesuffix(CALLBACK), send)
        await self._app(scope, receive, send)


def _keeping(scope: Scope, base: str, send: Send) -> Send:
    place = _left(Headers(scope=scope))

    async def send_keeping(message: Message) -> None:
        if message["type"] == "http.response.start" and place:
            cookie = f"{COOKIE}={quote(place, safe='')}; Max-Age={_SECONDS}; {_ATTRIBUTES}{base}/"
            MutableHeaders(scope=message).append("Set-Cookie", cookie)
        await send(message)

    return send_keeping


def _left(headers: Headers) -> str:
    """Return the page that the browser comes from, without the server; blank where it is none."""
    try:
        came_from = urlsplit(headers.get("referer", ""))
    except ValueError:
        return ""
    if came_from.netloc != headers.get("host"):
        return ""
    return _believed(came_from._replace(scheme="", netloc="", fragment="").geturl())


def _believed(place: str) -> str:
    return place if _PLACE.fullmatch(place) else ""


def _returning(scope: Scope, base: str, send: Send) -> Send:
    cookies = cookie_parser(Headers(scope=scope).get("cookie", ""))
    place = _believed(unquote(cookies.get(COOKIE, "")))

    async def send_returning(message: Message) -> None:
        if message["type"] == "http.response.start" and place:
            headers = MutableHeaders(scope=message)
            headers.append("Set-Cookie", f"{COOKIE}=; Max-Age=0; {_ATTRIBUTES}{base}/")
            if message["status"] == HTTPStatus.FOUND and headers.get("location") == f"{base}/":
                headers["location"] = place
        await send(message)

    return send_returning
