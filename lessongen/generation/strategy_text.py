"""Writes a whole strategy as one text, in the form in which `parsed_strategy` reads it."""

from pydantic import BaseModel

from lessongen.generation.strategy import Strategy
from lessongen.generation.toml_text import TomlValue, toml_table

_ABOUT = """\
# A strategy of LessonGen: the model slots, and which of them writes which part of a lesson.
# It has the form of data/models.toml and data/strategies.toml, one after the other."""


def strategy_toml(strategy: Strategy) -> str:
    """Return everything that a strategy says, as TOML; its version is no part of that."""
    slots = [toml_table(["slots", name], _values(slot)) for name, slot in strategy.slots.items()]
    retired = {model: _values(gone) for model, gone in strategy.retired.items()}
    assignments = [
        toml_table(["default", part], _values(assignment))
        for part, assignment in strategy.assignments.items()
    ]
    tables = [
        _ABOUT,
        *slots,
        toml_table(["retired"], retired),
        toml_table(["default"], {"hedging": strategy.hedging}),
        *assignments,
    ]
    return "\n\n".join(tables) + "\n"


def _values(row: BaseModel) -> dict[str, TomlValue]:
    """Return what is set; TOML has no word for nothing."""
    values: dict[str, TomlValue] = row.model_dump()
    return {name: value for name, value in values.items() if value not in (None, ())}
