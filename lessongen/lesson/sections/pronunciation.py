"""Pronunciation: one sound or stress pattern, heard in words of the lesson."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from lessongen.lesson.blocks import Bullets, Paragraph, Table, titled
from lessongen.lesson.levels import by_level
from lessongen.lesson.section import Layout, LookedUp, Section, SectionContent, Text, Word


class SpokenWord(BaseModel):
    """A word to say: its sound between slashes, and a circle a syllable, the stressed one full."""

    model_config = ConfigDict(frozen=True)

    word: Word
    ipa: LookedUp = ""
    stress: LookedUp = ""


class Pronunciation(SectionContent):
    """A focus, words to say, and drills."""

    focus: Annotated[
        Literal["sound", "word stress", "weak forms", "linking", "intonation"],
        Field(description="The one thing this stage practises"),
    ]
    explanation: Annotated[Text, Field(description="What to notice, two short sentences")]
    words: Annotated[
        list[SpokenWord],
        Field(min_length=3, max_length=10, description="Six words, target words first"),
    ]
    drills: Annotated[
        list[Text], Field(max_length=6, description="Three sentences to say aloud, stress in CAPS")
    ]


def _layout(content: Pronunciation) -> Layout:
    rows = tuple((word.word, word.stress, word.ipa) for word in content.words)
    unknown = ", ".join(word.word for word in content.words if not word.ipa)
    return Layout(
        material=(
            Paragraph(content.explanation, label=content.focus.capitalize()),
            Table(("Word", "Stress", "IPA"), rows),
            *titled("Say it", Bullets(tuple(content.drills), numbered=True)),
        ),
        notes=(Paragraph(unknown, label="Not in the pronouncing dictionary, please check"),),
    )


SECTION = Section(
    name="pronunciation",
    title="Pronunciation",
    icon="record_voice_over",
    position=7,
    share=0.07,
    content=Pronunciation,
    instructions=(
        "Choose one focus that the target words share and that learners of this first language "
        "find hard. Use target words of the brief first. Phonetic script and stress patterns are "
        "looked up in a dictionary: write none."
    ),
    covers="how the words sound; no other section speaks of stress or sounds",
    lengths=by_level(
        "six words, three drills of 3 to 6 words",
        "six words, three drills of 5 to 9 words",
        "six words, three drills of 6 to 12 words",
        "six words, three drills of 8 to 14 words",
        "six words, three drills of 8 to 16 words",
        "six words, three drills of 8 to 16 words",
    ),
    layout=_layout,
)
