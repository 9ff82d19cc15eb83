"""The pronouncing dictionary: how a word or phrase is said in British or American English.

It reads misaki's lexicon, which covers 99.3 % of the words that the CEFR-J and Octanove lists
hold, and adds what a lexicon leaves out: inflected forms and phrases.
"""

# ruff: noqa: RUF001 - phonetic signs look like letters, and are meant

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import cast

from lessongen.lesson.request import Variant
from lessongen.quality.phrases import in_phrase
from lessongen.quality.text import plain
from lessongen.quality.transcription import (
    Phones,
    circles,
    compared,
    printed,
    read,
    read_ipa,
    with_clear_vowels,
)

_Pronunciation = str | dict[str, str | None]

_CODES: dict[Variant, str] = {"British": "gb", "American": "us"}
_TAGS = {"noun": "NOUN", "verb": "VERB", "adj": "ADJ", "adv": "ADV"}
# Where the lexicon has a rarer reading: to send again, and a recipe with three clear vowels.
_CORRECTED: Mapping[Variant, Mapping[str, _Pronunciation]] = {
    "British": {
        "resent": "ɹɪzˈɛnt",
        "resents": "ɹɪzˈɛnts",
        "recipe": "ɹˈɛsəpi",
        "recipes": "ɹˈɛsəpiz",
    },
    "American": {"resent": "ɹɪzˈɛnt", "resents": "ɹɪzˈɛnts"},
}
_LONGEST = 80
_FULL = frozenset("●⬤⚫O")
_CIRCLES = _FULL | frozenset("○◦∘⚪•·o ")


@dataclass(frozen=True, slots=True)
class Sound:
    """How something is said: phonetic script between slashes, and a circle a syllable."""

    ipa: str
    stress: str


@cache
def _lexicon(variant: Variant) -> Mapping[str, _Pronunciation]:
    """Return misaki's lexicon: first what people checked (gold), then the rest (silver)."""
    lexicon: dict[str, _Pronunciation] = {}
    for grade in ("silver", "gold"):
        source = files("misaki.data").joinpath(f"{_CODES[variant]}_{grade}.json")
        entries = cast("dict[str, _Pronunciation]", json.loads(source.read_text("utf-8")))
        lexicon |= entries
    lexicon.update(_CORRECTED[variant])
    return lexicon


@lru_cache(4096)
def sound(phrase: str, variant: Variant, part_of_speech: str = "") -> Sound | None:
    """Return how a word or phrase is said, or None where the dictionary does not know it."""
    said = _said(phrase, variant, part_of_speech)
    if said is None:
        return None
    return Sound(printed(said, joined="-" in phrase and " " not in phrase.strip()), circles(said))


@lru_cache(4096)
def agrees(
    phrase: str, variant: Variant, part_of_speech: str = "", *, ipa: str = "", stress: str = ""
) -> bool:
    """Say whether script and circles are how the dictionary says it, in any notation.

    Without a part of speech, any reading of the spelling will do: the noun or the verb “record”.
    """
    readings = [part_of_speech] if _tag(part_of_speech) else ["", "noun", "verb", "adj", "adv"]
    said = (words for reading in readings if (words := _said(phrase, variant, reading)))
    heard = read_ipa(ipa, variant) if ipa else ()
    is_pattern = bool(stress.strip()) and set(stress) <= _CIRCLES  # else it is said in letters
    return any(
        (not ipa or heard == compared([p for word in words for p in word]))
        and (not is_pattern or _full(stress) == _full(circles(words)))
        for words in said
    )


def _full(stress: str) -> tuple[bool, ...]:
    return tuple(circle in _FULL for circle in stress if not circle.isspace())


