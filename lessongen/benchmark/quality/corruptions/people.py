"""Corruptions of people: somebody turns up who is not of the cast."""

from random import Random

from lessongen.benchmark.quality.corruption import Corruption
from lessongen.benchmark.quality.editing import (
    reading_sentences,
    section_fields,
    with_item,
    with_sentence,
    word_pattern,
)
from lessongen.lesson.lesson import Lesson
from lessongen.lesson.names import POOL, first_name

_USUAL = ("Sarah", "Tom", "Emma", "Carlos", "Ahmed", "Mrs Green", "Ben", "Yuto", "Fatima", "Olga")
"""Names that models like; none is of our pool."""


def _cast(lesson: Lesson) -> list[str]:
    return [first_name(person.name) for person in lesson.brief.cast]


def _outsider(lesson: Lesson, rng: Random) -> str:
    strangers = [name for name in POOL if name not in _cast(lesson)]
    return rng.choice([rng.choice(strangers), rng.choice(_USUAL)])


def stranger_in_reading(lesson: Lesson, rng: Random) -> Lesson | None:
    """Call one of the cast by another name in one sentence of the reading."""
    named = [
        (sentence, name)
        for sentence in reading_sentences(lesson)
        for name in _cast(lesson)
        if word_pattern(name).search(sentence)
    ]
    if not named:
        return None
    sentence, name = rng.choice(named)
    renamed = word_pattern(name).sub(_outsider(lesson, rng), sentence)
    return with_sentence(lesson, sentence, renamed)


def strange_speaker(lesson: Lesson, rng: Random) -> Lesson | None:
    """Give one turn of the dialogue to somebody else."""
    turn = rng.randrange(len(section_fields(lesson, "dialogue")["turns"]))
    return with_item(lesson, "dialogue", "turns", turn, {"speaker": _outsider(lesson, rng)})


def stranger_addressed(lesson: Lesson, rng: Random) -> Lesson | None:
    """Have somebody called by a stranger's name in the dialogue."""
    turns = section_fields(lesson, "dialogue")["turns"]
    turn = rng.randrange(len(turns))
    text = f"Listen, {_outsider(lesson, rng)}. {turns[turn]['text']}"
    return with_item(lesson, "dialogue", "turns", turn, {"text": text})


def stranger_in_example(lesson: Lesson, rng: Random) -> Lesson | None:
    """Write an example of the grammar about somebody else."""
    examples = section_fields(lesson, "grammar")["examples"]
    named = [
        (place, name)
        for place, example in enumerate(examples)
        for name in _cast(lesson)
        if word_pattern(name).search(example)
    ]
    if not named:
        return None
    place, name = rng.choice(named)
    renamed = word_pattern(name).sub(_outsider(lesson, rng), examples[place])
    return with_item(lesson, "grammar", "examples", place, renamed)


PEOPLE = (
    Corruption("stranger in reading", ("names",), ("reading",), stranger_in_reading, draws=2),
    Corruption("stranger speaks in dialogue", ("names",), ("dialogue",), strange_speaker),
    Corruption("stranger addressed in dialogue", ("names",), ("dialogue",), stranger_addressed),
    Corruption("stranger in example", ("names",), ("grammar",), stranger_in_example),
)
