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
_LOOKED_BACK = 20


@dataclass(frozen=True, slots=True)
class Overtaken:
    """Somebody saved a version meanwhile: `newest`, and what it changed in the one edited."""

    newest: StrategyVersion
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class _Known:
    """The strategy that counts as long as this is the newest version and the files are so.

    `trouble` says why it is not the newest, or that the files it came from cannot be read now.
    """

    strategy: Strategy
    head: int
    files: str | None
    trouble: str | None


class StrategyInForce:
    """The newest version of the strategy. May be used from any thread.

    The files of the data folder are version 1, and each change of them is another version, until
    somebody saves one at a page. From then on the files are a copy that can be taken back, so that
    an update of LessonGen, which brings its own files, never undoes what an admin decided. Where
    this release cannot read the newest version, the newest that it can read counts.
    """

    def __init__(self, files: StrategySource, versions: StrategyVersions) -> None:
        self._files = files
        self._versions = versions
        self._known: _Known | None = None
        self._adopted: Strategy | None = None
        self._lock = threading.Lock()
        self.trouble: str | None = None

    def __call__(self) -> Strategy:
        """Return the strategy in force; where the store cannot say, the last one that was.

        Its version is 0 where only the files can say.

        Raises:
            SettingsError: where neither a version nor the files can be used.
        """
        with self._lock:
            try:
                known = self._known = self._looked_up()
            except StoreError as error:
                self._tell(str(error))
                return self._known.strategy if self._known else replace(self._files(), version=0)
            self._tell(known.trouble)
            return known.strategy

    def files_differ(self) -> bool:
        """Say whether the files can be used, and say something else than the version in force."""
        try:
            return self._files() != self()
        except SettingsError:
            return False

    def files(self) -> Strategy:
        """Return what the files say, as they were when they were last usable.

        Raises:
            SettingsError: where they never were.
        """
        return self._files()

    def save(self, strategy: Strategy, *, by: str, why: str, after: int) -> int | Overtaken:
        """Save a strategy that was edited from version `after`; return its number.

        Raises:
            StoreError: where it could not be kept.
        """
        edited, head = self._edited(after)
        changes = _sentences(edited, strategy)
        saved = self._versions.add(
            strategy_toml(strategy), by=by, why=why, changes=changes, after=head
        )
        return saved if saved is not None else self._overtaken(edited)

    def version(self, number: int) -> Strategy:
        """Return a version by its number.

        Raises:
            SettingsError: where there is none, or this release cannot read it.
        """
        stored = self._versions.get(number)
        if stored is None:
            raise SettingsError(f"There is no version {number} of the strategy.")
        return self._parsed(stored)

    def compared(self, before: int, after: int) -> tuple[Change, ...]:
        """Return what changed from one version to another; see `version`."""
        return differences(self.version(before), self.version(after))

    def _looked_up(self) -> _Known:
        self._adopt_files()
        head = self._versions.newest_number()
        if self._known and (self._known.head, self._known.files) == (head, self._files.trouble):
            return self._known
        return self._readable(head)

    def _readable(self, head: int) -> _Known:
        """Return the newest version that can be read, the files where none can."""
        trouble, files = None, self._files.trouble
        for stored in self._versions.recent(_LOOKED_BACK):
            try:
                strategy = self._parsed(stored)
            except SettingsError as error:
                trouble = trouble or str(error)
            else:
                counts = files if stored.saved_by == FILES else None
                return _Known(strategy, head, files, trouble or counts)
        return _Known(replace(self._files(), version=0), head, files, trouble or files)

    def _edited(self, after: int) -> tuple[Strategy, int]:
        """Return what was edited, and the version that the new one has to follow on.

        What is in force was edited on top of the newest version, even where that cannot be read.
        """
        in_force = self()
        if after == in_force.version:
            return in_force, self._known.head if self._known else after
        return self.version(after), after

    def _adopt_files(self) -> None:
        """Make what the files say a version, if they changed and no person has saved one."""
        try:
            files = self._files()
        except SettingsError:
            return  # what is stored counts; where nothing is, this is told
        if files is self._adopted:
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
                changes=self._changed_since(last, files),
                after=newest,
                fingerprint=fingerprint,
            )
        self._adopted = files

    def _changed_since(self, last: StrategyVersion | None, files: Strategy) -> str:
        if last is None:
            return ""
        try:
            return _sentences(self._parsed(last), files)
        except SettingsError:
            return "The version before cannot be read by this release."

    def _overtaken(self, edited: Strategy) -> Overtaken:
        newest = self._versions.get(self._versions.newest_number())
        if newest is None:
            raise StoreError("The versions of the strategy are gone. Please reload this page.")
        return Overtaken(newest, differences(edited, self()))

    def _parsed(self, stored: StrategyVersion) -> Strategy:
        """Read a version; a section that is newer than it is written as the files have it."""
        try:
            usual = self._files().assignments
        except SettingsError:
            usual = None
        strategy = parsed_strategy(stored.strategy, f"version {stored.version}", usual)
        return replace(strategy, version=stored.version)

    def _tell(self, trouble: str | None) -> None:
        if trouble and trouble != self.trouble:
            _LOG.error("The last good strategy stays in force. %s", trouble)
        self.trouble = trouble


def _sentences(before: Strategy, after: Strategy) -> str:
    return "\n".join(change.sentence for change in differences(before, after))
