"""Comprehension: questions on the reading, with a key that points to the text."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from lessongen.lesson.blocks import Question, Questions
from lessongen.lesson.levels import by_level
from lessongen.lesson.section import Layout, Section, SectionContent, Text

Skill = Literal["gist", "detail", "inference", "vocabulary"]


class Item(BaseModel):
    """A question; three options make it multiple choice, none leaves it open."""

    model_config = ConfigDict(frozen=True)

    skill: Skill
    question: Text
    options: Annotated[
        list[Text],
        Field(max_length=4, description="Three options of similar length, or an empty list"),
    ]
    answer: Annotated[
        Text, Field(description="The right option word for word, or a short model answer")
    ]
    evidence: Annotated[
        Text, Field(description="The key fact or sentence of the text that proves the answer")
    ]


class Comprehension(SectionContent):
    """Questions in the order of the text."""

    items: Annotated[
        list[Item],
        Field(min_length=3, max_length=10, description="Six questions, three with options"),
    ]


def _layout(content: Comprehension) -> Layout:
    questions = tuple(
        Question(item.question, tuple(item.options), item.answer, item.evidence)
        for item in content.items
    )
    return Layout(material=(Questions(questions),))


SECTION = Section(
    name="comprehension",
    title="Comprehension",
    icon="quiz",
    position=4,
    share=0.11,
    content=Comprehension,
    instructions=(
        "Ask about the reading text. It is being written at the same time from the key facts of "
        "the brief: ask only what those facts answer, and give the fact as evidence. Mix detail "
        "with at least one inference. With options, exactly one is right, all are of similar "
        "length, and the right one is not always in the same place; never use 'all of the above'. "
        "Say answers in the words of the facts. If the request brings own_text, ask about that."
    ),
    covers="every question about what the text says",
    lengths=by_level(
        "questions of at most 9 words, answers of at most 6",
        "questions of at most 11 words, answers of at most 9",
        "questions of at most 14 words, answers of at most 14",
        "questions of at most 18 words, answers of at most 18",
        "questions of at most 20 words, answers of at most 22",
        "questions of at most 22 words, answers of at most 24",
    ),
    layout=_layout,
)
