"""The brief: the shared context, written first, so that sections written apart agree."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from lessongen.lesson.request import MAX_TOPIC, LessonRequest

_Short = Annotated[str, Field(max_length=80)]
_Line = Annotated[str, Field(max_length=300)]


class CastMember(BaseModel):
    """A person who may appear in the reading, the dialogue and the examples."""

    model_config = ConfigDict(frozen=True)

    name: Annotated[str, Field(max_length=80, description="First name, and family name if useful")]
    role: Annotated[str, Field(max_length=300, description="Who this person is, in a few words")]


class TargetWord(BaseModel):
    """A word the lesson teaches, in the one sense it teaches."""

    model_config = ConfigDict(frozen=True)

    word: Annotated[str, Field(max_length=80, description="Dictionary form")]
    part_of_speech: Annotated[str, Field(max_length=80, description="noun, verb, adjective, ...")]
    meaning: Annotated[str, Field(max_length=300, description="The sense used in this lesson")]


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
        list[TargetWord], Field(max_length=12, description="Eight words worth learning")
    ]
    key_facts: Annotated[
        list[_Line], Field(max_length=12, description="Six facts that the reading tells")
    ]
    grammar_target: Annotated[
        _Line, Field(description="One structure with its pattern, such as 'used to + infinitive'")
    ]


_LOCAL_GRAMMAR = {
    "A1": "present simple: subject + verb (+ s)",
    "A2": "past simple: subject + verb + -ed, or irregular form",
    "B1": "present perfect: have/has + past participle",
    "B2": "second conditional: if + past simple, would + infinitive",
    "C1": "hedging: seem to, tend to, be likely to + infinitive",
    "C2": "inversion for emphasis: rarely/never/not only + auxiliary + subject + verb",
}


def local_brief(request: LessonRequest) -> Brief:
    """Make the least a lesson can be written from, without asking any model."""
    capitalised = request.topic[:1].upper() + request.topic[1:]
    return Brief(
        title=capitalised[:MAX_TOPIC],  # a capital can be longer than its letter: ß, SS
        outcome=f"Can talk about {request.topic} with a partner at level {request.level}.",
        setting="an ordinary town, today",
        cast=[
            CastMember(name="Amina", role="works in the town"),
            CastMember(name="Pavel", role="is new to the town"),
        ],
        target_words=[],
        key_facts=[],
        grammar_target=_LOCAL_GRAMMAR[request.level],
    )
