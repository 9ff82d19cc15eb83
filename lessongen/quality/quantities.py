"""What a sentence counts, costs or dates: numbers with their unit, weekdays and months."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from lessongen.quality.english import MULTIPLIERS, NUMBERS
from lessongen.quality.numbers import numbers
from lessongen.quality.text import is_function_word, lemmas, plain, words
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
    tokens = words(text)
    place = 0
    for number in numbers(text):
        said = number.words.split()
        while place < len(tokens) and tokens[place] != said[0]:
            place += 1
        place += len(said) + ("and" in tokens[place : place + len(said)])
        for unit in _units(tokens[place : place + _UNIT_WITHIN]):
            yield Quantity(unit, number.value, number.words)


def _units(following: tuple[str, ...]) -> Iterator[str]:
    for place, word in enumerate(following):
        lower = word.casefold()
        if is_function_word(word) or lower in NUMBERS or lower in MULTIPLIERS or lower[0].isdigit():
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
