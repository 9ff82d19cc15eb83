"""What a sentence counts, costs or dates: numbers with their unit, weekdays and months."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from lessongen.quality.english import MULTIPLIERS, NUMBERS
from lessongen.quality.numbers import numbers
from lessongen.quality.text import is_function_word, lemmas, plain, sentences, words
from lessongen.quality.word_lists import listed

_DAYS = listed("monday tuesday wednesday thursday friday saturday sunday")
# “may” is more often a verb.
_BEFORE_MAY = listed("in In since Since until by By last Last next early late")
_MONTHS = listed(
    "january february march april june july august september october november december"
)
DATES = frozenset({"weekday", "month"})
_SIGNS = {"£": "pound", "$": "dollar", "€": "euro", "¥": "yen", "₹": "rupee", "%": "percent"}
_PRICE = re.compile(r"([£$€¥₹])\s?(\d[\d.,]*)|(\d[\d.,]*)\s?([€%])")
_UNIT_WITHIN = 3
_APART = listed("before after later ago earlier")
# “instead of nineteen”, “to three”, “rather than nineteen”; “from 58 to 21 days”
_AS_BEFORE = listed("of to from than only just not")
_RANGES, _AS_AFTER = listed("from between"), listed("to and")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A value of a kind: 200 of “rand”, Monday of “weekday”; `words` is how the text says it."""

    kind: str
    value: str
    words: str


@lru_cache(4096)
def quantities(text: str) -> tuple[Quantity, ...]:
    """Return every number with the noun it counts, every weekday and month of a text."""
    text = plain(text)
    return tuple(dict.fromkeys((*_priced(text), *_dated(text), *_counted(text))))


def _priced(text: str) -> Iterator[Quantity]:
    for before, amount, other, after in _PRICE.findall(text):
        figure = (amount or other).rstrip(".,")
        value = next((number.value for number in numbers(figure)), figure)
        yield Quantity(_SIGNS[before or after], value, figure)


def _dated(text: str) -> Iterator[Quantity]:
    for before, word in pairwise(("", *words(text))):
        if not word[0].isupper():
            continue
        lower = word.casefold().removesuffix("'s").removesuffix("s")
        if lower in _DAYS:
            yield Quantity("weekday", lower, word)
        elif _is_month(lower, before):
            yield Quantity("month", lower, word)


def _is_month(word: str, before: str) -> bool:
    return word in _MONTHS or (word == "may" and before in _BEFORE_MAY)


def _counted(text: str) -> Iterator[Quantity]:
    """Yield numbers with the first content words that follow them: twelve lamps, 20 rand."""
    for number in _numbers_in_place(text):
        for unit in number.units:
            yield Quantity(unit, number.value, number.words)


@dataclass(frozen=True, slots=True)
class _Numbered:
    """A number with the words that it counts, and the words right before and after it."""

    words: str
    value: str
    units: tuple[str, ...]
    before: str
    after: str


def _numbers_in_place(text: str) -> Iterator[_Numbered]:
    tokens = words(text)
    place = 0
    for number in numbers(text):
        said = number.words.split()
        while place < len(tokens) and tokens[place] != said[0]:
            place += 1
        before = tokens[place - 1].casefold() if place else ""
        place += len(said) + ("and" in tokens[place : place + len(said)])
        following = tokens[place : place + _UNIT_WITHIN]
        after = following[0].casefold() if following else ""
        yield _Numbered(number.words, number.value, tuple(_units(following)), before, after)


@lru_cache(4096)
def elliptical(text: str) -> tuple[Quantity, ...]:
    """Return the numbers of a text without a noun, each with the noun of the number beside it.

    “In three days instead of nineteen” counts nineteen days, as does “from nineteen to 21 days”.
    """
    found = (quantity for sentence in sentences(text) for quantity in _elliptical(sentence))
    return tuple(dict.fromkeys(found))


def _elliptical(sentence: str) -> Iterator[Quantity]:
    for left, right in pairwise(_numbers_in_place(plain(sentence))):
        if not right.units and right.before in _AS_BEFORE:
            units, number = left.units, right
        elif not left.units and left.before in _RANGES and left.after in _AS_AFTER:
            units, number = right.units, left
        else:
            continue
        yield from (Quantity(unit, number.value, number.words) for unit in units)


def _units(following: tuple[str, ...]) -> Iterator[str]:
    for place, word in enumerate(following):
        lower = word.casefold()
        if is_function_word(word) or lower in NUMBERS or lower in MULTIPLIERS or lower[0].isdigit():
            return
        if lower == "instead":
            return
        apart = following[place + 1 : place + 2]
        if apart and apart[0] in _APART:
            yield f"{lower} {apart[0]}"  # four days before: not the days that something took
            return
        yield from lemmas(word) - {lower} or {lower}


@lru_cache(4096)
def classes(text: str) -> Mapping[str, frozenset[str]]:
    """Return the values of a text by class: numbers, weekdays and months."""
    found = {"number": {number.value for number in numbers(text)}}
    for quantity in _dated(text):
        found.setdefault(quantity.kind, set()).add(quantity.value)
    return {kind: frozenset(values) for kind, values in found.items() if values}


def classes_of(texts: Iterable[str]) -> dict[str, frozenset[str]]:
    """Return the values of several texts by class."""
    found: dict[str, frozenset[str]] = {}
    for text in texts:
        for kind, values in classes(text).items():
            found[kind] = found.get(kind, frozenset()) | values
    return found
