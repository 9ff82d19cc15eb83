"""Check `leaks`: what learners get holds no key."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import assert_never

import simplemma

from lessongen.lesson.blocks import (
    BLANK,
    Block,
    Bullets,
    Dialogue,
    GapFill,
    Heading,
    Paragraph,
    Questions,
    Table,
    Words,
)
from lessongen.lesson.lesson import Lesson
from lessongen.lesson.section import SectionContent
from lessongen.lesson.sections import SECTIONS
from lessongen.lesson.sections.comprehension import Comprehension
from lessongen.lesson.sections.grammar import Grammar
from lessongen.lesson.sections.reading import Reading
from lessongen.lesson.sections.vocabulary import Vocabulary
from lessongen.lesson.sections.wrapup import Wrapup
from lessongen.quality.findings import Finding
from lessongen.quality.parts import enumerated, said
from lessongen.quality.text import base, content_words, is_function_word, same_word, words

_MARKER = re.compile(
    r"\b(?:Answers?|ANSWERS?)\s?(?:key)?\s?[:=]\s?(?!_|\.\.|…|\s|[Ww]h|[Hh]ow\b)\S"
    r"|\b(?:[Cc]orrect|[Rr]ight) (?:answer|option)s?\s?(?::|=|(?:is|are)\b)\s?:?\s?\w"
    r"|(?:←|⇐|<-)\s?(?:the )?(?:correct|right|answer|key)\b|(?:→|->)\s?correct\b"
    r"|^\s?\[[xX]\]|[\w.!?]\s\*{1,3}$"
    r"|[(\[]\s?(?:the )?(?:correct|right)(?: answer| option| one)?\s?!?\s?[)\]]"
    r"|[(\[]\s?(?:answers?|key|solution)\b[^)\]]{0,80}[)\]]"
    r"|(?:^|[.!?]\s)(?:Answer key|KEY|Key|Solutions?|SOLUTION)\s?:\s?\S"
    r"|[✓✔☑✅]|^\s?\*{1,2}[^*]+\*{1,2}\s?$"
)
_SIGN = re.compile(
    r"[\[(:=*✓✔☑✅←⇐→]|<-|->|(?:answer|option)s? (?:is|are)"
)  # no marker without one of these
_BASE_FORM = re.compile(r"[(\[](correct|right)[)\]]")  # of a verb to put in, and not a marker
_BRACKET = re.compile(r"[(\[]([^()\[\]]{1,200})[)\]]")
_AFTER = re.compile(r"(?:\?|→|⇒|=>|->|=)\s([^?→⇒=>]{1,300})$")
"""What stands behind a question, or behind an arrow that leads to its answer."""
_SHOWN = 2
_WHOLE_ANSWER, _PHRASE = 3, 2
"""So many words that carry meaning make an answer that a question should not contain."""


def leaks(lesson: Lesson) -> Iterator[Finding]:
    """Find answers in what learners read before they answer."""
    for section, content in lesson.contents.items():
        found = (*_marked(section, content), *_told(content))
        if found:
            evidence = tuple(dict.fromkeys(found))
            listed = enumerated([said(text) for text in evidence[:_SHOWN]])
            sentence = f"Learners can read the answer before they find it: {listed}."
            yield Finding(section, "leaks", "fault", sentence, evidence)


def _marked(section: str, content: SectionContent) -> Iterator[str]:
    if section in SECTIONS:
        for block in SECTIONS[section].blocks(content, "student"):
            yield from (text for text in _texts(block) if _has_marker(text))


@lru_cache(2048)
def _has_marker(text: str) -> bool:
    return bool(_SIGN.search(text)) and bool(_MARKER.search(text))


def _texts(block: Block) -> Iterator[str]:
    """Yield what a block shows to learners."""
    match block:
        case Heading(text=text) | Paragraph(text=text):
            yield text
        case Bullets(items=items):
            yield from items
        case Table(rows=rows):
            yield from (cell for row in rows for cell in row)
        case Words(entries=entries):
            yield from (text for entry in entries for text in (entry.meaning, entry.example))
        case GapFill(gaps=gaps):
            yield from (_BASE_FORM.sub("", gap.sentence) for gap in gaps)
        case Questions(items=items):
            yield from (text for item in items for text in (item.stem, *item.options))
        case Dialogue(turns=turns):
            yield from (turn.text for turn in turns)
        case _:
            assert_never(block)


def _told(content: SectionContent) -> Iterator[str]:
    """Yield the questions that give their own answer away."""
    match content:
        case Vocabulary(practice=practice):
            yield from (i.sentence for i in practice if _holds(i.sentence, i.answer))
        case Grammar(exercises=exercises):
            yield from (i.sentence for i in exercises if _gives_away(i.sentence, i.answer))
        case Comprehension(items=items):
            yield from (
                i.question
                for i in items
                if _in_bracket(i.question, i.answer)
                or _told_after(i.question, i.answer)
                or (not i.options and _says_all(i.question, i.answer))
            )
        case Reading():
            answer = content.gist_answer
            before = (content.task, content.prediction, content.gist_question)
            yield from (text for text in before if _says_all(text, answer))
            if _in_bracket(content.gist_question, answer):
                yield content.gist_question
        case Wrapup(exit_ticket=checks):
            yield from (
                c.question
                for c in checks
                if _quotes(c.question, c.answer)
                or _in_bracket(c.question, c.answer)
                or _told_after(c.question, c.answer)
            )
        case _:
            pass


@lru_cache(2048)
def _holds(sentence: str, answer: str) -> bool:
    """Say whether a sentence says the words of its gap a second time."""
    return _has_meaning(answer) and _contains(sentence.replace(BLANK, " / "), answer)


def _has_meaning(answer: str) -> bool:
    return any(not is_function_word(word) for word in words(answer))


def _contains(text: str, phrase: str) -> bool:
    wanted = " ".join(words(phrase)).casefold()
    return bool(wanted) and f" {wanted} " in f" {' '.join(words(text)).casefold()} "


@lru_cache(2048)
def _gives_away(sentence: str, answer: str) -> bool:
    """Say whether a gap or its bracket says the answer, other than as the form to change."""
    outside = _BRACKET.sub(" / ", sentence)
    if _holds(outside, answer):
        return True
    if any(not _share_a_word(form, answer) for form in _BASE_FORM.findall(sentence)):
        return True
    return any(_solves(hint, answer) for hint in _BRACKET.findall(sentence))


def _share_a_word(form: str, answer: str) -> bool:
    return any(same_word(form, word) for word in words(answer))


def _solves(hint: str, answer: str) -> bool:
    choices = [choice for choice in re.split(r"\s*(?:/|\bor\b|;)\s*", hint) if choice]
    if len(choices) > 1 and any(_same(choice, answer) for choice in choices):
        return False  # learners choose
    if not _contains(hint, answer):
        return False
    return not _is_base_form(answer)


def _same(one: str, other: str) -> bool:
    return [*map(str.casefold, words(one))] == [*map(str.casefold, words(other))]


def _is_base_form(answer: str) -> bool:
    said = words(answer)
    return len(said) == 1 and simplemma.lemmatize(said[0].casefold(), "en") == said[0].casefold()


@lru_cache(2048)
def _says_all(question: str, answer: str) -> bool:
    """Say whether every word of an answer that carries meaning stands in its question."""
    needed = {base(word) for word in content_words(answer)}
    return len(needed) >= _WHOLE_ANSWER and needed <= {base(word) for word in words(question)}


@lru_cache(2048)
def _quotes(question: str, answer: str) -> bool:
    """Say whether a question holds its answer as a phrase; to choose from two is no leak."""
    if len(content_words(answer)) < _PHRASE or _offers_a_choice(question):
        return False
    return _contains(question, answer)


@lru_cache(2048)
def _in_bracket(question: str, answer: str) -> bool:
    """Say whether a bracket of a question holds its answer; a base form to change is no leak."""
    hints = _BRACKET.findall(question)
    if BLANK in question:
        return any(_solves(hint, answer) for hint in hints)
    return any(_contains(hint, answer) and not _offers_a_choice(hint) for hint in hints)


@lru_cache(2048)
def _told_after(question: str, answer: str) -> bool:
    """Say whether the answer stands behind its question; to choose from two is no leak."""
    found = _AFTER.search(question)
    if found is None or BLANK in found[1] or _offers_a_choice(found[1]):
        return False
    return _contains(found[1], answer)


def _offers_a_choice(question: str) -> bool:
    lower: Sequence[str] = [word.casefold() for word in words(question)]
    return "or" in lower or "/" in question
