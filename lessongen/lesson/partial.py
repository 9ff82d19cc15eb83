"""Content that is still being written: the part that has arrived, as a drawable value."""

import types
from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeVar, Union, cast, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import from_json

ModelT = TypeVar("ModelT", bound=BaseModel)


def arrived(text: str) -> dict[str, Any]:
    """Return the fields that a growing JSON object holds so far; nothing where it is not JSON."""
    start = text.find("{")
    if start < 0:
        return {}
    try:
        # Bytes, because half a surrogate pair is a text that from_json does not take.
        growing = text[start:].encode(errors="replace")
        value = from_json(growing, allow_partial="trailing-strings")
    except ValueError:
        return {}
    return _mapping(value)


def completed(model: type[ModelT], fields: Mapping[str, Any]) -> ModelT:
    """Fill what has not arrived with empty values; nothing is validated, only shaped.

    The result is for drawing. It may break the model's bounds and is never stored.
    """
    values = {
        name: _shaped(field.annotation, fields.get(name))
        for name, field in model.model_fields.items()
    }
    return model.model_construct(**values)


def _shaped(annotation: Any, value: Any) -> Any:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _shaped(arguments[0], value)
    if origin in {list, tuple}:
        items = cast("list[Any]", value) if isinstance(value, list) else []
        return [_shaped(arguments[0], item) for item in items]
    if origin is Literal:
        return value if value in arguments else ""
    if origin in {Union, types.UnionType}:
        return _shaped(arguments[0], value)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return completed(annotation, _mapping(value))
    if annotation is int:
        return value if isinstance(value, int) else 0
    return value if isinstance(value, str) else ""


def _mapping(value: Any) -> dict[str, Any]:
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}
