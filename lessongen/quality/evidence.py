"""Where in a text a statement is proved: quotations found again, and words that explain words."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz

from lessongen.lesson.lesson import Lesson
from lessongen.lesson.sections.reading import Reading
from lessongen.lesson.sections.vocabulary import Vocabulary
from lessongen.quality.parts import section_of
from lessongen.quality.support import indexed, support
from lessongen.quality.target_words import uses
from lessongen.quality.text import plain, sentences, words

_SAME_SIGNS = str.maketrans("“”„«»\n\t\u00a0", '"""""   ')
_ALIKE, _SHARED = 85, 0.75
"""A quotation is found where so many letters (of 100) or such a share of its words agree."""


@dataclass(frozen=True, slots=True)
class Span:
    """A sentence's place in its text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Meaning:
    """A word of the lesson and what it means, in words that questions may use instead."""

    word: str
    meaning: str


def located(quotation: str, text: str) -> str:
    """Return the sentences that a quotation is from, as they stand in the text; "" if not there.

    A fact told in other words counts as quoted where most of its words stand together.
    """
    if not words(quotation):
        return ""
    if stands_in(quotation, text):
        start = _even(text).index(_even(quotation).strip())
        return _around(text, start, start + len(quotation.strip()))
    found = [_near(part, text) for part in sentences(quotation)]
    told = [sentence for sentence in found if sentence]
    return " ".join(dict.fromkeys(told)) if 2 * len(told) > len(found) else ""


def stands_in(quotation: str, text: str) -> bool:
    """Say whether a text has a quotation word for word, whatever its quotation marks."""
    return _even(quotation).strip() in _even(text)


def with_neighbours(passage: str, text: str) -> str:
    """Return a passage of a text with the sentence before it and the one after it."""
    all_of_it = indexed(text).sentences
    inside = [place for place, sentence in enumerate(all_of_it) if sentence in passage]
    if not inside:
        return passage
    return " ".join(all_of_it[max(0, inside[0] - 1) : inside[-1] + 2])


def explained(passage: str, meanings: tuple[Meaning, ...]) -> str:
    """Return a passage followed by what its hard words mean."""
    known = (entry.meaning for entry in meanings if uses(passage, entry.word))
    return "\n".join((passage, *known))


def meanings_of(lesson: Lesson) -> tuple[Meaning, ...]:
    """Return every word that the lesson explains."""
    return tuple(entry for entry in _meanings(lesson) if entry.word and entry.meaning)


def _meanings(lesson: Lesson) -> Iterator[Meaning]:
    yield from (Meaning(target.word, target.meaning) for target in lesson.brief.target_words)
    if reading := section_of(lesson, Reading):
        yield from (Meaning(gloss.word, gloss.meaning) for gloss in reading.glosses)
    if vocabulary := section_of(lesson, Vocabulary):
        yield from (Meaning(entry.word, entry.definition) for entry in vocabulary.entries)


@lru_cache(256)
def _even(text: str) -> str:
    """Return text of the same length with one kind of quotation mark, apostrophe and space."""
    return plain(text).translate(_SAME_SIGNS)


@lru_cache(64)
def _spans(text: str) -> tuple[Span, ...]:
    spans: list[Span] = []
    end = 0
    for sentence in indexed(text).sentences:
        start = text.index(sentence, end)
        end = start + len(sentence)
        spans.append(Span(start, end))
    return tuple(spans)


def _around(text: str, start: int, end: int) -> str:
    """Return the whole sentences that a stretch of text touches."""
    touched = [span for span in _spans(text) if span.start < end and start < span.end]
    if not touched:
        return ""
    return text[touched[0].start : touched[-1].end].replace("\n", " ")


def _near(sentence: str, text: str) -> str:
    found = support(sentence, text)
    alike = fuzz.partial_ratio(_even(sentence).lower(), _even(found.sentence).lower())
    return found.sentence if found.score >= _SHARED or alike >= _ALIKE else ""
