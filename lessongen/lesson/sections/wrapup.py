"""Wrap-up: what was learned, a last check, and what comes next."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from lessongen.lesson.blocks import Bullets, Paragraph, Question, Questions, titled
from lessongen.lesson.levels import by_level
from lessongen.lesson.section import Layout, Section, SectionContent, Text


class Check(BaseModel):
    """A question of the exit ticket."""

    model_config = ConfigDict(frozen=True)

    question: Text
    answer: Text


class Wrapup(SectionContent):
    """Recap, exit ticket, self-check and homework."""

    recap: Annotated[
        list[Text], Field(min_length=1, max_length=5, description="Two or three points learned")
    ]
    exit_ticket: Annotated[
        list[Check],
        Field(min_length=1, max_length=5, description="Three questions on words and grammar"),
    ]
    can_do: Annotated[Text, Field(description="'I can ...', the outcome as learners tick it")]
    homework: Text


def _layout(content: Wrapup) -> Layout:
    checks = tuple(Question(check.question, (), check.answer) for check in content.exit_ticket)
    return Layout(
        material=(
            Bullets(tuple(content.recap)),
            *titled("Before you go", Questions(checks)),
            Paragraph(f"☐ {content.can_do}" if content.can_do else ""),
            Paragraph(content.homework, label="Homework"),
        ),
    )


SECTION = Section(
    name="wrapup",
    title="Wrap-up",
    icon="flag",
    position=9,
    share=0.04,
    content=Wrapup,
    instructions=(
        "Close the lesson. The exit ticket checks target words and the grammar target of the "
        "brief; each question has one short answer. The homework takes fifteen minutes and uses "
        "what was learned for something real."
    ),
    covers="the recap, the exit ticket on words and grammar, and the homework",
    lengths=by_level(
        "two recap points and two questions of at most 8 words",
        "three recap points and three questions of at most 10 words",
        "three recap points and three questions of at most 13 words",
        "three recap points and three questions of at most 15 words",
        "three recap points and three questions of at most 18 words",
        "three recap points and three questions of at most 18 words",
    ),
    layout=_layout,
)
