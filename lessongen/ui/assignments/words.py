"""Who, when and what changed, in words for an admin."""

from collections.abc import Iterable

from lessongen.generation.strategy_changes import Change
from lessongen.store.strategies import FILES, StrategyVersion
from lessongen.ui.drawing import plain
from lessongen.wording import moment_name, who


def change_list(changes: Iterable[Change]) -> str:
    """Return changes as a list in Markdown."""
    return bullets(change.sentence for change in changes)


def bullets(sentences: Iterable[str]) -> str:
    """Return sentences as a list in Markdown."""
    return "\n".join(f"- {plain(_begun(sentence))}" for sentence in sentences)


def signed(version: StrategyVersion) -> str:
    """Return when a version was saved, and by whom, as text without Markdown."""
    by = "the files in data/" if version.saved_by == FILES else who(version.saved_by)
    return f"{moment_name(version.saved_at)} · {by}"


def _begun(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
