"""What the cells of an edited table hold, whatever an editor has put into them."""

from collections.abc import Sequence
from typing import cast


def held(cell: object) -> object:
    """Return what a cell holds, None where it is empty.

    Numbers and lists of other libraries become Python's, texts lose the spaces around them.
    """
    convert = getattr(cell, "tolist", None)
    if callable(convert):
        cell = convert()
    if isinstance(cell, str):
        return cell.strip() or None
    return None if _stands_for_none(cell) else cell


def listed(cell: object) -> object:
    """Return the names in a cell, or what else it holds; a text has commas between names."""
    content = held(cell)
    if isinstance(content, str):
        content = content.split(",")
    if isinstance(content, list | tuple):
        names = map(held, cast("Sequence[object]", content))
        return tuple(name for name in names if name is not None)
    return () if content is None else content


def _stands_for_none(cell: object) -> bool:
    """Say whether a value is one of those that tables have where nothing is: they equal nothing."""
    try:
        return bool(cell != cell)  # noqa: PLR0124 - that is what tells them
    except TypeError:
        return True
