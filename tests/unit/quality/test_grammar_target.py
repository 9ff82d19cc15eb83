from dataclasses import replace

import pytest

from lessongen.lesson.lesson import Lesson
from lessongen.lesson.sections.grammar import Grammar
from lessongen.quality.grammar_target import grammar
from tests.support.checking import asking, changed, markets_lesson

TEXT = "It was late.\n“If it rains, I’ll ride the bicycle myself,” said Lwazi. Devi laughed."


def marked(marker: str, text: str = TEXT) -> Lesson:
    lesson = asking(text)
    target = lesson.brief.grammar_target.model_copy(update={"marker": marker})
    return replace(lesson, brief=lesson.brief.model_copy(update={"grammar_target": target}))


@pytest.mark.parametrize(
    "marker",
    [
        "",
        "If it rains, I'll ride the bicycle myself.",
        "If it rains, I’ll ride the bicycle myself",
        "If it rains, I’ll ride a bicycle myself.",
    ],
)
def test_a_marker_stands_in_the_text_give_or_take_a_letter(marker: str):
    assert not list(grammar(marked(marker)))


@pytest.mark.parametrize("marker", ["Devi has been laughing for hours.", "She had left."])
def test_a_marker_that_the_text_lacks_is_noted(marker: str):
    (found,) = grammar(marked(marker))

    assert (found.section, found.check, found.severity) == ("reading", "grammar", "note")


def test_grammar_without_an_example_is_a_fault():
    (found,) = grammar(changed(markets_lesson(), Grammar, examples=["", " "]))

    assert (found.section, found.severity) == ("grammar", "fault")
