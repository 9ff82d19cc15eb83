"""The texts of a section, one by one, whatever its shape."""

from collections.abc import Iterator
from typing import cast

from pydantic import BaseModel

_CHOSEN = frozenset({"interaction", "skill", "kind", "focus"})
"""Fields with a value of a list; no text."""
_LOOKED_UP = frozenset({"ipa", "stress"})


def texts(content: BaseModel) -> Iterator[str]:
    """Yield every text a model wrote, in the order of the fields; not what was looked up."""
    for name, value in content:
        if name not in _CHOSEN and name not in _LOOKED_UP:
            yield from _texts(value)


def _texts(value: object) -> Iterator[str]:
    match value:
        case str():
            yield value
        case BaseModel():
            yield from texts(value)
        case list():
            for item in cast("list[object]", value):
                yield from _texts(item)
        case _:
            pass
