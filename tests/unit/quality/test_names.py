import pytest

from lessongen.lesson.lesson import Lesson
from lessongen.quality.names import names
from tests.support.checking import edited, markets_lesson, sample_lessons, with_brief


def told(text: str) -> Lesson:
    return edited(markets_lesson(), "reading", lambda r: r["paragraphs"].append(text))


@pytest.mark.parametrize("lesson", [*sample_lessons()], ids=lambda it: it.brief.title[:20])
def test_good_lessons_have_no_strangers(lesson: Lesson):
    assert [*names(lesson)] == []


@pytest.mark.parametrize(
    ("text", "stranger"),
    [
        ("In the evening Sarah came home with a lamp.", "Sarah"),
        ("Kenji sold nothing.", "Kenji"),
        ("Mark was late again.", "Mark"),
        ("Then he gave it to Grace.", "Grace"),
        ("“It is late,” said Zorbax.", "Zorbax"),
        ("He talked to Mr Brundle for an hour.", "Brundle"),
        ("It was Sarah’s idea.", "Sarah"),
        ("Mrs Green can’t sleep.", "Green"),
        ("“Listen, Mr. Baker,” he said.", "Baker"),
        ("We saw Dr Young.", "Young"),
    ],
)
def test_a_stranger_in_the_reading_is_found(text: str, stranger: str):
    (found,) = names(told(text))

    assert (found.section, found.evidence) == ("reading", (stranger,))
    assert stranger in found.sentence


@pytest.mark.parametrize(
    "text",
    [
        "In June they went to Paris on a Monday and spoke French.",
        "Mark the words. Will you come? Rose petals fell. Grace matters.",
        "They bought an Apple computer in New York at Christmas.",
        "Lwazi and Mrs Pillay met Marit’s friends in Palm Park.",
        "The King said no. Everybody said yes.",
        "“Thank you, Mr President,” she said. Miss Monday’s class and you are lost.",
    ],
)
def test_places_days_brands_and_words_are_no_strangers(text: str):
    assert [*names(told(text))] == []


def test_strangers_are_named_with_the_people_of_the_lesson():
    (found,) = names(told("Sarah laughed. Then Kenji came."))

    assert found.sentence == (
        "Nobody in this lesson is called Sarah or Kenji. "
        "Its people are Lwazi, Devi Pillay and Marit."
    )


def test_a_name_the_teacher_brought_is_known():
    lesson = markets_lesson(notes="Tell them about Sarah.")

    def tell(reading: dict[str, list[str]]) -> None:
        reading["paragraphs"].append("Sarah laughed.")

    assert [*names(edited(lesson, "reading", tell))] == []


def test_a_speaker_who_is_not_of_the_cast_is_found():
    lesson = edited(markets_lesson(), "dialogue", lambda d: d["turns"][1].update(speaker="Waiter"))

    assert [found.evidence for found in names(lesson)] == [("Waiter",)]


def test_without_a_cast_anybody_may_speak():
    lesson = with_brief(markets_lesson(), cast=[], key_facts=[])
    dialogue = {"dialogue": lesson.contents["dialogue"]}

    assert "Waiter" not in {
        name
        for found in names(Lesson(lesson.request, lesson.brief, dialogue))
        for name in found.evidence
        if name == "Waiter"
    }
