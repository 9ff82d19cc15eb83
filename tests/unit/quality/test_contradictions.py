import pytest

from lessongen.lesson.sections.grammar import Grammar
from lessongen.quality.contradictions import contradictions
from tests.support.checking import markets_lesson

POOL = (
    "The council announced in May that the pool in Harbour Street would close in October.",
    "The ovens had to be switched off for nine days, but Tane did not say no.",
    "The pipe has been in use since September, and the bill has fallen to 21,000 dollars a year.",
    "Kwame reached the harbour at four, and the boat for Tinos was due to leave at five.",
    "At five the wind had stopped, Kwame woke everybody up, and the boat left at eight.",
    "On the second Saturday Lwazi sold twelve lamps for 240 rand each.",
    "Every Friday Moana invites Wanjiru and Tane, and they sit on the green sofa.",
    "The presentation lasted eight minutes, and the questions lasted forty.",
    "Hirut takes the bus to school at half past seven every morning.",
    "On Wednesday Bojan phoned Stavros: he is going to surprise his wife on Friday at eight.",
)
TITLE = "Three in Four Years"


def found_in(said: str, text: str = TITLE) -> list[str]:
    grammar = markets_lesson().contents["grammar"]
    assert isinstance(grammar, Grammar)
    content = grammar.model_copy(update={"examples": [said], "forms": []})
    return [found.source for found in contradictions(content, POOL, text)]


@pytest.mark.parametrize(
    "said",
    [
        "Eleven?",
        "Three!",
        "In August, four days before the ovens are switched off, Tane bakes at night.",
        "In August, four days before the ovens were switched off, Tane baked at night.",
        "The council announced in September that the pool would stay open.",
        "The pool has been warm since September.",
        "He sold only one lamp, for 180 rand.",
        "On the first Saturday Lwazi sold one lamp for 180 rand.",
        "The boat left at eight.",
        "The boat for Tinos left at eight.",
        "Moana invited Wanjiru for dinner on Monday.",
        "The fee in Harbour Street has not changed for two years.",
        "On Friday Bojan phoned Despina.",
        "Hirut takes the bus to school at 7:30.",
    ],
)
def test_what_may_be_as_true_as_a_fact_is_no_contradiction(said: str):
    assert found_in(said) == []


@pytest.mark.parametrize("fact", POOL)
def test_a_fact_never_contradicts_itself_or_another(fact: str):
    assert found_in(fact) == []


@pytest.mark.parametrize(
    ("fact", "right", "wrong"),
    [
        (0, "May", "October"),
        (1, "nine", "twelve"),
        (2, "September", "May"),
        (4, "At five", "At eight"),
        (5, "twelve", "twenty"),
        (6, "Friday", "Monday"),
        (7, "eight", "forty"),
        (9, "Wednesday", "Friday"),
    ],
)
def test_a_fact_told_with_another_value_is_one_even_where_the_value_stands_elsewhere(
    fact: int, right: str, wrong: str
):
    assert found_in(POOL[fact].replace(right, wrong)) == [POOL[fact]]
