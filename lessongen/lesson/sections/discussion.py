"""Discussion: learners talk, with language to help them and something to reach."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from lessongen.lesson.blocks import Bullets, Paragraph, Question, Questions, titled
from lessongen.lesson.levels import by_level
from lessongen.lesson.section import Layout, Section, SectionContent, Text


class Talk(BaseModel):
    """A question to talk about."""

    model_config = ConfigDict(frozen=True)

    kind: Literal["personal", "opinion", "hypothetical"]
    question: Text
    follow_up: Annotated[Text, Field(description="A question a partner asks next")]


class Discussion(SectionContent):
    """Questions, phrases and an outcome."""

    questions: Annotated[
        list[Talk], Field(min_length=2, max_length=8, description="Five questions, all three kinds")
    ]
    useful_phrases: Annotated[
        list[Text], Field(max_length=10, description="Five phrases that help to say it")
    ]
    outcome: Annotated[
        Text, Field(description="What each group must agree on, choose or report at the end")
    ]
    feedback: Annotated[Text, Field(description="What the teacher listens for and corrects later")]


def _layout(content: Discussion) -> Layout:
    return Layout(
        material=(
            Questions(tuple(Question(talk.question) for talk in content.questions)),
            *titled("Useful phrases", Bullets(tuple(content.useful_phrases))),
            Paragraph(content.outcome, label="At the end"),
        ),
        notes=(
            *titled(
                "Follow-up questions",
                Bullets(tuple(talk.follow_up for talk in content.questions), numbered=True),
            ),
            Paragraph(content.feedback, label="Listen for"),
        ),
    )


SECTION = Section(
    name="discussion",
    title="Discussion",
    icon="forum",
    position=5,
    share=0.15,
    content=Discussion,
    instructions=(
        "Get learners to talk to each other about the topic. Order the questions from easy to "
        "demanding: personal, then opinion, then hypothetical. The useful phrases are for "
        "agreeing, disagreeing and giving reasons at this level. End with something the group "
        "must reach together."
    ),
    covers="opinions, choices and what might be; nothing that the text answers",
    lengths=by_level(
        "four questions of at most 8 words, phrases of at most 4",
        "five questions of at most 11 words, phrases of at most 6",
        "five questions of at most 15 words, phrases of at most 7",
        "five questions of at most 20 words, phrases of at most 8",
        "five questions of at most 24 words, phrases of at most 9",
        "five questions of at most 26 words, phrases of at most 10",
    ),
    layout=_layout,
)
