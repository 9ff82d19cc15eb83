"""Neutral blocks: the few shapes every copy of a lesson is drawn from.

A section lays itself out as blocks; the page and every export draw blocks and know no section.
"""

from dataclasses import dataclass, replace
from typing import Literal, assert_never

BLANK = "____"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside a section."""

    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text; an `instruction` tells the learner what to do, a `label` opens with a term."""

    text: str
    style: Literal["text", "instruction"] = "text"
    label: str = ""


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list, numbered or not."""

    items: tuple[str, ...]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table with one header row."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class WordEntry:
    """A word as a dictionary has it; `ipa` stands between slashes, and is empty where unknown."""

    word: str
    part_of_speech: str
    ipa: str
    meaning: str
    example: str


@dataclass(frozen=True, slots=True)
class Words:
    """Words to learn."""

    entries: tuple[WordEntry, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """A sentence with BLANK in it, and what belongs there."""

    sentence: str
    answer: str


@dataclass(frozen=True, slots=True)
class GapFill:
    """Sentences to complete, in order; the bank holds the words to choose from, if any."""

    gaps: tuple[Gap, ...]
    bank: tuple[str, ...] = ()
    answers_shown: bool = True


@dataclass(frozen=True, slots=True)
class Question:
    """A question; options make it multiple choice; an answer and its evidence are the key."""

    stem: str
    options: tuple[str, ...] = ()
    answer: str = ""
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Questions:
    """Numbered questions."""

    items: tuple[Question, ...]
    answers_shown: bool = True


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of a dialogue."""

    speaker: str
    text: str


@dataclass(frozen=True, slots=True)
class Dialogue:
    """Turns, in order."""

    turns: tuple[Turn, ...]


Block = Heading | Paragraph | Bullets | Table | Words | GapFill | Questions | Dialogue
Copy = Literal["student", "teacher"]


def without_answers(block: Block) -> Block:
    """Return the block as a learner may see it: no key, no evidence, left out of the value."""
    match block:
        case GapFill(gaps=gaps):
            unsolved = tuple(replace(gap, answer="") for gap in gaps)
            return replace(block, gaps=unsolved, answers_shown=False)
        case Questions(items=items):
            unsolved = tuple(replace(item, answer="", evidence="") for item in items)
            return replace(block, items=unsolved, answers_shown=False)
        case Heading() | Paragraph() | Bullets() | Table() | Words() | Dialogue():
            return block
        case _:
            assert_never(block)


def is_empty(block: Block) -> bool:
    """Say whether a block has nothing to show yet, as happens while a model still writes."""
    match block:
        case Heading(text=text) | Paragraph(text=text):
            return not text.strip()
        case Bullets(items=items):
            return not any(item.strip() for item in items)
        case Table(rows=rows):
            return not any(cell.strip() for row in rows for cell in row)
        case Words(entries=entries):
            return not any(entry.word.strip() for entry in entries)
        case GapFill(gaps=gaps):
            return not any(gap.sentence.strip() for gap in gaps)
        case Questions(items=items):
            return not any(item.stem.strip() for item in items)
        case Dialogue(turns=turns):
            return not any(turn.text.strip() for turn in turns)
        case _:
            assert_never(block)


def titled(title: str, block: Block) -> tuple[Block, ...]:
    """Put a heading over a block, or leave both out while there is nothing to head."""
    return () if is_empty(block) else (Heading(title), block)
