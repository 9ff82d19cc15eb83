"""Specimens: the sample lessons, whole and intact."""

from collections.abc import Iterator
from dataclasses import dataclass

from lessongen.lesson.brief import Brief
from lessongen.lesson.lesson import Lesson
from lessongen.lesson.levels import Level
from lessongen.lesson.request import LessonRequest
from lessongen.lesson.samples import Sample, SampleBank
from lessongen.lesson.sections import SECTIONS
from lessongen.quality.sounds import with_sounds

_TEMPLATE_TOPIC = "School libraries"
_MINUTES = 60


@dataclass(frozen=True, slots=True)
class Specimen:
    """An intact lesson. `levels` are those at which its sample is served."""

    name: str
    lesson: Lesson
    sample: Sample

    @property
    def levels(self) -> tuple[Level, ...]:
        """The levels that the lesson was written for."""
        return self.sample.levels


def specimens(bank: SampleBank) -> tuple[Specimen, ...]:
    """Return every sample as a lesson, a template once for each of its levels."""
    return tuple(_specimens(bank))


def _specimens(bank: SampleBank) -> Iterator[Specimen]:
    for sample in bank.samples:
        topic = _TEMPLATE_TOPIC if sample.is_template else sample.topic
        for level in sample.levels:
            request = LessonRequest(topic=topic, level=level, minutes=_MINUTES)
            yield Specimen(f"{topic}, {level}", written(sample, request), sample)


def written(sample: Sample, request: LessonRequest) -> Lesson:
    """Return a sample as the lesson that a request gets, with how its words are said."""
    brief = Brief.model_validate_json(sample.answer("brief", request))
    contents = {
        name: with_sounds(
            name, SECTIONS[name].parsed(sample.answer(name, request)), request.variant
        )
        for name in request.sections
    }
    return Lesson(request, brief, contents)
