"""Corruptions of answers: what the text does not support."""

from collections.abc import Sequence
from random import Random
from typing import Any

from lessongen.benchmark.quality.corruption import Corrupt, Corruption
from lessongen.benchmark.quality.editing import (
    changed,
    questions,
    reading_sentences,
    section_fields,
    with_item,
)
from lessongen.lesson.lesson import Lesson

_INVENTED = (
    (
        "Sixty students from Lisbon came by ferry.",
        "Every summer the old ferry brings sixty students from Lisbon to the island.",
    ),
    (
        "The museum had closed its doors.",
        "The museum had closed its doors because nobody bought tickets any longer.",
    ),
    (
        "The doctor told the twins to drink more water.",
        "The doctor told the twins to drink more water and to stay in bed.",
    ),
)


def _with(lesson: Lesson, place: int, **fields: Any) -> Lesson:
    return with_item(lesson, "comprehension", "items", place, fields)


def invented_proof(lesson: Lesson, rng: Random) -> Lesson | None:
    """Answer by something invented, and prove it by a sentence that stands nowhere in the text.

    An invented proof of a right answer is not among these: a review replaces it by the sentence
    of the text that proves the answer.
    """
    answer, proof = rng.choice(_INVENTED)
    place, item = rng.choice([*questions(lesson, choice=True), *questions(lesson, choice=False)])
    options = [answer if option == item["answer"] else option for option in item["options"]]
    return _with(lesson, place, evidence=proof, answer=answer, options=options)


def unsupported_answers(lessons: Sequence[Lesson]) -> Corrupt:
    """Return a corruption that answers an open question from another lesson's text."""

    def corrupt(lesson: Lesson, rng: Random) -> Lesson | None:
        others = [other for other in lessons if other.brief.title != lesson.brief.title]
        own = questions(lesson, choice=False)
        foreign = [item for other in others for _, item in questions(other, choice=False)]
        if not own or not foreign:
            return None
        place, _ = rng.choice(own)
        return _with(lesson, place, answer=rng.choice(foreign)["answer"])

    return corrupt


def unsupported_gist(lessons: Sequence[Lesson]) -> Corrupt:
    """Return a corruption that answers the question for the first reading from another text."""

    def corrupt(lesson: Lesson, rng: Random) -> Lesson | None:
        others = [other for other in lessons if other.brief.title != lesson.brief.title]
        answer = section_fields(rng.choice(others), "reading")["gist_answer"]
        return changed(lesson, "reading", gist_answer=answer)

    return corrupt


def off_the_text(lesson: Lesson, rng: Random) -> Lesson | None:
    """Answer an open question with something plausible that the text does not say."""
    own = questions(lesson, choice=False)
    if not own:
        return None
    answer = rng.choice(
        [
            "Because the weather was too hot and the river had dried up.",
            "He wanted to impress his cousins from the capital.",
            "She had lost her umbrella on the tram again.",
            "They were waiting for the results of a medical test.",
        ]
    )
    return _with(lesson, rng.choice(own)[0], answer=answer)


def answer_to_another_question(lesson: Lesson, rng: Random) -> Lesson | None:
    """Answer an open question by another sentence of the text, which is no answer to it."""
    open_questions = questions(lesson, choice=False)
    if not open_questions:
        return None
    place, item = rng.choice(open_questions)
    far = [s for s in reading_sentences(lesson) if s not in item["evidence"] and "“" not in s]
    if not far:
        return None
    return with_item(lesson, "comprehension", "items", place, {"answer": rng.choice(far)})


def unsupported(lessons: Sequence[Lesson]) -> tuple[Corruption, ...]:
    """Return the corruptions of answers; some borrow from these lessons."""
    asked = ("comprehension",)
    return (
        Corruption("invented answer and proof", ("grounding",), asked, invented_proof),
        Corruption(
            "answer from another text", ("grounding",), asked, unsupported_answers(lessons), draws=2
        ),
        Corruption("answer to another question", ("grounding",), asked, answer_to_another_question),
        Corruption("answer not in the text", ("grounding",), asked, off_the_text, draws=2),
        Corruption(
            "gist of another text",
            ("grounding", "names"),
            ("reading",),
            unsupported_gist(lessons),
        ),
    )
