"""What is wrong with a value that somebody typed: what should stand there, as its schema has it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError

_MISSPELT, _MISSING, _OURS = "extra_forbidden", "missing", "value_error"
_REASONS = {_MISSPELT: "is no setting that LessonGen knows", _MISSING: "is missing"}
_KINDS = {
    "boolean": "true or false",
    "array": "a list",
    "object": "a table",
    "string": "a text",
}

Schema = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is wrong with one value: the names that lead to it, and the reason.

    The reason is the rest of a sentence that begins with the value's name.
    """

    place: tuple[str, ...]
    reason: str
    missing: bool


def complaints(model: type[BaseModel], error: ValidationError) -> list[Complaint]:
    """Return what is wrong with the values of a model, names that are misspelt first.

    A name that is misspelt explains why the right one is missing.
    """
    schema = model.model_json_schema()
    told = sorted(error.errors(include_url=False), key=lambda e: e["type"] != _MISSPELT)
    return [
        Complaint(
            place := tuple(str(step) for step in each["loc"]),
            _reason(each["type"], each["msg"], _field(schema, place), place),
            each["type"] == _MISSING,
        )
        for each in told
    ]


def _reason(kind: str, message: str, field: Schema, place: Sequence[str]) -> str:
    """Tell what may stand there: whatever was typed, that is what helps.

    A rule of our own, such as the one on ids of models, says more than that a text is wanted.
    """
    if kind in _REASONS:
        return _REASONS[kind]
    if kind == _OURS and not _bounds(field):
        return message.removeprefix("Value error, ")
    allowed = _bounds(field) or _of_kind(field)
    return f"should be {allowed}{_unit(place)}" if allowed else f"cannot be used: {message}"


def _field(schema: Schema, place: Sequence[str]) -> Schema:
    """Return what a schema says of a field, or of one that is part of it; empty if nothing."""
    found = schema
    for step in place:
        named: Schema = found.get("properties", {})
        unnamed: Schema = found.get("items") or found.get("additionalProperties") or {}
        found = _content(named.get(step, unnamed), schema)
    return found


def _content(field: Schema, schema: Schema) -> Schema:
    """Return what a field holds where it is not empty."""
    first: Schema = field.get("anyOf", [field])[0]
    name = str(first.get("$ref", "")).rpartition("/")[2]
    return schema["$defs"][name] if name else first


def _bounds(field: Schema) -> str:
    """Return the choices or the range; empty where the field has neither."""
    if choices := field.get("enum"):
        *others, last = map(str, choices)
        return f"{', '.join(others)} or {last}"
    if "maximum" not in field:
        return ""
    most = f"{field['maximum']:,}".removesuffix(".0")
    if field["type"] == "integer":
        least = field["minimum"] if "minimum" in field else field["exclusiveMinimum"] + 1
        return f"a whole number from {least:,} to {most}"
    if "minimum" in field:
        return f"from {field['minimum']:g} to {most}"
    return f"more than {field['exclusiveMinimum']:g} and at most {most}"


def _of_kind(field: Schema) -> str:
    if field.get("format") == "date":
        return "a day, like 2026-09-30"
    if "maxLength" in field:
        return f"a text of {field.get('minLength', 0)} to {field['maxLength']} characters"
    return _KINDS.get(field.get("type", ""), "")


def _unit(place: Sequence[str]) -> str:
    if place and place[-1].endswith("_seconds"):
        return " seconds"
    return " dollars" if "prices" in place[:-1] else ""
