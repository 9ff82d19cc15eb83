"""Phonetic script: a lexicon's shorthand read as sounds, and sounds printed for learners.

misaki writes stress before the vowel and one capital for a diphthong; learner's dictionaries
write stress before the syllable, in the signs of the International Phonetic Alphabet.
"""

# ruff: noqa: RUF001, RUF002 - phonetic signs look like letters, and are meant

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from lessongen.lesson.request import Variant

PRIMARY, SECONDARY = 2, 1
_MARKS = {"": 0, "ˌ": SECONDARY, "ˈ": PRIMARY}
_SIGNS = {0: "", SECONDARY: "ˌ", PRIMARY: "ˈ"}

_SHORTHAND = {"A": "eɪ", "I": "aɪ", "W": "aʊ", "Y": "ɔɪ", "O": "oʊ", "Q": "əʊ", "ᵊ": "ə", "ᵻ": "ɪ"}
_PLAIN = {"ɹ": "r", "ʤ": "dʒ", "ʧ": "tʃ", "ɾ": "t", "g": "ɡ"}
_READ = str.maketrans(_SHORTHAND | _PLAIN)
# As learner's dictionaries print British English: the lexicon has a and ɛ, they have æ and e.
_READ_BRITISH = str.maketrans(_SHORTHAND | _PLAIN | {"a": "æ", "ɛ": "e", "E": "eə"})

_VOWEL = r"aɪə|aʊə|[aeɔ]ɪ|aʊ|[əo]ʊ|[ɪeʊ]ə|[iɑɔuɜ]ː|[aæɑɒɔɜəɛeɪiʊuʌ]"
_PHONE = re.compile(rf"([ˈˌ]?)(?:({_VOWEL})|(tʃ|dʒ|\S))")
_PHONE_AMERICAN = re.compile(rf"([ˈˌ]?)(?:({_VOWEL.replace('|[ɪeʊ]ə', '')})|(tʃ|dʒ|\S))")

_SYLLABIC_N = re.compile("(?<=[tdszʃvfpk])n(?![əᵊiɪɛaæɑɒɔʌuʊɜeAIOQWYjˈˌᵻ])")  # student, button
_UNSAID_WEAK_VOWEL = re.compile("ᵊl(?=[əiɪAIOQ])")  # chocolate
_RARE_GLIDE = re.compile("(?<=[ʒʤʧj])əw(?=[əˌɪ])")  # usual, as the American lexicon has it

# Learner's dictionaries print a schwa in tasteless and illness, the lexicon only in some.
_LESS_OR_NESS = re.compile("[ln]ess(?:ly|es|ness)?$")
_CLEAR_ENDING = re.compile("(?<=[ln])ɪs(?=(?:li|ɪz|n[ɪə]s)?$)")

_CLUSTERS = """
pr br tr dr kr ɡr fr θr ʃr pl bl kl ɡl fl sl tw dw kw ɡw θw sw sp st sk sm sn sf spr str skr spl skw
pj bj tj dj kj mj nj fj vj hj sj zj lj θj spj stj skj
"""
# What an English syllable may begin with: as many of these as fit belong to the stressed one.
_ONSETS = frozenset(_CLUSTERS.split()) | frozenset("pbtdkɡfvθðszʃʒhmnlrwj") | {"tʃ", "dʒ"}
_SHORT = frozenset("ɪeɛæʌɒʊ")


@dataclass(frozen=True, slots=True)
class Phone:
    """One sound; `stress` is 0 on consonants and weak vowels."""

    sign: str
    is_vowel: bool
    stress: int = 0


Phones = tuple[Phone, ...]


def read(shorthand: str, spelling: str, variant: Variant) -> Phones:
    """Read a pronunciation of misaki's lexicon; the spelling tells how many syllables it has."""
    text = _SYLLABIC_N.sub("ᵊn", shorthand.replace("ʔ", "t"))
    text = _UNSAID_WEAK_VOWEL.sub("l", _RARE_GLIDE.sub("u", text))
    text = text.replace("ˈɛvəɹi", "ˈɛvɹi").replace("ˈɪfəɹə", "ˈɪfɹə")
    if variant == "British":
        text = _split_centring(text.replace("ɛː", "E"), spelling)
        if _LESS_OR_NESS.search(spelling):
            text = _CLEAR_ENDING.sub("əs", text)
    return _settled(_phones(text.translate(_table(variant)), spelling, variant))


