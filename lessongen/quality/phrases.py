"""How the words of a phrase share its stress: phrasal verbs, compounds and the rest.

The rules are those by which learner's dictionaries mark phrases: the particle of a phrasal verb
and the last full word of other phrases are said strongest, the first noun of a compound is.
"""

from collections.abc import Sequence

from lessongen.lesson.request import Variant
from lessongen.quality.transcription import SECONDARY, Phones, read, weakened
from lessongen.quality.word_lists import listed

_PARTICLES = listed("""
    about across after ahead along apart around aside away back by down forward in off on out over
    round through together under up
""")
_PREPOSITIONS = listed("as at for from into like of than to with upon")
# Verbs whose “in” or “on” is a preposition, and said weakly.
_WITH_PREPOSITION = listed("""
    agree believe comment concentrate count decide depend focus insist invest participate rely
    specialise specialize spend succeed
""")
_WEAK_WORDS = _PREPOSITIONS | listed("""
    a an and but by or the be is are it its in on my your his her our their you me him them us
    someone somebody something one's someone's somebody's oneself sb sth
""")
_WEAK_SHORTHAND: dict[str, tuple[str, str]] = {  # British, American
    "a": ("ə", "ə"),
    "an": ("ən", "ən"),
    "and": ("ənd", "ənd"),
    "as": ("əz", "əz"),
    "at": ("ət", "ət"),
    "but": ("bət", "bət"),
    "for": ("fə", "fəɹ"),
    "from": ("fɹəm", "fɹəm"),
    "of": ("əv", "əv"),
    "than": ("ðən", "ðən"),
    "the": ("ðə", "ðə"),
    "to": ("tə", "tə"),
}
# Before a noun these describe it and leave the main stress to it: “public transport”.
_DESCRIBING = listed("""
    big cold common double dry early false fast final first free fresh front full good hard heavy
    high hot human important late left long low main modern new old open past poor private public
    quick rare raw remote rich right rush second short simple single slow small social soft solid
    sour special spare strong sweet third tight tough warm weekly whole wide wild young
""")
_DESCRIBING_ENDINGS = ("al", "ic", "ful", "ous", "ive", "able", "ible", "less", "ary", "ed", "'s")


def in_phrase(
    spellings: Sequence[str], words: Sequence[Phones], part_of_speech: str, variant: Variant
) -> tuple[Phones, ...]:
    """Return the words of a phrase as they are said together, one with the main stress."""
    lower = [spelling.casefold() for spelling in spellings]
    main = _main(lower, part_of_speech.casefold())
    return tuple(
        _said(spelling, word, index, main, len(lower), variant)
        for index, (spelling, word) in enumerate(zip(lower, words, strict=True))
    )


def _said(
    spelling: str, word: Phones, index: int, main: int, count: int, variant: Variant
) -> Phones:
    if index == main:
        return word
    if spelling not in _WEAK_WORDS and not (index > main and spelling in _PARTICLES):
        return weakened(word, SECONDARY)
    if spelling in _WEAK_SHORTHAND and index < count - 1:
        shorthand = _WEAK_SHORTHAND[spelling][variant == "American"]
        word = read(shorthand, spelling, variant)
    return weakened(word, 0)


def _main(words: Sequence[str], part_of_speech: str) -> int:
    """Return which word of a phrase is said strongest."""
    if _is_phrasal_verb(words, part_of_speech):
        return _of_phrasal_verb(words)
    if part_of_speech.startswith(("noun", "plural", "compound")) and _is_compound(words):
        return 0
    full = [i for i, word in enumerate(words) if word not in _WEAK_WORDS]
    return full[-1] if full else len(words) - 1


def _is_phrasal_verb(words: Sequence[str], part_of_speech: str) -> bool:
    if part_of_speech.startswith(("noun", "adj", "plural")) or words[0] in _WEAK_WORDS:
        return False
    return all(word in _PARTICLES | _WEAK_WORDS for word in words[1:])


def _of_phrasal_verb(words: Sequence[str]) -> int:
    if words[0] in _WITH_PREPOSITION:
        return 0
    return next((i for i, word in enumerate(words) if i and word in _PARTICLES), 0)


def _is_compound(words: Sequence[str]) -> bool:
    first, second = words[0], words[1]
    if first in _DESCRIBING or first.endswith(_DESCRIBING_ENDINGS):
        return False
    return len(words) == 2 and second not in _PREPOSITIONS  # noqa: PLR2004 - “bus stop”
