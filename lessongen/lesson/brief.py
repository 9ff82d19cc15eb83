"""The brief: the shared context, written first, so that sections written apart agree."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.json_schema import SkipJsonSchema

from lessongen.lesson.names import ANYBODY, Name, Pronoun
from lessongen.lesson.request import MAX_TOPIC, LessonRequest, Variant

MAX_WORDS = 12

_Short = Annotated[str, Field(max_length=80)]
_Line = Annotated[str, Field(max_length=300)]


class CastMember(BaseModel):
    """A person who may appear in the reading, the dialogue and the examples."""

    model_config = ConfigDict(frozen=True)

    name: Annotated[
        str, Field(max_length=80, description="A first name of <names>; a family name if useful")
    ]
    role: Annotated[str, Field(max_length=300, description="Who this person is, in a few words")]
    pronoun: SkipJsonSchema[Pronoun] = "they"


class TargetWord(BaseModel):
    """A word the lesson teaches, in the one sense it teaches."""

    model_config = ConfigDict(frozen=True)

    word: Annotated[str, Field(max_length=80, description="Dictionary form")]
    part_of_speech: Annotated[str, Field(max_length=80, description="noun, verb, adjective, ...")]
    meaning: Annotated[str, Field(max_length=300, description="The sense used in this lesson")]


class GrammarTarget(BaseModel):
    """The one structure that the lesson teaches."""

    model_config = ConfigDict(frozen=True)

    structure: Annotated[_Short, Field(description="Its name, such as 'first conditional'")]
    pattern: Annotated[_Line, Field(description="Its form, such as 'if + present, will + verb'")]
    marker: Annotated[
        _Line,
        Field(description="A sentence with it that the reading contains word for word"),
    ]


def _structured(target: object) -> object:
    """Read what briefs held before targets had parts: 'used to: used to + infinitive'."""
    if not isinstance(target, str):
        return target
    structure, _, pattern = target.partition(":")
    return {"structure": structure.strip()[:80], "pattern": pattern.strip(), "marker": ""}


class Brief(BaseModel):
    """What every section is written from."""

    model_config = ConfigDict(frozen=True)

    title: Annotated[str, Field(min_length=1, max_length=120, description="Title of the lesson")]
    outcome: Annotated[
        str,
        Field(
            min_length=1,
            max_length=300,
            description="What learners can do after the lesson: 'Can ...'",
        ),
    ]
    setting: Annotated[_Line, Field(description="Where the reading and the dialogue happen")]
    cast: Annotated[list[CastMember], Field(max_length=6, description="Two to four people")]
    target_words: Annotated[
        list[TargetWord],
        Field(max_length=MAX_WORDS, description="Eight to ten words worth learning"),
    ]
    key_facts: Annotated[
        list[_Line], Field(max_length=12, description="Six to ten facts that the reading tells")
    ]
    grammar_target: Annotated[GrammarTarget, BeforeValidator(_structured)]
    variant: SkipJsonSchema[Variant] = "British"


_LOCAL_GRAMMAR = {
    "A1": ("present simple", "subject + verb (+ s)"),
    "A2": ("past simple", "subject + verb + -ed, or irregular form"),
    "B1": ("present perfect", "have/has + past participle"),
    "B2": ("second conditional", "if + past simple, would + infinitive"),
    "C1": ("hedging", "seem to, tend to, be likely to + infinitive"),
    "C2": ("inversion for emphasis", "rarely/never/not only + auxiliary + subject + verb"),
}


def local_brief(request: LessonRequest, names: Sequence[Name] = ANYBODY) -> Brief:
    """Make the least a lesson can be written from, without asking any model.

    Two names at least, as `chosen_names` gives them.
    """
    capitalised = request.topic[:1].upper() + request.topic[1:]
    local, newcomer, *_ = names
    structure, pattern = _LOCAL_GRAMMAR[request.level]
    return Brief(
        title=capitalised[:MAX_TOPIC],  # a capital can be longer than its letter: ß, SS
        outcome=f"Can talk about {request.topic} with a partner at level {request.level}.",
        setting="an ordinary town, today",
        cast=[
            CastMember(name=local.name, role="works in the town", pronoun=local.pronoun),
            CastMember(name=newcomer.name, role="is new to the town", pronoun=newcomer.pronoun),
        ],
        target_words=[undescribed(word) for word in own_words(request)],
        key_facts=[],
        grammar_target=GrammarTarget(
            structure=request.grammar or structure,
            pattern="" if request.grammar else pattern,
            marker="",
        ),
        variant=request.variant,
    )


def own_words(request: LessonRequest) -> list[str]:
    """Return the words that the teacher brought, without those that the class knows."""
    known = {word.casefold() for word in request.known_words}
    return [word for word in request.own_words if word.casefold() not in known]


def undescribed(word: str) -> TargetWord:
    """Return a word of which nobody has said anything yet."""
    return TargetWord(word=word, part_of_speech="", meaning="")
