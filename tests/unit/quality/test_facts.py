from typing import Any

import pytest

from lessongen.lesson.lesson import Lesson
from lessongen.quality.facts import facts
from lessongen.quality.quantities import quantities
from tests.support.checking import edited, markets_lesson, sample_lessons, with_brief

FACTS = [
    "Ravi opened a bakery in Leeds in March with forty chairs.",
    "On Monday he sold ninety loaves for two pounds each.",
]
TEXT = [
    "Ravi had a plan. In March he opened a bakery in Leeds with forty chairs.",
    "On Monday he sold ninety loaves of bread for two pounds each. Everybody was happy.",
]


def bakery(paragraphs: list[str], evidence: str = "He opened a bakery.") -> Lesson:
    def ask(comprehension: dict[str, Any]) -> None:
        comprehension["items"] = 3 * [
            {
                "skill": "detail",
                "question": "What?",
                "options": [],
                "answer": "",
                "evidence": evidence,
            }
        ]

    whole = with_brief(markets_lesson(), key_facts=FACTS)
    kept = {name: whole.contents[name] for name in ("reading", "comprehension")}
    lesson = Lesson(whole.request, whole.brief, kept)
    lesson = edited(lesson, "comprehension", ask)
    return edited(
        lesson, "reading", lambda r: r.update(paragraphs=paragraphs, title="Bread", gist_answer="")
    )


@pytest.mark.parametrize("lesson", [*sample_lessons()], ids=lambda it: it.brief.title[:20])
def test_good_lessons_tell_every_fact_and_contradict_none(lesson: Lesson):
    assert [*facts(lesson)] == []


def test_a_text_that_tells_its_facts_is_not_found():
    assert [*facts(bakery(TEXT))] == []


def test_a_fact_that_the_text_leaves_out_is_found():
    (found,) = facts(bakery([TEXT[0], "Everybody was happy."]))

    assert (found.section, found.severity, found.evidence) == ("reading", "fault", (FACTS[1],))


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("ninety", "eighty"),
        ("Monday", "Friday"),
        ("March", "June"),
        ("forty", "14"),
        ("two", "three"),
    ],
)
def test_another_number_day_or_month_in_the_text_is_found(right: str, wrong: str):
    lesson = bakery([text.replace(right, wrong) for text in TEXT])

    assert "reading" in {found.section for found in facts(lesson)}


def test_the_same_number_in_figures_is_the_same():
    assert [*facts(bakery([text.replace("ninety", "90") for text in TEXT]))] == []


def test_evidence_with_another_number_than_the_text_is_found():
    found = [*facts(bakery(TEXT, "On Monday he sold fifty loaves of bread for two pounds each."))]

    assert [it.section for it in found] == ["comprehension"]


@pytest.mark.parametrize(
    "said",
    [
        "If Ravi sells eighty loaves on Monday, he will buy a new oven.",
        "Nine friends came to the bakery.",
        "On Tuesday it rained in Leeds.",
    ],
)
def test_other_numbers_of_other_things_contradict_nothing(said: str):
    lesson = edited(
        with_brief(markets_lesson(), key_facts=FACTS),
        "grammar",
        lambda g: g.update(examples=[said] * 2),
    )

    assert "grammar" not in {found.section for found in facts(lesson)}


def test_a_brief_without_facts_and_a_lesson_without_a_reading_are_fine():
    lesson = with_brief(markets_lesson(), key_facts=[])

    assert [*facts(lesson)] == []
    assert [*facts(Lesson(lesson.request, markets_lesson().brief, {}))] == []


def test_numbers_carry_their_unit():
    kinds = {
        (q.kind, q.value) for q in quantities("It cost £3.50 on Friday, with 200 rand for May.")
    }

    assert {("pound", "3.5"), ("weekday", "friday"), ("rand", "200")} <= kinds