def _table(variant: Variant) -> dict[int, str]:
    return _READ_BRITISH if variant == "British" else _READ


def _split_centring(text: str, spelling: str) -> str:
    """Write i and u where a weak ɪ or ʊ meets another vowel (area, usual, radio, create)."""
    text = re.sub("(?<![ˈˌ])ɪ(?=[ˈˌ]?[AIQWYEaɛɒɔʊuiɪ])", "i", text)
    text = re.sub("(?<![ˈˌ])ʊə(?=.)", "uə", text)
    kept = "(?=.)" if spelling.endswith("ere") else ""
    return re.sub(rf"(?<![ˈˌ])ɪə{kept}", "iə", text)


def _phones(text: str, spelling: str, variant: Variant) -> Phones:
    pattern = _PHONE if variant == "British" else _PHONE_AMERICAN
    phones = [
        Phone(found[2] or found[3], bool(found[2]), _MARKS[found[1]])
        for found in pattern.finditer(text)
    ]
    if re.search("(ire|our)[sd]?$", spelling):  # fire, hour: one syllable; flower, diary: two
        return tuple(phones)
    return tuple(part for phone in phones for part in _parted(phone))


def _parted(phone: Phone) -> Phones:
    if len(phone.sign) < len("aɪə"):
        return (phone,)
    return replace(phone, sign=phone.sign[:2]), Phone("ə", is_vowel=True)


def _settled(phones: Phones) -> Phones:
    """Give every word one main stress: the last of several, the first vowel of none."""
    vowels = [index for index, phone in enumerate(phones) if phone.is_vowel]
    strongest = max((phones[i].stress for i in vowels), default=0)
    if not vowels:
        return phones
    candidates = [i for i in vowels if phones[i].stress == strongest]
    main = candidates[-1] if strongest else candidates[0]
    return tuple(
        replace(phone, stress=PRIMARY if index == main else min(phone.stress, SECONDARY))
        for index, phone in enumerate(phones)
    )


def with_clear_vowels(american: Phones, british: Phones) -> Phones:
    """Write ɪ where the American lexicon has ə for every weak vowel and the British one tells."""
    there = [phone.sign for phone in british if phone.is_vowel]
    if len(there) != sum(phone.is_vowel for phone in american):
        return american
    signs = iter(there)
    following = [*american[1:], Phone("", is_vowel=False)]
    return tuple(
        replace(phone, sign="ɪ")
        if phone.is_vowel and next(signs) == "ɪ" and _is_unclear(phone, after)
        else phone
        for phone, after in zip(american, following, strict=True)
    )


def _is_unclear(phone: Phone, after: Phone) -> bool:
    return phone.sign in {"ə", "i"} and phone.stress < PRIMARY and after.sign != "r"


def weakened(phones: Phones, most: int) -> Phones:
    """Return a word as it is said beside a stronger one: no stress above the most allowed."""
    return tuple(replace(phone, stress=min(phone.stress, most)) for phone in phones)


def printed(words: Iterable[Phones], *, joined: bool = False) -> str:
    """Print words as one transcription between slashes; one syllable alone carries no mark."""
    said = tuple(words)
    marked = sum(phone.is_vowel for word in said for phone in word) > 1
    return f"/{('' if joined else ' ').join(_spelled(word, marked=marked) for word in said)}/"


def _spelled(phones: Phones, *, marked: bool) -> str:
    starts = dict(_stressed_syllables(phones)) if marked else {}
    return "".join(f"{starts.get(i, '')}{phone.sign}" for i, phone in enumerate(phones))


def _stressed_syllables(phones: Phones) -> Iterable[tuple[int, str]]:
    vowels = [-1, *(index for index, phone in enumerate(phones) if phone.is_vowel)]
    for before, vowel in pairwise(vowels):
        if stress := phones[vowel].stress:
            yield _syllable_start(phones, before, vowel), _SIGNS[stress]


