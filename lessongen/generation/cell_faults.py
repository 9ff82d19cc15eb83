"""What is wrong with a cell of a table, in words for whoever edits it: what may stand there."""

from typing import Any

from pydantic import BaseModel

from lessongen.generation.complaints import Complaint

_MANY = ("requests", "input tokens", "max output tokens", "fallbacks")


def cell_fault(model: type[BaseModel], complaint: Complaint, named: str) -> str:
    """Return what is wrong with a field of a model, as a sentence without its end.

    `named` is what people call the field. Where it has bounds, or words to choose from, it is
    told which: whatever was typed, that is what helps.
    """
    many = named.startswith(_MANY)
    if complaint.missing:
        return f"the {named} {'are' if many else 'is'} empty{_all_or_none(complaint)}"
    if allowed := _allowed(_field(model, complaint.place)):
        return f"the {named} {'have' if many else 'has'} to be {allowed}{_unit(complaint.place)}"
    return f"{named} {complaint.reason}"


def _all_or_none(complaint: Complaint) -> str:
    priced = complaint.place[0] == "prices"
    return ": please fill in all three prices, or none" if priced else ""


def _field(model: type[BaseModel], place: tuple[str, ...]) -> dict[str, Any]:
    """Return what the schema says of a field, or of one that is part of it."""
    schema = model.model_json_schema()
    found: dict[str, Any] = schema["properties"].get(place[0], {})
    for step in place[1:]:
        found = _content(found, schema).get("properties", {}).get(step, {})
    return _content(found, schema)


def _content(found: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """Return what a field holds where it is not empty."""
    first: dict[str, Any] = found.get("anyOf", [found])[0]
    name = str(first.get("$ref", "")).rpartition("/")[2]
    return schema["$defs"][name] if name else first


def _allowed(field: dict[str, Any]) -> str:
    """Return what may stand there; empty where the field has neither bounds nor a choice."""
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


def _unit(place: tuple[str, ...]) -> str:
    if place[0].endswith("_seconds"):
        return " seconds"
    return " dollars" if place[0] == "prices" and len(place) > 1 else ""
