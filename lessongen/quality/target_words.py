"""Checks `words` and `practice`: the lesson uses, teaches and practises its target words."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from lessongen.lesson.blocks import BLANK
from lessongen.lesson.lesson import Lesson
from lessongen.lesson.sections.reading import Reading
from lessongen.lesson.sections.vocabulary import Practice, Vocabulary
from lessongen.quality.findings import Finding
from lessongen.quality.parts import quoted, section_of, text_of
from lessongen.quality.support import indexed
from lessongen.quality.text import lemmas, words

WIDEST_GAP = 3
"""Words between the parts of a phrase: “set the big tent up”. Found 58 of 60 items right."""

# What a dictionary writes for the rest of a sentence, or before the word itself.
_PLACEHOLDERS = frozenset(
    {"someone", "somebody", "something", "sb", "sth", "one's", "someone's", "somebody's", "oneself"}
)
_OPENERS = frozenset({"to", "a", "an", "the", "be"})
_IN_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")


def target_words(lesson: Lesson) -> Iterator[Finding]:
    """Find target words that the reading never uses."""
    text = text_of(section_of(lesson, Reading))
    missing = tuple(
        target.word for target in lesson.brief.target_words if not uses(text, target.word)
    )
    if text and missing:
        which = "These words are" if len(missing) > 1 else "This word is"
        sentence = f"{which} taught, but not in the text: {quoted(missing)}."
        yield Finding("reading", "words", "fault", sentence, missing)


def practice(lesson: Lesson) -> Iterator[Finding]:
    """Find target words that are not taught, or not practised exactly once."""
    vocabulary = section_of(lesson, Vocabulary)
    if vocabulary is None:
        return
    taught = [entry.word for entry in vocabulary.entries]
    targets = [target.word for target in lesson.brief.target_words] or taught
    untaught = [word for word in targets if not any(_same(word, other) for other in taught)]
    known = list(dict.fromkeys((*targets, *taught)))
    practised = Counter(_practised(item, known) for item in vocabulary.practice)
    never = [word for word in targets if word not in untaught and not practised[word]]
    often = [word for word in targets if practised[word] > 1]
    strange = [item.answer for item in vocabulary.practice if not _practised(item, known)]
    yield from _faults(
        ("The word list leaves out {}.", untaught),
        ("The practice never asks for {}.", never),
        ("The practice asks more than once for {}.", often),
        ("The practice asks for {}, which the word list does not teach.", strange),
    )


@lru_cache(8192)
def uses(text: str, phrase: str) -> bool:
    """Say whether a text uses a word or phrase in any form, a phrasal verb parted or not."""
    return any(_uses(text, parts) for parts in _variants(phrase))


@lru_cache(4096)
def _variants(phrase: str) -> tuple[tuple[str, ...], ...]:
    """Return what to look for: of “colour / color” either, of “to set (sth) up” set and up."""
    found = (_parts(variant) for variant in phrase.split("/"))
    return tuple(parts for parts in found if parts)


def _parts(phrase: str) -> tuple[str, ...]:
    tokens = words(_IN_BRACKETS.sub(" ", phrase)) or words(phrase)
    told = [token for token in tokens if token.casefold() not in _PLACEHOLDERS] or list(tokens)
    while len(told) > 1 and told[0].casefold() in _OPENERS:
        del told[0]
    return tuple(told)


def _uses(text: str, parts: Sequence[str]) -> bool:
    index = indexed(text)
    forms = [lemmas(part) for part in parts]
    places = frozenset[int].intersection(*map(index.of, forms))
    if len(forms) == 1:
        return bool(places)
    return any(_in_order(words(index.sentences[place]), forms) for place in places)


def _in_order(tokens: Sequence[str], forms: Sequence[frozenset[str]]) -> bool:
    """Say whether tokens with these forms follow each other with few words between."""
    ends = range(-1, len(tokens))
    for forms_of_part in forms:
        reach = {end + step for end in ends for step in range(1, WIDEST_GAP + 2)}
        ends = [
            place
            for place, token in enumerate(tokens)
            if place in reach and not lemmas(token).isdisjoint(forms_of_part)
        ]
    return bool(ends)


def _same(one: str, other: str) -> bool:
    return uses(one, other) or uses(other, one)


def _practised(item: Practice, known: Iterable[str]) -> str:
    """Return which of the words an item practises, or nothing."""
    solved = item.sentence.replace(BLANK, item.answer)
    found = [word for word in known if _touches(item.answer, word) and uses(solved, word)]
    return max(found, key=len, default="")


def _touches(answer: str, word: str) -> bool:
    """Say whether an answer is the word or a part of it, such as the “up” of “set up”."""
    parts = [lemmas(part) for variant in _variants(word) for part in variant]
    return any(not lemmas(token).isdisjoint(part) for token in words(answer) for part in parts)


def _faults(*kinds: tuple[str, Sequence[str]]) -> Iterator[Finding]:
    for sentence, about in kinds:
        if about:
            shown = tuple(about)
            yield Finding("vocabulary", "practice", "fault", sentence.format(quoted(shown)), shown)
