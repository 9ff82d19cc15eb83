"""Back to the page that was asked for: after a sign-in, Streamlit always opens the first one."""

import re
from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import quote, unquote, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lessongen.sign_in import CALLBACK

COOKIE = "lessongen_return"
FAILED = "sign_in_failed"
"""What an address holds after a sign-in that did not work; Streamlit would say nothing."""

_LOGIN = "/auth/login"
_SECONDS = 600  # for typing a password and a code
_ATTRIBUTES = "HttpOnly; SameSite=Lax; Path="
_FAILURE = f"{FAILED}=1"
# Streamlit's own cookie: whoever comes back without it is not signed in.
_SIGNED_IN = "_streamlit_user="
# An address of this server and no other: never two slashes at the beginning, never a host.
_PLACE = re.compile(r"(?=/)(?:/[\w-]+)*/?(?:\?[\w&=%.,:;+~!*()-]{0,1500})?", re.ASCII)

Change = Callable[[Message, MutableHeaders], None]


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
            send = _changed(send, _leaving(scope, path.removesuffix(_LOGIN)))
        elif scope["type"] == "http" and path.endswith(CALLBACK):
            send = _changed(send, _coming_back(scope, path.removesuffix(CALLBACK)))
        await self._app(scope, receive, send)


def _changed(send: Send, change: Change) -> Send:
    async def send_changed(message: Message) -> None:
        if message["type"] == "http.response.start":
            change(message, MutableHeaders(scope=message))
        await send(message)

    return send_changed


def _leaving(scope: Scope, base: str) -> Change:
    place = _left(Headers(scope=scope))

    def change(message: Message, headers: MutableHeaders) -> None:
        if message["status"] == HTTPStatus.BAD_REQUEST:  # the provider cannot be asked
            message["status"] = HTTPStatus.FOUND
            headers["location"] = _with_failure(place or f"{base}/")
        elif place:
            kept = f"{COOKIE}={quote(place, safe='')}; Max-Age={_SECONDS}"
            headers.append("Set-Cookie", f"{kept}; {_ATTRIBUTES}{base}/")

    return change


def _coming_back(scope: Scope, base: str) -> Change:
    cookies = cookie_parser(Headers(scope=scope).get("cookie", ""))
    place = _believed(unquote(cookies.get(COOKIE, "")))
    from_sign_in = re.search(rb"(^|&)(code|error)=", scope.get("query_string", b""))

    def change(message: Message, headers: MutableHeaders) -> None:
        if place:
            headers.append("Set-Cookie", f"{COOKIE}=; Max-Age=0; {_ATTRIBUTES}{base}/")
        if message["status"] != HTTPStatus.FOUND or headers.get("location") != f"{base}/":
            return
        target = place or f"{base}/"
        failed = from_sign_in and not _signed_in(headers)
        headers["location"] = _with_failure(target) if failed else target

    return change


def _left(headers: Headers) -> str:
    """Return the page that the browser comes from, without the server; blank where it is none."""
    try:
        came_from = urlsplit(headers.get("referer", ""))
    except ValueError:
        return ""
    if came_from.netloc != headers.get("host"):
        return ""
    query = "&".join(part for part in came_from.query.split("&") if part != _FAILURE)
    return _believed(came_from._replace(scheme="", netloc="", query=query, fragment="").geturl())


def _believed(place: str) -> str:
    return place if _PLACE.fullmatch(place) else ""


def _with_failure(place: str) -> str:
    return f"{place}{'&' if '?' in place else '?'}{_FAILURE}"


def _signed_in(headers: Headers) -> bool:
    cookies = headers.getlist("set-cookie")
    return any(c.startswith(_SIGNED_IN) and "max-age=0" not in c.lower() for c in cookies)
