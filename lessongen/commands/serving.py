"""Serves the app in this process, on this computer, and says where as soon as it answers."""

import errno
import http.client
import importlib.util
import os
import socket
import sys
import threading
import time
import webbrowser
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import uvicorn.config

from lessongen.errors import LessonGenError, SettingsError
from lessongen.services import opened_services
from lessongen.settings import SECRETS_FILE, Settings
from lessongen.sign_in import is_loopback

DEFAULT_PORT = 8501
_PORTS_TRIED = 50
_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 (names them, binds nothing)
_POLL_SECONDS = 0.05
_START_SECONDS = 60.0


def serve(settings: Settings, host: str, port: int | None, *, browser: bool | None) -> None:
    """Serve the app until Ctrl-C; without a port, on 8501 or the next free one.

    Raises:
        SettingsError: where the port is taken, or a setting cannot be used.
        LessonGenError: where the database cannot be used, or the app cannot start.
    """
    chosen = free_port(host, port, DEFAULT_PORT)
    if chosen != DEFAULT_PORT and port is None:
        _say(f"Port {DEFAULT_PORT} is in use, so LessonGen takes {chosen}.")
    with opened_services(settings):
        pass  # what is wrong with the database or the data is told now, not by a broken page
    app = _app(settings.root / "app.py")
    announcing = threading.Thread(
        target=_announce, args=(settings, host, chosen, browser), name="announcing", daemon=True
    )
    announcing.start()
    _send_server_messages_to_the_log()
    try:
        app.run(config=_config(settings, host, chosen))
    except KeyboardInterrupt:
        _say("LessonGen has stopped. Lessons under way go on when it starts again.")
    except SystemExit as error:
        if error.code:
            raise LessonGenError("The app could not start; the log says why.") from error


def free_port(host: str, asked: int | None, default: int) -> int:
    """Return the port asked for, else the first free one from the default on.

    Raises:
        SettingsError: where it is taken, or this computer has no such address.
    """
    candidates = range(default, default + _PORTS_TRIED) if asked is None else [asked]
    for port in candidates:
        try:
            return _bound(host, port)
        except PermissionError as error:
            raise SettingsError(f"This account may not use port {port}; try 8501.") from error
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise SettingsError(
                    f"This computer has no address {host} to serve on. Try 127.0.0.1."
                ) from error
    raise SettingsError(
        f"Port {candidates[-1]} is in use. Please choose another with --port, "
        "or stop the program that uses it."
    )


def _bound(host: str, port: int) -> int:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as trial:
        if os.name == "posix":  # on Windows this option lets two servers share a port
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        trial.bind((host, port))
        return trial.getsockname()[1]


def _app(path: Path) -> Any:
    """Load the app from its file, the way Streamlit itself would."""
    spec = importlib.util.spec_from_file_location("app", path)
    if not (path.exists() and spec and spec.loader):
        raise SettingsError(f"The app is not at {path}: run LessonGen from a copy of its folder.")
    # Streamlit finds its own settings and the pages beside the program that was started.
    sys.argv = [str(path)]
    sys.path.insert(0, str(path.parent))
    module = importlib.util.module_from_spec(spec)
    sys.modules["app"] = module
    spec.loader.exec_module(module)
    return module.app


def _config(settings: Settings, host: str, port: int) -> Mapping[str, object]:
    """Return what must hold wherever the command is started; the rest is in config.toml."""
    return {
        "server.address": host,
        "server.port": port,
        "server.headless": True,
        "server.showEmailPrompt": False,
        "server.fileWatcherType": "none",
        "runner.postScriptGC": False,  # a full collection after each run costs ten times the run
        "browser.gatherUsageStats": False,
        "logger.hideWelcomeMessage": True,
        # Streamlit would look in other folders too: whoever signs in there is nobody here.
        "secrets.files": [str(settings.root / SECRETS_FILE)],
    }


def _send_server_messages_to_the_log() -> None:
    uvicorn.config.LOGGING_CONFIG["loggers"] = {"uvicorn": {"level": "WARNING"}}


def _announce(settings: Settings, host: str, port: int, browser: bool | None) -> None:  # noqa: FBT001 - None asks the system, so it is no switch
    reachable = _EVERYWHERE.get(host, host)
    url = f"http://[{reachable}]:{port}" if ":" in reachable else f"http://{reachable}:{port}"
    if not _answers(reachable, port):
        return
    _say(f"LessonGen is ready: {url}")
    if not is_loopback(host):
        _say(_who_else(settings))
    _say(_what_writes(settings))
    if _wants_browser() if browser is None else browser:
        webbrowser.open(url)


def _who_else(settings: Settings) -> str:
    others = "Other computers on this network can open it too"
    if settings.sign_in:
        return f"{others}, and sign in first."
    return (
        f"{others}. There is no sign-in, so its pages for admins and staff are closed; "
        "the README says how to set it up."
    )


def _answers(host: str, port: int) -> bool:
    give_up = time.monotonic() + _START_SECONDS
    while time.monotonic() < give_up:
        with suppress(OSError, http.client.HTTPException):
            connection = http.client.HTTPConnection(host, port, timeout=_START_SECONDS)
            connection.request("GET", "/_stcore/health")
            if connection.getresponse().status == http.client.OK:
                return True
        time.sleep(_POLL_SECONDS)  # Streamlit says nowhere that it serves: it is asked
    return False


def _what_writes(settings: Settings) -> str:
    if settings.sample_mode:
        return (
            "Sample mode: without an API key, lessons come from a bank of samples. "
            "Set GEMINI_API_KEY to have new ones written."
        )
    place = settings.base_url or ("Vertex AI" if settings.vertex else "Gemini")
    key = f" with {settings.key_source}" if settings.key_source else ""
    return f"Lessons are written by {place}{key}."


def _wants_browser() -> bool:
    """Say whether a person sits here, with a screen."""
    screen = sys.platform != "linux" or any(map(os.environ.get, ("DISPLAY", "WAYLAND_DISPLAY")))
    return sys.stdout.isatty() and screen and not os.environ.get("CI")


def _say(sentence: str) -> None:
    sys.stdout.write(f"{sentence}\n")
    sys.stdout.flush()
