"""Reads slots and assignments from `models.toml` and `strategies.toml`, and checks them.

Whatever is wrong is told with the file, the line and the reason.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from lessongen.errors import SettingsError
from lessongen.generation.strategy import Assignment, ModelSlot, Retired, Strategy
from lessongen.generation.toml_lines import line_of
from lessongen.lesson.prompts import BRIEF
from lessongen.lesson.sections import SECTIONS

MODELS_FILE = "models.toml"
STRATEGIES_FILE = "strategies.toml"
_STRATEGY = "default"

ModelT = TypeVar("ModelT", bound=BaseModel)


class _Models(BaseModel):
    model_config = ConfigDict(extra="forbid")

    slots: dict[str, ModelSlot]
    retired: dict[str, Retired] = {}


class _Table(BaseModel):
    """A strategy: its switches, and one assignment for each part."""

    model_config = ConfigDict(extra="allow")

    # Pydantic's own way to type the rest of a table.
    __pydantic_extra__: dict[str, Assignment]  # pyright: ignore[reportIncompatibleVariableOverride]

    hedging: bool = False

    @property
    def assignments(self) -> dict[str, Assignment]:
        return self.__pydantic_extra__


class _Strategies(BaseModel):
    model_config = ConfigDict(extra="forbid")

    default: _Table


@dataclass(frozen=True, slots=True)
class _Fault:
    """Something wrong with a value: where it stands in the file, and the reason."""

    place: Sequence[str]
    reason: str


def load_strategy(data: Path) -> Strategy:
    """Read the slots and the default assignments from the data folder.

    Raises:
        SettingsError: naming the file, the line in it and the reason.
    """
    models = _checked(data / MODELS_FILE, _Models)
    table = _checked(data / STRATEGIES_FILE, _Strategies).default
    for fault in _faults(table.assignments, models.slots):
        raise _error(data / STRATEGIES_FILE, fault)
    return Strategy(models.slots, table.assignments, models.retired, table.hedging)


def _checked(path: Path, model: type[ModelT]) -> ModelT:
    try:
        return model.model_validate(_toml(path))
    except ValidationError as error:
        # A name that is misspelt explains why the right one is missing.
        told = sorted(error.errors(include_url=False), key=lambda e: e["type"] != "extra_forbidden")
        first = told[0]
        place = [str(step) for step in first["loc"]]
        raise _error(path, _Fault(place, f"{'.'.join(place)}: {first['msg']}")) from error


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise SettingsError(f"{path.name} is missing from the data folder.") from error
    except (OSError, ValueError) as error:
        raise SettingsError(f"{path.name} cannot be read: {error}.") from error


def _error(path: Path, fault: _Fault) -> SettingsError:
    line = line_of(path.read_text(encoding="utf-8"), fault.place)
    at = f", line {line}" if line else ""
    return SettingsError(f"{path.name}{at}: {fault.reason}.")


def _faults(
    assignments: Mapping[str, Assignment], slots: Mapping[str, ModelSlot]
) -> Iterator[_Fault]:
    parts = {BRIEF, *SECTIONS}
    if missing := sorted(parts - set(assignments)):
        yield _Fault([_STRATEGY], f"no assignment for {', '.join(missing)}")
    for part, assignment in assignments.items():
        if part not in parts:
            yield _Fault([_STRATEGY, part], f"no section is called {part}")
        else:
            yield from _slot_faults(part, assignment, slots)
            yield from _waiting_faults(part, assignment)
    yield from _circles(assignments)


def _slot_faults(
    part: str, assignment: Assignment, slots: Mapping[str, ModelSlot]
) -> Iterator[_Fault]:
    if assignment.slot not in slots:
        yield _Fault([_STRATEGY, part, "slot"], _no_slot(part, assignment.slot))
    for slot in assignment.fallbacks:
        place = [_STRATEGY, part, "fallbacks"]
        if slot not in slots:
            yield _Fault(place, _no_slot(part, slot))
        if slot == assignment.slot:
            yield _Fault(place, f"{part} falls back to its own slot")
        if assignment.fallbacks.count(slot) > 1:
            yield _Fault(place, f"{part} falls back to “{slot}” twice")


def _no_slot(part: str, slot: str) -> str:
    return f"{part} names the slot “{slot}”, which {MODELS_FILE} does not have"


def _waiting_faults(part: str, assignment: Assignment) -> Iterator[_Fault]:
    place = [_STRATEGY, part, "waits_for"]
    if part == BRIEF and assignment.waits_for:
        yield _Fault(place, "the brief comes first and can wait for nothing")
    for other in assignment.waits_for:
        if other not in SECTIONS:
            yield _Fault(place, f"{part} waits for {other}, and no section is called so")


def _circles(assignments: Mapping[str, Assignment]) -> Iterator[_Fault]:
    waits = {part: assignment.waits_for for part, assignment in assignments.items()}
    try:
        TopologicalSorter(waits).prepare()
    except CycleError as error:
        circle: list[str] = error.args[1][::-1]
        yield _Fault(
            [_STRATEGY, circle[0], "waits_for"],
            f"these sections wait for each other in a circle: {' waits for '.join(circle)}",
        )
