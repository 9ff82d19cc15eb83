"""What a section is: its content, the instructions it is written by, and its layout."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field
from pydantic.json_schema import SkipJsonSchema

from lessongen.lesson.blocks import Block, Bullets, Copy, Paragraph, is_empty, without_answers
from lessongen.lesson.levels import Level
from lessongen.lesson.schema import json_schema

Interaction = Literal["whole class", "pairs", "groups", "individual"]

Text = Annotated[str, Field(max_length=600)]
Word = Annotated[str, Field(max_length=80)]

LookedUp = SkipJsonSchema[Word]
"""What no model is asked for, because a dictionary knows it; empty where it does not."""


class SectionContent(BaseModel):
    """What every section carries beside its own content: the stage of a lesson plan."""

    model_config = ConfigDict(frozen=True)

    stage_aim: Annotated[
        str, Field(min_length=1, max_length=300, description="Why this stage is in the lesson")
    ]
    minutes: Annotated[int, Field(ge=1, le=60, description="Minutes in class")]
    interaction: Annotated[Interaction, Field(description="Who works with whom")]
    teacher_steps: Annotated[
        list[Text],
        Field(
            min_length=1,
            max_length=8,
            description="Two to four steps, each one short sentence starting with a verb",
        ),
    ]
    task: Annotated[
        str,
        Field(
            min_length=1,
            max_length=300,
            description="The instruction learners read, one or two short sentences",
        ),
    ]


@dataclass(frozen=True, slots=True)
class Layout:
    """A section as blocks: what learners work with, and what only the teacher sees."""

    material: tuple[Block, ...]
    notes: tuple[Block, ...] = ()


ContentT = TypeVar("ContentT", bound=SectionContent)


@dataclass(frozen=True)
class Section(Generic[ContentT]):
    """One part of the lesson.

    `position` orders sections; `share` is its part of the minutes. `instructions` tell its writer
    what to do, `covers` tells the writers of the other sections what to leave to it, and `lengths`
    says by level how much to write.
    """

    name: str
    title: str
    icon: str
    position: int
    share: float
    content: type[ContentT]
    instructions: str
    covers: str
    lengths: Mapping[Level, str]
    layout: Callable[[ContentT], Layout]

    @cached_property
    def schema(self) -> dict[str, Any]:
        """The JSON schema a model is asked to follow, built once."""
        return json_schema(self.content)

    @cached_property
    def schema_text(self) -> str:
        """The schema as one text, always the same, built once."""
        return json.dumps(self.schema, sort_keys=True)

    def parsed(self, content: str) -> ContentT:
        """Return stored JSON as content.

        Raises:
            pydantic.ValidationError: where the JSON is not this section's content.
        """
        return self.content.model_validate_json(content)

    def blocks(self, content: ContentT, copy: Copy) -> list[Block]:
        """Lay the content out for one copy; blocks with nothing in them are left out."""
        layout = self.layout(content)
        task = Paragraph(content.task, style="instruction")
        if copy == "student":
            blocks: list[Block] = [task, *map(without_answers, layout.material)]
        else:
            blocks = [*_plan(content), task, *layout.material, *layout.notes]
        return [block for block in blocks if not is_empty(block)]


def _plan(content: SectionContent) -> tuple[Block, ...]:
    time = f"{content.minutes} minutes, {content.interaction}" if content.minutes else ""
    return (
        Paragraph(content.stage_aim, label="Aim"),
        Paragraph(time, label="Time"),
        Bullets(tuple(content.teacher_steps), numbered=True),
    )


AnySection = Section[Any]
