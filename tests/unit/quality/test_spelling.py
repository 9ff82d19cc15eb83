from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessongen.lesson.lesson import Lesson
from lessongen.quality.spelling import spelling
from tests.support.checking import edited, markets_lesson, sample_lessons


def lesson_saying(text: str, **fields: Any) -> Lesson:
    whole = markets_lesson(**fields)
    warmup = {"warmup": whole.contents["warmup"]}
    lesson = Lesson(whole.request, whole.brief, warmup)
    return edited(lesson, "warmup", lambda w: w.update(task=text[:300] or "-"))


AMERICAN = "color|favorite|neighbors|center|theaters|traveled|gray|jewelry|analyze|defense|gotten"
BRITISH = "colour|favourite|neighbours|centre|theatres|travelled|grey|jewellery|organise|realised"


@pytest.mark.parametrize("word", AMERICAN.split("|"))
def test_an_american_word_in_a_british_lesson_is_noted(word: str):
    (found,) = spelling(lesson_saying(f"Tell us about the {word} here."))

    assert (found.severity, found.evidence) == ("note", (word,))


@pytest.mark.parametrize("word", BRITISH.split("|"))
def test_a_british_word_in_an_american_lesson_is_noted(word: str):
    (found,) = spelling(lesson_saying(f"Tell us about the {word} here.", variant="American"))

    assert found.evidence == (word,)


def test_three_words_of_the_other_english_are_a_fault_that_says_what_to_write():
    (found,) = spelling(lesson_saying("The gray theater in the center."))

    assert found.severity == "fault"
    assert "“grey” for “gray”" in found.sentence


@pytest.mark.parametrize(
    "text",
    [
        "They organize and organise it, and realize and realise why.",
        "Advertise, exercise, promise, surprise, advise and otherwise revise.",
        "We saw Lincoln Center and met Mr Gray.",
        "A humorous and laborious practice at the laboratory of the university.",
        "The flat, the apartment, the holiday and the vacation.",
    ],
)
def test_what_both_have_is_left_alone(text: str):
    assert [*spelling(lesson_saying(text))] == []


def test_words_of_s_are_no_british_spellings():
    text = "Please advise, exercise, promise, surprise, advertise, rise, raise, revise, this basis."

    assert [*spelling(lesson_saying(text, variant="American"))] == []


def test_mom_is_american_with_a_capital_too():
    (found,) = spelling(lesson_saying("Say “Good night, Mom” to her."))

    assert found.evidence == ("Mom",)


def test_what_the_teacher_typed_is_the_teachers_to_spell():
    assert [*spelling(lesson_saying("Talk about color.", topic="Color in art"))] == []


@pytest.mark.parametrize("lesson", [*sample_lessons()], ids=lambda it: it.brief.title[:20])
def test_good_lessons_are_british_throughout(lesson: Lesson):
    assert [*spelling(lesson)] == []


@given(st.text(max_size=300))
def test_no_text_is_too_odd(text: str):
    assert isinstance([*spelling(lesson_saying(text))], list)
