"""Corruptions by repetition: one question asked in two places."""

import re
from collections.abc import Iterator
from random import Random

from lessongen.benchmark.quality.corruption import Corruption
from lessongen.benchmark.quality.editing import section_fields, with_item
from lessongen.lesson.lesson import Lesson

_TURNS = (
    (r"^Why did (.+)\?$", r"For what reason did \1?"),
    (r"^What (.+)\?$", r"What exactly \1?"),
    (r"^How did (.+)\?$", r"In which way did \1?"),
    (r"^(W\w+ .+) (when|after|before) (.+)\?$", r"\2 \3: \1?"),
    (r"^Do you (.+)\?$", r"Would you say that you \1?"),
)


def _reworded(question: str) -> Iterator[str]:
    """Yield a question with small changes, as another writer would put it."""
    lower = question[:1].lower() + question[1:]
    yield question
    yield f"So, {lower}"
    yield f"In your view, {lower}"
    yield question.rstrip("?") + ", do you think?"
    yield question.replace(" did ", " do you think ", 1) if " did " in question else f"And {lower}"
    for old, new in _TURNS:
        if re.match(old, question):
            turned = re.sub(old, new, question)
            yield turned[:1].upper() + turned[1:]


def _asked_again(lesson: Lesson, rng: Random) -> str:
    item = rng.choice(section_fields(lesson, "comprehension")["items"])
    return rng.choice([*_reworded(item["question"])])


def repeated_in_discussion(lesson: Lesson, rng: Random) -> Lesson | None:
    """Ask about the text again in the discussion."""
    place = rng.randrange(len(section_fields(lesson, "discussion")["questions"]))
    again = {"question": _asked_again(lesson, rng)}
    return with_item(lesson, "discussion", "questions", place, again)


def repeated_in_exit_ticket(lesson: Lesson, rng: Random) -> Lesson | None:
    """Ask about the text again at the end."""
    again = {"question": _asked_again(lesson, rng)}
    return with_item(lesson, "wrapup", "exit_ticket", 0, again)


def repeated_warmup(lesson: Lesson, rng: Random) -> Lesson | None:
    """Ask a question of the warm-up again in the discussion."""
    question = rng.choice(section_fields(lesson, "warmup")["questions"])
    again = {"question": rng.choice([*_reworded(question)])}
    return with_item(lesson, "discussion", "questions", 0, again)


def asked_twice(lesson: Lesson, rng: Random) -> Lesson | None:
    """Ask about the text twice in nearly the same words."""
    items = section_fields(lesson, "comprehension")["items"]
    first, second = rng.sample(range(len(items)), 2)
    question = rng.choice([*_reworded(items[first]["question"])])
    item = {**items[first], "question": question}
    return with_item(lesson, "comprehension", "items", second, item)


REPEATS = (
    Corruption(
        "question on the text in the discussion",
        ("repetition",),
        ("comprehension", "discussion"),
        repeated_in_discussion,
        draws=2,
    ),
    Corruption(
        "question on the text in the exit ticket",
        ("repetition",),
        ("comprehension", "wrapup"),
        repeated_in_exit_ticket,
        draws=2,
    ),
    Corruption(
        "warm-up question in the discussion",
        ("repetition",),
        ("warmup", "discussion"),
        repeated_warmup,
    ),
    Corruption("one question twice", ("repetition",), ("comprehension",), asked_twice),
)
