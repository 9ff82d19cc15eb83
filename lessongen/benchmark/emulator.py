"""An emulator in a process of its own, so that its work is not counted as ours."""

import http.client
import subprocess
import sys
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from pydantic import TypeAdapter

from lessongen.emulator.log import RequestRecord
from lessongen.errors import LessonGenError

_STOP_SECONDS = 5.0
_RECORDS = TypeAdapter(list[RequestRecord])


@dataclass(frozen=True, slots=True)
class Pace:
    """How the emulator answers: how long each part takes on its clock, and what goes wrong.

    A part without `part_seconds` takes what a real model would, jitter included. `speed` is how
    many times as fast the clock runs; `faults` are rules as the emulator's `--fault` has them.
    """

    part_seconds: Mapping[str, float] = field(default_factory=dict[str, float])
    speed: float = 1.0
    faults: tuple[str, ...] = ()
    seed: int = 0


@dataclass(frozen=True, slots=True)
class EmulatorProcess:
    """A running emulator at `url`."""

    url: str

    def reset(self, pace: Pace) -> None:
        """Forget what was asked, and answer at this pace from now on.

        Raises:
            LessonGenError: where the emulator refuses, or is gone.
        """
        self._asked("POST", "reset", TypeAdapter(Pace).dump_json(pace))

    def requests(self) -> list[RequestRecord]:
        """Return what was asked since the last reset, oldest first.

        Raises:
            LessonGenError: where the emulator is gone.
        """
        return _RECORDS.validate_json(self._asked("GET", "requests"))

    def _asked(self, method: str, control: str, body: bytes | None = None) -> bytes:
        connection = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=10)
        try:
            connection.request(method, f"/emulator/{control}", body)
            response = connection.getresponse()
            answer = response.read()
        except OSError as error:
            raise LessonGenError("The benchmark’s emulator does not answer.") from error
        finally:
            connection.close()
        if response.status != http.client.OK:
            raise LessonGenError(f"The benchmark’s emulator refused: {answer.decode()}")
        return answer


@contextmanager
def emulator_process() -> Generator[EmulatorProcess]:
    """Start an emulator on a free port, and stop it with the context.

    Raises:
        LessonGenError: where it does not start.
    """
    command = [sys.executable, "-m", "lessongen.cli", "emulator", "--port", "0"]
    # Ctrl-C is for us: a session of its own keeps it from the emulator, which we stop.
    process = subprocess.Popen(  # noqa: S603 - our own command, no text of anybody else in it
        command, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    try:
        first = process.stdout.readline() if process.stdout else ""
        if "http" not in first:
            raise LessonGenError("The benchmark’s emulator did not start.")
        yield EmulatorProcess(first.split()[-1])
    finally:
        process.terminate()
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout:
            process.stdout.close()
