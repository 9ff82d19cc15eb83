"""LessonGen as the README starts it, with a database and sample mode of its own."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from lessongen.settings import ROOT

START_SECONDS = 120.0
STOP_SECONDS = 60.0
_POLL_SECONDS = 0.1
_COMPLAINT = re.compile(r"^Traceback|\bERROR\b|\bCRITICAL\b|Exception ignored", re.MULTILINE)
_READY = re.compile(r"LessonGen is ready: http://127\.0\.0\.1:(\d+)")
_PARTS = ("app.py", "lessongen", "pages", "data", ".streamlit/config.toml")
_LEFT_BEHIND = shutil.ignore_patterns("__pycache__", "pictures", "*.db*", "*.log*", "*.lock")


@dataclass(frozen=True, slots=True)
class Server:
    """A server that answers at `url`, in a process of its own."""

    url: str
    port: int
    database: Path
    process: subprocess.Popen[bytes]

    def kill(self) -> None:
        """End the server at once, as a power cut would."""
        self.process.kill()
        self.process.wait(STOP_SECONDS)


def copied_app(folder: Path) -> Path:
    """Copy the app without lessons and secrets: a key there would have real models asked."""
    for part in _PARTS:
        source, target = ROOT / part, folder / part
        if source.is_dir():
            shutil.copytree(source, target, ignore=_LEFT_BEHIND)
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)
    return folder


@contextmanager
def running_server(
    app: Path,
    database: Path,
    *,
    speed: float = 1.0,
    host: str = "127.0.0.1",
    port: int = 0,
    **environment: str,
) -> Generator[Server]:
    """Start a copied app, on a free port unless one is given, and stop it as Ctrl-C does.

    Fails where the server does not start, does not stop cleanly, or logs an error meanwhile.
    """
    output = database.with_suffix(".output.txt")
    run = [sys.executable, "-m", "lessongen.cli", "run", "--no-open"]
    command = [*run, "--host", host, "--port", str(port)]
    with output.open("wb") as told:
        process = subprocess.Popen(
            command,
            cwd=app,
            env=_environment(app, database, speed) | environment,
            stdin=subprocess.DEVNULL,
            stdout=told,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        port = _port_when_ready(process, output)
        yield Server(f"http://127.0.0.1:{port}", port, database, process)
        _stop(process, output, database.with_suffix(".log"))
    finally:
        process.kill()
        process.wait(STOP_SECONDS)


def _environment(app: Path, database: Path, speed: float) -> dict[str, str]:
    ours = ("LESSONGEN_", "STREAMLIT_", "GEMINI_", "GOOGLE_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return kept | {
        "LESSONGEN_DATABASE": f"sqlite:///{database}",
        "LESSONGEN_SAMPLE_SPEED": str(speed),
        "PYTHONPATH": str(app),
        "PYTHONUNBUFFERED": "1",
    }


def _port_when_ready(process: subprocess.Popen[bytes], output: Path) -> int:
    give_up = time.monotonic() + START_SECONDS
    while time.monotonic() < give_up:
        if ready := _READY.search(output.read_text()):
            return int(ready[1])
        if process.poll() is not None:
            break
        time.sleep(_POLL_SECONDS)  # another process: its output is all there is
    raise AssertionError(f"The server did not start. It said: {output.read_text()!r}")


def _stop(process: subprocess.Popen[bytes], output: Path, log: Path) -> None:
    if process.poll() is not None and process.returncode == -signal.SIGKILL:
        return
    process.send_signal(signal.SIGINT)
    code = process.wait(STOP_SECONDS)
    told = output.read_text() + (log.read_text() if log.exists() else "")
    assert code == 0, f"The server ended with {code}: {told}"
    complaint = _COMPLAINT.search(told)
    assert not complaint, told[complaint.start() :] if complaint else ""
