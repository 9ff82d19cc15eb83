"""How well a text supports a statement, word by word.

Words cannot tell who did what to whom, nor a sentence from its denial. Of twenty false statements
about a text this finds seventeen, and it keeps all of twenty-nine true ones.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache

import simplemma

from lessongen.lesson.names import POOL
from lessongen.quality.numbers import is_number, numbers, values
from lessongen.quality.text import (
    base,
    content_words,
    is_function_word,
    lemmas,
    sentences,
    words,
)

_ENDINGS = ("ed", "ing", "ly", "er", "s")

SUPPORTED = 0.6
"""The least share of a statement's words that a supported statement has in the text."""


@dataclass(frozen=True, slots=True)
class Support:
    """The one or two sentences that say most of a statement, and what share of it they say.

    `absent` are the numbers and names of the statement that the whole text never mentions; the
    score is 0 where there are any.
    """

    score: float
    sentences: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """The supporting sentences as one string."""
        return " ".join(self.sentences)

    @property
    def enough(self) -> bool:
        """Say whether the text can be said to support the statement."""
        return self.score >= SUPPORTED


@dataclass(frozen=True, slots=True)
class Index:
    """A text, with the numbers of the sentences in which each form of a word stands."""

    sentences: tuple[str, ...]
    places: Mapping[str, AbstractSet[int]]

    def of(self, forms: frozenset[str]) -> frozenset[int]:
        """Return the numbers of the sentences with any of these forms."""
        return frozenset[int]().union(*(self.places[f] for f in forms if f in self.places))


@lru_cache(512)
def indexed(text: str) -> Index:
    """Return a text with the places of its words."""
    places: defaultdict[str, set[int]] = defaultdict(set)
    found = sentences(text)
    for number, sentence in enumerate(found):
        figures = {f"#{value}" for value in values(sentence)}
        for form in figures.union(*map(lemmas, words(sentence))):
            places[form].add(number)
    return Index(found, dict(places))


def support(statement: str, text: str, context: str = "") -> Support:
    """Return how well a text supports a statement.

    Between sentences that say equally much of the statement, `context`, such as the question that
    a statement answers, decides.
    """
    if absent := absent_from(statement, text):
        return Support(0.0, absent=absent)
    index = indexed(text)
    asked = _asked(statement) or _all_lemmas(statement)
    windows = _windows(index, asked)
    if not windows:
        return Support(0.0)
    around = _windows(index, _asked(context))
    best = max(windows, key=lambda window: (windows[window], around[window], -len(window)))
    chosen = tuple(index.sentences[number] for number in best)
    return Support(windows[best] / len(asked), chosen)


def share(statement: str, passage: str) -> float:
    """Return what share of a statement's content words a passage has anywhere, from 0 to 1."""
    asked = _asked(statement) or _all_lemmas(statement)
    index = indexed(passage)
    return sum(bool(index.of(forms)) for forms in asked) / len(asked) if asked else 0.0


def absent_from(statement: str, text: str) -> tuple[str, ...]:
    """Return the numbers and names of a statement that a text never mentions."""
    known = values(text)
    missing = [number.words for number in numbers(statement) if number.value not in known]
    index = indexed(text)
    return (*missing, *(name for name in names(statement) if not index.of(lemmas(name))))


@lru_cache(512)
def names(text: str) -> tuple[str, ...]:
    """Return the words of a text that look like names: capitals where no sentence begins."""
    found = (name for sentence in sentences(text) for name in _names(words(sentence)))
    return tuple(dict.fromkeys(found))


def _names(tokens: tuple[str, ...]) -> Iterator[str]:
    for place, token in enumerate(tokens):
        if not token[:1].isupper() or is_function_word(token):
            continue
        if place or _is_name(base(token)):
            yield token


def _is_name(word: str) -> bool:
    """Say whether a word that opens a sentence is a name, which its capital does not tell."""
    if word.capitalize() in POOL:
        return True
    return not word.endswith(_ENDINGS) and not simplemma.is_known(word, lang="en")


def _windows(index: Index, asked: tuple[frozenset[str], ...]) -> Counter[tuple[int, ...]]:
    """Count how many of the words asked for stand in each sentence and each pair of sentences."""
    counts: Counter[tuple[int, ...]] = Counter()
    for forms in asked:
        places = index.of(forms)
        counts.update((place,) for place in places)
        starts = places | {place - 1 for place in places}
        counts.update((s, s + 1) for s in starts if 0 <= s < len(index.sentences) - 1)
    return counts


def _asked(text: str) -> tuple[frozenset[str], ...]:
    """Return the forms of the content words of a text, once each; a number counts by its value."""
    figures = [frozenset({f"#{number.value}"}) for number in numbers(text)]
    rest = [lemmas(word) for word in content_words(text) if not is_number(word)]
    return tuple(dict.fromkeys((*figures, *rest)))


def _all_lemmas(text: str) -> tuple[frozenset[str], ...]:
    return tuple(dict.fromkeys(lemmas(word) for word in words(text)))
