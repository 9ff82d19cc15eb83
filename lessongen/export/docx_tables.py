"""Tables in a Word document, with columns as wide as what they hold."""

from collections.abc import Sequence

from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Length
from docx.table import Table as WordTable
from docx.table import _Cell  # pyright: ignore[reportPrivateUsage] - cells have no other type
from docx.text.paragraph import Paragraph

from lessongen.export.docx_styles import BANK, SOUNDS, SPACER, TABLE, TABLE_TEXT, text_width
from lessongen.export.docx_xml import keep_rows_whole, repeat_header
from lessongen.export.tables import column_weights, even_rows, stays_whole, words_table
from lessongen.export.text import one_line, sounds_without_spaces
from lessongen.lesson.blocks import Table, Words

_BETWEEN_WORDS = "\u2003·\u2003"


def add_table(document: WordDocument, block: Table) -> None:
    """Draw a table; its header comes again on every page, and pages end between rows."""
    _draw(document, even_rows(block))


def add_words(document: WordDocument, block: Words) -> None:
    """Draw words as a table, each above its sounds."""
    sounds = ["", *(one_line(entry.ipa) for entry in block.entries)]
    _draw(document, even_rows(words_table(block)), sounds)


def _draw(
    document: WordDocument, rows: Sequence[Sequence[str]], below_first: Sequence[str] = ()
) -> None:
    if not rows:
        return
    table = document.add_table(len(rows), len(rows[0]), TABLE)
    cells = [list(row.cells) for row in table.rows]
    for row, texts in zip(cells, rows, strict=True):
        for cell, text in zip(row, texts, strict=True):
            _write(cell.paragraphs[0], text)
    for row, text in zip(cells, below_first, strict=False):
        if text:
            _write(row[0].add_paragraph(), text, SOUNDS)
    keep_rows_whole(table)
    repeat_header(table)
    _keep_together(cells, whole=stays_whole(rows))
    _set_widths(table, cells, column_widths(rows, text_width(document), below_first))
    document.add_paragraph(style=SPACER)


def add_word_bank(document: WordDocument, words: Sequence[str]) -> None:
    """Draw the words to choose from in a box, kept with the first sentence."""
    table = document.add_table(1, 1, BANK)
    keep_rows_whole(table)
    box = table.rows[0].cells[0].paragraphs[0]
    _write(box, _BETWEEN_WORDS.join(one_line(word).replace(" ", "\u00a0") for word in words))
    box.alignment, box.paragraph_format.keep_with_next = WD_ALIGN_PARAGRAPH.CENTER, True
    _set_widths(table, [table.rows[0].cells], [text_width(document)])
    document.add_paragraph(style=SPACER).paragraph_format.keep_with_next = True


def column_widths(
    rows: Sequence[Sequence[str]], available: Length, below_first: Sequence[str] = ()
) -> list[Length]:
    """Share a width among columns by what they hold."""
    weights = column_weights(rows, below_first)
    return [Length(round(available * weight / sum(weights))) for weight in weights]


def _write(paragraph: Paragraph, text: str, style: str = TABLE_TEXT) -> None:
    paragraph.style = style
    run = paragraph.add_run(sounds_without_spaces(text))
    if style == SOUNDS:
        run.bold = False  # the table's style makes the first column bold


def _keep_together(rows: Sequence[Sequence[_Cell]], *, whole: bool) -> None:
    """Keep a table on one page, or leave no header and no last row of it alone."""
    for row in rows[:-1] if whole else (rows[0], rows[-2]):
        for cell in row:
            for paragraph in cell.paragraphs:
                paragraph.paragraph_format.keep_with_next = True


def _set_widths(
    table: WordTable, rows: Sequence[Sequence[_Cell]], widths: Sequence[Length]
) -> None:
    """Set widths on columns and on cells: Word reads the one, LibreOffice the other."""
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for row in rows:
        for cell, width in zip(row, widths, strict=True):
            cell.width = width
