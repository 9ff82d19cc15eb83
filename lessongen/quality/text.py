"""Text as the checks read it: sentences, words, and the forms by which words are the same.

Words keep their case; apostrophes are straight and hyphens part words, so that “well-known” and
“well known” agree. A word counts as another where any of their forms agree, because no list of
lemmas is right about every word.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import chain

import simplemma

from lessongen.quality.english import (
    BRITISH_TO_AMERICAN,
    FUNCTION_WORDS,
    IRREGULAR,
    MISTAKEN,
    SPELLINGS,
)

_TEXTS, _WORDS = 4096, 32_768  # what the caches hold: some lessons, and the words of many
_LONGEST_WORD = 40

_APOSTROPHES = str.maketrans("’‘ʼ＇`", "'''''")  # noqa: RUF001 - look-alikes are the point
_WORD = re.compile(r"\d+(?:[.,:]\d+)*|[^\W\d_]+(?:'[^\W\d_]+)*")
_CLITIC = re.compile(r"(?:n't|'(?:s|re|ve|ll|d|m))$")
# Every repetition has a limit: a text of nothing but full stops must not take forever.
_END = re.compile(
    r"[.!?…]{1,8}[\"”’'»)\]]{0,4}(?=\s{1,8}[\"“‘'«(\[¡¿]{0,4}[^\W_a-z])|[。！？]{1,8}[」』”]?|\n"  # noqa: RUF001
)
_ABBREVIATION = re.compile(r"\b(?:Mrs?|Ms|Dr|Prof|St|vs|e\.g|i\.e|[A-HJ-Z])\.$")
# “What will you do?” Devi asked him. One sentence, though a question mark stands inside it.
_SAYING = re.compile(
    r"(?:\S+ ){1,2}(?:said|says|asked|asks|shouted|cried|called|answered|replied|whispered|"
    r"laughed|wrote|added|thought)\b"
)
_UNDOUBLED = re.compile(r"([bdfgklmnprtvz])\1(?:ed|ing|er|est)$")
_SPELLINGS = tuple((re.compile(pattern), new, least) for pattern, new, least in SPELLINGS)


def plain(text: str) -> str:
    """Return text with every kind of apostrophe straight."""
    return text if text.isascii() and "`" not in text else text.translate(_APOSTROPHES)


@lru_cache(_TEXTS)
def sentences(text: str) -> tuple[str, ...]:
    """Return the sentences of a text as they stand in it; a line's end ends a sentence."""
    found: list[str] = []
    start = 0
    for end in _END.finditer(text):
        if not _goes_on(text, end):
            found.append(text[start : end.end()].strip())
            start = end.end()
    found.append(text[start:].strip())
    return tuple(sentence for sentence in found if sentence)


def _goes_on(text: str, end: re.Match[str]) -> bool:
    if end[0] == "\n":
        return False
    if _ABBREVIATION.search(text, max(0, end.start() - 5), end.end()):
        return True
    return end[0][-1] in "\"”’'" and bool(_SAYING.match(text, end.end() + 1))


@lru_cache(_TEXTS)
def words(text: str) -> tuple[str, ...]:
    """Return the words and numbers of a text in order: “don't” and “1,300” are one each."""
    return tuple(_WORD.findall(plain(text)))


@lru_cache(_WORDS)
def base(word: str) -> str:
    """Return a word in lower case without what is contracted to it: “Devi's” is “devi”."""
    lower = plain(word).casefold()
    return _CLITIC.sub("", lower) or lower


@lru_cache(_WORDS)
def is_function_word(word: str) -> bool:
    """Say whether a word holds a sentence together and says nothing itself."""
    lower = plain(word).casefold()
    return lower.endswith("n't") or lower in FUNCTION_WORDS or base(word) in FUNCTION_WORDS


@lru_cache(_WORDS)
def lemmas(word: str) -> frozenset[str]:
    """Return the forms a word may be listed under: itself, its lemma, its American spelling."""
    lower = base(word)
    if len(lower) > _LONGEST_WORD:
        return frozenset({lower})
    forms = {lower, IRREGULAR.get(lower, lower), *_stems(lower)}
    if lower not in MISTAKEN:
        forms.add(simplemma.lemmatize(lower, lang="en"))
    return frozenset(forms | {_american(form) for form in forms})


def same_word(one: str, other: str) -> bool:
    """Say whether two words are forms of one."""
    return not lemmas(one).isdisjoint(lemmas(other))


@lru_cache(_TEXTS)
def content_words(text: str) -> tuple[str, ...]:
    """Return the words of a text that carry its meaning, numbers among them, in order."""
    return tuple(word for word in words(text) if not is_function_word(word))


@lru_cache(_TEXTS)
def content_lemmas(text: str) -> tuple[frozenset[str], ...]:
    """Return the forms of every content word of a text, in order."""
    return tuple(lemmas(word) for word in content_words(text))


@lru_cache(_TEXTS)
def content_forms(text: str) -> frozenset[str]:
    """Return the forms of all content words of a text."""
    return frozenset(chain.from_iterable(content_lemmas(text)))


def _stems(word: str) -> Iterator[str]:
    """Yield what may stand before an ending that simplemma leaves on or takes off wrongly."""
    if undoubled := _UNDOUBLED.search(word):
        yield word[: undoubled.start() + 1]
    if word.endswith(("cked", "cking")):
        yield word[: word.rindex("k")]
    if word.endswith("ing") and len(word) > 5:  # noqa: PLR2004 - “bring” has no shorter form
        yield word[:-3]
        yield word[:-3] + "e"


def _american(word: str) -> str:
    if word in BRITISH_TO_AMERICAN:
        return BRITISH_TO_AMERICAN[word]
    for pattern, new, least in _SPELLINGS:
        found = pattern.search(word)
        if found and found.start() >= least:
            return pattern.sub(new, word)
    return word
