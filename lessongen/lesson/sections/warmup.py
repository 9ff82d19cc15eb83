"""Warm-up: gets learners talking about the topic before any teaching."""

from typing import Annotated

from pydantic import Field

from lessongen.lesson.blocks import Bullets, Paragraph, titled
from lessongen.lesson.levels import by_level
from lessongen.lesson.section import Layout, Section, SectionContent, Text


class Warmup(SectionContent):
    """Personal questions, with an idea of what learners may say."""

    questions: Annotated[
        list[Text],
        Field(min_length=2, max_length=6, description="Three personal questions about the topic"),
    ]
    sample_answers: Annotated[
        list[Text],
        Field(max_length=6, description="One likely learner answer to each question"),
    ]
    link_to_topic: Annotated[
        str, Field(max_length=300, description="What the teacher says to lead into the lesson")
    ]


def _layout(content: Warmup) -> Layout:
    return Layout(
        material=(Bullets(tuple(content.questions), numbered=True),),
        notes=(
            *titled("Learners may say", Bullets(tuple(content.sample_answers))),
            Paragraph(content.link_to_topic, label="Lead in"),
        ),
    )


SECTION = Section(
    name="warmup",
    title="Warm-up",
    icon="wb_sunny",
    position=1,
    share=0.08,
    content=Warmup,
    instructions=(
        "Open the lesson. Ask about the learners' own lives, so that everyone can answer without "
        "preparation. Do not teach or require any of the target words. Each question needs more "
        "than yes or no for an answer."
    ),
    covers="learners’ own lives and what they know of the topic",
    lengths=by_level(
        "two questions of at most 8 words",
        "three questions of at most 10 words",
        "three questions of at most 14 words",
        "three questions of at most 18 words",
        "three questions of at most 20 words",
        "three questions of at most 22 words",
    ),
    layout=_layout,
)
