"""A lesson as a Word document that a teacher can print or change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import assert_never

from docx.document import Document as WordDocument
from docx.shared import Cm, Pt
from docx.text.paragraph import Paragraph as WordParagraph

from lessongen.export.docx_lists import add_list_definitions, start_list
from lessongen.export.docx_styles import (
    ANSWER,
    DIALOGUE,
    INSTRUCTION,
    NAME_LINE,
    WRITING_LINE,
    new_document,
)
from lessongen.export.docx_tables import add_table, add_word_bank, add_words
from lessongen.export.text import (
    DATE,
    NAME,
    NOT_WRITTEN,
    about,
    gap_key,
    lines,
    one_line,
    question_key,
    sounds_without_spaces,
)
from lessongen.export.writing_room import BLANK_PATTERN, lines_to_write_on
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
    Words,
)
from lessongen.lesson.lesson import LaidOutSection, Lesson

_BLANK_TO_WRITE_IN = "_" * 14
_AFTER_ITEM, _AFTER_LIST = Pt(6), Pt(9)
_CM_PER_LETTER, _WIDEST_SPEAKER = 0.22, 4.5


@dataclass(frozen=True, slots=True)
class _Page:
    """Where blocks are drawn, and how many lines to write on each question wants."""

    document: WordDocument
    lines_to_write_on: Mapping[str, int]

    def add(self, style: str, text: str = "", label: str = "") -> WordParagraph:
        """Add a paragraph, after a label in bold if there is one."""
        paragraph = self.document.add_paragraph(style=style)
        if one_line(label):
            paragraph.add_run(f"{one_line(label)}: ").bold = True
        paragraph.add_run(sounds_without_spaces("\n".join(lines(text))))
        return paragraph


def as_docx(lesson: Lesson, copy: Copy) -> bytes:
    """Draw one copy of a lesson as a Word document: A4, or Letter for American English."""
    title = one_line(lesson.brief.title)
    document = new_document(title, lesson.request.variant)
    add_list_definitions(document)
    page = _Page(document, lines_to_write_on(lesson) if copy == "student" else {})
    page.add("Title", title)
    page.add("Subtitle", about(lesson, copy))
    if copy == "student":
        page.add(NAME_LINE, "").add_run(f"{NAME} \t  {DATE} \t")
    else:
        page.add("Normal", lesson.brief.outcome, label="Outcome")
    for laid_out in lesson.laid_out(copy):
        _draw_section(page, laid_out)
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def _draw_section(page: _Page, laid_out: LaidOutSection) -> None:
    page.add("Heading 1", laid_out.section.title)
    if not laid_out.blocks:
        page.add("Normal", NOT_WRITTEN)
    for block in laid_out.blocks:
        _draw(page, block)


def _draw(page: _Page, block: Block) -> None:
    match block:
        case Heading(text=text):
            page.add("Heading 2", text)
        case Paragraph(text=text, style=style, label=label):
            page.add(INSTRUCTION if style == "instruction" else "Normal", text, label)
        case Bullets():
            _draw_list(page, block)
        case Table():
            add_table(page.document, block)
        case Words():
            add_words(page.document, block)
        case GapFill():
            _draw_gap_fill(page, block)
        case Questions():
            _draw_questions(page, block)
        case Dialogue():
            _draw_dialogue(page, block)
        case _:
            assert_never(block)


def _draw_list(page: _Page, block: Bullets) -> None:
    marks = start_list(page.document, numbered=block.numbered)
    style = "List Number" if block.numbered else "List Bullet"
    items = [page.add(style, one_line(item)) for item in block.items if one_line(item)]
    for item in items:
        marks.mark(item)
    _set_together([[item] for item in items])


def _draw_gap_fill(page: _Page, block: GapFill) -> None:
    if block.bank:
        add_word_bank(page.document, block.bank)
    marks = start_list(page.document, numbered=True)
    groups: list[list[WordParagraph]] = []
    for gap in block.gaps:
        widened = BLANK_PATTERN.sub(_BLANK_TO_WRITE_IN, one_line(gap.sentence))
        sentence = page.add("List Number", widened)
        marks.mark(sentence)
        groups.append([sentence, *_key(page, gap_key(block, gap))])
    _set_together(groups)


def _draw_questions(page: _Page, block: Questions) -> None:
    marks = start_list(page.document, numbered=True)
    groups: list[list[WordParagraph]] = []
    for item in block.items:
        stem = page.add("List Number", one_line(item.stem))
        marks.mark(stem)
        options = [page.add("List Number 2", one_line(option)) for option in item.options]
        for option in options:
            marks.mark(option, level=1)
        room = _writing_lines(page, page.lines_to_write_on.get(item.stem, 0))
        groups.append([stem, *options, *room, *_key(page, question_key(block, item))])
    _set_together(groups)


def _writing_lines(page: _Page, count: int) -> list[WordParagraph]:
    drawn = [page.add(WRITING_LINE) for _ in range(count)]
    for line in drawn:
        line.add_run("\t")
    return drawn


def _key(page: _Page, key: Sequence[str]) -> list[WordParagraph]:
    return [page.add(ANSWER, line) for line in key]


def _set_together(items: Sequence[Sequence[WordParagraph]]) -> None:
    """Cut no item at a page's end, leave no short first or last one alone, close with space."""
    for index, item in enumerate(items[:-1]):
        if index in {0, len(items) - 2} and len(item) == 1:
            item[-1].paragraph_format.keep_with_next = True
    for item in items:
        for paragraph in item[:-1]:
            paragraph.paragraph_format.keep_with_next = True
        if len(item) > 1:
            item[-1].paragraph_format.space_after = _AFTER_ITEM
    if items:
        items[-1][-1].paragraph_format.space_after = _AFTER_LIST


def _draw_dialogue(page: _Page, block: Dialogue) -> None:
    """Hang each turn beside its speaker, all turns of a dialogue at the same indent."""
    longest = max((len(one_line(turn.speaker)) for turn in block.turns), default=0)
    indent = Cm(min(0.6 + longest * _CM_PER_LETTER, _WIDEST_SPEAKER))
    for turn in block.turns:
        paragraph = page.add(DIALOGUE)
        paragraph.add_run(one_line(turn.speaker)).bold = True
        paragraph.add_run(f"\t{sounds_without_spaces(one_line(turn.text))}")
        layout = paragraph.paragraph_format
        layout.left_indent, layout.first_line_indent = indent, Cm(-indent.cm)
        layout.keep_together = True
