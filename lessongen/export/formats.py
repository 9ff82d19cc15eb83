"""The formats a lesson can be taken away in, and what the files are called."""

from collections.abc import Callable
from dataclasses import dataclass

from lessongen.export.anki import as_anki, has_words
from lessongen.export.docx import as_docx
from lessongen.export.gift import as_gift, has_keys
from lessongen.export.lesson_file import as_json
from lessongen.export.markdown import as_markdown
from lessongen.export.pdf import as_pdf
from lessongen.export.text import plain_name
from lessongen.lesson.blocks import Copy
from lessongen.lesson.lesson import Lesson

_LONGEST_NAME = 60


def _anything(_: Lesson) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Export:
    """One format, offered for some `copies` of lessons that have what it `needs`."""

    suffix: str
    label: str
    mime: str
    render: Callable[[Lesson, Copy], bytes]
    copies: tuple[Copy, ...] = ("student", "teacher")
    needs: Callable[[Lesson], bool] = _anything

    def offered(self, lesson: Lesson, copy: Copy) -> bool:
        """Say whether a lesson can be had in this format, for this copy."""
        return copy in self.copies and self.needs(lesson)


def file_name(lesson: Lesson, copy: Copy, suffix: str) -> str:
    """Name a file so that every system accepts it: `weekend-markets-B1-student.docx`."""
    topic = plain_name(lesson.request.topic)
    if len(topic) > _LONGEST_NAME:
        topic = topic[: _LONGEST_NAME + 1].rpartition("-")[0] or topic[:_LONGEST_NAME]
    return f"{topic or 'lesson'}-{lesson.request.level}-{copy}{suffix}"


def _markdown(lesson: Lesson, copy: Copy) -> bytes:
    return as_markdown(lesson, copy).encode()


EXPORTS: dict[str, Export] = {
    export.suffix: export
    for export in (
        Export(
            ".docx",
            "Word document",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            as_docx,
        ),
        Export(".pdf", "PDF", "application/pdf", as_pdf),
        Export(".md", "Markdown", "text/markdown", _markdown),
        Export(".apkg", "Anki deck", "application/octet-stream", as_anki, needs=has_words),
        Export(
            ".gift", "Moodle questions", "text/plain", as_gift, copies=("teacher",), needs=has_keys
        ),
        Export(".json", "Lesson data", "application/json", as_json, copies=("teacher",)),
    )
}
