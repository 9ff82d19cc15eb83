"""Corruptions of figures and days: two parts of a lesson that do not agree."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from lessongen.benchmark.quality.corruption import Corruption
from lessongen.benchmark.quality.editing import (
    changed,
    paragraphs,
    section_fields,
    with_item,
    word_pattern,
)
from lessongen.lesson.lesson import Lesson


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_NUMBERS = _words(
    "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "twenty twenty-five thirty forty fifty sixty"
)
_DAYS = _words("Monday Tuesday Wednesday Thursday Friday Saturday Sunday")
_NUMBER = re.compile(
    rf"(?<![\w.,:-])(?:\d+|{'|'.join(sorted(_NUMBERS, key=len, reverse=True))})(?![\w-]|[.,:]\d)",
    re.IGNORECASE,
)
_DAY = re.compile(rf"\b(?:{'|'.join(_DAYS)})\b")
_MOST_CHARACTERS = 600


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a value stands in a list of a section; `field` is empty where items are strings."""

    index: int
    field: str
    found: re.Match[str]

    def otherwise(self, rng: Random) -> str:
        """Return the text with another value in that place."""
        text, found = self.found.string, self.found
        return text[: found.start()] + _other(found[0], rng) + text[found.end() :]


def _other(value: str, rng: Random) -> str:
    """Return another value of the kind: a day for a day, figures for figures."""
    if value.isdigit():
        return str(int(value) + rng.choice([2, 3, 5, 7]))
    listed = _DAYS if value in _DAYS else _NUMBERS
    other = rng.choice([word for word in listed if word != value.casefold() and word != value])
    return other.capitalize() if value[0].isupper() else other


def _stated(lesson: Lesson) -> set[str]:
    """Return the numbers and days that the key facts state."""
    facts = " ".join(lesson.brief.key_facts)
    return {found.casefold() for found in (*_NUMBER.findall(facts), *_DAY.findall(facts))}


def _places(texts: list[tuple[int, str, str]], stated: set[str]) -> list[_Place]:
    return [
        _Place(index, field, found)
        for index, field, text in texts
        for pattern in (_NUMBER, _DAY)
        for found in pattern.finditer(text)
        if found[0].casefold() in stated
    ]


def number_in_reading(lesson: Lesson, rng: Random) -> Lesson | None:
    """Change one number of the reading which a key fact states and nothing else repeats."""
    return _changed_in_reading(lesson, rng, _NUMBER)


def day_in_reading(lesson: Lesson, rng: Random) -> Lesson | None:
    """Change one day of the reading which a key fact states and nothing else repeats."""
    return _changed_in_reading(lesson, rng, _DAY)


def _changed_in_reading(lesson: Lesson, rng: Random, pattern: re.Pattern[str]) -> Lesson | None:
    texts, stated = paragraphs(lesson), _stated(lesson)
    whole = "\n".join(texts)
    places = [
        _Place(index, "", found)
        for index, text in enumerate(texts)
        for found in pattern.finditer(text)
        if found[0].casefold() in stated and len(word_pattern(found[0]).findall(whole)) == 1
    ]
    if not places:
        return None
    place = rng.choice(places)
    return with_item(lesson, "reading", "paragraphs", place.index, place.otherwise(rng))


def value_in_dialogue(lesson: Lesson, rng: Random) -> Lesson | None:
    """Have somebody tell a key fact in the dialogue, with another number or day."""
    told = list(_facts_otherwise(lesson, rng))
    turns = section_fields(lesson, "dialogue")["turns"]
    if not told:
        return None
    turn = rng.randrange(1, len(turns) - 1)
    opening = rng.choice(["You know the story. ", "Don’t forget. ", "Listen. ", ""])
    return with_item(lesson, "dialogue", "turns", turn, {"text": opening + rng.choice(told)})


def value_in_example(lesson: Lesson, rng: Random) -> Lesson | None:
    """Give a key fact with another number or day as an example of the grammar."""
    told = list(_facts_otherwise(lesson, rng))
    if not told:
        return None
    return with_item(lesson, "grammar", "examples", 0, rng.choice(told))


def _facts_otherwise(lesson: Lesson, rng: Random) -> Iterator[str]:
    """Yield key facts with another number or day in them, as one would say them."""
    for fact in lesson.brief.key_facts:
        for pattern in (_NUMBER, _DAY):
            for found in pattern.finditer(fact):
                yield _Place(0, "", found).otherwise(rng)[:_MOST_CHARACTERS]


def value_in_answer(lesson: Lesson, rng: Random) -> Lesson | None:
    """Change a number or day in a right answer to a question about the text."""
    items = section_fields(lesson, "comprehension")["items"]
    texts = [(index, "answer", item["answer"]) for index, item in enumerate(items)]
    places = _places(texts, _stated(lesson))
    if not places:
        return None
    place = rng.choice(places)
    item, answer = items[place.index], place.otherwise(rng)
    if answer in item["options"]:
        return None
    options = [answer if option == item["answer"] else option for option in item["options"]]
    items[place.index] = {**item, "answer": answer, "options": options}
    return changed(lesson, "comprehension", items=items)


CONTRADICTIONS = (
    Corruption("number changed in reading", ("facts",), ("reading",), number_in_reading, draws=2),
    Corruption("day changed in reading", ("facts",), ("reading",), day_in_reading),
    Corruption("fact told otherwise in dialogue", ("facts",), ("dialogue",), value_in_dialogue, 2),
    Corruption("fact told otherwise in example", ("facts",), ("grammar",), value_in_example),
    Corruption(
        "number changed in answer",
        ("grounding", "facts"),
        ("comprehension",),
        value_in_answer,
    ),
)
