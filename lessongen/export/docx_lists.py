"""Numbered and bulleted lists in a Word document; every numbered list starts again at one."""

from dataclasses import dataclass

from docx.document import Document as WordDocument
from docx.text.paragraph import Paragraph

from lessongen.export.docx_styles import LIST_INDENT
from lessongen.export.docx_xml import WORD, define_list, new_list_id, put_in_list

# Far from the ids of python-docx's template, which counts from 0.
_NUMBERED, _BULLETED = 90, 91
_TWIPS_PER_CM = 567
_STEP = round(LIST_INDENT.cm * _TWIPS_PER_CM)


@dataclass(frozen=True, slots=True)
class ListMarks:
    """The marks of one list: questions on level 0, their options on level 1."""

    id: int

    def mark(self, paragraph: Paragraph, level: int = 0) -> None:
        """Make a paragraph an item of this list."""
        put_in_list(paragraph, self.id, level)


def add_list_definitions(document: WordDocument) -> None:
    """Define both kinds of list; once for a document, before any list is started."""
    define_list(document, _BULLETS_XML)
    define_list(document, _NUMBERS_XML)


def start_list(document: WordDocument, *, numbered: bool) -> ListMarks:
    """Start a list of its own, which counts from one."""
    if numbered:
        return ListMarks(new_list_id(document, _NUMBERED, levels=2))
    return ListMarks(new_list_id(document, _BULLETED, levels=0))


def _level(index: int, form: str, text: str) -> str:
    return (
        f'<w:lvl w:ilvl="{index}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
        f'<w:lvlText w:val="{text}"/><w:lvlJc w:val="left"/>'
        f'<w:pPr><w:ind w:left="{_STEP * (index + 1)}" w:hanging="{_STEP}"/></w:pPr></w:lvl>'
    )


def _definition(id_: int, *levels: str) -> str:
    return (
        f'<w:abstractNum {WORD} w:abstractNumId="{id_}">'
        f'<w:multiLevelType w:val="multilevel"/>{"".join(levels)}</w:abstractNum>'
    )


_NUMBERS_XML = _definition(_NUMBERED, _level(0, "decimal", "%1."), _level(1, "upperLetter", "%2)"))
_BULLETS_XML = _definition(_BULLETED, _level(0, "bullet", "•"))
