import tomllib
from datetime import date
from typing import Any, cast

from hypothesis import given
from hypothesis import strategies as st

from lessongen.generation.toml_text import TomlValue, toml_key, toml_table, toml_value

TEXTS = st.text(st.characters(exclude_categories=("Cs",)))  # half a character has no UTF-8
VALUES: st.SearchStrategy[TomlValue] = st.recursive(
    TEXTS | st.booleans() | st.integers(-(10**18), 10**18) | st.dates() | st.floats(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)


@given(TEXTS)
def test_every_text_comes_back_as_it_was(text: str):
    assert tomllib.loads(f"x = {toml_value(text)}") == {"x": text}
    assert tomllib.loads(f"{toml_key(text)} = 1") == {text: 1}


@given(st.dictionaries(TEXTS, VALUES, max_size=4), st.lists(TEXTS, min_size=1, max_size=3))
def test_every_value_comes_back_as_it_was(values: dict[str, TomlValue], path: list[str]):
    read = tomllib.loads(toml_table(path, values))
    for step in path:
        read = read[step]

    assert repr(whole(read)) == repr(whole(values))


def whole(value: Any) -> Any:
    """Return a value with floats for ints: a float without a fraction may be written as an int."""
    if isinstance(value, dict):
        inner = cast("dict[str, Any]", value)
        return {key: whole(each) for key, each in inner.items()}
    if isinstance(value, list):
        return [whole(each) for each in cast("list[Any]", value)]
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) + 0.0 if number else value  # there is no -0


def test_what_people_read_is_written_as_people_write():
    values: dict[str, TomlValue] = {
        "model": "gemini-3.8-flash",
        "enabled": True,
        "seconds": 20.0,
        "share": 0.075,
        "tokens": 1_000_000,
        "requests": 9999,
        "fallbacks": ["primary", "spare"],
        "gemini-2.0": {"ends": date(2026, 6, 1)},
        "note": 'a "quote", a \\ and\na line',
    }

    assert toml_table(["slots", "primary"], values).splitlines() == [
        "[slots.primary]",
        'model = "gemini-3.8-flash"',
        "enabled = true",
        "seconds = 20",
        "share = 0.075",
        "tokens = 1_000_000",
        "requests = 9999",
        'fallbacks = ["primary", "spare"]',
        '"gemini-2.0" = { ends = 2026-06-01 }',
        'note = "a \\"quote\\", a \\\\ and\\na line"',
    ]
