"""Check `grounding`: the reading proves every answer of the key, and no other option better."""

from collections.abc import Iterator
from dataclasses import dataclass

from lessongen.lesson.lesson import Lesson
from lessongen.lesson.sections.comprehension import Comprehension, Item
from lessongen.lesson.sections.reading import Reading
from lessongen.quality.evidence import (
    Meaning,
    explained,
    located,
    meanings_of,
    stands_in,
    with_neighbours,
)
from lessongen.quality.findings import Finding, Severity
from lessongen.quality.miscounts import is_worked_out, miscounted
from lessongen.quality.numbers import is_number
from lessongen.quality.parts import quoted, section_of, text_of, titled_text_of
from lessongen.quality.support import SUPPORTED, absent_from, share, support
from lessongen.quality.text import content_words, words

PROVED = 0.5
"""The least share of an answer's words in the sentences that are given as its proof."""

_CLEARLY = 0.3
"""So much more of a rival's words in the proof than of the key's makes the key look wrong."""

_ASKED_THERE = 0.65
_GIST = 0.3


@dataclass(frozen=True, slots=True)
class Proof:
    """How much of an answer a passage says, and whether in its very words."""

    share: float
    verbatim: bool = False


@dataclass(frozen=True, slots=True)
class Passage:
    """The sentences of the reading that an item rests on, and with their hard words explained."""

    quoted: str
    explained: str

    def proof(self, answer: str) -> Proof:
        """Return how far the passage proves an answer."""
        tokens = " ".join(words(answer.casefold()))
        verbatim = f" {tokens} " in f" {' '.join(words(self.quoted.casefold()))} "
        return Proof(share(answer, self.explained), verbatim and bool(tokens))


def grounding(lesson: Lesson) -> Iterator[Finding]:
    """Find answers that the reading does not prove, and keys that look wrong."""
    reading = section_of(lesson, Reading)
    text, meanings = text_of(reading), meanings_of(lesson)
    comprehension = section_of(lesson, Comprehension)
    if not text:
        return
    for item in comprehension.items if comprehension else ():
        yield from _doubts(item, text, meanings)
    if reading and content_words(reading.gist_answer):
        yield from _doubtful_gist(reading, text, meanings)


def grounded(comprehension: Comprehension, reading: Reading) -> Comprehension:
    """Return the questions, each with the sentences of the reading that prove its answer.

    Evidence that stands in the reading word for word stays; "" where nothing proves the answer.
    """
    text = text_of(reading)
    items = [
        item
        if item.evidence.strip() and any(item.evidence in part for part in reading.paragraphs)
        else item.model_copy(update={"evidence": _evidence(item, text)})
        for item in comprehension.items
    ]
    return comprehension.model_copy(update={"items": items})


def passage_of(item: Item, text: str, meanings: tuple[Meaning, ...]) -> Passage | None:
    """Return the sentences that an item rests on, by its evidence or else by its answer."""
    quoted = located(item.evidence, text)
    if not quoted:
        return None
    if not stands_in(item.evidence, text):  # told in other words, perhaps of more sentences
        quoted = with_neighbours(quoted, text)
    return Passage(quoted, explained(quoted, meanings))


def stated(item: Item) -> str:
    """Return an answer as a statement: of “Yes, he did.” what the question says."""
    said = [word for word in content_words(item.answer) if word.casefold() != "yes"]
    return item.answer if said else f"{item.question} {item.answer}"


def _evidence(item: Item, text: str) -> str:
    if quoted := located(item.evidence, text):
        return quoted
    found = support(stated(item), text, item.question)
    return located(found.sentence, text) if found.enough else ""


def _doubts(item: Item, text: str, meanings: tuple[Meaning, ...]) -> Iterator[Finding]:
    if not words(item.answer):
        yield _finding("fault", f"The key has no answer to “{item.question}”", item.question)
        return
    passage = passage_of(item, text, meanings)
    if better := _better(item, text, passage):
        sentence = (
            f"The key to “{item.question}” looks wrong: "
            f"the text says “{_said(better)}” rather than “{_said(item.answer)}”"
        )
        yield _finding("fault", sentence, item.question, item.answer)
    elif not _is_proved(item, text, passage):
        yield _unproved(item, text, passage, explained(text, meanings))


