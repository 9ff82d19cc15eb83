"""Check `repetition`: no question is asked twice, and no example is a sentence to complete."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from rapidfuzz import fuzz

from lessongen.lesson.blocks import BLANK
from lessongen.lesson.lesson import Lesson
from lessongen.lesson.sections.comprehension import Comprehension
from lessongen.lesson.sections.discussion import Discussion
from lessongen.lesson.sections.vocabulary import Vocabulary
from lessongen.lesson.sections.warmup import Warmup
from lessongen.lesson.sections.wrapup import Wrapup
from lessongen.quality.findings import Finding
from lessongen.quality.parts import MOST_SENTENCES, quoted, section_of
from lessongen.quality.text import content_words, lemmas, words

ALIKE = 77
"""Of 100; finds ten of twelve pairs of questions that are nearly the same, and no paraphrase."""

_TITLES = {
    "warmup": "the warm-up",
    "comprehension": "the questions on the text",
    "wrapup": "the wrap-up",
}
_FEWEST_WORDS = 2
_MOST_QUESTIONS = 200


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question, where it is asked, its words as they compare, and how many carry meaning."""

    section: str
    question: str
    sorted_lemmas: str
    weight: int


def repetition(lesson: Lesson) -> Iterator[Finding]:
    """Find questions that the lesson has asked before, and examples that come back as practice."""
    earlier: list[_Asked] = []
    for question in islice(_questions(lesson), _MOST_QUESTIONS):
        if same := _first_alike(question, earlier):
            yield _repeated(question, same)
        earlier.append(question)
    if vocabulary := section_of(lesson, Vocabulary):
        yield from _reused(vocabulary)


def _questions(lesson: Lesson) -> Iterator[_Asked]:
    if warmup := section_of(lesson, Warmup):
        yield from (_asked("warmup", question) for question in warmup.questions)
    if comprehension := section_of(lesson, Comprehension):
        yield from (_asked("comprehension", item.question) for item in comprehension.items)
    if discussion := section_of(lesson, Discussion):
        for talk in discussion.questions:
            yield _asked("discussion", talk.question)
            yield _asked("discussion", talk.follow_up)
    if wrapup := section_of(lesson, Wrapup):
        yield from (_asked("wrapup", check.question) for check in wrapup.exit_ticket)


def _asked(section: str, question: str) -> _Asked:
    return _Asked(section, question, _comparable(question), len(content_words(question)))


@lru_cache(512)
def _comparable(text: str) -> str:
    return " ".join(sorted(min(lemmas(word)) for word in words(text)))


def _first_alike(question: _Asked, earlier: list[_Asked]) -> _Asked | None:
    return next((before for before in earlier if _alike(question, before)), None)


def _alike(one: _Asked, other: _Asked) -> bool:
    """Compare two questions; “Why?” and “How did you feel?” may well follow two others."""
    if one.weight < _FEWEST_WORDS or other.weight < _FEWEST_WORDS:
        is_told_twice = one.weight > 0 and one.section != other.section
        return is_told_twice and one.sorted_lemmas == other.sorted_lemmas
    return fuzz.ratio(one.sorted_lemmas, other.sorted_lemmas) >= ALIKE


def _repeated(question: _Asked, before: _Asked) -> Finding:
    if question.section == before.section:
        both = quoted((before.question, question.question))
        sentence = f"Two questions here are nearly the same: {both}."
    else:
        where = _TITLES.get(before.section, f"the {before.section}")
        sentence = f"“{question.question}” asks nearly the same as “{before.question}” in {where}."
    return Finding(question.section, "repetition", "fault", sentence, (question.question,))


def _reused(vocabulary: Vocabulary) -> Iterator[Finding]:
    examples = {_plain_words(entry.example) for entry in vocabulary.entries}
    reused: list[str] = []
    for item in vocabulary.practice:
        solved = _plain_words(item.sentence.replace(BLANK, item.answer))
        if solved and solved in examples:
            reused.append(item.sentence)
        examples.add(solved)
    if reused:
        shown = tuple(reused)
        told = quoted(shown, MOST_SENTENCES)
        sentence = f"The practice repeats a sentence that learners have just read: {told}."
        yield Finding("vocabulary", "repetition", "fault", sentence, shown)


def _plain_words(sentence: str) -> tuple[str, ...]:
    return words(sentence.casefold())
