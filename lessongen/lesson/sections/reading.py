"""Reading: the text the whole lesson leans on."""

import re
from textwrap import wrap
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from lessongen.lesson.blocks import Heading, Paragraph, Table
from lessongen.lesson.levels import by_level
from lessongen.lesson.section import Layout, Section, SectionContent, Text, Word

_MOST, _LONGEST = 8, 1800  # paragraphs, and characters of one
_SENTENCES = re.compile(r"(?<=[.!?…])\s+")


class Gloss(BaseModel):
    """A hard word of the text that the lesson does not teach."""

    model_config = ConfigDict(frozen=True)

    word: Word
    meaning: Annotated[Text, Field(description="A few simple words")]


class Reading(SectionContent):
    """A text with a question before it and one for the first reading."""

    prediction: Annotated[Text, Field(description="A question to answer before reading")]
    title: Annotated[str, Field(min_length=1, max_length=120, description="Title of the text")]
    genre: Annotated[Word, Field(description="article, blog post, letter, story, interview, ...")]
    paragraphs: Annotated[
        list[Annotated[str, Field(max_length=_LONGEST)]],
        Field(min_length=1, max_length=_MOST, description="Three to five paragraphs"),
    ]
    gist_question: Annotated[Text, Field(description="One question about the whole text")]
    gist_answer: Text
    glosses: Annotated[
        list[Gloss],
        Field(max_length=8, description="Words above the level, target words excluded"),
    ]


def as_paragraphs(text: str) -> list[str]:
    """Return a text, with a paragraph a line, as so many paragraphs as a reading may have.

    A paragraph that is too long is parted after a sentence. The shortest neighbours are put
    together, each keeping its lines; the words stay as they are.
    """
    parts = [part for line in text.splitlines() for part in _parted(line)]
    while len(parts) > _MOST:
        at = min(range(len(parts) - 1), key=lambda i: len(parts[i]) + len(parts[i + 1]))
        parts[at : at + 2] = [f"{parts[at]}\n{parts[at + 1]}"]
    return parts


def _parted(paragraph: str) -> list[str]:
    """Return a paragraph in parts that are short enough, if it can be of whole sentences."""
    parts = [""]
    for sentence in _SENTENCES.split(paragraph):
        for piece in wrap(sentence, _LONGEST - 1):  # a sentence without an end
            joined = f"{parts[-1]} {piece}".strip()
            parts[-1:] = [joined] if len(joined) < _LONGEST else [parts[-1], piece]
    return [part for part in parts if part]


def _layout(content: Reading) -> Layout:
    glosses = tuple((gloss.word, gloss.meaning) for gloss in content.glosses)
    return Layout(
        material=(
            Paragraph(content.prediction, label="Before you read"),
            Heading(content.title),
            *(Paragraph(text) for text in content.paragraphs),
            Paragraph(content.gist_question, label="First reading"),
            Table(("Word", "Meaning"), glosses),
        ),
        notes=(
            Paragraph(content.gist_answer, label="Answer to the first reading"),
            Paragraph(content.genre, label="Text type"),
        ),
    )


SECTION = Section(
    name="reading",
    title="Reading",
    icon="menu_book",
    position=3,
    share=0.17,
    content=Reading,
    instructions=(
        "Write the text. It tells every key fact of the brief in the words of the fact, happens in "
        "its setting, names only people of its cast, holds the marker sentence of the grammar "
        "target word for word, and uses every target word at least once, naturally. Give it a "
        "beginning, a development and an end; include what people did, said and thought, never "
        "a list of advice. Questions about the text are written elsewhere from the same key "
        "facts, so state each fact plainly and contradict none. If the request brings own_text, "
        "that is the text: give its first sentence alone as paragraphs, because the whole is put "
        "in for you, and write the rest for it."
    ),
    covers="the text, which tells every key fact, and one question on the whole of it",
    lengths=by_level(
        "80 to 120 words in three short paragraphs",
        "130 to 180 words in three or four paragraphs",
        "200 to 260 words in four paragraphs",
        "260 to 340 words in four or five paragraphs",
        "320 to 420 words in four or five paragraphs",
        "360 to 460 words in five paragraphs",
    ),
    layout=_layout,
)
