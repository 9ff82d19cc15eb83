"""Corruptions of the reading: facts that are not told, words that are not used, other levels."""

import re
from collections.abc import Iterator, Sequence
from random import Random
from typing import Any, cast

import simplemma

from lessongen.benchmark.quality.corruption import Corrupt, Corruption
from lessongen.benchmark.quality.editing import (
    changed,
    paragraphs,
    reading_sentences,
    section_fields,
    with_sentence,
    word_pattern,
)
from lessongen.benchmark.quality.specimens import Specimen
from lessongen.lesson.lesson import Lesson
from lessongen.lesson.levels import Level
from lessongen.lesson.names import first_name

_STEM = 5
_SHORTEST_WORD = 4
_FEWEST_OWN_WORDS = 3
_TOLD_FROM = 1 / 3
"""A sentence with so many of a fact's own words tells it, or part of it."""

_VAGUE = {"noun": "thing", "verb": "do", "adjective": "nice", "adverb": "so"}
_LEVELS = tuple(Level)


def removed_fact(lesson: Lesson, rng: Random) -> Lesson | None:
    """Take every sentence out of the reading that tells one of the key facts."""
    fact = rng.choice(lesson.brief.key_facts)
    own = _own_stems(fact, lesson)
    if len(own) < _FEWEST_OWN_WORDS:
        return None
    told = [s for s in reading_sentences(lesson) if len(own & _stems(s)) >= _TOLD_FROM * len(own)]
    return _without(lesson, told)


def _own_stems(fact: str, lesson: Lesson) -> set[str]:
    """Return what a fact says and no other fact does, as far as the reading says it too."""
    others = set[str]().union(*(_stems(f) for f in lesson.brief.key_facts if f != fact))
    return (_stems(fact) - others) & _stems(" ".join(paragraphs(lesson)))


def _stems(text: str) -> set[str]:
    return {word[:_STEM] for word in re.findall(rf"[^\W_]{{{_SHORTEST_WORD},}}", text.casefold())}


def _without(lesson: Lesson, told: Sequence[str]) -> Lesson | None:
    shorter: Lesson | None = None
    for sentence in told:
        shorter = with_sentence(shorter or lesson, sentence, "")
        if shorter is None:
            return None
    return shorter


def missing_target_word(lesson: Lesson, rng: Random) -> Lesson | None:
    """Write a vague word wherever the reading uses a target word of one word."""
    target = rng.choice(lesson.brief.target_words)
    vague = _VAGUE.get(target.part_of_speech, "")
    if not vague or not re.fullmatch(r"\w+", target.word):
        return None
    word = target.word

    def replaced(found: re.Match[str]) -> str:
        return vague if _is_form(found[0], word) else found[0]

    texts = [re.sub(r"[^\W\d_]+", replaced, text) for text in paragraphs(lesson)]
    return None if texts == paragraphs(lesson) else changed(lesson, "reading", paragraphs=texts)


def _is_form(token: str, word: str) -> bool:
    lower, word = token.casefold(), word.casefold()
    stem = word.removesuffix("e").removesuffix("y")
    return simplemma.lemmatize(lower, lang="en") == word or (
        len(stem) >= _SHORTEST_WORD and lower.startswith(stem) and len(lower) <= len(word) + 4
    )


def parted_phrase(lesson: Lesson, rng: Random) -> Lesson | None:
    """Take the particle from a phrasal verb wherever the reading uses it: set, not set up."""
    phrases = [t.word for t in lesson.brief.target_words if t.part_of_speech == "phrasal verb"]
    if not phrases:
        return None
    verb, *rest = rng.choice(phrases).split()
    particles = "|".join(map(re.escape, rest))
    texts: list[str] = []
    for text in paragraphs(lesson):
        edited = text
        for found in re.finditer(r"[^\W\d_]+", text):
            if _is_form(found[0], verb):
                after = text[found.end() : found.end() + 40]
                kept = re.sub(rf"\s(?:{particles})(?!\w)", "", after)
                edited = edited.replace(found[0] + after, found[0] + kept)
        texts.append(edited)
    return None if texts == paragraphs(lesson) else changed(lesson, "reading", paragraphs=texts)


def missing_marker(lesson: Lesson, _: Random) -> Lesson | None:
    """Take the sentence that shows the grammar target out of the reading."""
    return _marker_replaced(lesson, "")


def reworded_marker(lesson: Lesson, rng: Random) -> Lesson | None:
    """Write another sentence in the place of the one that shows the grammar target."""
    others = ("It was a day like any other.", "Nobody said a word.", "There was a lot to do.")
    return _marker_replaced(lesson, rng.choice(others))


def _marker_replaced(lesson: Lesson, new: str) -> Lesson | None:
    marker = lesson.brief.grammar_target.marker.strip()
    return with_sentence(lesson, marker, new) if marker else None


def of_other_levels(specimens: Sequence[Specimen]) -> Iterator[Corruption]:
    """Yield, for each distance of two levels or more, texts of lessons so far off."""
    for section, field in (("reading", "paragraphs"), ("dialogue", "turns")):
        for target in Level:
            if any(_distance(specimen, target) >= 2 for specimen in specimens):  # noqa: PLR2004
                name = f"{section} of another level, {target}"
                corrupt = _of_level(specimens, target, section, field)
                yield Corruption(name, ("level",), (section,), corrupt)


def _of_level(specimens: Sequence[Specimen], target: Level, section: str, field: str) -> Corrupt:
    """Return a corruption that brings a text of the target level where that is two levels off."""
    donors = [s.lesson for s in specimens if target in s.levels]

    def corrupt(lesson: Lesson, rng: Random) -> Lesson | None:
        own = next(s for s in specimens if s.lesson.request == lesson.request)
        if not donors or _distance(own, target) < 2:  # noqa: PLR2004 - two levels off
            return None
        donor = rng.choice(donors)
        text = section_fields(donor, section)[field]
        return changed(lesson, section, **{field: _renamed(text, donor, lesson)})

    return corrupt


def _distance(specimen: Specimen, level: Level) -> int:
    return min(abs(_LEVELS.index(own) - _LEVELS.index(level)) for own in specimen.levels)


def _renamed(texts: list[object], donor: Lesson, lesson: Lesson) -> list[object]:
    """Give the people of the borrowed text the names of this lesson's people."""
    old = [first_name(person.name) for person in donor.brief.cast]
    new = [first_name(person.name) for person in lesson.brief.cast]
    names = dict(zip(old, new, strict=False))

    def renamed(text: str) -> str:
        for one, other in names.items():
            text = word_pattern(one).sub(other, text)
        return text

    def told(item: object) -> object:  # a paragraph, or a turn of a dialogue as its fields
        if isinstance(item, str):
            return renamed(item)
        return {k: renamed(v) for k, v in cast("dict[str, str]", dict(cast("Any", item))).items()}

    return [told(item) for item in texts]


TEXTS = (
    Corruption("key fact not told", ("facts",), ("reading",), removed_fact, draws=3),
    Corruption("target word not used", ("words",), ("reading",), missing_target_word, draws=2),
    Corruption("particle left out", ("words",), ("reading",), parted_phrase),
    Corruption("marker sentence missing", ("grammar",), ("reading",), missing_marker),
    Corruption("marker sentence reworded", ("grammar",), ("reading",), reworded_marker),
)
