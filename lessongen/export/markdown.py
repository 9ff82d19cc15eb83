"""A lesson as Markdown, in which no text of a model can become a link, an image or HTML."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import assert_never

from lessongen.export.tables import even_rows, words_table
from lessongen.export.text import (
    DATE,
    NAME,
    NOT_WRITTEN,
    WORD_JOINER,
    about,
    gap_key,
    lines,
    one_line,
    option_letter,
    question_key,
    sounds_kept_whole,
)
from lessongen.lesson.blocks import (
    Block,
    Bullets,
    Copy,
    Dialogue,
    GapFill,
    Heading,
    Paragraph,
    Questions,
    Table,
    WordEntry,
    Words,
)
from lessongen.lesson.lesson import LaidOutSection, Lesson

_HARD_BREAK = "\\\n"
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_ALWAYS = re.compile(r"[\\`*_{}\[\]#~|$]")
_AT_LINE_START = re.compile(r"^(?:(?=[-+=:])|(\d+)(?=[.)]))")
_DOMAIN_DOT = re.compile(r"\.(?=[^\W\d_]{2})")
# GitHub and others make links of bare addresses even where each character is escaped.
# A word joiner has no width and no meaning, and no address goes on after it.
_ADDRESS = re.compile(
    r"(?<=http:)(?=//)|(?<=https:)(?=//)|(?<=ftp:)(?=//)|(?<=www)(?=\.)|(?=@)", re.IGNORECASE
)


def as_markdown(lesson: Lesson, copy: Copy) -> str:
    """Draw one copy of a lesson as CommonMark with GitHub's tables."""
    parts = [f"# {escaped(lesson.brief.title)}", escaped(about(lesson, copy))]
    if copy == "student":
        parts.append(escaped(f"{NAME}: {'_' * 24} {DATE}: {'_' * 12}"))
    else:
        parts.append(f"**Outcome:** {escaped(lesson.brief.outcome)}")
    parts.extend(part for laid_out in lesson.laid_out(copy) for part in _section(laid_out))
    return "\n\n".join(parts) + "\n"


def escaped(text: str) -> str:
    """Return a text on one line that Markdown shows as it is, wherever the line stands."""
    line = _ADDRESS.sub(WORD_JOINER, sounds_kept_whole(one_line(text)))
    line = _ALWAYS.sub(r"\\\g<0>", line)
    line = _AT_LINE_START.sub(r"\g<1>\\", line)
    line = _DOMAIN_DOT.sub(r"\\.", line)
    return "".join(_ENTITIES.get(char, char) for char in line)


def blocks_as_markdown(blocks: Iterable[Block], heading: str = "###") -> str:
    """Draw blocks alone; `heading` is the mark of the level that fits the place."""
    return "\n\n".join(_block(block, heading) for block in blocks)


def _section(laid_out: LaidOutSection) -> list[str]:
    heading = f"## {escaped(laid_out.section.title)}"
    if not laid_out.blocks:
        return [heading, NOT_WRITTEN]
    return [heading, blocks_as_markdown(laid_out.blocks)]


def _block(block: Block, heading: str) -> str:
    match block:
        case Heading(text=text):
            return f"{heading} {escaped(text)}"
        case Paragraph():
            return _paragraph(block)
        case Bullets(items=items, numbered=numbered):
            return _list(((item, ()) for item in items if one_line(item)), numbered=numbered)
        case Table():
            return _table(block)
        case Words(entries=entries):
            return _table(words_table(Words(tuple(map(_sounded, entries)))))
        case GapFill():
            return _gap_fill(block)
        case Questions():
            return _questions(block)
        case Dialogue(turns=turns):
            return "\n\n".join(_labelled(turn.speaker, escaped(turn.text)) for turn in turns)
        case _:
            assert_never(block)


def _paragraph(block: Paragraph) -> str:
    shown = _HARD_BREAK.join(escaped(line) for line in lines(block.text))
    if block.style == "instruction":
        shown = f"*{shown}*"
    return _labelled(block.label, shown)


def _labelled(label: str, shown: str) -> str:
    return f"**{escaped(label)}:** {shown}" if one_line(label) else shown


def _sounded(entry: WordEntry) -> WordEntry:
    """Put the sounds of a word behind it, in the same cell."""
    return replace(entry, word=f"{entry.word} {entry.ipa}")


def _table(block: Table) -> str:
    header, *rows = even_rows(block) or [[]]
    if not header:
        return ""
    ruler = _row(["---"] * len(header))
    return "\n".join([_row(map(escaped, header)), ruler, *(_row(map(escaped, r)) for r in rows)])


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _gap_fill(block: GapFill) -> str:
    sentences = _list((gap.sentence, _italic(gap_key(block, gap))) for gap in block.gaps)
    if not block.bank:
        return sentences
    return f"**Words:** {' · '.join(map(escaped, block.bank))}\n\n{sentences}"


def _questions(block: Questions) -> str:
    return _list(
        (
            item.stem,
            [
                *(f"{option_letter(i)}) {escaped(o)}" for i, o in enumerate(item.options)),
                *_italic(question_key(block, item)),
            ],
        )
        for item in block.items
    )


def _italic(key: Sequence[str]) -> list[str]:
    return [f"*{escaped(line)}*" for line in key]


def _list(items: Iterable[tuple[str, Sequence[str]]], *, numbered: bool = True) -> str:
    """Write items, each with the Markdown lines that belong below it."""
    drawn: list[str] = []
    for number, (text, below) in enumerate(items, start=1):
        marker = f"{number}. " if numbered else "- "
        indented = f"{_HARD_BREAK}{' ' * len(marker)}"
        drawn.append(marker + indented.join([escaped(text), *below]))
    return "\n".join(drawn)
