"""Check `spelling`: a lesson in British English has no American spellings, and the reverse."""

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from lessongen.lesson.lesson import Lesson
from lessongen.lesson.request import LessonRequest, Variant
from lessongen.quality.fields import texts
from lessongen.quality.findings import Finding
from lessongen.quality.word_lists import lines_of, listed

_FAULT_FROM = 3
"""So many words of the other English make a fault; fewer may be a quotation or a slip."""

_WORD = re.compile(r"[^\W\d_]{3,40}")
_BEFORE_CAPITAL = re.compile(r"[^\W\d_][\s,]+[\"“‘'(]?$")
_SHOWN = 6
_KIN = listed("Mom Moms Mommy Mum Mums Mummy")  # with a capital, and no names

_AFTER_OUR = listed("s ed ing ful fully less able al hood hoods e es ism y")
_AFTER_L = listed("ed ing er ers est")
_AFTER_YS = listed("e es ed ing er ers")

# British -ise, American -ize: but what does not come from Greek -izein has an s everywhere.
_ISE = re.compile(r"(?<=[b-df-hj-np-tv-xz])is(?=(?:e|es|ed|ing|er|ers|ation|ations)$)")
_ALWAYS_ISE = re.compile(
    "(?:.*(?:advert|chast|circumc|comprom|compr|disgu|exerc|franch|improv|merchand|parad|prec|"
    "conc|prem|prom|superv|surpr|surm|telev|treat|expert|enterpr|dem|rev|dev|adv|desp|exc|inc|"
    "repr|sunr|moonr|upr|mort|w)|adm|cer|chem|val|ar|r|m|v|an|den|el)is"
)
_SHORTEST_STEM = 3


@cache
def _replacements(variant: Variant) -> dict[str, str]:
    """Return the words of the other English, and what this variant has for them."""
    replacements: dict[str, str] = {}
    for line in lines_of("spellings.txt"):
        kind, _, words = line.partition(":")
        pairs = [pair for word in words.split() for pair in _pairs(kind, word)]
        if variant == "British" and kind not in {"british", "american"}:
            pairs = [(american, british) for british, american in pairs]
        if kind != variant.casefold():
            replacements |= dict(pairs)
    return replacements


def _pairs(kind: str, word: str) -> Iterator[tuple[str, str]]:
    """Yield the British and the American form of a word with each of its endings."""
    match kind:
        case "our":
            british = re.sub("or(?=(?:it)?$)", "our", word)
            yield from ((british + end, word + end) for end in ("", *_AFTER_OUR))
        case "ll":
            yield from ((f"{word}l{end}", word + end) for end in _AFTER_L)
        case "re":
            american = f"{word[:-2]}er"
            yield from ((word + end, american + end) for end in ("", "s"))
            yield f"{word}d", f"{american}ed"
        case "yse":
            yield from ((word[:-1] + end, f"{word[:-2]}z{end}") for end in _AFTER_YS)
        case _:
            one, _, other = word.replace("_", " ").partition("/")
            yield one, other


def spelling(lesson: Lesson) -> Iterator[Finding]:
    """Find words spelled as in the other English; one or two are a note, more are a fault."""
    variant, typed = lesson.request.variant, _typed(lesson.request)
    for section, content in lesson.contents.items():
        found = [
            word
            for text in texts(content)
            for word in _other_words(text, variant)
            if word.casefold() not in typed
        ]
        if found:
            yield _finding(section, found, variant)


def _finding(section: str, found: list[str], variant: Variant) -> Finding:
    words = tuple(dict.fromkeys(found))
    shown = ", ".join(f"“{_replaced(word, variant)}” for “{word}”" for word in words[:_SHOWN])
    sentence = f"This lesson is in {variant} English; please write {shown}."
    severity = "fault" if len(found) >= _FAULT_FROM else "note"
    return Finding(section, "spelling", severity, sentence, words)


def _typed(request: LessonRequest) -> frozenset[str]:
    """Return the words of the teacher, who may spell as they like."""
    own = " ".join((request.topic, request.notes, request.own_text, *request.own_words))
    return frozenset(_WORD.findall(own.casefold()))


@lru_cache(1024)
def _other_words(text: str, variant: Variant) -> tuple[str, ...]:
    if not any(_replaced(word, variant) for word in set(_WORD.findall(text))):
        return ()
    return tuple(
        found[0]
        for found in _WORD.finditer(text)
        if _replaced(found[0], variant) and not _is_name(found[0], text[: found.start()][-4:])
    )


def _is_name(word: str, before: str) -> bool:
    """Say whether a word has a capital where no sentence begins: Lincoln Center, Mr Gray."""
    return word.istitle() and word not in _KIN and bool(_BEFORE_CAPITAL.search(before))


@lru_cache(16_384)
def _replaced(word: str, variant: Variant) -> str:
    """Return what a variant has for a word of the other English; nothing for its own words."""
    lower = word.casefold()
    if listed := _replacements(variant).get(lower):
        return listed
    found = _ISE.search(lower) if variant == "American" else None
    if (
        found is None
        or found.start() < _SHORTEST_STEM
        or _ALWAYS_ISE.fullmatch(lower[: found.end()])
    ):
        return ""
    return _ISE.sub("iz", lower)
