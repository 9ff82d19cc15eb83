"""Check `nonsense`: an answer of the right shape that is no lesson all the same."""

import re
import zlib
from collections import Counter
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import cast

from pydantic import BaseModel

from lessongen.lesson.lesson import Lesson
from lessongen.lesson.prompts import brief_prompt
from lessongen.lesson.request import lesson_request
from lessongen.lesson.section import SectionContent
from lessongen.lesson.sections import SECTIONS
from lessongen.lesson.sections.dialogue import Dialogue
from lessongen.lesson.sections.reading import Reading
from lessongen.quality.english import FUNCTION_WORDS
from lessongen.quality.fields import texts
from lessongen.quality.findings import Finding
from lessongen.quality.text import plain, words
from lessongen.quality.word_lists import listed

_MOST_CHARACTERS = 24_000
"""More than eight paragraphs of a reading at their longest, which is more than any level asks."""
_LONGEST_WORD = 130  # a topic of one word is shorter
_MOST_EXAMINED = 12_000

_MAY_BE_EMPTY = listed("""
    ipa stress evidence genre part_of_speech collocations options use why feedback pattern
    follow_up functions meaning link_to_topic outcome interaction skill kind focus wrong right role
""")

_REPEATED, _REPEATED_SHARE, _SHORTEST = 4, 0.25, 4
_MOST_COMPRESSED, _COMPRESSIBLE_FROM = 0.14, 400
"""English shrinks to 0.35 to 0.5 of its size; what repeats itself to less than 0.14."""

_LEAST_FUNCTION_WORDS, _LONG_TEXT, _MOST_FOREIGN = 0.12, 8, 0.4
"""In English texts of eight words and more at least every eighth is one that only English has."""
_NOT_ELSEWHERE = FUNCTION_WORDS - listed(
    "a am an as at be do had he her i in is me no on or over so till we was under"
)
_ENGLISH_ONLY = _NOT_ELSEWHERE.union(map(str.capitalize, _NOT_ELSEWHERE))
_LAST_LATIN = "\u024f"

_A_MODEL = r"an? (?:AI|artificial intelligence|(?:large )?language model)\b"
_AS_A_MODEL = rf"[Aa]s {_A_MODEL}(?: (?:language model|model|assistant|chatbot))*,? "
_ABOUT_ITSELF = re.compile(
    rf"\bAs {_A_MODEL}|\b{_AS_A_MODEL}I\b|\bI(?:'m| am) (?:just )?{_A_MODEL}",
)
_DECLINES = re.compile(
    r"^\W*(?:(?:I'm|I am|We're|We are) (?:very |so )?sorry|Sorry|Unfortunately|I apologi[sz]e)?\W*"
    rf"(?:but )?(?:{_AS_A_MODEL})?I(?: am|'m)? ?"
    r"(?:cannot|can't|can not|won't|will not|unable to|not able to|"
    r"not allowed to)\b",
    re.IGNORECASE,
)
_DECLINES_A_TASK = re.compile(
    r"(?:help|assist|comply|fulfil+|continue|proceed|create|generate|write|provide|produce|"
    r"complete|answer)\b.{0,40}\b(?:request|content|lesson|material|text|section|topic|task|this|"
    r"that)\b",
    re.IGNORECASE,
)
_REFUSES = re.compile(
    r"\bI (?:(?:must|have to|need to|will|would)(?: have to)? )?(?:\w+ly )?(?:decline|refuse)\b"
    r"|\bagainst (?:my|our) (?:\w+ )?(?:guidelines|polic(?:y|ies)|principles|programming|rules)\b"
    r"|\bnot (?:something|one)(?: that| which)? I (?:can|could|am able to|am allowed to)\b",
    re.IGNORECASE,
)
_THIS_TASK = re.compile(
    r"\bth(?:is|ese|at) (?:requests?|topics?|lesson|text|task|content|section|part|material)\b",
    re.IGNORECASE,
)
_LONGEST_REFUSAL = 300
_PLACEHOLDER = re.compile(
    r"^\W*(?:string|todo|tbd|placeholder|null|undefined|n/a)\W*$|\blorem ipsum\b"
    r"|^\W*[\[<{](?:insert|add|write|your|the)\b[^\]>}]{0,80}[\]>}]\W*$",
    re.IGNORECASE,
)
_OUR_TAG = re.compile(
    r"</?(?:request|brief|finished|write|names|problem|answer|section|found)>\s*(?:[{\[]|$)"
    r"|\"(?:type|properties|description|maxLength)\"\s*:\s*[\"{\d]"
)
_QUOTED = re.compile(r"“[^”]{0,300}”|\"[^\"]{0,300}\"")
_ECHO_WORDS = 7


def nonsense(lesson: Lesson) -> Iterator[Finding]:
    """Find sections that cannot be used at all."""
    for section, content in lesson.contents.items():
        if reason := reason_to_refuse(content):
            sentence = f"This section cannot be used: {reason}."
            yield Finding(section, "nonsense", "fault", sentence)


def reason_to_refuse(content: SectionContent) -> str | None:
    """Return why an answer is no lesson, as a phrase after “cannot be used:”, or None."""
    said = [plain(text) for text in texts(content)]
    whole = "\n".join(said)
    if len(whole) > _MOST_CHARACTERS or max(map(len, whole.split()), default=0) > _LONGEST_WORD:
        return "it is far longer than a section can be"
    if empty := next(_empty(content), None):
        return f"a text is missing in it ({empty.replace('_', ' ')})"
    main = [plain(text) for text in _main_texts(content)]
    if any(_PLACEHOLDER.search(text) for text in main):
        return "it holds a placeholder where a text belongs"
    if _repeats(whole) or _says_one_thing(main):
        return "it says the same again and again"
    if _echoes(said, whole):
        return "it repeats what it was asked instead of answering"
    if _declines(content, said):
        return "it declines to write the section"
    if _is_foreign(said) or _is_foreign(main) or _foreign(" ".join(main)):
        return "it is not written in English"
    return None


