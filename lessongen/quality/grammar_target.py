"""Check `grammar`: the reading shows the structure that the lesson teaches, and so do examples."""

from collections.abc import Iterator

from rapidfuzz import fuzz

from lessongen.lesson.lesson import Lesson
from lessongen.lesson.sections.grammar import Grammar
from lessongen.lesson.sections.reading import Reading
from lessongen.quality.evidence import located
from lessongen.quality.findings import Finding
from lessongen.quality.parts import said, section_of, text_of
from lessongen.quality.text import plain, words

_ALIKE = 85


def grammar(lesson: Lesson) -> Iterator[Finding]:
    """Find a reading without the sentence that shows the grammar, and grammar without examples."""
    marker, text = lesson.brief.grammar_target.marker, text_of(section_of(lesson, Reading))
    if text and words(marker) and not _shows(text, marker):
        sentence = f"The text lacks the sentence that shows the grammar: {said(marker)}."
        yield Finding("reading", "grammar", "note", sentence, (marker,))
    content = section_of(lesson, Grammar)
    if content and not any(words(example) for example in content.examples):
        sentence = f"There is no example of {content.structure or 'the structure'}."
        yield Finding("grammar", "grammar", "fault", sentence)


def _shows(text: str, marker: str) -> bool:
    """Say whether a sentence stands in a text, be it with other words before or after it."""
    found = located(marker, text)
    told, asked = (plain(part).casefold().strip(" .!?") for part in (found, marker))
    return fuzz.partial_ratio(asked, told) >= _ALIKE if told else False
