"""Lessons to check: the samples whole, and copies of them with one thing changed."""

from collections.abc import Iterator
from dataclasses import replace

from lessongen.lesson.brief import Brief
from lessongen.lesson.lesson import Lesson
from lessongen.lesson.levels import Level
from lessongen.lesson.prompts import BRIEF
from lessongen.lesson.samples import Sample
from lessongen.lesson.section import SectionContent
from lessongen.lesson.sections.comprehension import Comprehension, Item
from lessongen.lesson.sections.reading import Reading
from lessongen.lesson.sections.vocabulary import Vocabulary
from lessongen.quality.parts import ContentT, section_of
from tests.support.lessons import BANK, MARKETS, contents, markets, request_on


def lesson_of(sample: Sample, topic: str = MARKETS) -> Lesson:
    """Return a sample as a lesson of its highest level."""
    brief = Brief.model_validate_json(sample.part(BRIEF, topic))
    request = request_on(topic, sample.levels[-1])
    return Lesson(request, brief, contents(sample, topic))


def sample_lessons() -> Iterator[Lesson]:
    """Yield every sample as a lesson; templates at each of their levels."""
    for sample in BANK.samples:
        whole = lesson_of(sample, "Bicycles" if sample.is_template else sample.topic)
        for level in sample.levels:
            yield replace(whole, request=request_on(whole.request.topic, level))


def markets_lesson(level: Level = Level.B1) -> Lesson:
    """Return the lesson on weekend markets."""
    return lesson_of(markets(level))


def changed(lesson: Lesson, kind: type[SectionContent], **fields: object) -> Lesson:
    """Return a lesson with fields of one section replaced."""
    whole = {
        name: content.model_copy(update=fields) if isinstance(content, kind) else content
        for name, content in lesson.contents.items()
    }
    return replace(lesson, contents=whole)


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
