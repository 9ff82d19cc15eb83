"""Dialogue: people of the cast speak; learners read, complete and act."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from lessongen.lesson.blocks import Dialogue as DialogueBlock
from lessongen.lesson.blocks import Paragraph, Table, Turn, titled
from lessongen.lesson.levels import by_level
from lessongen.lesson.section import Layout, Section, SectionContent, Text, Word


class Line(BaseModel):
    """One turn."""

    model_config = ConfigDict(frozen=True)

    speaker: Annotated[Word, Field(description="First name of a person of the cast")]
    text: Text


class RoleCard(BaseModel):
    """What one learner knows and wants in the role play."""

    model_config = ConfigDict(frozen=True)

    role: Word
    situation: Text


class Dialogue(SectionContent):
    """A conversation and a role play that grows out of it."""

    situation: Annotated[Text, Field(description="Who speaks, where and why, one sentence")]
    turns: Annotated[
        list[Line], Field(min_length=4, max_length=20, description="Eight to twelve turns")
    ]
    functions: Annotated[
        list[Text],
        Field(max_length=5, description="What people do with words here: 'making a suggestion'"),
    ]
    role_cards: Annotated[list[RoleCard], Field(max_length=4, description="Two cards")]


def _layout(content: Dialogue) -> Layout:
    cards = tuple((card.role, card.situation) for card in content.role_cards)
    return Layout(
        material=(
            Paragraph(content.situation, label="Situation"),
            DialogueBlock(tuple(Turn(line.speaker, line.text) for line in content.turns)),
            *titled("Role play", Table(("Role", "Your situation"), cards)),
        ),
        notes=(Paragraph("; ".join(content.functions), label="Functions to point out"),),
    )


SECTION = Section(
    name="dialogue",
    title="Dialogue",
    icon="chat",
    position=8,
    share=0.08,
    content=Dialogue,
    instructions=(
        "Write a conversation between two people of the cast, in the brief's setting, with a small "
        "problem and how they settle it. It sounds spoken: short turns, reactions, contractions. "
        "Use at least four target words. It adds to the story of the key facts and contradicts "
        "none. The role cards give each learner something the other does not know."
    ),
    covers="the conversation, what people do with words in it, and the role play",
    lengths=by_level(
        "eight turns of 2 to 7 words",
        "eight to ten turns of 3 to 11 words",
        "ten turns of 4 to 15 words",
        "ten to twelve turns of 4 to 20 words",
        "ten to twelve turns of 4 to 24 words",
        "ten to twelve turns of 4 to 26 words",
    ),
    layout=_layout,
)
