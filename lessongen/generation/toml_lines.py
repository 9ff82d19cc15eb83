"""Where a value stands in a TOML file: tomllib reads the values and forgets their lines."""

import re
from collections.abc import Sequence

_HEADER = re.compile(r"\s*\[{1,2}([^\[\]]+)\]{1,2}\s*(?:#.*)?$")
_KEY = re.compile(r"""\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=""")
_STEP = re.compile(r"""[\w-]+|"[^"]*"|'[^']*'""")


def line_of(text: str, place: Sequence[str]) -> int | None:
    """Return the line, from 1, of a value by the names that lead to it.

    Where it has no line of its own, as in an inline table or where it is missing, the line of
    the table around it; None where not even that is found.
    """
    best, depth = None, 0
    table: list[str] = []
    for number, line in enumerate(text.split("\n"), 1):
        if header := _HEADER.match(line):
            table = _steps(header[1])
            path = table
        elif key := _KEY.match(line):
            path = [*table, *_steps(key[1])]
        else:
            continue
        if depth < len(path) <= len(place) and path == list(place[: len(path)]):
            best, depth = number, len(path)
    return best


def _steps(dotted: str) -> list[str]:
    return [step.strip("\"'") for step in _STEP.findall(dotted)]
