"""The log of a command: traces go to a file, the console hears one line, the key goes nowhere."""

import logging
from logging.handlers import RotatingFileHandler
from pathlib import Path

from pydantic import SecretStr

from lessongen.settings import Settings

_BYTES, _OLD_FILES = 1_000_000, 2


def log_file(settings: Settings) -> Path:
    """Return where the log is kept: beside the database."""
    return settings.database.with_suffix(".log")


def log_to(path: Path, key: SecretStr | None, *, console: bool) -> None:
    """Log to a file, and what matters to the console if asked; a disk that is full stops nothing.

    Call it once, at the start of a command.
    """
    logging.raiseExceptions = False
    file = RotatingFileHandler(
        path, maxBytes=_BYTES, backupCount=_OLD_FILES, encoding="utf-8", delay=True
    )
    file.setFormatter(_Masking(key))
    root = logging.getLogger()
    root.setLevel(logging.WARNING)
    logging.getLogger("lessongen").setLevel(logging.INFO)
    root.addHandler(file)
    if console:
        terse = logging.StreamHandler()
        terse.setLevel(logging.WARNING)
        terse.setFormatter(_OneLine(key))
        root.addHandler(terse)


class _Masking(logging.Formatter):
    """Writes the trace too; the key is masked, whoever quotes it."""

    def __init__(self, key: SecretStr | None) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self._key = key.get_secret_value() if key else ""

    def format(self, record: logging.LogRecord) -> str:
        return self._masked(super().format(record))

    def _masked(self, text: str) -> str:
        return text.replace(self._key, "•••") if self._key else text


class _OneLine(_Masking):
    """Writes the message without its trace."""

    def format(self, record: logging.LogRecord) -> str:
        return self._masked(" ".join(record.getMessage().split()))
