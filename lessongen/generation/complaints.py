"""What is wrong with a value that somebody typed, in words for whoever typed it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

_NUMBER = "should be a number"
_WHOLE = "should be a whole number"
_SWITCH = "should be true or false"
_TEXT = "should be a text"
_LIST = "should be a list"
_TABLE = "should be a table"
_DAY = "should be a day, like 2026-09-30"
_MISSPELT = "extra_forbidden"
_MISSING = "missing"
# By Pydantic's type of an error, with its details: https://docs.pydantic.dev/latest/errors/validation_errors/
_REASONS: Mapping[str, str] = {
    _MISSPELT: "is nothing that can be set",
    _MISSING: "is missing",
    "greater_than": "should be more than {gt:g}",
    "greater_than_equal": "should be at least {ge:g}",
    "less_than_equal": "should be at most {le:,.0f}",
    "finite_number": _NUMBER,
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_parsing_size": _WHOLE,
    "int_from_float": _WHOLE,
    "bool_type": _SWITCH,
    "bool_parsing": _SWITCH,
    "string_type": _TEXT,
    "string_too_short": "is empty",
    "string_too_long": "should have at most {max_length} characters",
    "literal_error": "should be {expected}",
    "tuple_type": _LIST,
    "dict_type": _TABLE,
    "model_type": _TABLE,
    "date_type": _DAY,
    "date_parsing": _DAY,
    "date_from_datetime_parsing": _DAY,
    "date_from_datetime_inexact": _DAY,
    "value_error": "{error}",
}


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is wrong with one value: the names that lead to it, and the reason.

    The reason is the rest of a sentence that begins with the value's name.
    """

    place: tuple[str, ...]
    reason: str
    missing: bool


def complaints(error: ValidationError) -> list[Complaint]:
    """Return what is wrong with values, names that are misspelt first.

    A name that is misspelt explains why the right one is missing.
    """
    told = sorted(error.errors(include_url=False), key=lambda e: e["type"] != _MISSPELT)
    return [
        Complaint(
            tuple(str(step) for step in each["loc"]),
            _reason(each["type"], each["msg"], each.get("ctx", {})),
            each["type"] == _MISSING,
        )
        for each in told
    ]


def _reason(kind: str, message: str, details: Mapping[str, Any]) -> str:
    """Return the reason in our words; Pydantic's own where it is of a kind we have not met."""
    if kind in _REASONS:
        return _REASONS[kind].format(**details)
    return f"cannot be used: {message}"
