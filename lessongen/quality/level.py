"""Check `level`: the texts of a lesson read like the level that was asked for.

The estimate was fitted on 1,305 texts labelled A1 to C2 (AMontgomerie's set without
OneStopEnglish): 58 % exact and 98 % within one level in five-fold cross-validation, where a
tolerance of 1.25 raises 5 % false alarms and catches 84 % of texts two levels off.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from math import log

from cefrpy import CEFRAnalyzer

from lessongen.lesson.lesson import Lesson
from lessongen.lesson.levels import Level
from lessongen.lesson.sections.dialogue import Dialogue
from lessongen.lesson.sections.reading import Reading
from lessongen.quality.findings import Finding
from lessongen.quality.numbers import is_number
from lessongen.quality.parts import quoted, section_of, text_of
from lessongen.quality.support import names
from lessongen.quality.text import base, content_words, lemmas, sentences, words

TOLERANCE = 1.25
FEWEST_WORDS = 50
"""A shorter text says too little: one in eight of 25 words is estimated two levels off."""

_LEVELS = tuple(Level)
_HARDER = 2
_SHORTEST_HARD_WORD = 4  # “hm” and “wow” are rare in books, and hard for nobody
# Real C1 and C2 texts come out half a level low; and talk stays simple at every level.
_HARDEST_TARGET, _HARDEST_TALK = 5.0, 3.0

# cefrpy 1.0.3 runs off the end of its list at the length of its longest words.
_LONGEST_LISTED = 24
_DICTIONARY = CEFRAnalyzer()


@dataclass(frozen=True, slots=True)
class _Sample:
    """A text to estimate; `stretches` are its sentences, or the turns of a dialogue."""

    section: str
    text: str
    stretches: int
    easiest: float


def level(lesson: Lesson) -> Iterator[Finding]:
    """Find a reading or dialogue that is clearly too hard or too easy for the level asked for."""
    people = frozenset(base(word) for one in lesson.brief.cast for word in words(one.name))
    for sample in _samples(lesson):
        estimate = estimated(sample.text, people, sample.stretches)
        if estimate is not None:
            yield from _misfit(sample, estimate, lesson, people)


def estimated(text: str, people: frozenset[str] = frozenset(), stretches: int = 0) -> float | None:
    """Return the level a text reads like, 1 (A1) to 6 (C2); None where it is too short to say.

    `people` are names in lower case; `stretches` is the number of sentences where the punctuation
    does not tell.
    """
    count = len(words(text))
    rated = _rated(text, people)
    levels = [found for word in rated if (found := rank(word)) is not None]
    if count < FEWEST_WORDS or not levels:
        return None
    mean_level = sum(levels) / len(levels)
    mean_length = sum(map(len, rated)) / len(rated)
    stretch = count / (stretches or len(sentences(text)))
    raw = 1.456 * mean_level + 1.210 * log(stretch) + 0.594 * mean_length - 6.139
    return min(6.0, max(1.0, raw))


def hard_words(text: str, target: Level, known: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """Return the words of a text two levels above the target or more, the hardest first.

    C1 and C2 count as one, as the word list cannot tell them apart. `known` words are left out.
    """
    least = min(_LEVELS.index(target) + 1 + _HARDER, len(_LEVELS) - 0.5)
    ranks = {word: _easiest(word) for word in _rated(text, known) if lemmas(word).isdisjoint(known)}
    hard = [
        word
        for word, found in ranks.items()
        if found is not None and found >= least and len(word) >= _SHORTEST_HARD_WORD
    ]
    return tuple(sorted(hard, key=lambda word: -(ranks[word] or 0)))


@lru_cache(32_768)
def rank(word: str) -> float | None:
    """Return the level of a word in CEFR-J and the n-grams, 1 (A1) to 6 (C2), if it is listed."""
    if len(word) > _LONGEST_LISTED:
        return None
    return _DICTIONARY.get_average_word_level_float(word)


def _easiest(word: str) -> float | None:
    """Return the lowest level of a word's forms: a plural is no harder than its singular."""
    return min((found for form in lemmas(word) if (found := rank(form)) is not None), default=None)


def _rated(text: str, left_out: frozenset[str]) -> tuple[str, ...]:
    """Return the words by which a text is judged, in lower case: no names, numbers, glue."""
    skipped = left_out | {base(name) for name in names(text)}
    lower = (base(word) for word in content_words(text))
    return tuple(word for word in lower if word not in skipped and not is_number(word))


def _samples(lesson: Lesson) -> Iterator[_Sample]:
    target = min(_LEVELS.index(lesson.request.level) + 1.0, _HARDEST_TARGET)
    if text := text_of(section_of(lesson, Reading)):
        yield _Sample("reading", text, 0, target - TOLERANCE)
    if dialogue := section_of(lesson, Dialogue):
        # Speech comes in short sentences at any level: what compares with a sentence is a turn.
        text = "\n".join(turn.text for turn in dialogue.turns)
        turns = sum(bool(turn.text.strip()) for turn in dialogue.turns)
        yield _Sample("dialogue", text, turns, min(target, _HARDEST_TALK) - TOLERANCE)


def _given_words(lesson: Lesson) -> Iterator[str]:
    """Yield the forms of words that may be hard: those the lesson teaches or explains."""
    reading = section_of(lesson, Reading)
    given = [target.word for target in lesson.brief.target_words]
    given += [gloss.word for gloss in reading.glosses] if reading else []
    for phrase in given:
        for word in words(phrase):
            yield from lemmas(word)


def _misfit(
    sample: _Sample, estimate: float, lesson: Lesson, people: frozenset[str]
) -> Iterator[Finding]:
    target = lesson.request.level
    reads = f"{_whose(sample, lesson)} reads like {_LEVELS[round(estimate) - 1]}"
    hard: tuple[str, ...] = ()
    if estimate > _LEVELS.index(target) + 1 + TOLERANCE:
        hard = hard_words(sample.text, target, people.union(_given_words(lesson)))
        why = f"Hard words: {quoted(hard)}." if hard else "Its sentences are long."
        sentence = f"{reads}, not {target}. {why}"
    elif estimate < sample.easiest:
        sentence = (
            f"{reads}, which is easy for {target}. Longer sentences and richer words would fit."
        )
    else:
        return
    yield Finding(sample.section, "level", "fault", sentence, hard)


def _whose(sample: _Sample, lesson: Lesson) -> str:
    if sample.section != "reading":
        return "The dialogue"
    return "Your text" if lesson.request.own_text else "The text"
