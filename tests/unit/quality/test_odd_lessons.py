"""Whatever a model writes and a teacher types, checks answer, and soon."""

from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lessongen.lesson.brief import Brief, local_brief
from lessongen.lesson.lesson import Lesson
from lessongen.lesson.sections import SECTIONS
from lessongen.quality.facts import facts
from lessongen.quality.findings import Finding
from lessongen.quality.leaks import leaks
from lessongen.quality.markup import markup
from lessongen.quality.names import names
from lessongen.quality.nonsense import nonsense
from lessongen.quality.plan import minutes, skills
from lessongen.quality.sounds import sounds
from lessongen.quality.spelling import spelling
from tests.support.checking import everywhere, markets_lesson
from tests.support.lessons import request_on

CHECKS = (sounds, minutes, skills, spelling, names, facts, leaks, nonsense, markup)
SECONDS = 2.0  # for twenty thousand words; a lesson has a tenth of that


def found(lesson: Lesson) -> list[Finding]:
    return [finding for check in CHECKS for finding in check(lesson)]


def saying(text: str, brief: Brief | None = None) -> Lesson:
    lesson = markets_lesson()
    contents = {
        name: content.model_copy(update=dict(everywhere(content, text[:79] or "-")))
        for name, content in lesson.contents.items()
    }
    reading = contents["reading"].model_copy(update={"paragraphs": [text, text]})
    return Lesson(lesson.request, brief or lesson.brief, {**contents, "reading": reading})


@pytest.mark.parametrize("missing", [*SECTIONS])
def test_any_section_may_be_missing(missing: str):
    lesson = markets_lesson()
    contents = {name: it for name, it in lesson.contents.items() if name != missing}

    assert missing not in {
        finding.section for finding in found(Lesson(lesson.request, lesson.brief, contents))
    }


def test_a_lesson_without_sections_has_no_findings():
    lesson = markets_lesson()

    assert found(Lesson(lesson.request, lesson.brief, {})) == []


def test_a_brief_that_no_model_wrote_is_enough():
    request = request_on("周末市场")

    assert {
        it.check for it in found(Lesson(request, local_brief(request), markets_lesson().contents))
    } <= {"names"}


@pytest.mark.parametrize(
    "text",
    [
        "On Saturday Lwazi sold twelve lamps for 180 rand. " * 2_000,
        "word " * 20_000,
        "Lwazi " * 20_000,
        "7 " * 20_000,
        "." * 100_000,
        "<" * 100_000,
        "(" * 100_000,
        "![" * 50_000,
        "a" * 100_000,
        "“" * 100_000,
        "周" * 100_000,
        "&" * 100_000,
        "I am sorry " * 10_000,
    ],
    ids=lambda text: text[:12],
)
def test_absurd_content_is_judged_soon(text: str):
    begun = perf_counter()

    assert "nonsense" in {finding.check for finding in found(saying(text))}
    assert perf_counter() - begun < SECONDS


@settings(max_examples=40)
@given(st.text(max_size=400))
def test_findings_say_where_and_what_in_any_script(text: str):
    for finding in found(saying(text)):
        assert finding.section in SECTIONS
        assert finding.sentence.strip()
        assert all(finding.evidence)
