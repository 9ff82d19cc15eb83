"""Check `names`: the people of a lesson are the people of its brief."""

import re
from collections.abc import Iterator
from functools import cache, lru_cache

import simplemma

from lessongen.lesson.brief import Brief
from lessongen.lesson.lesson import Lesson
from lessongen.lesson.names import POOL
from lessongen.lesson.request import LessonRequest
from lessongen.lesson.section import SectionContent
from lessongen.lesson.sections.dialogue import Dialogue
from lessongen.lesson.sections.vocabulary import Vocabulary
from lessongen.quality.fields import texts
from lessongen.quality.findings import Finding
from lessongen.quality.parts import enumerated
from lessongen.quality.text import base, plain
from lessongen.quality.word_lists import lines_of, listed

_CHECKED = ("vocabulary", "reading", "comprehension", "grammar", "dialogue", "wrapup")
_SHOWN = 4
_CAPITAL = re.compile(r"(?<!\w)[^\W\d_a-z][^\W\d_]+(?:-[^\W\d_]+)*")
# Whoever speaks is a person, and so is whoever has a title.
_SPEAKS = re.compile(
    r"^(?:'s)? (?:said|says|asked|asks|told|tells|replied|answered|laughed|smiled|shouted|"
    r"explained|whispered|nodded|thought|decided|admitted)\b"
)
_SPOKEN_BY = re.compile(r"\b(?:said|asked|replied|answered|Miss|named|called) $")
_TITLE = re.compile(r"(?<!\w)(?:Mrs?|Ms|Dr)\.? $")
_OFFICES = listed("Chair Chairman Mayor President Speaker")  # “Mr President” is no name
# Names that are words too: people only inside a sentence, or where they do something.
_ALSO_WORDS = listed("""
    Amber Bill Chase Daisy Dean Drew Frank Grace Grant Holly Iris Ivy Jasmine Lily Mark Miles Pat
    Pearl Ray Rob Robin Rose Ruby Sue Violet Will
""")
_INSIDE = re.compile(r"(?:^|[\s\"“])[a-z]+,? $")
_DOES = re.compile(
    r"^(?:'s)? (?:was|were|had|has|did|went|took|saw|said|says|told|felt|knew|left|gave|got|"
    r"made|came|ran|sat|bought|sold|paid|brought|found|met|put|could|would|can|will|[a-z]{2,}ed|"
    r"(?:want|like|work|live|go|ask|look|need|love|play|help)e?s)\b"
)


@cache
def _first_names() -> frozenset[str]:
    names = (line.split() for line in lines_of("first_names.txt"))
    return frozenset(name for line in names for name in line) | POOL.keys()


def names(lesson: Lesson) -> Iterator[Finding]:
    """Find names of people, and speakers, who are not of the brief's cast."""
    cast, known = _cast(lesson.brief), _known(lesson.brief, lesson.request)
    for section in _CHECKED:
        if content := lesson.contents.get(section):
            strangers = [*_speakers(content, cast), *_strangers(content, known)]
            if strangers:
                yield _finding(section, strangers, lesson.brief)


def _finding(section: str, strangers: list[str], brief: Brief) -> Finding:
    evidence = tuple(dict.fromkeys(strangers))
    people = enumerated([person.name for person in brief.cast])
    sentence = f"Nobody in this lesson is called {enumerated(evidence[:_SHOWN], 'or')}."
    if people:
        sentence += f" Its people are {people}."
    return Finding(section, "names", "fault", sentence, evidence)


@lru_cache(64)
def _parts(text: str) -> frozenset[str]:
    return frozenset(base(name) for name in re.findall(r"[^\W\d_]+(?:['’-][^\W\d_]+)*", text))


def _cast(brief: Brief) -> frozenset[str]:
    return frozenset[str]().union(*(_parts(person.name) for person in brief.cast))


def _known(brief: Brief, request: LessonRequest) -> frozenset[str]:
    """Return every word of the brief and the request: what they name may be named."""
    people = (text for person in brief.cast for text in (person.name, person.role))
    said = (*people, *texts(brief), request.topic, request.notes, request.own_text)
    return frozenset[str]().union(*map(_parts, said))


def _speakers(content: SectionContent, cast: frozenset[str]) -> Iterator[str]:
    if isinstance(content, Dialogue) and cast:
        for turn in content.turns:
            if turn.speaker.strip() and _parts(turn.speaker).isdisjoint(cast):
                yield turn.speaker


def _strangers(content: SectionContent, known: frozenset[str]) -> Iterator[str]:
    for text in _with_people(content):
        yield from (name for name in _people(text) if base(name) not in known)


def _with_people(content: SectionContent) -> Iterator[str]:
    match content:
        case Vocabulary():
            yield from (entry.example for entry in content.entries)
        case Dialogue():
            yield content.situation
            yield from (turn.text for turn in content.turns)
            yield from (card.situation for card in content.role_cards)
        case _:
            yield from texts(content)


@lru_cache(2048)
def _people(text: str) -> tuple[str, ...]:
    """Return the words of a text that name people."""
    text = plain(text)
    return tuple(found[0] for found in _CAPITAL.finditer(text) if _is_person(text, found))


def _is_person(text: str, found: re.Match[str]) -> bool:
    before, after = text[: found.start()][-16:], text[found.end() : found.end() + 16]
    if _TITLE.search(before):
        return found[0] not in _OFFICES
    if found[0] in _ALSO_WORDS:
        return bool(_INSIDE.search(before) or _DOES.match(after))
    if base(found[0]).title() in _first_names() or found[0] in _first_names():
        return not found[0].isupper()
    named = _SPOKEN_BY.search(before) or _SPEAKS.match(after)
    return bool(named) and not simplemma.is_known(found[0], "en")
