"""Lessons for checks: one to change, and the good ones that no check may find fault with."""

import json
from collections.abc import Callable, Iterator
from typing import Any, cast

from lessongen.lesson.brief import Brief
from lessongen.lesson.lesson import Lesson
from lessongen.lesson.request import LessonRequest
from lessongen.lesson.samples import Sample
from lessongen.lesson.section import SectionContent
from lessongen.lesson.sections import SECTIONS
from tests.support.lessons import BANK, MARKETS, markets, request_on

_KEPT = {"interaction", "skill", "kind", "focus", "ipa", "stress"}


def lesson_from(sample: Sample, request: LessonRequest) -> Lesson:
    """Return a sample as the lesson it makes for a request."""
    brief = Brief.model_validate_json(sample.part("brief", request.topic))
    contents = {
        name: section.parsed(sample.part(name, request.topic)) for name, section in SECTIONS.items()
    }
    return Lesson(request, brief, contents)


def good_lessons(topic: str = MARKETS) -> Iterator[Lesson]:
    """Yield every sample lesson, templates on a topic."""
    for sample in BANK.samples:
        for level in sample.levels:
            about = topic if sample.is_template else sample.topic
            yield lesson_from(sample, request_on(about, level))


def market_lesson(**fields: Any) -> Lesson:
    """Return the sample lesson on weekend markets, level B1."""
    return lesson_from(markets(), request_on(**fields))


def changed(lesson: Lesson, section: str, change: Callable[[dict[str, Any]], object]) -> Lesson:
    """Return a lesson after a change to the fields of one section."""
    fields = lesson.contents[section].model_dump()
    change(fields)
    content = SECTIONS[section].content.model_validate_json(json.dumps(fields))
    return Lesson(lesson.request, lesson.brief, {**lesson.contents, section: content})


def with_brief(lesson: Lesson, **fields: object) -> Lesson:
    """Return a lesson with other fields in its brief."""
    brief = Brief.model_validate(lesson.brief.model_dump() | fields)
    return Lesson(lesson.request, brief, lesson.contents)


def everywhere(content: SectionContent, text: str) -> SectionContent:
    """Return a section with the same text in every field that a model writes."""
    return type(content).model_validate(_everywhere(content.model_dump(), text))


def _everywhere(value: object, text: str) -> object:
    match value:
        case str():
            return text
        case list():
            return [_everywhere(item, text) for item in cast("list[object]", value)]
        case dict():
            fields = cast("dict[str, object]", value)
            return {k: v if k in _KEPT else _everywhere(v, text) for k, v in fields.items()}
        case _:
            return value
