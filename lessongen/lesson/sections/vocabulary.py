"""Vocabulary: the target words, each with meaning and example, then practice."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from lessongen.lesson.blocks import BLANK, Gap, GapFill, Table, WordEntry, Words, titled
from lessongen.lesson.levels import by_level
from lessongen.lesson.section import Layout, LookedUp, Section, SectionContent, Text, Word


class Entry(BaseModel):
    """One word in the one sense this lesson teaches."""

    model_config = ConfigDict(frozen=True)

    word: Annotated[Word, Field(description="Dictionary form")]
    part_of_speech: Annotated[Word, Field(description="noun, verb, adjective, phrase, ...")]
    definition: Annotated[Text, Field(description="In words simpler than the word itself")]
    example: Annotated[Text, Field(description="A sentence that shows the meaning")]
    collocations: Annotated[
        list[Word], Field(max_length=5, description="One to three common partners of the word")
    ]
    ipa: LookedUp = ""


class Practice(BaseModel):
    """A sentence with one blank."""

    model_config = ConfigDict(frozen=True)

    sentence: Annotated[
        Text, Field(description=f"One sentence with {BLANK} where the missing word belongs")
    ]
    answer: Annotated[Word, Field(description="The missing word, in the form the sentence needs")]


class Vocabulary(SectionContent):
    """The words of the lesson and a gap-fill with each of them once."""

    entries: Annotated[
        list[Entry], Field(min_length=4, max_length=12, description="Every target word, in order")
    ]
    practice: Annotated[
        list[Practice],
        Field(min_length=3, max_length=12, description="A sentence for each word, in mixed order"),
    ]


def _layout(content: Vocabulary) -> Layout:
    words = tuple(
        WordEntry(entry.word, entry.part_of_speech, entry.ipa, entry.definition, entry.example)
        for entry in content.entries
    )
    gaps = tuple(Gap(item.sentence, item.answer) for item in content.practice)
    bank = tuple(sorted((item.answer for item in content.practice), key=str.casefold))
    collocations = tuple(
        (entry.word, ", ".join(entry.collocations))
        for entry in content.entries
        if entry.collocations
    )
    partners = Table(("Word", "Partners"), collocations)
    return Layout(
        material=(
            Words(words),
            *titled("Practice", GapFill(gaps, bank)),
        ),
        notes=titled("Words that go together", partners),
    )


SECTION = Section(
    name="vocabulary",
    title="Vocabulary",
    icon="dictionary",
    position=2,
    share=0.14,
    content=Vocabulary,
    instructions=(
        "Teach every target word of the brief, in the sense the brief gives. Define each in words "
        "a learner of this level knows, and show it in an example about people or places of the "
        "brief. Practise each word in exactly one sentence, where no other word of the list fits; "
        f"write the blank as {BLANK} and give the answer in the form the sentence needs. Do not "
        "reuse an example sentence in the practice."
    ),
    covers="meaning, examples and practice of every target word",
    lengths=by_level(
        "definitions of at most 7 words, examples and sentences of 4 to 8",
        "definitions of at most 10 words, examples and sentences of 6 to 12",
        "definitions of at most 13 words, examples and sentences of 8 to 15",
        "definitions of at most 15 words, examples and sentences of 10 to 18",
        "definitions of at most 16 words, examples and sentences of 10 to 20",
        "definitions of at most 16 words, examples and sentences of 10 to 22",
    ),
    layout=_layout,
)
