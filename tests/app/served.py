"""The whole app as it is served: a real server in a process of its own."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from lessongen.settings import ROOT

HOST = "127.0.0.1"
START_SECONDS = 90.0
STOP_SECONDS = 20.0
_POLL_SECONDS = 0.05
_SERVE = """
import sys
from streamlit.web.cli import main
from lessongen.ui import guards
guards.LOCAL_ROLES = frozenset(guards.Role(role) for role in sys.argv.pop().split())
main()
"""


@dataclass(frozen=True, slots=True)
class Server:
    """A server that answers."""

    url: str
    database: Path


@contextmanager
def served(folder: Path, roles: str = "teacher admin staff") -> Generator[Server]:
    """Serve the app with a database in a folder, to a person with these roles.

    Nobody has opened a page yet. The server is stopped when the context is left.
    """
    port = _free_port()
    database = folder / "lessons.db"
    options = ["run", "app.py", "--server.port", str(port), "--server.address", HOST]
    with (folder / "server.log").open("w", encoding="utf-8") as log:
        process = subprocess.Popen(
            [sys.executable, "-c", _SERVE, *options, roles],
            cwd=ROOT,
            env=_environment(database),
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            server = Server(f"http://{HOST}:{port}", database)
            _wait_until_it_answers(server, process, folder / "server.log")
            yield server
        finally:
            process.terminate()
            process.wait(STOP_SECONDS)


def _free_port() -> int:
    with socket.socket() as trial:
        trial.bind((HOST, 0))
        return trial.getsockname()[1]


def _environment(database: Path) -> dict[str, str]:
    """Return this process's environment, without a key: no server here may ask Google."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GOOGLE_")}
    nowhere = {"LESSONGEN_GEMINI_BASE_URL": f"http://{HOST}:9", "GEMINI_API_KEY": "not-a-real-key"}
    return kept | nowhere | {"LESSONGEN_DATABASE": f"sqlite:///{database}", "PYTHONPATH": str(ROOT)}


def _wait_until_it_answers(server: Server, process: subprocess.Popen[bytes], log: Path) -> None:
    give_up = time.monotonic() + START_SECONDS
    while time.monotonic() < give_up and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{server.url}/_stcore/health"):
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(_POLL_SECONDS)
    raise AssertionError(f"The server does not answer:\n{log.read_text(encoding='utf-8')}")
