"""The strategy in force: the files as they are now, or as they were when they were last usable."""

import logging
from pathlib import Path

from lessongen.errors import SettingsError
from lessongen.generation.strategy import Strategy
from lessongen.generation.strategy_files import MODELS_FILE, STRATEGIES_FILE, load_strategy

_LOG = logging.getLogger(__name__)


class StrategySource:
    """Reads the strategy again when its files change. May be used from any thread.

    A change that cannot be used is told once in the log, and in `trouble`, as a sentence that
    names file, line and reason; the last good strategy stays in force.
    """

    def __init__(self, data: Path) -> None:
        self._files = (data / MODELS_FILE, data / STRATEGIES_FILE)
        self._data = data
        self._seen: tuple[tuple[int, int] | None, ...] | None = None
        self._strategy: Strategy | None = None
        self.trouble: str | None = None

    def __call__(self) -> Strategy:
        """Return what the files say.

        Raises:
            SettingsError: where they were not usable yet.
        """
        versions = self._versions()
        if versions != self._seen:
            self._seen = versions
            self._reload()
        if self._strategy is None:
            raise SettingsError(self.trouble or "")
        return self._strategy

    def _reload(self) -> None:
        try:
            self._strategy = load_strategy(self._data)
        except SettingsError as error:
            self.trouble = str(error)
            _LOG.error("%s", error)
        else:
            self.trouble = None
            _LOG.info("The files of the strategy were read.")

    def _versions(self) -> tuple[tuple[int, int] | None, ...]:
        return tuple(map(_version, self._files))


def _version(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size
