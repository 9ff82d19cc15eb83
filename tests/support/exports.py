"""What the tests of several formats ask of a lesson, and how they read what was drawn."""

import re
from dataclasses import replace
from io import BytesIO
from typing import Any

from pypdf import PdfReader

from lessongen.export.pdf import as_pdf
from lessongen.lesson.blocks import Copy
from lessongen.lesson.lesson import Lesson
from lessongen.quality.sounds import with_sounds
from tests.support.checking import edited, markets_lesson

SECRET = "Zyzzyva"
COPIES: tuple[Copy, ...] = ("student", "teacher")
_SPACES = re.compile(r"[\s\u200b\u2060]+")


def sounded(lesson: Lesson) -> Lesson:
    """Return a lesson with the sounds of its words, as the runner stores it."""
    contents = {
        name: with_sounds(name, content, lesson.request.variant)
        for name, content in lesson.contents.items()
    }
    return replace(lesson, contents=contents)


def squeezed(text: str) -> str:
    """Return a text without its spaces: where lines end is not what is tested."""
    return _SPACES.sub("", text)


def pdf_of(lesson: Lesson, copy: Copy = "student") -> PdfReader:
    """Draw a copy of a lesson as a PDF, and open it."""
    return PdfReader(BytesIO(as_pdf(lesson, copy)))


def text_of(pdf: PdfReader) -> str:
    """Return the text of all pages."""
    return "\n".join(page.extract_text() for page in pdf.pages)


def secret_lesson() -> Lesson:
    """Return a lesson whose every open key holds a word that is nowhere else."""

    def hide(field: str, *parts: str) -> Any:
        def edit(fields: dict[str, Any]) -> None:
            for item in fields[field]:
                item.update(dict.fromkeys(parts, f"{SECRET} indeed."))
                item.update({"options": []} if "options" in item else {})

        return edit

    lesson = edited(markets_lesson(), "comprehension", hide("items", "answer", "evidence"))
    lesson = edited(lesson, "grammar", hide("exercises", "answer"))
    return edited(lesson, "wrapup", hide("exit_ticket", "answer"))
