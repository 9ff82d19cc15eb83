"""Corruptions of the gap-fills: words practised wrongly, blanks and answers that do not match."""

import re
from random import Random
from typing import Any

from lessongen.benchmark.quality.corruption import Corruption
from lessongen.benchmark.quality.editing import changed, section_fields, with_item
from lessongen.lesson.blocks import BLANK
from lessongen.lesson.lesson import Lesson

_Gap = dict[str, str]
_FEWEST, _MOST = 3, 12


def _practice(lesson: Lesson) -> list[_Gap]:
    return section_fields(lesson, "vocabulary")["practice"]


def _with_gap(lesson: Lesson, section: str, place: int, **fields: str) -> Lesson:
    field = "practice" if section == "vocabulary" else "exercises"
    return with_item(lesson, section, field, place, fields)


def practised_twice(lesson: Lesson, rng: Random) -> Lesson | None:
    """Practise one word in a second sentence: its example with a blank."""
    items = _practice(lesson)
    if len(items) == _MOST:
        return None
    again = [
        {"sentence": entry["example"].replace(item["answer"], BLANK, 1), "answer": item["answer"]}
        for item in items
        for entry in section_fields(lesson, "vocabulary")["entries"]
        if item["answer"] in entry["example"]
    ]
    if not again:
        return None
    items.insert(rng.randrange(len(items)), rng.choice(again))
    return changed(lesson, "vocabulary", practice=items)


def never_practised(lesson: Lesson, rng: Random) -> Lesson | None:
    """Leave the sentence for one word out."""
    items = _practice(lesson)
    if len(items) <= _FEWEST:
        return None
    del items[rng.randrange(len(items))]
    return changed(lesson, "vocabulary", practice=items)


def never_taught(lesson: Lesson, rng: Random) -> Lesson | None:
    """Leave one target word out of the word list."""
    entries = section_fields(lesson, "vocabulary")["entries"]
    if len(entries) <= _FEWEST + 1:
        return None
    del entries[rng.randrange(len(entries))]
    return changed(lesson, "vocabulary", entries=entries)


def strange_word_practised(lesson: Lesson, rng: Random) -> Lesson | None:
    """Practise a word that the lesson does not teach."""
    sentence, answer = rng.choice(
        [
            (f"The {BLANK} on the wall shows that it is already half past nine.", "clock"),
            (f"Please {BLANK} the window, because it is getting cold in here.", "close"),
            (f"My grandmother keeps her rings in a small wooden {BLANK} by her bed.", "drawer"),
            (f"We {BLANK} across the lake in less than ten minutes.", "swam"),
        ]
    )
    place = rng.randrange(len(_practice(lesson)))
    return _with_gap(lesson, "vocabulary", place, sentence=sentence, answer=answer)


def _random_gap(lesson: Lesson, rng: Random) -> tuple[str, int, _Gap]:
    section, field = rng.choice([("vocabulary", "practice"), ("grammar", "exercises")])
    items: list[Any] = section_fields(lesson, section)[field]
    place = rng.randrange(len(items))
    return section, place, items[place]


def no_blank(lesson: Lesson, rng: Random) -> Lesson | None:
    """Fill the answer in, or write the blank so that nobody finds it."""
    section, place, gap = _random_gap(lesson, rng)
    filling = rng.choice([gap["answer"], "...", "[blank]", "_"])
    return _with_gap(lesson, section, place, sentence=gap["sentence"].replace(BLANK, filling))


def two_blanks(lesson: Lesson, rng: Random) -> Lesson | None:
    """Take a second word out of a sentence with one answer."""
    section, place, gap = _random_gap(lesson, rng)
    body = gap["sentence"].split(" (")[0]
    words = [word for word in re.findall(r"[^\W\d_]{3,}", body) if body.count(word) == 1]
    if not words:
        return None
    sentence = gap["sentence"].replace(rng.choice(words), BLANK, 1)
    return _with_gap(lesson, section, place, sentence=sentence)


def same_answer_twice(lesson: Lesson, rng: Random) -> Lesson | None:
    """Give two sentences of the word practice one answer."""
    items = _practice(lesson)
    first, second = rng.sample(range(len(items)), 2)
    return _with_gap(lesson, "vocabulary", second, answer=items[first]["answer"])


def answer_shown(lesson: Lesson, rng: Random) -> Lesson | None:
    """Use the missing word a second time in its sentence, or say it in the next one."""
    items = _practice(lesson)
    place = rng.randrange(len(items))
    gap = items[place]
    told = rng.choice(
        [
            f"{gap['sentence']} The word is {gap['answer']}.",
            f"{gap['sentence']} {gap['answer'].capitalize()} again!",
            f"{gap['answer'].capitalize()}: {gap['sentence']}",
        ]
    )
    return _with_gap(lesson, "vocabulary", place, sentence=told)


def no_answer(lesson: Lesson, rng: Random) -> Lesson | None:
    """Leave the answer to a sentence empty."""
    section, place, _ = _random_gap(lesson, rng)
    return _with_gap(lesson, section, place, answer=rng.choice(["", "-", "…"]))


_WORDS, _BOTH = ("vocabulary",), ("vocabulary", "grammar")

PRACTICE = (
    Corruption("word practised twice", ("practice",), _WORDS, practised_twice),
    Corruption("word never practised", ("practice",), _WORDS, never_practised),
    Corruption("word never taught", ("practice",), _WORDS, never_taught),
    Corruption("strange word practised", ("practice",), _WORDS, strange_word_practised),
    Corruption("no blank", ("gaps",), _BOTH, no_blank, draws=2),
    Corruption("two blanks", ("gaps",), _BOTH, two_blanks),
    Corruption("one answer twice", ("gaps",), _WORDS, same_answer_twice),
    Corruption("answer shown in the gap-fill", ("gaps", "leaks"), _WORDS, answer_shown),
    Corruption("no answer to a gap", ("gaps",), _BOTH, no_answer),
)
