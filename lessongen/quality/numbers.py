"""Numbers in a text, in figures or in words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from lessongen.quality.english import MULTIPLIERS, NUMBERS, ORDINALS
from lessongen.quality.text import words

_FIGURES = re.compile(r"\d+(?:[.,:]\d+)*")
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_DECIMAL = re.compile(r"\d+(?:\.\d+)?")
_LONGEST_FIGURE = 18
_HUNDRED = 100
_CLOCK = re.compile(r"\b(half past|quarter past|quarter to) (\w+)", re.IGNORECASE)
_MINUTES = {"half past": "30", "quarter past": "15", "quarter to": "45"}
_HOURS = re.compile(r"\b(\d{1,2})[:.](?:15|30|45)\b")
_NUMBER_WORDS = NUMBERS | MULTIPLIERS


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it stands in a text, and its value: “1,300” and “thirteen hundred” share one."""

    words: str
    value: str


@lru_cache(4096)
def numbers(text: str) -> tuple[Number, ...]:
    """Return the numbers of a text, in order.

    “one” alone is left out: it is more often a pronoun. Ordinals (“first”) are no numbers here.
    """
    tokens = words(text)
    return tuple(_found(tokens)) if any(map(is_number, tokens)) else ()


@lru_cache(4096)
def values(text: str) -> frozenset[str]:
    """Return every value a text can be said to hold: of “two hundred”, 2 and 100 also.

    Of “half past seven”, 7:30 also, and of 7:30 the hours that it is said with.
    """
    parts = _NUMBER_WORDS.keys() & {word.casefold() for word in words(text)}
    whole = (number.value for number in numbers(text))
    return frozenset((*whole, *(str(_NUMBER_WORDS[part]) for part in parts), *_times(text)))


def _times(text: str) -> Iterator[str]:
    for told, hour in _CLOCK.findall(text):
        if (value := next((n.value for n in numbers(hour)), "")).isdigit():
            before = told.casefold().endswith("to")
            yield f"{int(value) - before}:{_MINUTES[told.casefold()]}"
    for hour in _HOURS.findall(text):
        yield from (hour, str(int(hour) + 1))


@lru_cache(16_384)
def is_number(word: str) -> bool:
    """Say whether a word is a number or part of one."""
    return word.casefold() in _NUMBER_WORDS or (
        word[:1].isdigit() and bool(_FIGURES.fullmatch(word))
    )


def _found(tokens: tuple[str, ...]) -> Iterator[Number]:
    spelled: list[str] = []
    for token in (*tokens, ""):
        lower = token.casefold()
        if lower == "and" and spelled:
            continue  # two hundred and fifty
        if spelled and not _continues(spelled[-1].casefold(), lower):
            yield from _spelled(spelled, lower)
            spelled = []
        if _FIGURES.fullmatch(token):
            yield Number(token, _value(token))
        elif is_number(token):
            spelled.append(token)


def _continues(last: str, token: str) -> bool:
    """Say whether a word goes on with a number: three after twenty, not three after two."""
    if token in MULTIPLIERS:
        return True
    if token not in NUMBERS:
        return False
    return last in MULTIPLIERS or NUMBERS[token] < 10 <= NUMBERS[last] - 10  # noqa: PLR2004


def _spelled(tokens: list[str], following: str) -> Iterator[Number]:
    is_pronoun = [token.casefold() for token in tokens] == ["one"]
    if not is_pronoun and following not in ORDINALS:
        yield Number(" ".join(tokens), str(_sum(tokens)))


def _sum(tokens: list[str]) -> int:
    total = group = 0
    for token in map(str.casefold, tokens):
        if token in NUMBERS:
            group += NUMBERS[token]
        elif MULTIPLIERS[token] == _HUNDRED:
            group = (group or 1) * _HUNDRED
        else:
            total, group = total + (group or 1) * MULTIPLIERS[token], 0
    return total + group


def _value(figures: str) -> str:
    plain = figures.replace(",", "") if _GROUPED.fullmatch(figures) else figures
    if len(plain) > _LONGEST_FIGURE or not _DECIMAL.fullmatch(plain):
        return figures  # a time, such as 5:30
    return f"{Decimal(plain).normalize():f}"
