"""Statements of a lesson that give another number, weekday or month than the facts do."""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, groupby

from lessongen.lesson.section import SectionContent
from lessongen.lesson.sections.comprehension import Comprehension
from lessongen.lesson.sections.dialogue import Dialogue
from lessongen.lesson.sections.grammar import Grammar
from lessongen.lesson.sections.reading import Reading
from lessongen.quality.numbers import numbers, values
from lessongen.quality.parts import titled_text_of
from lessongen.quality.quantities import DATES, classes, classes_of, quantities
from lessongen.quality.text import content_forms, content_lemmas, sentences, words
from lessongen.quality.word_lists import listed

_SHARED, _ABOUT = 3, 0.6
"""A sentence is about a fact where that has three and 60 % of its words that carry meaning, not
counting what is counted."""
_COPIED, _QUOTED, _LEAST_COPIED = 0.7, 0.9, 2
"""A sentence says the same as another where that has 70 % of its words that carry meaning, more
than two of them; 90 % where it speaks of what may happen."""

_VERBATIM = 5
"""So many words in the same order, with other values between them, are no accident."""

_NOT_A_REPORT = listed("""
    if will would could may might can should imagine unless maybe perhaps due supposed planned
    expected
""")
_ORDINALS = listed("first second third fourth fifth last next another other")
_MOST_STATEMENTS = 400


@dataclass(frozen=True, slots=True)
class _Masked:
    """A sentence in small letters with a hash for each value, and the values."""

    text: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A statement, and the fact or sentence of the text that says it with another value."""

    statement: str
    source: str


def contradictions(
    content: SectionContent, key_facts: tuple[str, ...], text: str
) -> list[Contradiction]:
    """Return the statements of a section at odds with a key fact, or with the reading's text."""
    told = sentences(text) if not isinstance(content, Reading) else ()
    valued = [said for said in _statements(content)[:_MOST_STATEMENTS] if classes(said)]
    return [
        Contradiction(said, source) for said in valued if (source := _denied(said, key_facts, told))
    ]


def _denied(said: str, key_facts: tuple[str, ...], told: tuple[str, ...]) -> str:
    """Return the fact or sentence that a statement is at odds with, or nothing."""
    sources = (*key_facts, *told)
    copied = {source: given for source in sources if (given := _copied_values(said, source))}
    if copied:
        own = _read(said).values
        return "" if own in copied.values() else next(iter(copied))
    if any(_agrees(said, source) for source in sources):
        return ""
    return next(_at_odds(said, key_facts, told), "")


def _agrees(said: str, source: str) -> bool:
    """Say whether a source on the same matter has every value of a statement."""
    there = classes(source)
    if not all(given <= there.get(kind, frozenset()) for kind, given in classes(said).items()):
        return False
    return _shared(_meaning(said), source) >= _LEAST_COPIED


def _statements(content: SectionContent) -> tuple[str, ...]:
    """Return what a section claims; options are left out, for two of three are false."""
    match content:
        case Reading():
            return (*sentences(titled_text_of(content)), content.gist_answer)
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
        if _copies_otherwise(said, source, told[max(0, place - 1) : place + 2]):
            yield source
    yield from (fact for fact in key_facts if _copies_otherwise(said, fact, (fact,)))


def _counts_otherwise(said: str, fact: str, known: frozenset[tuple[str, str]]) -> bool:
    """Say whether a sentence about a fact counts the same things and comes to a new number."""
    stated = quantities(fact)
    kinds, values = {q.kind for q in stated}, {q.value for q in stated}
    new = {
        q.kind
        for q in quantities(said)
        if q.kind in kinds - DATES and q.value not in values and (q.kind, q.value) not in known
    }
    if not new or not _same_ordinals(said, fact):
        return False
    about = _meaning_without(said, new)
    return _shared(about, fact) >= max(_SHARED, _ABOUT * len(about))


@lru_cache(32)
def _all_quantities(texts: tuple[str, ...]) -> frozenset[tuple[str, str]]:
    return frozenset((q.kind, q.value) for text in texts for q in quantities(text))


def _copies_otherwise(said: str, source: str, around: Sequence[str]) -> bool:
    """Say whether a sentence repeats another, but with a value that stands nowhere near it."""
    there = classes(source)
    if classes(said).keys().isdisjoint(there):
        return False
    near = classes_of(around)
    near["number"] = frozenset[str]().union(*map(values, around))
    other = {k: v - near[k] for k, v in classes(said).items() if k in there and there[k] - v}
    if not any(other.values()) or not _same_ordinals(said, source):
        return False
    if not (_reports(said) and _reports(source)):
        return False  # what was to be may have come otherwise
    new, old = _units(said, other.get("number")), _units(source, there.get("number"))
    about = _meaning_without(said, new)
    # Another day may be another time; another number of the same things is hardly that.
    least = _COPIED if not new.isdisjoint(old) else _QUOTED
    return _shared(about, source) >= max(_LEAST_COPIED + 1, least * len(about))


def _units(text: str, figures: frozenset[str] | None) -> frozenset[str]:
    """Return what a sentence counts with these numbers; "" for a number that counts nothing."""
    figures = figures or frozenset()
    counted = [q for q in quantities(text) if q.kind not in DATES and q.value in figures]
    bare = figures - {q.value for q in counted}
    return frozenset((*(q.kind for q in counted), *(bare and [""])))


@lru_cache(4096)
def _read(text: str) -> _Masked:
    """Read a sentence with a hash for every number, weekday and month."""
    said = {word for number in numbers(text) for word in number.words.casefold().split()}
    said |= {value for kind in DATES for value in classes(text).get(kind, ())}
    runs = [
        (is_value, [*run])
        for is_value, run in groupby(map(str.casefold, words(text)), said.__contains__)
    ]
    tokens = ("#" if is_value else " ".join(run) for is_value, run in runs)
    return _Masked(
        f" {' '.join(tokens)} ", tuple(_value(run) for is_value, run in runs if is_value)
    )


def _value(run: list[str]) -> str:
    return next((number.value for number in numbers(" ".join(run))), " ".join(run))


def _copied_values(said: str, source: str) -> tuple[str, ...]:
    """Return the values that a source has where a statement repeats its very words."""
    own, there = _read(said), _read(source)
    if own.text not in there.text or own.text.count(" ") - 1 < _VERBATIM + len(own.values):
        return ()
    before = there.text[: there.text.index(own.text)].count("#")
    return there.values[before : before + len(own.values)]


def _meaning_without(said: str, units: AbstractSet[str]) -> tuple[frozenset[str], ...]:
    """Return what a sentence is about, the things that it counts left aside."""
    return tuple(forms for forms in _meaning(said) if forms.isdisjoint(units))


def _shared(meaning: tuple[frozenset[str], ...], source: str) -> int:
    there = content_forms(source)
    return sum(not forms.isdisjoint(there) for forms in meaning)


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
