"""JSON schemas in the subset of keywords that Gemini documents for structured output.

Length bounds and defaults are not in that subset; Pydantic enforces them on the answer instead.
"""

from typing import Any, cast

from pydantic import BaseModel

# Source: google-genai 3.4, types.GenerateContentConfig.response_json_schema.
_SUPPORTED = {
    "$id", "$defs", "$ref", "$anchor", "type", "format", "title", "description", "enum",
    "items", "prefixItems", "minItems", "maxItems", "minimum", "maximum", "anyOf", "oneOf",
    "properties", "additionalProperties", "required", "propertyOrdering",
}  # fmt: skip
_BY_NAME = {"$defs", "properties"}


def json_schema(model: type[BaseModel]) -> dict[str, Any]:
    """Return the schema a model server is asked to follow; fields are asked for in order."""
    return _kept(model.model_json_schema())


def _kept(schema: dict[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for key, value in schema.items():
        if key in _BY_NAME:
            kept[key] = {name: _kept(part) for name, part in value.items()}
        elif key in _SUPPORTED:
            kept[key] = _kept_value(value)
    return kept


def _kept_value(value: Any) -> Any:
    if isinstance(value, dict):
        return _kept(cast("dict[str, Any]", value))
    if isinstance(value, list):
        return [_kept_value(item) for item in cast("list[Any]", value)]
    return value
