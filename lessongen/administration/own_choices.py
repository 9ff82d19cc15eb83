"""What a teacher chooses for the parts of a lesson, and keeps as their default."""

import json
import logging
from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter, ValidationError

from lessongen.errors import RequestError
from lessongen.generation.complaints import complaints
from lessongen.generation.strategy import OwnAssignment, Strategy
from lessongen.generation.strategy_changes import words
from lessongen.lesson.parts import PARTS, part_title
from lessongen.store.preferences import Preferences

_FIELDS = TypeAdapter(dict[str, Any])
_NO_SLOT = "please choose a model slot of the list."
_LOG = logging.getLogger(__name__)


def usual_choices(strategy: Strategy) -> dict[str, OwnAssignment]:
    """Return what a strategy says of each part, as if a teacher had chosen it."""
    assigned = {part: strategy.assignment(part) for part in PARTS}
    return {
        part: OwnAssignment(
            slot=usual.slot, priority=usual.priority, deadline_seconds=usual.deadline_seconds
        )
        for part, usual in assigned.items()
    }


def own_choices(
    rows: Mapping[str, Mapping[str, object]], strategy: Strategy
) -> dict[str, OwnAssignment]:
    """Return what somebody typed for parts, by part, without what the strategy says anyway.

    Raises:
        RequestError: where a choice cannot be used, with what is wrong.
    """
    usual = usual_choices(strategy)
    changed = {part: {**row} for part, row in rows.items() if {**row} != usual[part].model_dump()}
    return {part: _chosen(part, row, strategy) for part, row in changed.items()}


class OwnDefaults:
    """What each person chose for all their lessons. Call it from any thread; raises StoreError."""

    def __init__(self, preferences: Preferences) -> None:
        self._preferences = preferences

    def of(self, person: str, strategy: Strategy) -> dict[str, OwnAssignment]:
        """Return what a person chose, by part, without what the strategy cannot do any more."""
        text = self._preferences.get(_name(person))
        kept = {part: _readable(part, fields) for part, fields in _fields(text).items()}
        return {
            part: choice
            for part, choice in kept.items()
            if part in PARTS and choice and not strategy.unusable({part: choice})
        }

    def keep(self, person: str, choices: Mapping[str, OwnAssignment]) -> None:
        """Keep what a person chose, in the place of what they chose before."""
        text = json.dumps({part: choice.model_dump() for part, choice in choices.items()})
        self._preferences.set(_name(person), text, person)


def _name(person: str) -> str:
    return f"assignments:{person}"


def _fields(text: str | None) -> dict[str, Any]:
    try:
        return _FIELDS.validate_json(text or "{}")
    except ValidationError:
        _LOG.warning("A teacher’s own default assignments cannot be read; they are left out.")
        return {}


def _readable(part: str, fields: object) -> OwnAssignment | None:
    try:
        return OwnAssignment.model_validate(fields)
    except ValidationError:
        _LOG.warning("A teacher’s own default for %s cannot be read; it is left out.", part)
        return None


def _chosen(part: str, row: Mapping[str, object], strategy: Strategy) -> OwnAssignment:
    try:
        choice = OwnAssignment.model_validate(row)
    except ValidationError as error:
        raise RequestError(f"{part_title(part)}: {_fault(error)}") from error
    if strategy.unusable({part: choice}):
        raise RequestError(f"{part_title(part)}: {_NO_SLOT}")
    return choice


def _fault(error: ValidationError) -> str:
    first = complaints(OwnAssignment, error)[0]
    match first.place:
        case ("deadline_seconds" | "priority" as field,):
            return f"the {words(field)} {first.reason}."
        case _:
            return _NO_SLOT
