"""What every check of content promises: silence on good lessons, and calm on odd ones."""

import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from lessongen.lesson.brief import GrammarTarget, TargetWord
from lessongen.lesson.lesson import Lesson
from lessongen.lesson.section import SectionContent
from lessongen.lesson.sections.reading import Reading
from lessongen.quality.choices import choices
from lessongen.quality.findings import Finding
from lessongen.quality.gaps import gaps
from lessongen.quality.grammar_target import grammar
from lessongen.quality.grounding import grounded, grounding
from lessongen.quality.level import level
from lessongen.quality.repetition import repetition
from lessongen.quality.target_words import practice, target_words
from tests.support.checking import (
    changed,
    comprehension_of,
    lesson_of,
    markets_lesson,
    reading_of,
    sample_lessons,
)
from tests.support.lessons import BANK

Check = Callable[[Lesson], Iterable[Finding]]
CHECKS: tuple[Check, ...] = (
    level,
    target_words,
    practice,
    gaps,
    choices,
    grounding,
    grammar,
    repetition,
)
every_check = pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
ODD = ("", " ", "____", "....", "週末の市場。", "שוק", "🍕", "'", "“", "(", "a/b", "x" * 80, "No.")
odd = st.sampled_from(ODD) | st.text(max_size=40)


@every_check
def test_good_lessons_have_nothing_to_find(check: Check):
    found = [(lesson.brief.title, f.sentence) for lesson in sample_lessons() for f in check(lesson)]

    assert not found


@every_check
def test_any_section_may_be_missing(check: Check):
    whole = markets_lesson()
    for name in whole.contents:
        fewer = {other: content for other, content in whole.contents.items() if other != name}
        assert not list(check(replace(whole, contents=fewer)))
    assert not list(check(replace(whole, contents={})))


@every_check
@pytest.mark.parametrize(
    "topic", ["שווקים", "週末の市場", "🍕", "Ж" * 120, "____ and ____", "{topic}"]
)
def test_templates_take_topics_in_any_script(check: Check, topic: str):
    for sample in BANK.samples:
        if sample.is_template:
            assert isinstance(list(check(lesson_of(sample, topic))), list)


def filled(content: SectionContent, draw: Callable[[], str]) -> SectionContent:
    """Return a section with every text replaced."""

    def odd_value(value: object) -> object:
        match value:
            case str():
                return draw()
            case BaseModel():
                return value.model_copy(update={n: odd_value(v) for n, v in value})
            case list():
                return [odd_value(item) for item in cast("list[object]", value)]
            case _:
                return value

    return content.model_copy(update={name: odd_value(value) for name, value in content})


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_no_content_makes_a_check_raise(data: st.DataObject):
    whole = markets_lesson()
    brief = whole.brief.model_copy(
        update={
            "target_words": [
                TargetWord(word=data.draw(odd), part_of_speech="", meaning=data.draw(odd))
            ],
            "grammar_target": GrammarTarget(structure="", pattern="", marker=data.draw(odd)),
            "cast": [],
        }
    )
    texts = data.draw(st.lists(odd, min_size=3, max_size=12))
    numbers = iter(range(10_000))
    contents = {
        name: filled(content, lambda: texts[next(numbers) % len(texts)])
        for name, content in whole.contents.items()
    }
    lesson = replace(whole, brief=brief, contents=contents)

    for check in CHECKS:
        for found in check(lesson):
            assert found.section in contents
            assert found.sentence
    grounded(comprehension_of(lesson), reading_of(lesson))


@pytest.mark.parametrize("text", ["Lwazi sold a lamp. ", "word ", "“Hi!” she said. ", "\n", "1,"])
def test_twenty_thousand_words_are_checked_in_bounded_time(text: str):
    lesson = changed(markets_lesson(), Reading, paragraphs=[text * 20_000])
    started = time.perf_counter()

    for check in CHECKS:
        assert isinstance(list(check(lesson)), list)

    assert time.perf_counter() - started < 5
