"""Lessons to check: the samples whole, and copies of them with one thing changed."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, cast

from lessongen.lesson.brief import Brief
from lessongen.lesson.lesson import Lesson
from lessongen.lesson.levels import Level
from lessongen.lesson.prompts import BRIEF
from lessongen.lesson.request import LessonRequest
from lessongen.lesson.samples import Sample
from lessongen.lesson.section import SectionContent
from lessongen.lesson.sections import SECTIONS
from lessongen.lesson.sections.comprehension import Comprehension, Item
from lessongen.lesson.sections.reading import Reading
from lessongen.lesson.sections.vocabulary import Vocabulary
from lessongen.quality.parts import ContentT, section_of
from tests.support.lessons import BANK, MARKETS, contents, markets, request_on

_KEPT = {"interaction", "skill", "kind", "focus", "ipa", "stress"}


def lesson_of(sample: Sample, topic: str = MARKETS) -> Lesson:
    """Return a sample as a lesson of its highest level."""
    return _lesson_for(sample, request_on(topic, sample.levels[-1]))


def sample_lessons(topic: str = "Bicycles") -> Iterator[Lesson]:
    """Yield every sample as a lesson; templates on a topic, at each of their levels."""
    for sample in BANK.samples:
        for level in sample.levels:
            about = topic if sample.is_template else sample.topic
            yield _lesson_for(sample, request_on(about, level))


def markets_lesson(level: Level = Level.B1, **fields: object) -> Lesson:
    """Return the lesson on weekend markets, for a request with other fields."""
    request = request_on(level=level).model_copy(update=fields)
    return _lesson_for(markets(level), request)


def _lesson_for(sample: Sample, request: LessonRequest) -> Lesson:
    brief = Brief.model_validate_json(sample.part(BRIEF, request.topic))
    return Lesson(request, brief, contents(sample, request.topic))


def changed(lesson: Lesson, kind: type[SectionContent], **fields: object) -> Lesson:
    """Return a lesson with fields of one section replaced."""
    whole = {
        name: content.model_copy(update=fields) if isinstance(content, kind) else content
        for name, content in lesson.contents.items()
    }
    return replace(lesson, contents=whole)


def edited(lesson: Lesson, section: str, edit: Callable[[dict[str, Any]], object]) -> Lesson:
    """Return a lesson after an edit of one section's fields as JSON has them."""
    fields = lesson.contents[section].model_dump()
    edit(fields)
    content = SECTIONS[section].content.model_validate_json(json.dumps(fields))
    return replace(lesson, contents={**lesson.contents, section: content})


def with_brief(lesson: Lesson, **fields: object) -> Lesson:
    """Return a lesson with other fields in its brief."""
    return replace(lesson, brief=Brief.model_validate(lesson.brief.model_dump() | fields))


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


def asking(text: str, *items: Item) -> Lesson:
    """Return a lesson whose reading is a text, with these questions on it."""
    lesson = changed(markets_lesson(), Reading, paragraphs=text.split("\n"), gist_answer="")
    return changed(lesson, Comprehension, items=list(items))


def question(
    asked: str, answer: str, *options: str, evidence: str = "", skill: str = "detail"
) -> Item:
    """Return a question; with options it is multiple choice."""
    fields = {"question": asked, "answer": answer, "options": list(options), "evidence": evidence}
    return Item.model_validate({**fields, "skill": skill})


def reading_of(lesson: Lesson) -> Reading:
    """Return the reading that a sample certainly has."""
    return _certain(section_of(lesson, Reading))


def comprehension_of(lesson: Lesson) -> Comprehension:
    """Return the questions on the reading that a sample certainly has."""
    return _certain(section_of(lesson, Comprehension))


def vocabulary_of(lesson: Lesson) -> Vocabulary:
    """Return the words that a sample certainly has."""
    return _certain(section_of(lesson, Vocabulary))


def _certain(content: ContentT | None) -> ContentT:
    assert content is not None
    return content
