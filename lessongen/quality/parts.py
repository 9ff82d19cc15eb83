"""What the checks have in common: the sections of a lesson by type, and words in a sentence."""

from collections.abc import Sequence
from typing import TypeVar

from lessongen.lesson.lesson import Lesson
from lessongen.lesson.section import SectionContent
from lessongen.lesson.sections.reading import Reading

MOST_WORDS, MOST_SENTENCES = 8, 2
"""So many words, or whole sentences, a finding says; a tired teacher reads no more of them."""

ContentT = TypeVar("ContentT", bound=SectionContent)


def section_of(lesson: Lesson, kind: type[ContentT]) -> ContentT | None:
    """Return the content of one type, or None where that section is missing."""
    return next((part for part in lesson.contents.values() if isinstance(part, kind)), None)


def text_of(reading: Reading | None) -> str:
    """Return the text of a reading, a paragraph a line; nothing of none."""
    return "\n".join(reading.paragraphs).strip() if reading else ""


def titled_text_of(reading: Reading | None) -> str:
    """Return title and text of a reading, one a line; nothing of none."""
    return "\n".join((reading.title, *reading.paragraphs)) if reading else ""


def quoted(words: Sequence[str], most: int = MOST_WORDS) -> str:
    """Return words as a sentence lists them: “fee”, “stall” and “profit”."""
    shown = [said(word) for word in words[:most]]
    if len(words) > most:
        shown.append(f"{len(words) - most} more")
    return enumerated(shown)


def said(sentence: str) -> str:
    """Return a sentence between quotation marks, to stand inside another."""
    return f"“{sentence.strip().rstrip('.')}”"


def enumerated(words: Sequence[str], conjunction: str = "and") -> str:
    """Return words as a sentence lists them: fee, stall and profit."""
    *first, last = words or [""]
    return f"{', '.join(first)} {conjunction} {last}" if first else last
