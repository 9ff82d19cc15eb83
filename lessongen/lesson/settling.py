"""What of a brief is never left to a model: the names of people, and which words are taught."""

import re
from collections.abc import Callable, Sequence

from pydantic import ValidationError

from lessongen.lesson.brief import (
    MAX_WORDS,
    Brief,
    CastMember,
    GrammarTarget,
    own_words,
    undescribed,
)
from lessongen.lesson.names import POOL, Name, first_name
from lessongen.lesson.request import LessonRequest

# First words of people in a brief that mean something else too: “the baker”, “Mr Green”, “May”.
_NOT_ONLY_NAMES = re.compile(
    r"the|an?|her|his|their|my|our|one|two|some|old|young|mr|mrs|ms|miss|dr|prof|sir|lady|"
    r"uncle|aunt|grand\w+|mum|mother|dad|father|sister|brother|british|american|english|"
    r"january|february|march|april|may|june|july|august|\w+ember|october|\w+day|"
    r"summer|winter|spring|autumn",
    re.IGNORECASE,
)


def settled(brief: Brief, request: LessonRequest, names: Sequence[Name]) -> Brief:
    """Return a model's brief with what is never left to a model.

    People have names of our pool, so that lessons do not all tell of the same few, unless the
    teacher has named them; the words that the teacher brought are taught, and words that the
    class knows are not taught again.
    """
    if not request.own_text:
        brief = _with_own_names(brief, names, f"{request.topic} {request.notes}")
    own = {word.casefold(): word for word in own_words(request)}
    known = {word.casefold() for word in request.known_words}
    described = {target.word.casefold(): target for target in brief.target_words}
    first = [described.get(key) or undescribed(word) for key, word in own.items()]
    others = [described[key] for key in described if key not in own and key not in known]
    return brief.model_copy(
        update={
            "target_words": [*first, *others][:MAX_WORDS],
            "cast": [_with_pronoun(person) for person in brief.cast],
            "variant": request.variant,
        }
    )


def _with_pronoun(person: CastMember) -> CastMember:
    name = POOL.get(first_name(person.name))
    return person.model_copy(update={"pronoun": name.pronoun}) if name else person


def _with_own_names(brief: Brief, names: Sequence[Name], said: str) -> Brief:
    """Replace first names that are not of our pool, wherever the brief says them.

    Names that the teacher has said stay, and so does what may be another word: a title, a month.
    """
    firsts = [first_name(person.name) for person in brief.cast]
    strange = [name for name in dict.fromkeys(firsts) if _is_replaceable(name, said)]
    free = [name.name for name in names if name.name not in firsts]
    renamed = dict(zip(strange, free, strict=False))
    if not renamed:
        return brief
    pattern = re.compile("|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in renamed))

    def told(text: str) -> str:
        return pattern.sub(lambda found: renamed[found[0]], text)

    try:
        return _retold(brief, told)
    except ValidationError:  # a longer name that does not fit
        return brief


def _is_replaceable(name: str, said: str) -> bool:
    is_name = name.isalpha() and name[0].isupper() and not _NOT_ONLY_NAMES.fullmatch(name)
    return is_name and name not in POOL and not re.search(rf"(?<!\w){name}(?!\w)", said)


def _retold(brief: Brief, told: Callable[[str], str]) -> Brief:
    """Return a brief with every text in it told in other words."""
    return Brief(
        title=told(brief.title),
        outcome=told(brief.outcome),
        setting=told(brief.setting),
        cast=[CastMember(name=told(p.name), role=told(p.role)) for p in brief.cast],
        target_words=brief.target_words,
        key_facts=[told(fact) for fact in brief.key_facts],
        grammar_target=GrammarTarget(
            structure=brief.grammar_target.structure,
            pattern=brief.grammar_target.pattern,
            marker=told(brief.grammar_target.marker),
        ),
    )