def _syllable_start(phones: Phones, before: int, vowel: int) -> int:
    if before < 0:
        return 0
    # A stressed short vowel keeps the sound that closes its syllable: check-in, discount.
    is_checked = phones[before].stress and phones[before].sign in _SHORT
    starts = range(before + 1 + bool(is_checked), vowel)
    fitting = (i for i in starts if "".join(p.sign for p in phones[i:vowel]) in _ONSETS)
    return next(fitting, vowel)


def circles(words: Iterable[Phones]) -> str:
    """Print a circle a syllable, the one with the main stress full."""
    vowels = [phone for word in words for phone in word if phone.is_vowel]
    return "".join("●" if phone.stress == PRIMARY else "○" for phone in vowels)


_LINKING_R = re.compile(r"\([rɹ]\)|ʳ")  # said before a vowel only
_SAME_SIGN = str.maketrans({"ɹ": "r", "g": "ɡ", "ᵊ": "ə", "ɐ": "ʌ", "'": "ˈ", "ˑ": "ː"})
_SAME_SOUND = {"ʤ": "dʒ", "ʧ": "tʃ", "ɾ": "t", "t̬": "t", "ɝ": "ɜr", "ɚ": "ər"}
_SAME_BRITISH = {"oʊ": "əʊ", "ɛə": "eə", "ɛː": "eə", "eː": "eə", "ɛ": "e"}
_LONG = {"iː": "i", "uː": "u", "ɑː": "ɑ", "ɔː": "ɔ", "ɜː": "ɜ", "e": "ɛ"}


def read_ipa(text: str, variant: Variant) -> tuple[str, ...]:
    """Return what a transcription says, whatever its notation, as signs that can be compared.

    Slashes, the place of a mark inside a syllable, length marks and the several signs of one
    sound make no difference; sounds, the main stress and the number of syllables do.
    """
    if variant == "British":
        text = _LINKING_R.sub("", text)
    text = re.sub(r"[/\[\]().·‿\s-]", "", text.translate(_SAME_SIGN))
    for sign, same in _SAME_SOUND.items():
        text = text.replace(sign, same)
    if variant == "British":
        for sign, same in _SAME_BRITISH.items():
            text = text.replace(sign, same)
        text = re.sub("a(?![ɪʊː])", "æ", text)
    return compared(_marked_before_syllables(text, variant))


def _marked_before_syllables(text: str, variant: Variant) -> Phones:
    pattern = _PHONE if variant == "British" else _PHONE_AMERICAN
    phones, waiting = list[Phone](), 0
    for mark, vowel, consonant in pattern.findall(text):
        waiting = _MARKS[mark] or waiting
        parted = _parted(Phone(vowel or consonant, bool(vowel), waiting if vowel else 0))
        phones.extend(parted)
        waiting = 0 if vowel else waiting
    return tuple(phones)


def compared(phones: Sequence[Phone]) -> tuple[str, ...]:
    """Return the sounds of a word in the signs that all notations share, with its main stress."""
    parted = [part for phone in phones for part in _parted(phone)]
    following = [*parted[1:], Phone("", is_vowel=False)]
    vowels = [phone.sign for phone in parted if phone.is_vowel]
    # fire and hour are one syllable to some dictionaries, which mark no stress there.
    stressed = len(vowels) > 1 and vowels not in (["aɪ", "ə"], ["aʊ", "ə"])
    pairs = zip([Phone("", is_vowel=True), *parted], parted, following, strict=False)
    return tuple(
        ("ˈ" if stressed and phone.stress == PRIMARY else "") + _LONG.get(phone.sign, phone.sign)
        for before, phone, after in pairs
        if not _is_optional(before, phone, after)
    )


def _is_optional(before: Phone, phone: Phone, after: Phone) -> bool:
    """Say whether notations differ about a sound: ə before l or n."""
    return phone.sign == "ə" and not before.is_vowel and after.sign in {"l", "n"}
