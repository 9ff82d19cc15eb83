"""Writes TOML: the standard library only reads it, and a strategy needs few of its forms."""

import re
from collections.abc import Mapping, Sequence
from datetime import date

TomlValue = str | bool | int | float | date | Sequence["TomlValue"] | Mapping[str, "TomlValue"]

_BARE = re.compile(r"[A-Za-z0-9_-]+")
# What a string may not hold as it is: quotes, backslashes and control characters.
_SPECIAL = re.compile(r'["\\\x00-\x1f\x7f]')
_SHORT = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_LONG = 10_000  # from here on, the digits of a number are written in groups
_MOST_EXACT = 1e15  # below it a float without a fraction is the same number as an int


def toml_table(path: Sequence[str], values: Mapping[str, TomlValue]) -> str:
    """Return a table with its header, a line for each value."""
    header = f"[{'.'.join(map(toml_key, path))}]"
    return "\n".join([header, *toml_lines(values)])


def toml_lines(values: Mapping[str, TomlValue]) -> list[str]:
    """Return a line for each value."""
    return [f"{toml_key(key)} = {toml_value(value)}" for key, value in values.items()]


def toml_key(key: str) -> str:
    """Return a name as it stands before an equals sign or in a header."""
    return key if _BARE.fullmatch(key) else _string(key)


def toml_value(value: TomlValue) -> str:
    """Return a value on one line."""
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return _string(value)
        case float() if value.is_integer() and abs(value) < _MOST_EXACT:
            return _whole(int(value))
        case float():
            return repr(value)
        case int():
            return _whole(value)
        case date():
            return value.isoformat()
        case Mapping():
            return f"{{ {', '.join(toml_lines(value))} }}"
        case _:
            return f"[{', '.join(map(toml_value, value))}]"


def _whole(number: int) -> str:
    return f"{number:_}" if abs(number) >= _LONG else str(number)


def _string(text: str) -> str:
    return f'"{_SPECIAL.sub(_escaped, text)}"'


def _escaped(found: re.Match[str]) -> str:
    return _SHORT.get(found[0]) or f"\\u{ord(found[0]):04x}"
