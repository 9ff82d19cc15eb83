"""What the PDF template is given: a lesson as plain values, every text cleaned."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, assert_never

from lessongen.export.tables import column_weights, even_rows, stays_whole, words_table
from lessongen.export.text import (
    DATE,
    NAME,
    NOT_WRITTEN,
    about,
    gap_key,
    lines,
    one_line,
    question_key,
)
from lessongen.export.writing_room import BLANK_PATTERN, lines_to_write_on
from lessongen.lesson.blocks import (
    Block,
    Bullets,
    Copy,
    Dialogue,
    Gap,
    GapFill,
    Heading,
    Paragraph,
    Question,
    Questions,
    Table,
    Words,
)
from lessongen.lesson.lesson import LaidOutSection, Lesson

# JSON, as lesson.typ reads it.
Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Paper:
    """How many lines to write on each question gets, by its stem."""

    lines_to_write_on: Mapping[str, int]


def pdf_data(lesson: Lesson, copy: Copy) -> Values:
    """Return one copy of a lesson as values that JSON can carry."""
    british = lesson.request.variant == "British"
    for_student = copy == "student"
    paper = _Paper(lines_to_write_on(lesson) if for_student else {})
    return {
        "title": one_line(lesson.brief.title) or one_line(lesson.request.topic),
        "about": about(lesson, copy),
        "region": "GB" if british else "US",
        "paper": "a4" if british else "us-letter",
        "to_fill_in": [NAME, DATE] if for_student else [],
        "outcome": "" if for_student else one_line(lesson.brief.outcome),
        "sections": [_section(paper, laid_out) for laid_out in lesson.laid_out(copy)],
    }


def _section(paper: _Paper, laid_out: LaidOutSection) -> Values:
    blocks = laid_out.blocks or (Paragraph(NOT_WRITTEN),)
    return {
        "title": laid_out.section.title,
        "blocks": [_block(paper, block) for block in blocks],
    }


def _block(paper: _Paper, block: Block) -> Values:
    match block:
        case Heading(text=text):
            return {"kind": "heading", "text": one_line(text)}
        case Paragraph(text=text, style=style, label=label):
            return {"kind": style, "lines": lines(text), "label": one_line(label)}
        case Bullets(items=items, numbered=numbered):
            shown = [text for item in items if (text := one_line(item))]
            return {"kind": "list", "numbered": numbered, "items": shown}
        case Table():
            return _table(even_rows(block))
        case Words(entries=entries):
            return _table(even_rows(words_table(block)), [one_line(e.ipa) for e in entries])
        case GapFill(gaps=gaps, bank=bank):
            items = [_gap(block, gap) for gap in gaps]
            return {"kind": "gaps", "items": items, "bank": [one_line(word) for word in bank]}
        case Questions(items=items):
            return {"kind": "questions", "items": [_question(paper, block, i) for i in items]}
        case Dialogue(turns=turns):
            said = [[one_line(turn.speaker), one_line(turn.text)] for turn in turns]
            return {"kind": "dialogue", "turns": said}
        case _:
            assert_never(block)


def _table(rows: Sequence[Sequence[str]], sounds: Sequence[str] = ()) -> Values:
    return {
        "kind": "table",
        "header": rows[0] if rows else [],
        "rows": rows[1:],
        "sounds": sounds,
        "weights": column_weights(rows, sounds),
        "whole": stays_whole(rows),
    }


def _gap(block: GapFill, gap: Gap) -> Values:
    """Split a sentence at its blanks; a lone blank holds its answer, where that is shown."""
    pieces = BLANK_PATTERN.split(one_line(gap.sentence))
    filled = block.answers_shown and len(pieces) == 2  # noqa: PLR2004 - one blank, two pieces
    return {
        "pieces": pieces,
        "answer": one_line(gap.answer) if filled else "",
        "key": [] if filled else gap_key(block, gap),
    }


def _question(paper: _Paper, block: Questions, item: Question) -> Values:
    return {
        "stem": one_line(item.stem),
        "options": [one_line(option) for option in item.options],
        "lines": paper.lines_to_write_on.get(item.stem, 0),
        "key": question_key(block, item),
    }