def _main_texts(content: SectionContent) -> list[str]:
    """Return the text of a reading or a dialogue, which the rest of its section is about."""
    match content:
        case Reading(paragraphs=paragraphs):
            return paragraphs
        case Dialogue(turns=turns):
            return [turn.text for turn in turns]
        case _:
            return []


def _empty(content: BaseModel) -> Iterator[str]:
    """Yield the fields that hold no letter and no number where a text belongs."""
    for name, value in vars(content).items():
        if name in _MAY_BE_EMPTY:
            continue
        for item in cast("list[object]", value) if isinstance(value, list) else (value,):
            if isinstance(item, BaseModel):
                yield from _empty(item)
            elif isinstance(item, str) and not any(map(str.isalnum, item)):
                yield name


def _repeats(whole: str) -> bool:
    examined = whole[:_MOST_EXAMINED]
    size = len(examined.encode())
    if size >= _COMPRESSIBLE_FROM:
        compressed = len(zlib.compress(examined.encode(), 1))
        if compressed < _MOST_COMPRESSED * size:
            return True
    found = [s.strip().casefold() for s in re.split(r"[.!?\n]+", examined)]
    long = [sentence for sentence in found if sentence.count(" ") >= _SHORTEST - 1]
    most = max(Counter(long).values(), default=0)
    return most >= _REPEATED and most >= _REPEATED_SHARE * len(long)


def _says_one_thing(main: list[str]) -> bool:
    """Say whether half of what people say in a dialogue, or more, is the same."""
    most = max(Counter(text.strip().casefold() for text in main).values(), default=0)
    return most >= _REPEATED and 2 * most >= len(main)


def _echoes(said: list[str], whole: str) -> bool:
    if any(text in _descriptions() for text in said) or _OUR_TAG.search(whole):
        return True
    return any(sentence in whole for sentence in _instructions())


@cache
def _descriptions() -> frozenset[str]:
    """Return what the schemas say of fields, which a model may hand back as their value."""
    found = {text for section in SECTIONS.values() for text in _described(section.schema)}
    return frozenset(plain(text) for text in found)


def _described(schema: object) -> Iterator[str]:
    if isinstance(schema, dict):
        parts = cast("dict[str, object]", schema)
        match parts.get("description"):
            case str(text) if "+" not in text:  # a pattern of grammar may well be the same
                yield text
            case _:
                pass
        yield from (text for part in parts.values() for text in _described(part))
    elif isinstance(schema, list):
        yield from (text for part in cast("list[object]", schema) for text in _described(part))


@cache
def _instructions() -> tuple[str, ...]:
    """Return the sentences that models are instructed with."""
    system = brief_prompt(lesson_request(topic="lessons", level="B1")).system
    told = plain(" ".join((system, *(section.instructions for section in SECTIONS.values()))))
    sentences = re.split(r"(?<=[.:])\s", told)
    return tuple(sentence for sentence in sentences if sentence.count(" ") >= _ECHO_WORDS)


def _declines(content: SectionContent, said: list[str]) -> bool:
    """Say whether a section speaks of itself as a model, or refuses the task.

    People in a dialogue may be sorry that they cannot help; an aim or an instruction may not.
    """
    plan = [plain(text) for text in (content.stage_aim, content.task, *content.teacher_steps)]
    if any(_DECLINES.match(text) or _ABOUT_ITSELF.match(text) for text in plan):
        return True
    spoken = {plain(turn.text) for turn in content.turns} if isinstance(content, Dialogue) else ()
    written = [text for text in said if text not in spoken]
    if any(_DECLINES.match(text) and _DECLINES_A_TASK.search(text[:160]) for text in written):
        return True
    if _REFUSES.search("\n".join(written)) and any(_refuses(text) for text in written):
        return True
    return len(_ABOUT_ITSELF.findall("\n".join(said))) > 1


def _refuses(text: str) -> bool:
    """Say whether a short text, not what somebody in it says, turns this very task down."""
    own = _QUOTED.sub(" ", text[:_LONGEST_REFUSAL])
    is_short = len(text) <= _LONGEST_REFUSAL
    return is_short and bool(_REFUSES.search(own)) and bool(_THIS_TASK.search(own))


def _is_foreign(said: list[str]) -> bool:
    judged = [(len(text), foreign) for text in said if (foreign := _foreign(text)) is not None]
    foreign = sum(length for length, is_foreign in judged if is_foreign)
    return foreign > _MOST_FOREIGN * sum(length for length, _ in judged)


@lru_cache(1024)
def _foreign(text: str) -> bool | None:
    """Say whether a text is in another language; None where it is too short to tell."""
    own = _QUOTED.sub(" ", text[:_MOST_EXAMINED])
    if not own.isascii() and _is_mostly_of_another_script(own):
        return True
    spoken = words(own)
    if len(spoken) < _LONG_TEXT:
        return None
    english = sum(map(_ENGLISH_ONLY.__contains__, spoken)) + own.count("n't")
    return english < _LEAST_FUNCTION_WORDS * len(spoken)


def _is_mostly_of_another_script(text: str) -> bool:
    letters = [character for character in text if character.isalpha()]
    return sum(letter > _LAST_LATIN for letter in letters) > len(letters) / 2
