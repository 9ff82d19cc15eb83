"""Corruptions of how words are said: sounds and stress that no dictionary has."""

# ruff: noqa: RUF001 - phonetic signs look like letters, and are meant

import re
from collections.abc import Callable
from random import Random
from typing import Any

from lessongen.benchmark.quality.corruption import Corrupt, Corruption
from lessongen.benchmark.quality.editing import section_fields, with_item
from lessongen.lesson.lesson import Lesson
from lessongen.quality.dictionary import sound

_FIELDS = {"vocabulary": "entries", "pronunciation": "words"}

_CONFUSED = {
    "eɪ": "aɪ", "aɪ": "eɪ", "əʊ": "aʊ", "aʊ": "əʊ", "tʃ": "ʃ", "dʒ": "j", "iː": "e", "uː": "ʌ",
    "ɔː": "ɒ", "ɑː": "æ", "ɜː": "ɔː", "æ": "e", "e": "ɪ", "ɒ": "æ", "ʌ": "æ", "ʊ": "ɒ", "ɪ": "aɪ",
    "θ": "s", "ð": "z", "ʃ": "s", "ŋ": "n", "v": "w", "w": "v", "z": "s", "s": "z", "p": "b",
    "b": "p", "k": "ɡ", "ɡ": "k", "t": "d", "d": "t", "l": "r", "r": "l", "f": "v",
}  # fmt: skip
"""What learners and models mix up."""
_SOUND = re.compile("|".join(sorted(map(re.escape, _CONFUSED), key=len, reverse=True)))


def _of_said_word(change: Callable[[dict[str, str], Random], dict[str, str] | None]) -> Corrupt:
    """Return a corruption of one word that has a transcription."""

    def corrupt(lesson: Lesson, rng: Random) -> Lesson | None:
        section = rng.choice(list(_FIELDS))
        words: list[Any] = section_fields(lesson, section)[_FIELDS[section]]
        changes = [
            (place, change_of)
            for place, word in enumerate(words)
            if word["ipa"] and (change_of := change(word, rng))
        ]
        if not changes:
            return None
        place, fields = rng.choice(changes)
        return with_item(lesson, section, _FIELDS[section], place, fields)

    return corrupt


def _another_sound(word: dict[str, str], rng: Random) -> dict[str, str] | None:
    places = list(_SOUND.finditer(word["ipa"]))
    if not places:
        return None
    found = rng.choice(places)
    ipa = word["ipa"][: found.start()] + _CONFUSED[found[0]] + word["ipa"][found.end() :]
    return {"ipa": ipa}


def _sound_left_out(word: dict[str, str], rng: Random) -> dict[str, str] | None:
    places = [found for found in _SOUND.finditer(word["ipa"]) if found[0] != "r"]
    if len(places) < 2:  # noqa: PLR2004 - something has to be left
        return None
    found = rng.choice(places)
    return {"ipa": word["ipa"][: found.start()] + word["ipa"][found.end() :]}


def _another_stress(word: dict[str, str], rng: Random) -> dict[str, str] | None:
    stress = word.get("stress", "")
    if len(stress) < 2:  # noqa: PLR2004 - one syllable has one pattern
        return None
    others = [
        "○" * place + "●" + "○" * (len(stress) - place - 1)
        for place in range(len(stress))
        if stress[place] != "●"
    ]
    return {"stress": rng.choice(others)}


def _another_syllable_count(word: dict[str, str], rng: Random) -> dict[str, str] | None:
    stress = word.get("stress", "")
    return {"stress": rng.choice([stress + "○", "○" + stress])} if stress else None


def _american(word: dict[str, str], _: Random) -> dict[str, str] | None:
    """Return the American sounds where they are others, not only the same in another sign."""
    said = sound(word["word"], "American", word.get("part_of_speech", ""))
    if said is None or _in_one_notation(said.ipa) == _in_one_notation(word["ipa"]):
        return None
    return {"ipa": said.ipa}


def _in_one_notation(ipa: str) -> str:
    return re.sub("[ˈˌː/ .]", "", ipa.replace("oʊ", "əʊ").replace("ɛ", "e"))


def capitals_moved(lesson: Lesson, rng: Random) -> Lesson | None:
    """Write another syllable of a word in a drill in capitals: the first, or one after it."""
    drills: list[str] = section_fields(lesson, "pronunciation")["drills"]
    moves = [
        (place, found, moved)
        for place, drill in enumerate(drills)
        for found in _PARTLY_CAPITALS.finditer(drill)
        if (moved := _moved(found[0])) and len(_VOWELS.findall(found[0])) > 1
    ]
    if not moves:
        return None
    place, found, moved = rng.choice(moves)
    drill = drills[place][: found.start()] + moved + drills[place][found.end() :]
    return with_item(lesson, "pronunciation", "drills", place, drill)


def _moved(word: str) -> str:
    """Return a word with its last syllable in capitals, or its first where they stand later."""
    lower = word.casefold()
    if word[:2].isupper():
        last = list(_SYLLABLE.finditer(lower))[-1]
        return lower[: last.start()] + lower[last.start() :].upper()
    first = _SYLLABLE.match(lower)
    end = max(2, first.end()) if first else 0  # “Again” has no capitals but a sentence's
    return lower[:end].upper() + lower[end:]


_PARTLY_CAPITALS = re.compile(r"\b(?:[A-Z]{2,}[a-z]+|[a-z]+[A-Z]{2,}[a-z]*)\b")
_VOWELS = re.compile(r"[aeiouy]+", re.IGNORECASE)
_SYLLABLE = re.compile(r"[^aeiouy]*(?:[aeiouy]{2,}|[aeiouy](?:[^aeiouy]+e?s?$)?)(?:[^aeiouy]+$)?")

_SAID = ("vocabulary", "pronunciation")

SOUNDS = (
    Corruption("one sound changed", ("sounds",), _SAID, _of_said_word(_another_sound), draws=2),
    Corruption("one sound left out", ("sounds",), _SAID, _of_said_word(_sound_left_out)),
    Corruption("stress moved", ("sounds",), ("pronunciation",), _of_said_word(_another_stress)),
    Corruption(
        "syllable too many", ("sounds",), ("pronunciation",), _of_said_word(_another_syllable_count)
    ),
    Corruption("capitals moved in drill", ("sounds",), ("pronunciation",), capitals_moved, draws=2),
    Corruption("American sounds in British", ("sounds",), _SAID, _of_said_word(_american)),
)
