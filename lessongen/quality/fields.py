"""The texts of a section, one by one, whatever its shape."""

from collections.abc import Iterator
from typing import cast

from pydantic import BaseModel

_CHOSEN = frozenset({"interaction", "skill", "kind", "focus"})
"""Fields with a value of a list; no text."""
_LEFT_OUT = _CHOSEN | {"ipa", "stress"}  # these are looked up


def texts(content: BaseModel) -> Iterator[str]:
    """Yield every text a model wrote, in the order of the fields; not what was looked up."""
    found: list[str] = []
    _collect(content, found)
    return iter(found)


def _collect(value: object, found: list[str]) -> None:
    if isinstance(value, str):
        found.append(value)
    elif isinstance(value, BaseModel):
        for name, part in vars(value).items():
            if name not in _LEFT_OUT:
                _collect(part, found)
    elif isinstance(value, list):
        for item in cast("list[object]", value):
            _collect(item, found)
