"""Check `choices`: of the options of a question exactly one is right, and nothing gives it away."""

import re
from collections.abc import Iterator, Sequence
from itertools import combinations

from lessongen.lesson.lesson import Lesson
from lessongen.lesson.sections.comprehension import Comprehension, Item
from lessongen.lesson.sections.reading import Reading
from lessongen.quality.evidence import Meaning, meanings_of
from lessongen.quality.findings import Finding
from lessongen.quality.grounding import passage_of
from lessongen.quality.numbers import is_number, numbers
from lessongen.quality.parts import quoted, section_of, text_of
from lessongen.quality.support import SUPPORTED, names
from lessongen.quality.text import base, content_lemmas, plain, same_word, words

FEWEST_OPTIONS = 3
LONGEST = 1.8
"""A key so much longer than every other option, or so much shorter, is chosen for its length."""

_LETTERS_APART = 10  # between short options, a few letters tell nobody anything
_ITEMS_TO_SPREAD = 3
_A_STATEMENT = 3  # words that tell something
_ARTICLES = frozenset({"a", "an", "the"})
_EMPTY = _ARTICLES.union(
    {"is", "are", "was", "were", "be", "been", "has", "have", "had", "do", "does", "did", "that"},
    {"not", "no", "any", "probably", "possibly", "certainly", "definitely", "actually", "simply"},
)
_OPENING = re.compile(
    r"^(?:because|in order(?= to\b)|i think(?: that)?|it (?:is|was))\b ?", re.IGNORECASE
)
# What can be added to an answer without another meaning.
_ADDED = re.compile(
    r"\b(?:really|actually|indeed|of course|after all|in fact|in the end|at (?:that|this|the) "
    r"(?:moment|time)|as the text says)\b",
    re.IGNORECASE,
)
_PARTS_OF_NUMBERS = frozenset({"half", "quarter", "first", "second", "third"})
_NEGATIVE = re.compile(r"n't\b|\b(?:not|no|never|nobody|nothing|none|without|cannot)\b")
_ALL = "(?:all|both|none|neither|any|either|each|every one)"
_JUDGED = "(?:above|options?|answers?|choices?|statements?|right|correct|true|wrong|false|possible)"
_OPTIONS = rf"(?:of|the|these|those|them|two|three|four|others?|are|is|{_JUDGED})"
_OF_THE_ABOVE = re.compile(
    r"\b(?:all|both|none|neither|any|either) of the (?:above|others?|options|answers|choices)\b"
    r"|^(?:all|both|none|neither|any)(?: of (?:these|those|them))?$"
    rf"|^(?=.*\b{_JUDGED}$|.*\b{_JUDGED} ){_ALL}(?: {_OPTIONS}){{1,8}}$"
    r"|^(?:(?:both|neither) )?[a-d] (?:and|n?or) [a-d](?: (?:are|is) (?:right|correct|true))?$",
    re.IGNORECASE,
)
_PRONOUNS = frozenset({"he", "she", "they"})


def choices(lesson: Lesson) -> Iterator[Finding]:
    """Find multiple-choice questions with no right option, two of them, or one that shows."""
    comprehension = section_of(lesson, Comprehension)
    items = [item for item in comprehension.items if item.options] if comprehension else []
    text, meanings = text_of(section_of(lesson, Reading)), meanings_of(lesson)
    for item in items:
        yield from _in_options(item)
        yield from _in_key(item, text, meanings)
    places = {_place(item) for item in items}
    if len(items) >= _ITEMS_TO_SPREAD and len(places) == 1 and None not in places:
        yield _finding("The right option is in the same place in every question")


def same_option(one: str, other: str) -> bool:
    """Say whether two options say the same in the same words, in whatever form and order."""
    if _is_negative(one) != _is_negative(other) or _values(one) != _values(other):
        return False
    mine, theirs = (
        tuple(w for w in words(o) if w.casefold() not in _ARTICLES) for o in (one, other)
    )
    return _each_in(mine, theirs) and _each_in(theirs, mine)


def _in_options(item: Item) -> Iterator[Finding]:
    about = f" for “{item.question}”"
    options = tuple(item.options)
    if len(options) < FEWEST_OPTIONS:
        yield _finding(f"There are only {len(options)} options{about}", *options)
    if not all(words(option) for option in options):
        yield _finding(f"An option is empty{about}", item.question)
    if tricks := tuple(option for option in options if _OF_THE_ABOVE.search(option.strip(" ."))):
        yield _finding(f"Please give a real option instead of {quoted(tricks)}{about}", *tricks)
    for one, other in combinations(options, 2):
        if same_option(one, other):
            yield _finding(f"Two options say the same{about}: {quoted((one, other))}", one, other)


