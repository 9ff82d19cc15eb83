"""Reads slots and assignments from `models.toml` and `strategies.toml`, and checks them."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from lessongen.errors import SettingsError
from lessongen.generation.strategy import Assignment, ModelSlot, Retired, Strategy
from lessongen.lesson.prompts import BRIEF
from lessongen.lesson.sections import SECTIONS

MODELS_FILE = "models.toml"
STRATEGIES_FILE = "strategies.toml"

ModelT = TypeVar("ModelT", bound=BaseModel)


class _Models(BaseModel):
    model_config = ConfigDict(extra="forbid")

    slots: dict[str, ModelSlot]
    retired: dict[str, Retired] = {}


class _Strategies(BaseModel):
    model_config = ConfigDict(extra="forbid")

    default: dict[str, Assignment]


def load_strategy(data: Path) -> Strategy:
    """Read the slots and the default assignments from the data folder.

    Raises:
        SettingsError: naming the file, the place in it and the reason.
    """
    models = _checked(data / MODELS_FILE, _Models)
    assignments = _checked(data / STRATEGIES_FILE, _Strategies).default
    _require_every_part(assignments)
    _require_known_slots(assignments, models.slots)
    return Strategy(models.slots, assignments, models.retired)


def _checked(path: Path, model: type[ModelT]) -> ModelT:
    try:
        return model.model_validate(_toml(path))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(step) for step in first["loc"])
        raise SettingsError(f"{path.name}: {place}: {first['msg']}.") from error


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise SettingsError(f"{path.name} is missing from the data folder.") from error
    except (OSError, ValueError) as error:
        raise SettingsError(f"{path.name} cannot be read: {error}.") from error


def _require_every_part(assignments: Mapping[str, Assignment]) -> None:
    parts = {BRIEF, *SECTIONS}
    if missing := sorted(parts - set(assignments)):
        raise SettingsError(f"{STRATEGIES_FILE}: no assignment for {', '.join(missing)}.")
    if unknown := sorted(set(assignments) - parts):
        raise SettingsError(f"{STRATEGIES_FILE}: no section is called {', '.join(unknown)}.")


def _require_known_slots(
    assignments: Mapping[str, Assignment], slots: Mapping[str, ModelSlot]
) -> None:
    for part, assignment in assignments.items():
        for slot in (assignment.slot, *assignment.fallbacks):
            if slot not in slots:
                raise SettingsError(
                    f"{STRATEGIES_FILE}: {part} names the slot “{slot}”, "
                    f"which {MODELS_FILE} does not have."
                )
        if assignment.slot in assignment.fallbacks:
            raise SettingsError(f"{STRATEGIES_FILE}: {part} falls back to its own slot.")
