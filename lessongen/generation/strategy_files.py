"""Reads strategies: slots and assignments from the data folder, or a whole one from one text.

Whatever is wrong is told with the file, the line and the reason.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from lessongen.errors import SettingsError
from lessongen.generation.complaints import complaints
from lessongen.generation.strategy import Assignment, ModelId, ModelSlot, Retired, Strategy
from lessongen.generation.strategy_rules import Fault, as_one_line, brought_up_to_date, faults
from lessongen.generation.toml_lines import line_of

MODELS_FILE = "models.toml"
STRATEGIES_FILE = "strategies.toml"
MOST_CHARACTERS = 100_000
"""The longest text of a strategy; the largest that keeps all rules needs half of it."""
MOST_IN_A_LINE = 2_500
"""As long as fifty fallbacks. A name of 50,000 steps would keep the parser busy for a minute."""
_STRATEGY = "default"

ModelT = TypeVar("ModelT", bound=BaseModel)


class _Models(BaseModel):
    model_config = ConfigDict(extra="forbid")

    slots: dict[str, ModelSlot]
    retired: dict[ModelId, Retired] = {}


class _Table(BaseModel):
    """A strategy: its switches, and one assignment for each part."""

    model_config = ConfigDict(extra="allow")

    # Pydantic's own way to type the rest of a table.
    __pydantic_extra__: dict[str, Assignment]  # pyright: ignore[reportIncompatibleVariableOverride] - narrower than the base's

    hedging: bool = False

    @property
    def assignments(self) -> dict[str, Assignment]:
        return self.__pydantic_extra__


class _Strategies(BaseModel):
    model_config = ConfigDict(extra="forbid")

    default: _Table


class _Whole(_Models):
    """Both files, one after the other."""

    default: _Table


@dataclass(frozen=True, slots=True)
class _Document:
    """A text of TOML, and what it is called."""

    name: str
    text: str

    def checked(self, model: type[ModelT]) -> ModelT:
        try:
            return model.model_validate(self._values())
        except ValidationError as error:
            first = complaints(model, error)[0]
            place = ".".join(as_one_line(step) for step in first.place)
            raise self.error(first.place, f"{place} {first.reason}") from error

    def error(self, place: Sequence[str], reason: str) -> SettingsError:
        line = line_of(self.text, place)
        at = f", line {line}" if line else ""
        return SettingsError(f"{self.name}{at}: {reason}.")

    def _values(self) -> dict[str, Any]:
        if len(self.text) > MOST_CHARACTERS:
            raise SettingsError(f"{self.name} is longer than {MOST_CHARACTERS:,} characters.")
        for number, line in enumerate(self.text.split("\n"), 1):
            if len(line) > MOST_IN_A_LINE:
                raise SettingsError(
                    f"{self.name}, line {number}: it is longer than {MOST_IN_A_LINE:,} characters."
                )
        try:
            return tomllib.loads(self.text)
        except ValueError as error:
            raise SettingsError(f"{self.name} cannot be read: {error}.") from error
        except RecursionError as error:
            raise SettingsError(f"{self.name} cannot be read: it is nested too deep.") from error


def load_strategy(data: Path) -> Strategy:
    """Read the slots and the default assignments from the data folder.

    Raises:
        SettingsError: naming the file, the line in it and the reason.
    """
    models_file, strategies_file = _read(data / MODELS_FILE), _read(data / STRATEGIES_FILE)
    models = models_file.checked(_Models)
    table = strategies_file.checked(_Strategies).default
    for fault in _faults(models, table, MODELS_FILE):
        document = models_file if fault.table == "slots" else strategies_file
        raise document.error(_place(fault), fault.reason)
    return Strategy(models.slots, table.assignments, models.retired, table.hedging)


def parsed_strategy(
    text: str, name: str = "strategy.toml", usual: Mapping[str, Assignment] | None = None
) -> Strategy:
    """Read a whole strategy from one text, which has the form of both files together.

    With `usual` assignments, a text that was written for other sections than today's can be read:
    parts that it lacks are written as usual, and those that are no more are left out.

    Raises:
        SettingsError: naming the text, the line in it and the reason.
    """
    document = _Document(name, text.removeprefix("\N{BYTE ORDER MARK}"))
    whole = document.checked(_Whole)
    table = whole.default
    if usual:
        table.__pydantic_extra__ = brought_up_to_date(table.assignments, whole.slots, usual)
    for fault in _faults(whole, table, name):
        raise document.error(_place(fault), fault.reason)
    return Strategy(whole.slots, table.assignments, whole.retired, table.hedging)


def _read(path: Path) -> _Document:
    try:
        return _Document(path.name, path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise SettingsError(f"{path.name} is missing from the data folder.") from error
    except (OSError, ValueError) as error:
        raise SettingsError(f"{path.name} cannot be read: {error}.") from error


def _faults(models: _Models, table: _Table, slots_in: str) -> list[Fault]:
    slots: Mapping[str, bool] = {name: slot.enabled for name, slot in models.slots.items()}
    return list(faults(table.assignments, slots, slots_in))


def _place(fault: Fault) -> list[str]:
    table = "slots" if fault.table == "slots" else _STRATEGY
    return [table, *(step for step in (fault.row, fault.field) if step)]
