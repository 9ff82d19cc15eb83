"""A browser tab, and everything it asked for, heard and complained about."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Page, WebSocket, sync_playwright

from tests.find_programs import CHROMIUM, required

Scheme = Literal["light", "dark"]

# No sandbox: the tests may run as root in a container. No name is resolved: nothing can leave.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
)
PATIENCE_SECONDS = 60.0
# On a page's own address Streamlit's browser side first looks for its server below that address,
# is told 404, and then asks at the root: https://github.com/streamlit/streamlit/issues/7074.
_GUESSES = ("/_stcore/health", "/_stcore/host-config")
WATCH_CARDS = Path(__file__).with_name("watch_cards.js")


@contextmanager
def chromium() -> Generator[Browser]:
    """Start a headless Chromium, and end it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(required(CHROMIUM)), args=[*FLAGS])
        yield browser
        browser.close()


class Tab:
    """A tab with cookies and storage of its own, on a server of ours."""

    def __init__(
        self,
        browser: Browser,
        *,
        width: int = 1280,
        height: int = 800,
        scheme: Scheme = "light",
        watch: Path = WATCH_CARDS,
    ) -> None:
        self.context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme=scheme,
            locale="en-GB",
            service_workers="block",
        )
        self.context.set_default_timeout(PATIENCE_SECONDS * 1000)
        self.context.add_init_script(path=watch)
        self.page = self.context.new_page()
        self.requests: list[str] = []
        self.errors: list[str] = []
        self.frames = 0
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", self._hear)
        self.page.on("websocket", self._listen)

    def asked_elsewhere(self) -> list[str]:
        """Return the requests to any host but this computer."""
        within = {"data", "blob"}
        parts = [(urlsplit(url), url) for url in self.requests]
        return [url for at, url in parts if at.scheme not in within and at.hostname != "127.0.0.1"]

    def close(self) -> None:
        """Close the tab and forget its cookies."""
        self.context.close()

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not _is_guess(message):
            self.errors.append(f"{message.text} ({message.location['url']})")

    def _listen(self, socket: WebSocket) -> None:
        self.requests.append(socket.url)
        socket.on("framereceived", self._count)
        socket.on("framesent", self._count)

    def _count(self, _frame: bytes | str) -> None:
        self.frames += 1


def _is_guess(message: ConsoleMessage) -> bool:
    path = urlsplit(message.location["url"]).path
    return "404" in message.text and path.endswith(_GUESSES) and path not in _GUESSES


def sideways_pixels(page: Page) -> int:
    """Return by how many pixels the page, or what scrolls in it, is wider than the window."""
    return page.evaluate(
        """() => {
            const main = document.querySelector("[data-testid=stMain]");
            const page = document.scrollingElement;
            return Math.max(page.scrollWidth - innerWidth, main.scrollWidth - main.clientWidth);
        }"""
    )
