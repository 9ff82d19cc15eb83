"""A lesson as a PDF to print: tagged as PDF/UA-1 asks, drawn by Typst from `lesson.typ`."""

import json
import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path

import fontpkg_source_sans_3
import typst

from lessongen.errors import ExportError
from lessongen.export.pdf_data import Values, pdf_data
from lessongen.lesson.blocks import Copy
from lessongen.lesson.lesson import Lesson

_TEMPLATE = Path(__file__).with_name("lesson.typ")
_FONTS = Path(fontpkg_source_sans_3.__file__).with_name("files")
_MISSING = re.compile(r'the text `"(.*?)"` could not be displayed with font')
_CODE = re.compile(r"\\u\{([0-9a-f]+)\}")
_ATTEMPTS = 4
_NO_GLYPH = "□"


def as_pdf(lesson: Lesson, copy: Copy) -> bytes:
    """Draw one copy of a lesson as a PDF: A4, or US Letter for American English.

    Raises:
        ExportError: where Typst cannot draw it.
    """
    return typeset(pdf_data(lesson, copy))


def typeset(values: Values) -> bytes:
    """Draw what `pdf_data` made of a lesson.

    Letters that none of the fonts has, such as Japanese ones, become boxes, and other signs,
    such as emoji, are left out.

    Raises:
        ExportError: where Typst cannot draw it.
    """
    data = json.dumps(values, ensure_ascii=False)
    for _ in range(_ATTEMPTS):
        try:
            return _drawn(data)
        except typst.TypstError as error:
            missing = _missing_characters(error)
            if not missing:
                raise ExportError(f"The PDF cannot be made: {error.message}.") from error
            data = data.translate({ord(char): _substitute(char) for char in missing})
    raise ExportError("The PDF cannot be made: its text holds characters that no font has.")


def _drawn(data: str) -> bytes:
    # A compiler of its own each time: one cannot be used by two threads, and the fonts and
    # layouts that Typst remembers are those of the process.
    compiler = typst.Compiler(_TEMPLATE, font_paths=[_FONTS], ignore_system_fonts=True)
    pdf = compiler.compile(format="pdf", sys_inputs={"lesson": data}, pdf_standards=["ua-1"])
    if not isinstance(pdf, bytes):
        raise ExportError("The PDF cannot be made: Typst gave no file.")
    return pdf


def _missing_characters(error: typst.TypstError) -> set[str]:
    """Return what the fonts lack: Typst names all of it at once.

    Never ASCII: a digit is named where only the mark above it is missing.
    """
    named: Iterable[str] = _MISSING.findall(error.diagnostic)
    decoded = (_CODE.sub(lambda code: chr(int(code[1], 16)), text) for text in named)
    return {char for text in decoded for char in text if not char.isascii()}


def _substitute(char: str) -> str:
    return _NO_GLYPH if unicodedata.category(char)[0] in "LN" else ""
