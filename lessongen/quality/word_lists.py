"""Lists of words, as the code and the data files of this package write them."""

from collections.abc import Iterator
from importlib.resources import files


def listed(text: str) -> frozenset[str]:
    """Return the words of a text as a set."""
    return frozenset(text.split())


def lines_of(name: str) -> Iterator[str]:
    """Yield the lines of a data file of this package without its comments."""
    source = files("lessongen.quality").joinpath(name).read_text("utf-8")
    yield from (line for line in source.splitlines() if line and not line.startswith("#"))
