from typing import Any

import pytest

from lessongen.lesson.lesson import Lesson
from lessongen.quality.leaks import leaks
from tests.support.checking import edited, markets_lesson, sample_lessons


def sections_found(lesson: Lesson) -> list[str]:
    return [found.section for found in leaks(lesson)]


def exercise(sentence: str, answer: str) -> Lesson:
    return edited(
        markets_lesson(),
        "grammar",
        lambda g: g["exercises"][0].update(sentence=sentence, answer=answer),
    )


@pytest.mark.parametrize("lesson", [*sample_lessons()], ids=lambda it: it.brief.title[:20])
def test_good_lessons_keep_their_key(lesson: Lesson):
    assert [*leaks(lesson)] == []


@pytest.mark.parametrize(
    "text",
    [
        "Read. Answer: B",
        "The second one (correct)",
        "He lost some money ✓",
        "*He lost some money.*",
        "Key: b, c, a",
        "Where is it? [answer: Durban]",
        "The right answer is b.",
        "The right answer is: bread.",
        "Correct answers: 1 c, 2 a",
        "He lost some money. ← correct",
        "[x] He lost some money.",
        "He lost some money. *",
    ],
)
def test_a_marker_of_the_key_is_found(text: str):
    lesson = edited(markets_lesson(), "warmup", lambda w: w["questions"].__setitem__(0, text))

    assert sections_found(lesson) == ["warmup"]


@pytest.mark.parametrize(
    "text",
    [
        "Read and answer: who sold the lamps?",
        "Correct the mistakes (in pairs).",
        "Write your answer: ____",
        "Is that the right way (for you)?",
        "What is the key to a good stall?",
        "Turn left → right at the lamp.",
        "Which lamps have a price - and which have none?",
    ],
)
def test_instructions_are_no_markers(text: str):
    lesson = edited(markets_lesson(), "warmup", lambda w: w["questions"].__setitem__(0, text))

    assert sections_found(lesson) == []


@pytest.mark.parametrize(
    ("sentence", "answer"),
    [
        ("She ____ home late. (came)", "came"),
        ("If you come, we ____ you. (will help)", "will help"),
        ("They haggled, and they ____ again. (haggle)", "haggled"),
        ("He ____ it. (Answer: sold)", "sold"),
        ("He ____ it. (correct)", "sold"),
        ("He ____ it. (right)", "sold"),
    ],
)
def test_a_gap_that_says_its_answer_is_found(sentence: str, answer: str):
    assert sections_found(exercise(sentence, answer)) == ["grammar"]


@pytest.mark.parametrize(
    ("sentence", "answer"),
    [
        ("They will ____ again. (haggle)", "haggle"),
        ("I have lived here ____ May. (since / for)", "since"),
        ("He is ____ man in the town. (old)", "the oldest"),
        ("She insists on ____ it. (correct)", "correcting"),
        ("She insists ____ every letter before it leaves. (correct)", "on correcting"),
        ("She ____ the boat before it sank. [right]", "righted"),
        ("What ____ if it rains? (Lwazi, do)", "will Lwazi do"),
    ],
)
def test_base_forms_and_choices_are_hints_and_no_leaks(sentence: str, answer: str):
    assert sections_found(exercise(sentence, answer)) == []


def test_a_question_that_contains_its_answer_is_found():
    def ask(comprehension: dict[str, Any]) -> None:
        comprehension["items"][0].update(
            question="Are the lamps made of old bicycle parts from Durban?",
            answer="Old bicycle parts from Durban.",
            options=[],
        )

    assert sections_found(edited(markets_lesson(), "comprehension", ask)) == ["comprehension"]


def test_the_answer_to_the_first_reading_is_not_told_before():
    def tell(reading: dict[str, Any]) -> None:
        reading["task"] = f"Read and see that {reading['gist_answer']}"[:300]

    assert sections_found(edited(markets_lesson(), "reading", tell)) == ["reading"]


def test_an_exit_ticket_that_contains_its_answer_is_found():
    def ask(question: str) -> Lesson:
        check = {"question": question, "answer": "a handmade lamp"}
        return edited(markets_lesson(), "wrapup", lambda w: w["exit_ticket"].__setitem__(0, check))

    assert sections_found(ask("What is a handmade lamp?")) == ["wrapup"]
    assert sections_found(ask("Is it a handmade lamp or a factory lamp?")) == []


@pytest.mark.parametrize(
    ("question", "answer", "found_in"),
    [
        ("What is the opposite of asleep? (awake)", "awake", ["wrapup"]),
        ("What do we call him? (Say: he is awake.)", "awake", ["wrapup"]),
        ("What is the opposite of asleep? (one word)", "awake", []),
        ("Is he asleep? (awake / asleep)", "awake", []),
        ("Complete: They will ____ again. (haggle)", "haggle", []),
        ("What is the opposite of asleep? → awake", "awake", ["wrapup"]),
        ("Complete: She ____ early. (go) → goes", "goes", ["wrapup"]),
        ("What is the opposite of asleep? It is awake.", "awake", ["wrapup"]),
        ("What is the opposite of asleep? Asleep or awake?", "awake", []),
        ("Is he asleep? No, he is ____. (awake)", "awake", []),
        ("Change to the past: go → ____", "went", []),
    ],
)
def test_a_question_does_not_hold_its_answer_in_brackets(
    question: str, answer: str, found_in: list[str]
):
    def ask(fields: dict[str, Any]) -> None:
        fields["exit_ticket"][0] = {"question": question, "answer": answer}

    assert sections_found(edited(markets_lesson(), "wrapup", ask)) == found_in
