import pytest

from lessongen.lesson.sections.discussion import Discussion, Talk
from lessongen.lesson.sections.vocabulary import Vocabulary
from lessongen.lesson.sections.warmup import Warmup
from lessongen.lesson.sections.wrapup import Check, Wrapup
from lessongen.quality.findings import Finding
from lessongen.quality.repetition import repetition
from tests.support.checking import changed, markets_lesson, vocabulary_of


def talked(warmup: list[str], *talks: tuple[str, str]) -> list[Finding]:
    questions = [Talk(kind="personal", question=q, follow_up=follow_up) for q, follow_up in talks]
    lesson = changed(markets_lesson(), Warmup, questions=warmup)
    return list(repetition(changed(lesson, Discussion, questions=questions)))


@pytest.mark.parametrize(
    "again",
    [
        "What do you usually buy at a market?",
        "What do you usually buy at the markets?",
        "And what do you usually buy at a market?",
        "What did you buy at a market?",
    ],
)
def test_a_question_that_comes_back_is_a_fault_of_the_later_section(again: str):
    (found,) = talked(["What do you usually buy at a market?"], (again, ""))

    assert (found.section, found.check, found.severity) == ("discussion", "repetition", "fault")
    assert found.evidence == (again,)
    assert found.sentence.endswith("in the warm-up.")


def test_a_question_is_asked_once_in_its_own_section():
    (found,) = talked([], ("Where do you buy bread?", "Where do you buy your bread?"))

    assert found.sentence.startswith("Two questions here are nearly the same: “")


def test_short_follow_ups_may_come_back():
    assert not talked([], ("Do you haggle?", "Why?"), ("Do you queue for food?", "Why?"))


def test_questions_on_one_topic_are_not_the_same():
    assert not talked(
        ["What do you buy at a market?", "Who buys the food in your family?"],
        ("What can you sell at a market?", "Would you buy food from a stranger?"),
    )


def test_the_exit_ticket_asks_something_new():
    lesson = changed(markets_lesson(), Warmup, questions=["What do we call the money you keep?"])
    ticket = [Check(question="What do we call the money we keep?", answer="profit")]

    (found,) = repetition(changed(lesson, Wrapup, exit_ticket=ticket))

    assert found.section == "wrapup"


def test_an_example_is_no_sentence_to_complete():
    lesson = markets_lesson()
    first, *rest = vocabulary_of(lesson).entries
    item = vocabulary_of(lesson).practice[0]
    example = item.sentence.replace("____", item.answer)
    entries = [first.model_copy(update={"example": example}), *rest]

    (found,) = repetition(changed(lesson, Vocabulary, entries=entries))

    assert (found.section, found.evidence) == ("vocabulary", (item.sentence,))
