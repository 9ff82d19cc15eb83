"""What is different between two strategies, in words: for histories, conflicts and previews."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, cast

from pydantic import BaseModel

from lessongen.generation.prices import Prices
from lessongen.generation.strategy import Strategy
from lessongen.lesson.parts import part_title


@dataclass(frozen=True, slots=True)
class Change:
    """One difference.

    `row` is the part, slot or retired model, empty for a switch of the whole strategy. `field` is
    empty where a row came or went; `before` is None where it came, `after` where it went.
    """

    table: Literal["switches", "assignments", "slots", "retired"]
    row: str
    field: str
    before: str | None
    after: str | None
    sentence: str


def differences(before: Strategy, after: Strategy) -> tuple[Change, ...]:
    """Return what has to change in one strategy to make it say what another says."""
    return (
        *_switches(before, after),
        *_rows("assignments", before.assignments, after.assignments, part_title),
        *_rows("slots", before.slots, after.slots, "slot {}".format),
        *_rows("retired", before.retired, after.retired, "retired model {}".format),
    )


def words(field: str) -> str:
    """Return the name of a field as people say it."""
    return field.removesuffix("_seconds").replace("_", " ")


def _switches(before: Strategy, after: Strategy) -> Iterator[Change]:
    if before.hedging != after.hedging:
        was, is_now = (_told("hedging", strategy.hedging) for strategy in (before, after))
        yield Change("switches", "", "hedging", was, is_now, f"hedging {was} → {is_now}")


def _rows(
    table: Literal["assignments", "slots", "retired"],
    before: Mapping[str, BaseModel],
    after: Mapping[str, BaseModel],
    called: Callable[[str], str],
) -> Iterator[Change]:
    for row in dict.fromkeys([*before, *after]):
        old, new = before.get(row), after.get(row)
        name = called(row)
        if old and new:
            yield from _fields(table, row, name, old, new)
        elif old:
            yield Change(table, row, "", _summary(old), None, f"{name} removed")
        elif new:
            yield Change(table, row, "", None, _summary(new), f"{name} added")


def _fields(
    table: Literal["assignments", "slots", "retired"],
    row: str,
    name: str,
    old: BaseModel,
    new: BaseModel,
) -> Iterator[Change]:
    for field in type(new).model_fields:
        values: list[object] = [getattr(old, field), getattr(new, field)]
        if values[0] != values[1]:
            was, is_now = (_told(field, value) for value in values)
            sentence = f"{name}: {words(field)} {was} → {is_now}"
            yield Change(table, row, field, was, is_now, sentence)


def _summary(row: BaseModel) -> str:
    """Return the first field, which says most: the slot, the model or the replacement."""
    return str(next(value for _, value in row))


_UNSET = {
    "hedging": "as the strategy",
    "prices": "from the list",
    "thinking": "as the model likes",
}


def _told(field: str, value: object) -> str:
    match value:
        case None:
            return _UNSET[field]
        case bool():
            return "on" if value else "off"
        case Prices():
            each = {name: _number(price) for name, price in value}
            return ", ".join(f"{name} ${price}" for name, price in each.items())
        case int() | float():
            unit = " s" if field.endswith("_seconds") else ""
            return f"{_number(value)}{unit}"
        case tuple():
            names = cast("tuple[str, ...]", value)
            return ", ".join(map(part_title, names) if field == "waits_for" else names) or "none"
        case date():
            return value.isoformat()
        case _:
            return str(value)


def _number(value: float) -> str:
    """Return a number with all its digits, so that two that differ look different."""
    return f"{int(value) if value == int(value) else value:,}"
