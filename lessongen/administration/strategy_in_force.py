"""The strategy in force: the newest version, whoever made it, and how a new one is saved."""

import logging
import threading
from dataclasses import dataclass, replace
from hashlib import sha256

from lessongen.errors import SettingsError, StoreError
from lessongen.generation.strategy import Strategy
from lessongen.generation.strategy_changes import Change, differences
from lessongen.generation.strategy_files import parsed_strategy
from lessongen.generation.strategy_source import StrategySource
from lessongen.generation.strategy_text import strategy_toml
from lessongen.store.strategies import FILES, StrategyVersion, StrategyVersions

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Overtaken:
    """Somebody saved a version meanwhile: `newest`, and what it changed in the one edited."""

    newest: StrategyVersion
    changes: tuple[Change, ...]


class StrategyInForce:
    """The newest version of the strategy. May be used from any thread.

    The files of the data folder are version 1, and each change of them is another version, until
    somebody saves one at a page. From then on the files are a copy that can be taken back, so that
    an update of LessonGen, which brings its own files, never undoes what an admin decided.
    """

    def __init__(self, files: StrategySource, versions: StrategyVersions) -> None:
        self._files = files
        self._versions = versions
        self._known = files()
        self._seen: Strategy | None = None
        self._lock = threading.Lock()
        self.trouble: str | None = None

    def __call__(self) -> Strategy:
        """Return the strategy in force; where the store cannot say, the last one that was."""
        with self._lock:
            try:
                self._adopt_files(self._files())
                self._known = self._newest()
            except (StoreError, SettingsError) as error:
                self._tell(str(error))
            else:
                self.trouble = self._files.trouble
        return self._known

    def files_differ(self) -> bool:
        """Say whether the files say something else than the version in force."""
        return self._files() != self()

    def files(self) -> Strategy:
        """Return what the files say, as they were when they were last usable."""
        return self._files()

    def save(self, strategy: Strategy, *, by: str, why: str, after: int) -> int | Overtaken:
        """Save a strategy that was edited from version `after`; return its number.

        Raises:
            StoreError: where it could not be kept.
        """
        changes = self._sentences(self.version(after), strategy)
        saved = self._versions.add(
            strategy_toml(strategy), by=by, why=why, changes=changes, after=self._last(after)
        )
        return saved if saved is not None else self._overtaken(after)

    def version(self, number: int) -> Strategy:
        """Return a version by its number.

        Raises:
            SettingsError: where there is none, or this release cannot read it.
        """
        stored = self._versions.get(number)
        if stored is None:
            raise SettingsError(f"There is no version {number} of the strategy.")
        return _parsed(stored)

    def compared(self, before: int, after: int) -> tuple[Change, ...]:
        """Return what changed from one version to another; see `version`."""
        return differences(self.version(before), self.version(after))

    def _last(self, after: int) -> int:
        """Return what a version saved after this one follows on.

        That is the newest, where this release cannot read it and the edited one is in force:
        otherwise nothing could be saved any more.
        """
        if self().version != after:
            return after
        newest = self._versions.newest_number()
        try:
            self.version(newest)
        except SettingsError:
            return newest
        return after

    def _newest(self) -> Strategy:
        number = self._versions.newest_number()
        return self._known if number == self._known.version else self.version(number)

    def _adopt_files(self, files: Strategy) -> None:
        """Make what the files say a version, if they changed and no person has saved one."""
        if files is self._seen:
            return
        text = strategy_toml(files)
        fingerprint = sha256(text.encode()).hexdigest()
        newest = self._versions.newest_number()
        last = self._versions.get(newest)
        if last is None or (last.saved_by == FILES and last.fingerprint != fingerprint):
            # Where another process was quicker, it has read the same files.
            self._versions.add(
                text,
                by=FILES,
                why="as the files have it" if last is None else "the files were changed",
                changes=self._sentences(_parsed(last), files) if last else "",
                after=newest,
                fingerprint=fingerprint,
            )
        self._seen = files

    def _overtaken(self, after: int) -> Overtaken:
        newest = self._versions.get(self._versions.newest_number())
        if newest is None:
            raise StoreError("The versions of the strategy are gone. Please reload this page.")
        return Overtaken(newest, differences(self.version(after), _parsed(newest)))

    @staticmethod
    def _sentences(before: Strategy, after: Strategy) -> str:
        return "\n".join(change.sentence for change in differences(before, after))

    def _tell(self, trouble: str) -> None:
        if trouble != self.trouble:
            _LOG.error("The last good strategy stays in force. %s", trouble)
        self.trouble = trouble


def _parsed(stored: StrategyVersion) -> Strategy:
    strategy = parsed_strategy(stored.strategy, f"version {stored.version}")
    return replace(strategy, version=stored.version)
