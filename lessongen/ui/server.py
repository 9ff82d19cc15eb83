"""The server around the pages: the runner's life, security headers, and calm when a page fails."""

import gc
import importlib
import logging
import os
import sys
import threading
from collections.abc import AsyncGenerator
from contextlib import ExitStack, asynccontextmanager
from typing import Any

import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lessongen.errors import LessonGenError
from lessongen.services import running_services
from lessongen.settings import read_settings

_LOG = logging.getLogger(__name__)

# Every message to a tab makes the server's loop let go of the interpreter for a moment. Python
# would then let a busy thread keep it for 5 ms, forty times for one drawing of a page.
_SWITCH_SECONDS = 0.0005

# Pictures come from here alone, so that no text a model wrote can fetch one from elsewhere.
# Streamlit's charts compile their expressions, hence 'unsafe-eval'.
_POLICY = (
    "default-src 'self'; "
    "img-src 'self' data: blob:; "
    "style-src 'self' 'unsafe-inline'; "
    "script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "connect-src 'self' ws: wss:; "
    "font-src 'self' data:; "
    "worker-src 'self' blob:; "
    "object-src 'none'; "
    "base-uri 'self'; "
    "form-action 'self'; "
    "frame-ancestors 'self'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class SecurityHeaders:
    """Adds the security headers to every HTTP response."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers[name] = value
            await send(message)

        await self._app(scope, receive, send_with_headers if scope["type"] == "http" else send)


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncGenerator[dict[str, Any]]:
    """Run lessons as long as the server lives.

    A setting or a database that cannot be used does not stop the server: the pages say it in
    a sentence, which is more than a closed window does.
    """
    sys.setswitchinterval(_SWITCH_SECONDS)
    with ExitStack() as stack:
        try:
            stack.enter_context(running_services(read_settings(os.environ)))
        except LessonGenError as error:
            _LOG.error("Lessons cannot be written: %s", error)
        threading.Thread(target=_warm_up, name="lessongen-warm-up", daemon=True).start()
        yield {}


def _warm_up() -> None:
    """Load what lessons need while the first page is read; keep it out of garbage collection."""
    for slow in ("lessongen.gemini.client", "lessongen.ui.lesson_view"):
        importlib.import_module(slow)
    gc.collect()
    gc.freeze()


def calm_error(error: Exception) -> bool:
    """Show a sentence in place of a failed page; the log has the cause."""
    _LOG.error("A page failed", exc_info=error)
    st.error(
        "Something went wrong on this page. Nothing you made is lost. "
        "Please reload; if it happens again, the log says why.",
        icon=":material/error:",
    )
    return True
