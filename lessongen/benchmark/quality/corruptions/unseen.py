"""Corruptions that no check of words can see: denials, roles, senses and wrong conclusions."""

import re
from random import Random

from lessongen.benchmark.quality.corruption import Corruption
from lessongen.benchmark.quality.editing import (
    questions,
    reading_sentences,
    section_fields,
    with_item,
    with_sentence,
    word_pattern,
)
from lessongen.lesson.lesson import Lesson
from lessongen.lesson.names import first_name
from lessongen.lesson.sections import SECTIONS

_MOST_CHARACTERS = 600
_DENIALS = (
    (r"\b(was|were|is|are|had|has|could|would|can|will)\b(?! not|n)", r"\1 not"),
    (r"\bnobody\b", "everybody"),
    (r"\balways\b", "never"),
    (r"\bnever\b", "always"),
)
_OPPOSITES = (
    ("give", "take"), ("before", "after"), ("more", "less"), ("with", "without"), ("not", "often"),
    ("pay", "earn"), ("good", "bad"), ("many", "few"), ("new", "old"), ("big", "small"),
    ("all", "no"), ("can", "cannot"), ("buy", "sell"), ("first", "last"), ("yes", "no"),
    ("much", "little"), ("quickly", "slowly"), ("start", "stop"), ("high", "low"),
)  # fmt: skip
_OTHER_SENSES = {
    "stall": "to stop working suddenly, of an engine",
    "fee": "an old word for land that a lord gave to a knight",
    "display": "to show that you have a feeling",
    "reference": "the act of mentioning something",
    "shift": "to move something from one place to another",
    "experience": "to feel something, such as pain",
    "lift": "to move something to a higher place",
    "trial": "a process in court where people decide if somebody is guilty",
    "connection": "a train that leaves soon after another one arrives",
    "platform": "what a political party says it will do",
    "delay": "to make somebody late",
    "panel": "a flat piece of wood or glass in a door",
    "overlook": "to have a view of something from above",
    "rough": "not exact, done quickly",
    "box": "to fight with your hands as a sport",
    "price": "what somebody has to suffer in order to get something",
    "trust": "a group of people that looks after money for others",
    "weigh": "to think carefully about something before a decision",
    "taste": "the ability to choose beautiful things",
    "trace": "to copy a picture through thin paper",
    "flat": "smooth and level, without hills",
    "noise": "useless information in a set of data",
    "knock": "to say bad things about somebody",
    "miss": "to feel sad because somebody is not there",
    "brush": "a short argument with somebody",
    "leave": "a time when you do not have to work",
    "conclusion": "the last part of a film or book",
    "departure": "something different from what is usual",
    "commute": "to make a punishment shorter",
    "offer": "to say that you will do something without being asked",
    "carry": "to win a vote",
}


def denied(lesson: Lesson, rng: Random) -> Lesson | None:
    """Deny in the reading what a question on the text rests on."""
    proofs = " ".join(item["evidence"] for _, item in _all_questions(lesson))
    choices = [
        (sentence, edited)
        for sentence in reading_sentences(lesson)
        for pattern, new in _DENIALS
        if sentence in proofs and (edited := re.sub(pattern, new, sentence, count=1)) != sentence
    ]
    return with_sentence(lesson, *rng.choice(choices)) if choices else None


def denied_answer(lesson: Lesson, rng: Random) -> Lesson | None:
    """Deny in an open answer what the text says."""
    choices = [
        (place, edited)
        for place, item in questions(lesson, choice=False)
        for pattern, new in _DENIALS
        if (edited := re.sub(pattern, new, item["answer"], count=1)) != item["answer"]
    ]
    if not choices:
        return None
    place, answer = rng.choice(choices)
    return with_item(lesson, "comprehension", "items", place, {"answer": answer})


def _all_questions(lesson: Lesson) -> list[tuple[int, dict[str, str]]]:
    return [*questions(lesson, choice=True), *questions(lesson, choice=False)]


