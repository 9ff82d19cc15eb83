"""Corruptions of spelling: one English where the other was asked for."""

import re
from collections.abc import Container
from dataclasses import replace
from random import Random
from typing import Any

from lessongen.benchmark.quality.american import (
    AMERICAN,
    ONLY_AMERICAN,
    in_american_spelling,
)
from lessongen.benchmark.quality.corruption import Corruption
from lessongen.benchmark.quality.editing import changed, section_fields, with_texts
from lessongen.lesson.lesson import Lesson

_FEWEST = 3
_IN_AMERICAN = (
    "The colors of the neighborhood are gray and brown.",
    "My favorite theater is in the center of town.",
    "I realized that I had to apologize for my behavior.",
    "We organized a program of humor and music.",
    "They traveled two kilometers to the harbor.",
)
_ANY = ("warmup", "vocabulary", "reading", "comprehension", "discussion", "grammar", "dialogue",
        "wrapup", "pronunciation")  # fmt: skip


def american_words(lesson: Lesson, _: Random) -> Lesson | None:
    """Write what British spelling there is as Americans do, where it is three words or more."""
    american = with_texts(lesson, in_american_spelling)
    return american if _count(lesson, ONLY_AMERICAN) >= _FEWEST else None


def _count(lesson: Lesson, british: Container[str]) -> int:
    found = 0

    def counted(text: str) -> str:
        nonlocal found
        found += sum(word in british for word in re.findall(r"[^\W\d_]+", text.casefold()))
        return text

    with_texts(lesson, counted)
    return found


def american_sentences(lesson: Lesson, rng: Random) -> Lesson | None:
    """Write two sentences with American spelling into a section of a British lesson."""
    section, field = rng.choice([("reading", "paragraphs"), ("discussion", "useful_phrases")])
    texts: list[Any] = section_fields(lesson, section)[field]
    places = rng.sample(range(len(texts)), min(2, len(texts)))
    for place, sentence in zip(places, rng.sample(_IN_AMERICAN, 2), strict=False):
        texts[place] = f"{texts[place]} {sentence}"
    return changed(lesson, section, **{field: texts})


def british_lesson_for_americans(lesson: Lesson, _: Random) -> Lesson | None:
    """Ask for American English and get British, three words or more of it."""
    if _count(lesson, AMERICAN) < _FEWEST:
        return None
    request = lesson.request.model_copy(update={"variant": "American"})
    return replace(lesson, request=request)


SPELLING = (
    Corruption("American words in a British lesson", ("spelling",), _ANY, american_words),
    Corruption("American sentences in British", ("spelling",), _ANY, american_sentences),
    Corruption("British for an American class", ("spelling",), _ANY, british_lesson_for_americans),
)