def _said(phrase: str, variant: Variant, part_of_speech: str) -> tuple[Phones, ...] | None:
    cleaned = re.sub(r"\([^)]*\)|[.…!?,;:“”\"]", " ", plain(phrase[:_LONGEST])).strip()
    if cleaned and (whole := _word(cleaned, variant, _tag(part_of_speech))):
        return (whole,)
    spellings = [part for part in re.split(r"[\s-]+", cleaned) if part]
    if len(spellings) < 2:  # noqa: PLR2004 - a phrase has two words or more
        return None
    first = _tag(part_of_speech) if "phras" not in part_of_speech else "VERB"
    if [spelling.casefold() for spelling in spellings[:2]] == ["used", "to"]:
        first = "VBD"
    words = [_word(word, variant, first if i == 0 else "") for i, word in enumerate(spellings)]
    known = [word for word in words if word is not None]
    if len(known) < len(words):
        return None
    return in_phrase(spellings, known, part_of_speech, variant)


def _tag(part_of_speech: str) -> str:
    lower = part_of_speech.strip().casefold()
    if "participle" in lower or "past" in lower:
        return "VBD"
    kind = lower.removeprefix("proper ").removeprefix("phrasal ").removeprefix("plural ")
    return next((tag for start, tag in _TAGS.items() if kind.startswith(start)), "")


@lru_cache(8192)
def _word(spelling: str, variant: Variant, tag: str) -> Phones | None:
    shorthand = _shorthand(spelling, variant, tag)
    if shorthand is None:
        return None
    phones = read(shorthand, spelling.casefold(), variant)
    if variant == "British":
        return phones
    british = _shorthand(spelling, "British", tag)
    if british is None:
        return phones
    return with_clear_vowels(phones, read(british, spelling.casefold(), "British"))


def _shorthand(spelling: str, variant: Variant, tag: str) -> str | None:
    if listed := _listed(spelling, variant, tag):
        return listed
    inflected = _inflected(spelling.casefold(), variant, tag) if spelling.isascii() else ()
    return next(iter(inflected), None)


def _listed(spelling: str, variant: Variant, tag: str) -> str | None:
    """Look a spelling up as it stands, in small letters, and with a capital."""
    lexicon = _lexicon(variant)
    for form in dict.fromkeys((spelling, spelling.casefold(), spelling.capitalize())):
        match lexicon.get(form):
            case str(only):
                return only
            case dict(readings):
                return readings.get(tag) or readings.get("None") or readings["DEFAULT"]
            case None:
                pass
    return None


def _inflected(spelling: str, variant: Variant, tag: str) -> Iterator[str]:
    """Yield how a form is said whose base the lexicon knows, by the rules of sound."""
    for ending, added in (("'s", _with_s), ("s'", _with_s), ("s", _with_s), ("ed", _with_ed)):
        if spelling.endswith(ending):
            for base in _bases(spelling, ending):
                wanted = "VERB" if ending == "ed" else tag
                if said := _listed(base, variant, wanted):
                    yield added(said)
    if spelling.endswith("ing"):
        for base in _bases(spelling, "ing"):
            if said := _listed(base, variant, "VERB"):
                yield said + ("ɹɪŋ" if base.endswith(("r", "re")) and said[-1] in "əː" else "ɪŋ")


def _bases(spelling: str, ending: str) -> Iterator[str]:
    stem = spelling[: -len(ending)]
    if len(stem) < 2:  # noqa: PLR2004 - no English word of one letter takes an ending
        return
    yield stem
    if ending in {"ed", "ing"}:
        yield stem + "e"
        if stem[-1] == stem[-2]:
            yield stem[:-1]
    if ending == "s" and stem.endswith("e"):
        yield stem[:-1]
    if stem.endswith(("i", "ie")):
        yield stem.removesuffix("e")[:-1] + "y"


def _with_s(said: str) -> str:
    if said[-1] in "szʃʒʧʤ":
        return said + "ɪz"
    return said + ("s" if said[-1] in "ptkfθɾʔ" else "z")


def _with_ed(said: str) -> str:
    if said[-1] in "tdɾʔ":
        return said + "ɪd"
    return said + ("t" if said[-1] in "pkfθsʃʧ" else "d")