def _in_key(item: Item, text: str, meanings: tuple[Meaning, ...]) -> Iterator[Finding]:
    place = _place(item)
    if place is None:
        sentence = f"The key “{item.answer}” is none of the options for “{item.question}”"
        yield _finding(sentence, item.question)
        return
    key = item.options[place]
    rivals = [option for number, option in enumerate(item.options) if number != place]
    if right := [rival for rival in rivals if _is_right_too(rival, item, text, meanings)]:
        sentence = f"More than one option is right for “{item.question}”: {quoted((key, *right))}"
        yield _finding(sentence, key, *right)
    if _stands_out(key, rivals):
        sentence = f"The right option for “{item.question}” shows by its length: “{key}”"
        yield _finding(sentence, key)


def _place(item: Item) -> int | None:
    """Return where the key stands among the options; None unless it is exactly one of them."""
    exact = [number for number, option in enumerate(item.options) if option == item.answer]
    told = [n for n, option in enumerate(item.options) if _told(option) == _told(item.answer)]
    found = exact or told
    return found[0] if found else None


def _told(option: str) -> tuple[str, ...]:
    return words(option.casefold())


def _is_right_too(rival: str, item: Item, text: str, meanings: tuple[Meaning, ...]) -> bool:
    """Say whether a wrong option is the key in other words, or proved as well by the text."""
    if same_option(rival, item.answer):
        return False  # told already
    pairs = ((rival, item.answer), (item.answer, rival))
    if any(_adds_little(*pair) or _names_whom(*pair) or _holds(*pair) for pair in pairs):
        return True
    passage = passage_of(item, text, meanings)
    # A name or a thing stands in the sentence with the key, and is no answer for that.
    if passage is None:
        return False
    if _told(rival) == _told(passage.quoted):
        return True
    if len(content_lemmas(rival)) < _A_STATEMENT:
        return False
    proof, key = passage.proof(rival), passage.proof(item.answer)
    if proof.share < max(SUPPORTED, key.share):
        return False
    return proof.verbatim or (not key.verbatim and _is_negative(rival) == _is_negative(item.answer))


def _adds_little(one: str, other: str) -> bool:
    """Say whether an option is another with at most one word more, and no other number."""
    if _is_negative(one) != _is_negative(other) or _values(one) != _values(other):
        return False
    many, few = _telling(_ADDED.sub("", one)), _telling(other)
    if not _each_in(few, many):
        return False
    extra = [word for word in many if not _each_in((word,), few)]
    return not extra or (len(few) >= _A_STATEMENT and len(extra) == 1 and "'s" not in extra[0])


def _holds(one: str, other: str) -> bool:
    """Say whether an option is a whole other one with something before or after it."""
    if _is_negative(one) != _is_negative(other) or _values(one) != _values(other):
        return False
    many, few = _told(one), _told(_OPENING.sub("", other))
    return len(few) >= _A_STATEMENT and f" {' '.join(few)} " in f" {' '.join(many)} "


def _names_whom(one: str, other: str) -> bool:
    """Say whether an option has a name where another says “he” or “she”, and all else alike."""
    named, told = words(one), words(other)
    if not named or len(told) < _A_STATEMENT or told[0].casefold() not in _PRONOUNS:
        return False
    return named[0] in names(one) and _told(one)[1:] == _told(other)[1:]


def _telling(option: str) -> tuple[str, ...]:
    """Return the words by which options differ: “in” and “under” and “his” too, not “the”."""
    said = words(_OPENING.sub("", option.casefold()))
    return tuple(word for word in said if base(word) not in _EMPTY and not is_number(word))


def _each_in(some: Sequence[str], others: Sequence[str]) -> bool:
    """Say whether there are words, each of them a form of one of the others."""
    return bool(some) and all(any(same_word(word, other) for other in others) for word in some)


def _values(option: str) -> frozenset[str]:
    parts = _PARTS_OF_NUMBERS.intersection(words(option.casefold()))
    return frozenset(number.value for number in numbers(option)) | parts


def _is_negative(option: str) -> bool:
    return bool(_NEGATIVE.search(plain(option).casefold()))


def _stands_out(key: str, rivals: Sequence[str]) -> bool:
    lengths = [len(rival) for rival in rivals]
    if not lengths:
        return False
    far_longer = len(key) > max(LONGEST * max(lengths), max(lengths) + _LETTERS_APART)
    far_shorter = min(lengths) > max(LONGEST * len(key), len(key) + _LETTERS_APART)
    return far_longer or far_shorter


def _finding(sentence: str, *evidence: str) -> Finding:
    shown = tuple(text for text in evidence if text)
    return Finding("comprehension", "choices", "fault", f"{sentence}.", shown)
