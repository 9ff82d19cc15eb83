"""Words in the drills that are written partly in CAPITALS: is the stress where they say it is?"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from lessongen.lesson.request import Variant
from lessongen.lesson.sections.pronunciation import Pronunciation
from lessongen.quality.dictionary import Sound, sound
from lessongen.quality.findings import Finding
from lessongen.quality.parts import MOST_WORDS, enumerated
from lessongen.quality.text import words
from lessongen.quality.word_lists import listed

_CAPITALS = re.compile(r"[A-Z]{2,}")
_VOWELS = re.compile(r"[aeiou]+|(?<!^)y", re.IGNORECASE)
_READINGS = ("", "noun", "verb", "adj", "adv")
# Said with either stress, where the dictionary has one: nouns that are also verbs, and some more.
_BOTH = listed(
    "accent address adult annex ballet brochure cigarette combat dispute donate download export "
    "finance frequent garage impact intern magazine mandate princess process protest recount "
    "redress research reset resource segment transfer underline update upgrade upload vibrate "
    "weekend"
)
_EITHER: Mapping[Variant, frozenset[str]] = {"British": _BOTH, "American": _BOTH | {"detail"}}
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth")


@dataclass(frozen=True, slots=True)
class _Marked:
    """A word of a drill whose stressed part stands in capitals, with how it is said."""

    word: str
    said: Sound

    @property
    def place(self) -> str:
        """The syllable that the dictionary stresses, as a word."""
        place = self.said.stress.index("●")
        return _ORDINALS[place] if place < len(_ORDINALS) else "last"


def misplaced(content: Pronunciation, variant: Variant) -> Iterator[Finding]:
    """Find words whose capitals begin the word though its stress does not, or the reverse."""
    found = tuple(m for drill in content.drills for m in _misplaced(drill, variant))
    wrong = tuple({marked.word: marked for marked in found}.values())
    if not wrong:
        return
    told = [f"of “{m.word}” is on the {m.place} syllable" for m in wrong[:MOST_WORDS]]
    sentence = (
        f"The capitals in the drills are not where the dictionary of {variant} English has the "
        f"stress: the stress {enumerated(told)}."
    )
    severity = "fault" if len(wrong) > 1 else "note"
    yield Finding("pronunciation", "sounds", severity, sentence, tuple(m.word for m in wrong))


def _misplaced(drill: str, variant: Variant) -> Iterator[_Marked]:
    for word, following in pairwise((*words(drill), "")):
        first, said = _is_first(word), sound(word.casefold(), variant)
        if first is None or said is None or "●" not in said.stress:
            continue
        if first in _stressed_first(word.casefold(), variant):
            continue
        # Before another stress the main one may move forward: thirTEEN, but THIRteen PEOple.
        if first and said.ipa.startswith("/ˌ") and _CAPITALS.search(following):
            continue
        yield _Marked(word, said)


def _is_first(word: str) -> bool | None:
    """Say whether the capitals mark the first syllable; None where they mark no one syllable."""
    runs = list(_CAPITALS.finditer(word))
    if len(runs) != 1 or word.isupper():
        return None
    marked = runs[0][0].removesuffix("E") or runs[0][0]
    if len(_VOWELS.findall(marked)) > 1:
        return None
    return not _VOWELS.search(word[: runs[0].start()])


def _stressed_first(word: str, variant: Variant) -> frozenset[bool]:
    """Return whether the first syllable has the stress, in each way that a word may be said."""
    if word in _EITHER[variant]:
        return frozenset({True, False})
    readings = (sound(word, variant, reading) for reading in _READINGS)
    return frozenset(said.stress.startswith("●") for said in readings if said)
