"""Specimens: the sample lessons as intact lessons, and variants of them that are as good."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from random import Random

from lessongen.benchmark.quality.editing import changed, section_fields, with_texts
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


def variants(specimen: Specimen, rng: Random) -> Iterator[Lesson]:
    """Yield other lessons as good as the specimen: nothing in them is a reason for a finding."""
    for vary in _HARMLESS:
        lesson = vary(specimen, rng)
        if lesson != specimen.lesson:
            yield lesson


def _options_shuffled(specimen: Specimen, rng: Random) -> Lesson:
    """Shuffle the options; the right ones are still in two places at least."""
    lesson = specimen.lesson
    items = section_fields(lesson, "comprehension")["items"]
    choices = [item for item in items if item["options"]]
    for item in choices:
        rng.shuffle(item["options"])
    places = {item["options"].index(item["answer"]) for item in choices}
    if len(places) == 1 and len(choices) > 1:
        options = choices[0]["options"]
        options.append(options.pop(0))
    return changed(lesson, "comprehension", items=items)


def _questions_in_another_order(specimen: Specimen, rng: Random) -> Lesson:
    lesson = specimen.lesson
    for section, field in (
        ("comprehension", "items"),
        ("vocabulary", "practice"),
        ("grammar", "exercises"),
        ("discussion", "useful_phrases"),
    ):
        items = section_fields(lesson, section)[field]
        rng.shuffle(items)
        lesson = changed(lesson, section, **{field: items})
    return lesson


def _british_quotes(specimen: Specimen, _: Random) -> Lesson:
    """Put what people say between single quotation marks, as British books do."""
    return with_texts(
        specimen.lesson,
        lambda text: text.replace("“", "‘").replace("”", "’"),
    )


def _straight_quotes(specimen: Specimen, _: Random) -> Lesson:
    straight = str.maketrans("“”‘’", "\"\"''")
    return with_texts(specimen.lesson, lambda text: text.translate(straight))


def _long_dashes(specimen: Specimen, _: Random) -> Lesson:
    """Write dots and dashes as another typist would."""
    return with_texts(specimen.lesson, lambda text: text.replace(" ...", "…").replace(" – ", "—"))


def _some_sections(specimen: Specimen, rng: Random) -> Lesson:
    kept = {"vocabulary", "reading"} | set(rng.sample(list(SECTIONS), 4))
    request = specimen.lesson.request.model_copy(
        update={"sections": tuple(name for name in SECTIONS if name in kept)}
    )
    return written(specimen.sample, request)


def _sections_that_failed(specimen: Specimen, rng: Random) -> Lesson:
    """Leave two sections out that were asked for, as where no model could write them."""
    failed = rng.sample(list(SECTIONS), 2)
    contents = {n: c for n, c in specimen.lesson.contents.items() if n not in failed}
    return replace(specimen.lesson, contents=contents)


def _other_minutes(specimen: Specimen, rng: Random) -> Lesson:
    minutes = rng.choice([20, 30, 45, 75, 90, 120])
    request = specimen.lesson.request.model_copy(update={"minutes": minutes})
    return written(specimen.sample, request)


def _for_teenagers_with_notes(specimen: Specimen, _: Random) -> Lesson:
    request = specimen.lesson.request.model_copy(
        update={
            "age_group": "teenagers",
            "first_language": "Spanish",
            "notes": "Please include a lot of speaking.",
        }
    )
    return replace(specimen.lesson, request=request)


_HARMLESS: Sequence[Callable[[Specimen, Random], Lesson]] = (
    _options_shuffled,
    _questions_in_another_order,
    _british_quotes,
    _straight_quotes,
    _long_dashes,
    _some_sections,
    _sections_that_failed,
    _other_minutes,
    _for_teenagers_with_notes,
)
