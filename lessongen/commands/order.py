"""Orders: a lesson asked for on the command line, and files that can be written."""

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from lessongen.errors import RequestError
from lessongen.export.formats import EXPORTS, Export
from lessongen.lesson.blocks import Copy
from lessongen.lesson.request import LessonRequest


@dataclass(frozen=True, slots=True)
class Order:
    """A lesson to write, and the files to write it into, as `export` has it.

    Raises:
        RequestError: where a file cannot be written, or is of no known kind.
    """

    request: LessonRequest
    mode: Literal["parallel", "sequential"] | None
    out: Path
    copy: Copy
    report: Path | None = None

    def __post_init__(self) -> None:
        if self.copy not in self.export.copies:
            raise RequestError(
                f"A {self.export.suffix} file holds every answer: choose another kind, "
                "or --copy teacher."
            )
        for path in (self.out, self.report):
            if path:
                require_writable(path)

    @property
    def export(self) -> Export:
        """The format that the name of the file asks for."""
        export = EXPORTS.get(self.out.suffix.lower())
        if export is None:
            raise RequestError(
                f"{self.out.name} is of no known kind: --out has to end in {', '.join(EXPORTS)}."
            )
        return export


def require_writable(path: Path) -> None:
    """Make sure that a file can be written, without touching one that is there.

    Raises:
        RequestError: saying what is in the way.
    """
    if path.is_dir():
        raise RequestError(f"{path} is a folder. Please name a file in it.")
    try:
        with tempfile.TemporaryFile(dir=path.parent):
            pass
        if path.exists():
            path.open("ab").close()
    except OSError as error:
        raise RequestError(f"{path} cannot be written: {error.strerror}.") from error


def text_in(path: Path) -> str:
    """Return the text of a file.

    Raises:
        RequestError: where it cannot be read, or is no text.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise RequestError(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise RequestError(f"{path} is no plain text: save it as text in UTF-8.") from error
