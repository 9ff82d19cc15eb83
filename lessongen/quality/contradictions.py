"""Statements of a lesson that give another number, weekday or month than the facts do."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from lessongen.lesson.section import SectionContent
from lessongen.lesson.sections.comprehension import Comprehension
from lessongen.lesson.sections.dialogue import Dialogue
from lessongen.lesson.sections.grammar import Grammar
from lessongen.lesson.sections.reading import Reading
from lessongen.quality.numbers import numbers
from lessongen.quality.quantities import DATES, classes, quantities
from lessongen.quality.text import content_lemmas, sentences, words
from lessongen.quality.word_lists import listed

_SHARED, _ABOUT = 3, 0.6
"""A sentence is about a fact where that has three and 60 % of its words that carry meaning."""
_COPIED, _QUOTED, _LEAST_COPIED = 0.7, 0.9, 2
"""A sentence says the same as another where that has 70 % of its words that carry meaning, more
than two of them; 90 % where it speaks of what may happen."""

_NOT_A_REPORT = listed("if will would could may might can should imagine unless maybe perhaps")
_ORDINALS = listed("first second third fourth fifth last next another other")
_MOST_STATEMENTS = 400


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A statement, and the fact or sentence of the text that says it with another value."""

    statement: str
    source: str


def reading_text(reading: Reading) -> str:
    """Return title and paragraphs of a reading, one a line."""
    return "\n".join((reading.title, *reading.paragraphs))


def contradictions(
    content: SectionContent, key_facts: tuple[str, ...], text: str
) -> list[Contradiction]:
    """Return the statements of a section at odds with a key fact, or with the reading's text."""
    told = sentences(text) if not isinstance(content, Reading) else ()
    found: list[Contradiction] = []
    for said in _statements(content)[:_MOST_STATEMENTS]:
        if classes(said) and not any(_agrees(said, source) for source in (*key_facts, *told)):
            source = next(_at_odds(said, key_facts, told), None)
            found += [Contradiction(said, source)] if source else []
    return found


def _agrees(said: str, source: str) -> bool:
    """Say whether a source on the same matter has every value of a statement."""
    there = classes(source)
    if not all(values <= there.get(kind, frozenset()) for kind, values in classes(said).items()):
        return False
    return sum(not forms.isdisjoint(_forms(source)) for forms in _meaning(said)) >= _LEAST_COPIED


def _statements(content: SectionContent) -> tuple[str, ...]:
    """Return what a section claims; options are left out, for two of three are false."""
    match content:
        case Reading():
            return (*sentences(reading_text(content)), content.gist_answer)
        case Comprehension(items=items):
            asked = (f"{item.question} {item.answer}" for item in items)
            return (*asked, *chain.from_iterable(sentences(item.evidence) for item in items))
        case Grammar(examples=examples, forms=forms):
            return (*examples, *(form.example for form in forms))
        case Dialogue(situation=situation, turns=turns):
            return (situation, *chain.from_iterable(sentences(turn.text) for turn in turns))
        case _:
            return ()


def _at_odds(said: str, key_facts: tuple[str, ...], told: Sequence[str]) -> Iterator[str]:
    """Yield the facts and sentences that a statement repeats with another value."""
    if _reports(said):
        known = _all_quantities((*key_facts, *told))
        yield from (fact for fact in key_facts if _counts_otherwise(said, fact, known))
    for place, source in enumerate(told):
        around = " ".join(told[max(0, place - 1) : place + 2])
        if _copies_otherwise(said, source, around):
            yield source
    yield from (fact for fact in key_facts if _copies_otherwise(said, fact, fact))


def _counts_otherwise(said: str, fact: str, known: frozenset[tuple[str, str]]) -> bool:
    """Say whether a sentence about a fact counts the same things and comes to a new number."""
    stated = quantities(fact)
    kinds, values = {q.kind for q in stated}, {q.value for q in stated}
    new = [q for q in quantities(said) if q.kind in kinds - DATES and q.value not in values]
    return any((q.kind, q.value) not in known for q in new) and _is_about(said, fact)


@lru_cache(32)
def _all_quantities(texts: tuple[str, ...]) -> frozenset[tuple[str, str]]:
    return frozenset((q.kind, q.value) for text in texts for q in quantities(text))


def _copies_otherwise(said: str, source: str, around: str) -> bool:
    """Say whether a sentence repeats another, but with a value that stands nowhere near it."""
    there, near = classes(source), classes(around)
    given = classes(said).items()
    if not any(v - near[k] and there[k] - v for k, v in given if k in there):
        return False
    if _copied(_masked(said), _masked(source)):
        return True
    own = _meaning(said)
    shared = sum(not forms.isdisjoint(_forms(source)) for forms in own)
    if shared < max(_LEAST_COPIED, _COPIED * len(own)) or not _same_ordinals(said, source):
        return False
    return shared > _LEAST_COPIED and (_reports(said) or shared >= _QUOTED * len(own))


@lru_cache(4096)
def _masked(text: str) -> str:
    """Return a sentence with a hash for every number, weekday and month."""
    values = {word for number in numbers(text) for word in number.words.casefold().split()}
    values |= {value for kind in ("weekday", "month") for value in classes(text).get(kind, ())}
    tokens = (word.casefold() for word in words(text))
    return f" {' '.join('#' if token in values else token for token in tokens)} "


def _copied(said: str, source: str) -> bool:
    return said in source and len(said.replace("#", "").split()) >= _SHARED


def _is_about(said: str, fact: str) -> bool:
    own = _meaning(said)
    shared = sum(not forms.isdisjoint(_forms(fact)) for forms in own)
    return shared >= max(_SHARED, _ABOUT * len(own)) and _same_ordinals(said, fact)


@lru_cache(4096)
def _meaning(text: str) -> tuple[frozenset[str], ...]:
    """Return the forms of the words that say what a sentence is about, not how many or when."""
    counted = {word.casefold() for number in numbers(text) for word in words(number.words)}
    dated = classes(text)
    left_out = counted | dated.get("weekday", frozenset()) | dated.get("month", frozenset())
    return tuple(
        forms for forms in dict.fromkeys(content_lemmas(text)) if forms.isdisjoint(left_out)
    )


@lru_cache(4096)
def _forms(text: str) -> frozenset[str]:
    return frozenset(chain.from_iterable(content_lemmas(text)))


@lru_cache(4096)
def _reports(said: str) -> bool:
    """Say whether a sentence tells what happened, and not what may happen."""
    spoken = [word.casefold() for word in words(said)]
    contracted = any(word.endswith(("'ll", "'d")) for word in spoken)
    return not contracted and _NOT_A_REPORT.isdisjoint(spoken)


def _same_ordinals(said: str, source: str) -> bool:
    here, there = _ordinals(said), _ordinals(source)
    return not here or not there or not here.isdisjoint(there)


@lru_cache(4096)
def _ordinals(text: str) -> frozenset[str]:
    return _ORDINALS & {word.casefold() for word in words(text)}
