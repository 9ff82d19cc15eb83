"""Check `gaps`: every sentence to complete has one blank, one answer, and does not give it away."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lessongen.lesson.blocks import BLANK
from lessongen.lesson.lesson import Lesson
from lessongen.lesson.sections.grammar import Grammar
from lessongen.lesson.sections.vocabulary import Vocabulary
from lessongen.quality.findings import Finding
from lessongen.quality.parts import MOST_SENTENCES, quoted, said, section_of
from lessongen.quality.target_words import uses
from lessongen.quality.text import is_function_word, plain, words
from lessongen.quality.verb_forms import odd_form

_BLANKS = re.compile(r"_{2,}")
_SPLIT = re.compile(r"([^_]*)_{2,}([^_(]+)_{2,}([^_(]*)\(([^()]*)\)")
_FEW = 3
_HINT = re.compile(r"\([^()]*\)\s*[.!?]?\s*$")


@dataclass(frozen=True, slots=True)
class _Gap:
    """A sentence to complete; `shown` is what learners see of it beside the blank and the hint."""

    sentence: str
    answer: str
    shown: str

    @property
    def blanks(self) -> int:
        return len(_BLANKS.findall(self.sentence))


def gaps(lesson: Lesson) -> Iterator[Finding]:
    """Find sentences of the gap-fills that cannot be completed, or that show their answer."""
    if vocabulary := section_of(lesson, Vocabulary):
        items = tuple(_Gap(p.sentence, p.answer, _around(p.sentence)) for p in vocabulary.practice)
        yield from _unusable("vocabulary", items)
        yield from _shared_answers(items)
        yield from _given_away("vocabulary", [gap for gap in items if _is_used(gap)])
    if grammar := section_of(lesson, Grammar):
        # The hint is the base form, and often the answer too: “I ____ tea every day. (drink)”
        items = tuple(
            _Gap(e.sentence, e.answer, _around(_HINT.sub("", e.sentence)))
            for e in grammar.exercises
        )
        yield from _unusable("grammar", items)
        yield from _given_away("grammar", [gap for gap in items if _stands_in(gap)])
        notes = (odd_form(gap.sentence, gap.answer) for gap in items if gap.blanks == 1)
        yield from (note for note in notes if note)


def _around(sentence: str) -> str:
    """Return a sentence with each blank a break, so that no phrase is read across it."""
    return _BLANKS.sub("\n", sentence)


def _unusable(section: str, items: Iterable[_Gap]) -> Iterator[Finding]:
    items = tuple(items)
    without = tuple(gap.sentence for gap in items if gap.blanks == 0 or BLANK not in gap.sentence)
    several = tuple(gap.sentence for gap in items if gap.blanks > 1)
    unanswered = tuple(gap.sentence for gap in items if not words(gap.answer))
    if without:
        sentence = f"No blank to fill in here: {quoted(without, MOST_SENTENCES)}."
        yield Finding(section, "gaps", "fault", sentence, without)
    if several:
        sentence = (
            f"More than one blank for one answer: {quoted(several, MOST_SENTENCES)}. "
            f"{_with_one_blank(several[0])}"
        )
        yield Finding(section, "gaps", "fault", sentence, several)
    if unanswered:
        sentence = f"The key has no answer for {quoted(unanswered, MOST_SENTENCES)}."
        yield Finding(section, "gaps", "fault", sentence, unanswered)


def _with_one_blank(sentence: str) -> str:
    """Say how to write a sentence with one blank; words between two blanks can go into the hint."""
    if found := _SPLIT.fullmatch(sentence.strip()):
        before, between, after, hint = found.groups()
        if len(words(between)) <= _FEW:
            mended = f"{before}{BLANK}{after}({between.strip()}, {hint})"
            return f"Please leave one blank for the whole answer, such as {said(mended)}."
    return "Please leave one blank, and write the other words out."


def _shared_answers(items: Iterable[_Gap]) -> Iterator[Finding]:
    """Find answers that stand in the bank twice: then blanks and answers do not match."""
    counts = Counter(tuple(words(gap.answer.casefold())) for gap in items)
    twice = tuple(" ".join(answer) for answer, count in counts.items() if answer and count > 1)
    if twice:
        sentence = f"Two sentences have the same answer, so the box holds {quoted(twice)} twice."
        yield Finding("vocabulary", "gaps", "fault", sentence, twice)


def _given_away(section: str, items: Iterable[_Gap]) -> Iterator[Finding]:
    shown = tuple(gap.sentence for gap in items if gap.blanks == 1)
    if shown:
        sentence = f"The answer stands in the sentence itself: {quoted(shown, MOST_SENTENCES)}."
        yield Finding(section, "gaps", "fault", sentence, shown)


def _is_telling(answer: str, fewest_words: int) -> bool:
    """Say whether an answer is a secret at all: “is” and “will be” are in many sentences."""
    told = words(answer)
    return len(told) >= fewest_words or any(not is_function_word(word) for word in told)


def _is_used(gap: _Gap) -> bool:
    """Say whether the answer is shown in any form."""
    return _is_telling(gap.answer, 2) and uses(gap.shown, gap.answer)


def _stands_in(gap: _Gap) -> bool:
    """Say whether the very answer is shown."""
    answer = " ".join(words(plain(gap.answer).casefold()))
    lines = (" ".join(words(line.casefold())) for line in gap.shown.splitlines())
    return _is_telling(gap.answer, 3) and any(f" {answer} " in f" {line} " for line in lines)
