"""Who, when and what changed, in words for an admin."""

from collections.abc import Iterable
from datetime import datetime

from lessongen.generation.strategy_changes import Change
from lessongen.people import LOCAL
from lessongen.store.strategies import FILES, StrategyVersion
from lessongen.ui.drawing import plain

_NO_ADDRESS = {LOCAL: "the user of this computer", FILES: "the files in data/"}


def who(person: str) -> str:
    """Return who saved a version, ready to be drawn."""
    return _NO_ADDRESS.get(person) or plain(person)


def moment(at: float) -> str:
    """Return a moment, in seconds since 1970, by the server's clock."""
    return datetime.fromtimestamp(at).strftime("%d %B %Y, %H:%M")  # noqa: DTZ006 - the reader's own clock


def told(changes: Iterable[Change]) -> str:
    """Return changes as a list in Markdown."""
    return bullets(change.sentence for change in changes)


def bullets(sentences: Iterable[str]) -> str:
    """Return sentences as a list in Markdown."""
    return "\n".join(f"- {plain(_begun(sentence))}" for sentence in sentences)


def counted(number: int, noun: str) -> str:
    """Return how many there are of something."""
    return f"1 {noun}" if number == 1 else f"{number} {noun}s"


def signed(version: StrategyVersion) -> str:
    """Return when a version was saved, and by whom."""
    return f"{moment(version.saved_at)} · {who(version.saved_by)}"


def _begun(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
