"""Minimal instances: the smallest JSON value that a response schema accepts."""

from typing import Any, cast

_DEEPEST = 20
_PLAIN: dict[str, Any] = {"string": "sample", "boolean": True, "null": None}


def minimal_instance(schema: dict[str, Any]) -> Any:
    """Return the least a JSON or OpenAPI schema accepts: required fields, fewest items."""
    return _instance(schema, schema, 0)


def _instance(schema: dict[str, Any], root: dict[str, Any], depth: int) -> Any:
    if depth > _DEEPEST:
        return None
    if reference := schema.get("$ref"):
        return _instance(_resolved(reference, root), root, depth + 1)
    if choices := schema.get("enum"):
        return choices[0]
    for union in ("anyOf", "any_of", "oneOf", "one_of"):
        if options := schema.get(union):
            return _instance(options[0], root, depth + 1)
    match _type(schema):
        case "object":
            return _object(schema, root, depth)
        case "array":
            return _array(schema, root, depth)
        case "integer" | "number":
            return schema.get("minimum", min(1, schema.get("maximum", 1)))
        case plain:
            return _PLAIN.get(plain)


def _type(schema: dict[str, Any]) -> str:
    """Return the type in JSON Schema's spelling; `response_schema` sends it in capitals."""
    named: Any = schema.get("type", "object" if "properties" in schema else "string")
    return str(cast("list[Any]", named)[0] if isinstance(named, list) else named).lower()


def _resolved(reference: str, root: dict[str, Any]) -> dict[str, Any]:
    found: Any = root
    for step in reference.removeprefix("#").strip("/").split("/"):
        found = found.get(step, {}) if step else found
    return found


def _object(schema: dict[str, Any], root: dict[str, Any], depth: int) -> dict[str, Any]:
    properties: dict[str, Any] = schema.get("properties", {})
    names: list[str] = schema.get("required", list(properties))
    return {
        name: _instance(properties[name], root, depth + 1) for name in names if name in properties
    }


def _array(schema: dict[str, Any], root: dict[str, Any], depth: int) -> list[Any]:
    first: list[dict[str, Any]] = schema.get("prefixItems", schema.get("prefix_items", []))
    least = int(schema.get("minItems", schema.get("min_items", 0)))
    items = [*first, *[schema.get("items") or {}] * max(0, least - len(first))]
    return [_instance(item, root, depth + 1) for item in items]
