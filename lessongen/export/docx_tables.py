"""Tables in a Word document, with columns as wide as what they hold."""

from collections.abc import Sequence
from math import sqrt

from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Length
from docx.table import Table as WordTable
from docx.text.paragraph import Paragraph

from lessongen.export.docx_styles import BANK, SPACER, TABLE, TABLE_TEXT, text_width
from lessongen.export.docx_xml import keep_rows_whole, repeat_header
from lessongen.export.text import one_line
from lessongen.lesson.blocks import Table

_LONGEST_WORD = 24
_ROWS_KEPT_TOGETHER = 5
_BETWEEN_WORDS = "\u2003·\u2003"


def add_table(document: WordDocument, block: Table) -> None:
    """Draw a table; its header comes again on every page, and pages end between rows."""
    columns = len(block.header)
    rows = [block.header, *((*row, *[""] * columns)[:columns] for row in block.rows)]
    table = document.add_table(len(rows), columns, TABLE)
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            _write(cell.paragraphs[0], one_line(text))
    keep_rows_whole(table)
    repeat_header(table)
    _keep_together(table)
    _set_widths(table, column_widths(rows, text_width(document)))
    document.add_paragraph(style=SPACER)


def add_word_bank(document: WordDocument, words: Sequence[str]) -> None:
    """Draw the words to choose from in a box, kept with the first sentence."""
    table = document.add_table(1, 1, BANK)
    keep_rows_whole(table)
    box = table.rows[0].cells[0].paragraphs[0]
    _write(box, _BETWEEN_WORDS.join(one_line(word).replace(" ", "\u00a0") for word in words))
    box.alignment, box.paragraph_format.keep_with_next = WD_ALIGN_PARAGRAPH.CENTER, True
    _set_widths(table, [text_width(document)])
    document.add_paragraph(style=SPACER).paragraph_format.keep_with_next = True


def column_widths(rows: Sequence[Sequence[str]], available: Length) -> list[Length]:
    """Share a width among columns: room for the longest word, then more for longer texts."""
    weights = [max(_weight(cell) for cell in column) for column in zip(*rows, strict=True)]
    return [Length(round(available * weight / sum(weights))) for weight in weights]


def _weight(cell: str) -> float:
    longest_word = max((len(word) for word in cell.split()), default=1)
    return max(min(longest_word, _LONGEST_WORD) + 3, 3.5 * sqrt(len(cell)))


def _write(paragraph: Paragraph, text: str) -> None:
    paragraph.style = TABLE_TEXT
    paragraph.add_run(text)


def _keep_together(table: WordTable) -> None:
    """Keep a short table on one page; of a long one, leave no header and no last row alone."""
    rows = list(table.rows)
    short = len(rows) <= _ROWS_KEPT_TOGETHER
    for row in rows[:-1] if short else (rows[0], rows[-2]):
        for cell in row.cells:
            cell.paragraphs[0].paragraph_format.keep_with_next = True


def _set_widths(table: WordTable, widths: Sequence[Length]) -> None:
    """Set widths on columns and on cells: Word reads the one, LibreOffice the other."""
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
        for cell in column.cells:
            cell.width = width
