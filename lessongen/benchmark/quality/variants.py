"""Variants of a lesson that are as good: nothing in them is a reason for a finding."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from random import Random

from rapidfuzz import fuzz

from lessongen.benchmark.quality.american import in_american_spelling
from lessongen.benchmark.quality.editing import changed, section_fields, with_texts
from lessongen.benchmark.quality.specimens import Specimen, written
from lessongen.lesson.lesson import Lesson
from lessongen.lesson.sections import SECTIONS

_ALIKE = 75.0  # of 100: the fact and the sentence of the text tell the same


def variants(specimen: Specimen, rng: Random) -> Iterator[Lesson]:
    """Yield the variants of a lesson that differ from it."""
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


def _options_without_full_stops(specimen: Specimen, _: Random) -> Lesson:
    items = section_fields(specimen.lesson, "comprehension")["items"]
    for item in items:
        if item["options"]:
            item["options"] = [option.rstrip(".") for option in item["options"]]
            item["answer"] = item["answer"].rstrip(".")
    return changed(specimen.lesson, "comprehension", items=items)


def _facts_as_evidence(specimen: Specimen, _: Random) -> Lesson:
    """Prove answers by the key facts that tell the same, as models do that never saw the text."""
    items = section_fields(specimen.lesson, "comprehension")["items"]
    for item in items:
        item["evidence"] = _as_fact(item["evidence"], specimen.lesson.brief.key_facts)
    return changed(specimen.lesson, "comprehension", items=items)


def _as_fact(evidence: str, key_facts: Sequence[str]) -> str:
    likeness, fact = max((fuzz.token_set_ratio(fact, evidence), fact) for fact in key_facts)
    return fact if likeness >= _ALIKE else evidence


def _for_americans(specimen: Specimen, _: Random) -> Lesson:
    """Write the lesson in American English, its sounds too."""
    request = specimen.lesson.request.model_copy(update={"variant": "American"})
    return with_texts(written(specimen.sample, request), in_american_spelling)


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
    _options_without_full_stops,
    _facts_as_evidence,
    _for_americans,
    _some_sections,
    _sections_that_failed,
    _other_minutes,
    _for_teenagers_with_notes,
)