def _better(item: Item, text: str, passage: Passage | None) -> str:
    """Return the option that the text proves clearly better than the key, or nothing."""
    proofs = {option: _proof(option, item, text, passage) for option in item.options}
    key = _proof(item.answer, item, text, passage)
    for option, proof in proofs.items():
        if proof.share < SUPPORTED or _told(option) == _told(item.answer):
            continue
        if proof.share >= key.share + _CLEARLY or (
            proof.verbatim and not key.verbatim and proof.share >= key.share
        ):
            return option
    return ""


def _proof(answer: str, item: Item, text: str, passage: Passage | None) -> Proof:
    if passage:
        return passage.proof(answer)
    found = support(answer, text, item.question)
    return Passage(found.sentence, found.sentence).proof(answer)


def _said(answer: str) -> str:
    """Return an answer as it stands inside a sentence."""
    return answer.strip().rstrip(".")


def _told(option: str) -> tuple[str, ...]:
    return tuple(words(option.casefold()))


def _is_proved(item: Item, text: str, passage: Passage | None) -> bool:
    statement = stated(item)
    if _absent(item, text, passage):
        return False
    if passage and passage.proof(statement).share >= PROVED:
        return True
    found = support(statement, text, item.question)
    if passage is None:
        return found.enough
    # The evidence may be the wrong sentence, where another one has question and answer both.
    return found.enough and share(item.question, found.sentence) >= _ASKED_THERE


def _absent(item: Item, text: str, passage: Passage | None) -> tuple[str, ...]:
    """Return the numbers and names of an answer that the text lacks, or gives to other things."""
    absent = absent_from(stated(item), text)
    return absent or (miscounted(item.answer, passage.quoted, text) if passage else ())


def _unproved(item: Item, text: str, passage: Passage | None, explained_text: str) -> Finding:
    absent = _absent(item, text, passage)
    question, answer = item.question, _said(item.answer)
    check = f"Please check the answer to “{question}”: "
    severity = "note" if _may_be_right(item, absent, text, passage, explained_text) else "fault"
    if _are_worked_out(absent, item, passage):
        severity, sentence = "note", f"{check}learners have to work out {quoted(absent)}"
    elif absent:
        sentence = f"The answer to “{question}” has {quoted(absent)}, but the text does not"
    elif severity == "fault":
        sentence = f"The text does not say “{answer}”, the answer to “{question}”"
    elif item.skill == "inference":
        sentence = f"{check}learners have to read it between the lines"
    else:
        sentence = f"{check}the text does not put it like that"
    return _finding(severity, sentence, question, item.answer)


def _are_worked_out(absent: tuple[str, ...], item: Item, passage: Passage | None) -> bool:
    """Say whether all that the text lacks are sums or differences of what the proof counts."""
    if not absent or passage is None:
        return False
    return all(is_worked_out(number, item.answer, passage.quoted) for number in absent)


def _may_be_right(
    item: Item, absent: tuple[str, ...], text: str, passage: Passage | None, explained_text: str
) -> bool:
    """Say whether an answer may be worked out, read between the lines or told in other words.

    Of fifty right answers in other words, all but two have 60 % of their words in the text.
    """
    if item.skill == "inference" and passage and all(is_number(a.split()[0]) for a in absent):
        return True
    if absent:
        return False
    if item.options:
        return _is_likeliest(item, text, passage)
    return share(item.answer, explained_text) >= SUPPORTED


def _is_likeliest(item: Item, text: str, passage: Passage | None) -> bool:
    """Say whether the proof says something of the key, and less of every other option."""
    key = _proof(item.answer, item, text, passage).share
    rivals = (option for option in item.options if _told(option) != _told(item.answer))
    return key > max((_proof(rival, item, text, passage).share for rival in rivals), default=0.0)


def _doubtful_gist(reading: Reading, text: str, meanings: tuple[Meaning, ...]) -> Iterator[Finding]:
    if absent := absent_from(reading.gist_answer, titled_text_of(reading)):
        sentence = (
            f"The answer to the first reading has {quoted(absent)}, but the text does not. "
            "Please check it."
        )
    elif share(reading.gist_answer, explained(text, meanings)) < _GIST:
        sentence = "Please check the answer to the first reading: its words are not in the text."
    else:
        return
    yield Finding("reading", "grounding", "note", sentence, (reading.gist_answer,))


def _finding(severity: Severity, sentence: str, *evidence: str) -> Finding:
    shown = tuple(text for text in evidence if text)
    return Finding("comprehension", "grounding", severity, f"{sentence}.", shown)
