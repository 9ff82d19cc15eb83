"""Grammar: one structure, from meaning to form to use."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from lessongen.lesson.blocks import BLANK, Bullets, Gap, GapFill, Heading, Paragraph, Table, titled
from lessongen.lesson.levels import by_level
from lessongen.lesson.section import Layout, Section, SectionContent, Text, Word


class Form(BaseModel):
    """One row of the form table."""

    model_config = ConfigDict(frozen=True)

    use: Annotated[Word, Field(description="positive, negative, question, short answer, ...")]
    pattern: Annotated[Text, Field(description="subject + have/has + past participle")]
    example: Text


class Mistake(BaseModel):
    """A mistake learners make, and the way out."""

    model_config = ConfigDict(frozen=True)

    wrong: Text
    right: Text
    why: Text


class Exercise(BaseModel):
    """A sentence with one blank to practise the structure."""

    model_config = ConfigDict(frozen=True)

    sentence: Annotated[
        Text, Field(description=f"One sentence with {BLANK}; the base form in brackets at its end")
    ]
    answer: Text


class Grammar(SectionContent):
    """Meaning, form, common mistakes, controlled practice and free use."""

    structure: Annotated[Word, Field(description="The name of the structure")]
    examples: Annotated[
        list[Text],
        Field(min_length=2, max_length=5, description="Sentences about the brief's people"),
    ]
    meaning: Annotated[Text, Field(description="When and why we use it, one or two sentences")]
    forms: Annotated[list[Form], Field(min_length=2, max_length=6)]
    check_questions: Annotated[
        list[Text], Field(max_length=5, description="Concept questions with the answer in brackets")
    ]
    mistakes: Annotated[list[Mistake], Field(max_length=4, description="Two common mistakes")]
    exercises: Annotated[list[Exercise], Field(min_length=3, max_length=10)]
    freer_task: Annotated[Text, Field(description="A task to use the structure about oneself")]


def _layout(content: Grammar) -> Layout:
    forms = tuple((form.use, form.pattern, form.example) for form in content.forms)
    gaps = tuple(Gap(item.sentence, item.answer) for item in content.exercises)
    mistakes = tuple((item.wrong, item.right, item.why) for item in content.mistakes)
    return Layout(
        material=(
            Heading(content.structure),
            Bullets(tuple(content.examples)),
            Paragraph(content.meaning, label="Meaning"),
            Table(("Use", "Form", "Example"), forms),
            *titled("Practice", GapFill(gaps)),
            Paragraph(content.freer_task, label="Your turn"),
        ),
        notes=(
            *titled("Check understanding", Bullets(tuple(content.check_questions))),
            *titled("Common mistakes", Table(("Not", "But", "Why"), mistakes)),
        ),
    )


SECTION = Section(
    name="grammar",
    title="Grammar",
    icon="account_tree",
    position=6,
    share=0.16,
    content=Grammar,
    instructions=(
        "Teach the grammar target of the brief and nothing else. Start from example sentences "
        "about the brief's people and setting, explain the meaning before the form, and keep "
        "every example inside the level. Each exercise is one sentence with one blank, has "
        "exactly one right answer, and shows the base form in brackets."
    ),
    covers="the grammar target: meaning, form, mistakes and practice",
    lengths=by_level(
        "two examples and five exercises of 4 to 8 words",
        "three examples and six exercises of 6 to 12 words",
        "three examples and six exercises of 8 to 15 words",
        "three examples and six exercises of 10 to 18 words",
        "three examples and six exercises of 12 to 22 words",
        "three examples and six exercises of 12 to 24 words",
    ),
    layout=_layout,
)