def roles_swapped(lesson: Lesson, rng: Random) -> Lesson | None:
    """Let two people change places in one sentence of the reading."""
    cast = [first_name(person.name) for person in lesson.brief.cast]
    pairs = [
        (sentence, one, other)
        for sentence in reading_sentences(lesson)
        for one in cast
        for other in cast
        if one < other
        and word_pattern(one).search(sentence)
        and word_pattern(other).search(sentence)
    ]
    if not pairs:
        return None
    sentence, one, other = rng.choice(pairs)
    swapped = re.sub(
        rf"\b(?:{one}|{other})\b", lambda found: other if found[0] == one else one, sentence
    )
    return with_sentence(lesson, sentence, swapped)


def wrong_definition(lesson: Lesson, rng: Random) -> Lesson | None:
    """Turn one word of a definition into its opposite."""
    choices = [
        (place, word_pattern(one).sub(other, entry["definition"], count=1))
        for place, entry in enumerate(section_fields(lesson, "vocabulary")["entries"])
        for one, other in (*_OPPOSITES, *((b, a) for a, b in _OPPOSITES))
        if word_pattern(one).search(entry["definition"])
    ]
    if not choices:
        return None
    place, definition = rng.choice(choices)
    return with_item(lesson, "vocabulary", "entries", place, {"definition": definition})


def definitions_swapped(lesson: Lesson, rng: Random) -> Lesson | None:
    """Give two words of one kind each other's definition."""
    entries = section_fields(lesson, "vocabulary")["entries"]
    pairs = [
        (first, second)
        for first, one in enumerate(entries)
        for second, other in enumerate(entries)
        if first < second and one["part_of_speech"] == other["part_of_speech"]
    ]
    if not pairs:
        return None
    first, second = rng.choice(pairs)
    one, other = entries[first]["definition"], entries[second]["definition"]
    lesson = with_item(lesson, "vocabulary", "entries", first, {"definition": other})
    return with_item(lesson, "vocabulary", "entries", second, {"definition": one})


def another_sense(lesson: Lesson, rng: Random) -> Lesson | None:
    """Define a word in a sense that the lesson does not use."""
    entries = section_fields(lesson, "vocabulary")["entries"]
    places = [place for place, entry in enumerate(entries) if entry["word"] in _OTHER_SENSES]
    if not places:
        return None
    place = rng.choice(places)
    definition = _OTHER_SENSES[entries[place]["word"]]
    return with_item(lesson, "vocabulary", "entries", place, {"definition": definition})


def wrong_person(lesson: Lesson, rng: Random) -> Lesson | None:
    """Say in an open answer that somebody else of the cast did it."""
    cast = [first_name(person.name) for person in lesson.brief.cast]
    choices = [
        (place, word_pattern(who).sub(other, item["answer"], count=1))
        for place, item in questions(lesson, choice=False)
        for who in (*cast, "he", "she")
        for other in cast
        if other != who
        and word_pattern(who).search(item["answer"])
        and not word_pattern(other).search(item["question"] + item["answer"])
    ]
    if not choices:
        return None
    place, answer = rng.choice(choices)
    return with_item(lesson, "comprehension", "items", place, {"answer": answer})


def proof_denied(lesson: Lesson, rng: Random) -> Lesson | None:
    """Conclude the opposite of what the text says, in its own words."""
    choices = [
        (place, edited[:_MOST_CHARACTERS])
        for place, item in questions(lesson, choice=False)
        for pattern, new in _DENIALS
        if (edited := re.sub(pattern, new, item["evidence"], count=1)) != item["evidence"]
    ]
    if not choices:
        return None
    place, answer = rng.choice(choices)
    return with_item(lesson, "comprehension", "items", place, {"answer": answer})


_ANY = tuple(SECTIONS)

UNSEEN = (
    Corruption("denied in the reading", (), _ANY, denied),
    Corruption("denied in an answer", (), _ANY, denied_answer),
    Corruption("roles swapped", (), _ANY, roles_swapped),
    Corruption("definition turned round", (), _ANY, wrong_definition),
    Corruption("definitions swapped", (), _ANY, definitions_swapped),
    Corruption("another sense defined", (), _ANY, another_sense),
    Corruption("somebody else in an answer", (), _ANY, wrong_person),
    Corruption("opposite concluded", (), _ANY, proof_denied),
)
"""No check answers for these: whatever any of them finds is reported."""
