"""A whole lesson as one JSON file that can be read back."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from lessongen.errors import RequestError
from lessongen.lesson.blocks import Copy
from lessongen.lesson.brief import Brief
from lessongen.lesson.lesson import Lesson
from lessongen.lesson.request import LessonRequest
from lessongen.lesson.sections import SECTIONS


class LessonFile(BaseModel):
    """What the file holds; `format` tells a reader years later how to take it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal["lessongen/1"] = "lessongen/1"
    request: LessonRequest
    brief: Brief
    sections: dict[str, dict[str, Any]]


def as_json(lesson: Lesson, copy: Copy) -> bytes:
    """Write a lesson as JSON in UTF-8.

    Raises:
        RequestError: for a student's copy; the file holds every answer.
    """
    if copy == "student":
        raise RequestError("The lesson as data holds the answers: choose the teacher’s copy.")
    contents = {name: content.model_dump(mode="json") for name, content in lesson.contents.items()}
    file = LessonFile(request=lesson.request, brief=lesson.brief, sections=contents)
    return file.model_dump_json(indent=2).encode()


def from_json(data: bytes) -> Lesson:
    """Read a lesson back from its file.

    Raises:
        RequestError: where the file is not a lesson of this product.
    """
    try:
        file = LessonFile.model_validate_json(data)
        contents = {
            name: SECTIONS[name].content.model_validate(fields)
            for name, fields in file.sections.items()
        }
    except (ValidationError, KeyError) as error:
        raise RequestError("This file is not a lesson that LessonGen wrote.") from error
    return Lesson(file.request, file.brief, contents)
