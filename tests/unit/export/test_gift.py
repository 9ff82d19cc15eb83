import re
import warnings
from dataclasses import dataclass, replace
from typing import Any, cast

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lessongen.errors import RequestError
from lessongen.export.gift import as_gift
from lessongen.export.text import one_line
from lessongen.lesson.blocks import Questions
from lessongen.lesson.lesson import Lesson
from lessongen.lesson.sections.comprehension import Comprehension, Item
from tests.support.checking import changed, markets_lesson, question, sample_lessons

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # pygiftparser 1.1 is older than what Python now warns of
    from pygiftparser import parser

ODD = "Is it {a} ~ or = #1: \\ both? // $x$ <b>"
TEXT = st.text(min_size=1, max_size=40).filter(lambda text: any(map(str.isalnum, text)))


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as Moodle reads it."""

    kind: str
    text: str
    markup: str
    valid: bool
    feedback: str
    choices: dict[str, bool]


def read(lesson: Lesson) -> list[Asked]:
    """Read a lesson's questions back as Moodle does."""
    lines = as_gift(lesson, "teacher").decode().splitlines(keepends=True)
    return [_asked(found) for found in cast("list[Any]", parser.parseFile(iter(lines)))]


def _asked(found: Any) -> Asked:
    choices: list[Any] = getattr(found.answers, "answers", [])
    return Asked(
        type(found.answers).__name__,
        plain(found.text),
        found.markup,
        found.valid,
        plain(found.generalFeedback or ""),
        {plain(choice.answer): bool(choice.fraction) for choice in choices},
    )


def asking(*items: Item) -> Lesson:
    return changed(markets_lesson(), Comprehension, items=list(items))


def plain(text: str) -> str:
    return re.sub(r"\\([~=#:\\])", r"\1", text)


def shown(text: str) -> str:
    return one_line(text).translate(str.maketrans("{}", "()"))


def test_every_question_of_a_lesson_that_has_a_key_is_read_back():
    for lesson in sample_lessons():
        blocks = [b for part in lesson.laid_out("teacher") for b in part.blocks]
        keyed = [
            item
            for block in blocks
            if isinstance(block, Questions)
            for item in block.items
            if item.answer
        ]

        found = read(lesson)

        assert all(asked.valid for asked in found)
        assert [asked.text for asked in found] == [one_line(item.stem) for item in keyed]


def test_multiple_choice_has_exactly_the_right_option_right():
    item = question("Who came?", "Ola: {Lund}", "Ola: {Lund}", "=Mia", "~nobody")

    [asked, *_] = read(asking(item))

    assert asked.kind == "SelectSet"
    assert asked.choices == {"Ola: (Lund)": True, "=Mia": False, "~nobody": False}


def test_a_short_answer_is_marked_by_moodle_and_a_long_one_by_the_teacher():
    short = question("What did he sell?", "Twelve lamps.")
    long = question("Why?", "Because the rain had stopped at noon.", evidence="The rain stopped.")

    [first, second, *_] = read(asking(short, long))

    assert list(first.choices) == ["Twelve lamps"]
    assert second.kind == "Essay"
    assert second.feedback == "Because the rain had stopped at noon. (The rain stopped.)"


def test_questions_are_sorted_by_section():
    text = as_gift(markets_lesson(), "teacher").decode()

    assert "$CATEGORY: $course$/Weekend markets (B1)/Comprehension\n" in text
    assert "$CATEGORY: $course$/Weekend markets (B1)/Wrap-up\n" in text


@given(TEXT, TEXT, TEXT)
@example(ODD, ODD, ODD)
def test_no_text_of_a_model_can_be_more_than_text(stem: str, right: str, evidence: str):
    item = question(stem, f"a{right}", f"a{right}", f"a{right} or not", evidence=evidence)

    [asked, *_] = read(asking(item))

    assert asked.valid
    assert asked.markup == "plain"
    assert asked.text == shown(stem)
    assert asked.choices == {shown(f"a{right}"): True, shown(f"a{right} or not"): False}


def test_a_student_gets_no_key():
    with pytest.raises(RequestError, match="choose the teacher’s copy"):
        as_gift(markets_lesson(), "student")


def test_a_lesson_without_keys_has_no_questions_to_export():
    lesson = markets_lesson()
    warmup = replace(lesson, contents={"warmup": lesson.contents["warmup"]})

    with pytest.raises(RequestError, match="no questions with answers"):
        as_gift(warmup, "teacher")


def test_no_option_can_switch_to_another_format():
    item = question("Which?", "[html]<b>x</b>", "[html]<b>x</b>", "y", "z")

    assert "=[plain][html]<b>x</b>" in as_gift(asking(item), "teacher").decode()
