"""How a Word document of a lesson looks: page, styles, language, properties, footer."""

from dataclasses import dataclass

from docx import Document
from docx.document import Document as WordDocument
from docx.shared import Cm, Length, Pt, RGBColor

from lessongen.export.docx_xml import (
    WORD,
    add_field,
    add_style,
    add_tab,
    forget_template,
    paragraph_style,
    plain_style,
    rule_below,
    set_language,
)
from lessongen.lesson.request import Variant

TABLE, BANK = "Lesson Table", "Word Bank"
TABLE_TEXT, SOUNDS, SPACER = "Table Text", "Sounds", "After Table"
INSTRUCTION, ANSWER, DIALOGUE = "Instruction", "Answer", "Dialogue"
NAME_LINE, WRITING_LINE = "Name Line", "Writing Line"
LIST_INDENT = Cm(0.75)

# Calibri holds all of IPA; Word finds ☐ and emoji in its symbol fonts by itself.
_FONT = "Calibri"
_INK, _ACCENT, _QUIET = (
    RGBColor(0x22, 0x26, 0x2B),
    RGBColor(0x1F, 0x4E, 0x5F),
    RGBColor(90, 98, 104),
)
_RULE, _TINT = "B9C4C9", "EAF1F3"
_MARGIN = Cm(2)


@dataclass(frozen=True, slots=True)
class _Look:
    """One paragraph style; sizes and spaces in points, the indent in centimetres."""

    name: str
    size: float = 11
    colour: RGBColor = _INK
    before: float = 0
    after: float = 4
    indent: float = 0
    bold: bool = False
    italic: bool = False
    keep_with_next: bool = False
    line_spacing: float = 1.12


_LIST_INDENT = LIST_INDENT.cm
_LOOKS = (
    _Look("Normal", after=6),
    _Look("Title", 24, _ACCENT, after=2, bold=True, keep_with_next=True, line_spacing=1),
    _Look("Subtitle", 11, _QUIET, after=8, keep_with_next=True),
    _Look("Heading 1", 15, _ACCENT, before=18, after=6, bold=True, keep_with_next=True),
    _Look("Heading 2", 12, _INK, before=10, after=4, bold=True, keep_with_next=True),
    _Look("List Bullet", after=3),
    _Look("List Number"),
    _Look("List Number 2", after=2),
    _Look("Footer", 9, _QUIET, after=0),
    _Look(INSTRUCTION, 11, _ACCENT, before=2, after=6, bold=True, keep_with_next=True),
    _Look(ANSWER, 10.5, _ACCENT, indent=_LIST_INDENT, italic=True),
    _Look(DIALOGUE, after=4),
    _Look(NAME_LINE, before=4, after=10),
    _Look(WRITING_LINE, 9, _QUIET, before=10, after=4, indent=_LIST_INDENT),
    _Look(TABLE_TEXT, 10.5, after=0, line_spacing=1.05),
    _Look(SOUNDS, 10, _QUIET, after=0, bold=False, line_spacing=1.05),
    _Look(SPACER, 6, after=0, line_spacing=1),
)


def new_document(title: str, variant: Variant) -> WordDocument:
    """Return an empty document with the page, styles and properties of a lesson."""
    document = Document()
    forget_template(document)
    set_language(document, "en-GB" if variant == "British" else "en-US")
    document.core_properties.title = title[:255]
    _set_page(document, variant)
    for look in _LOOKS:
        _apply(look, document)
    rule_below(paragraph_style(document, "Heading 1"), _RULE)
    _add_line_tabs(document)
    add_style(document, _TABLE_STYLE)
    add_style(document, _BANK_STYLE)
    _write_footer(document, title)
    return document


def text_width(document: WordDocument) -> Length:
    """Return the width between the margins."""
    return Length((document.sections[0].page_width or 0) - 2 * _MARGIN)


def _set_page(document: WordDocument, variant: Variant) -> None:
    """Choose A4, or Letter for American classrooms."""
    page = document.sections[0]
    width, height = (Cm(21), Cm(29.7)) if variant == "British" else (Cm(21.59), Cm(27.94))
    page.page_width, page.page_height = width, height
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = _MARGIN
    page.footer_distance = Cm(1)


def _apply(look: _Look, document: WordDocument) -> None:
    style = plain_style(document, look.name, _FONT)
    style.font.size, style.font.color.rgb = Pt(look.size), look.colour
    # None leaves bold to the table style, which sets it for header and first column.
    style.font.bold, style.font.italic = look.bold or None, look.italic or None
    layout = style.paragraph_format
    layout.space_before, layout.space_after = Pt(look.before), Pt(look.after)
    layout.line_spacing, layout.keep_with_next = look.line_spacing, look.keep_with_next
    layout.widow_control = True
    if look.indent:
        layout.left_indent = Cm(look.indent)


def _add_line_tabs(document: WordDocument) -> None:
    """Draw lines to write on as tab leaders: they stay in place when the text around them grows."""
    right = text_width(document)
    name, writing = (paragraph_style(document, style) for style in (NAME_LINE, WRITING_LINE))
    add_tab(name, Length(round(right * 0.62)), lined=True, right=False)
    add_tab(name, right, lined=True)
    add_tab(writing, right, lined=True)


def _write_footer(document: WordDocument, title: str) -> None:
    add_tab(paragraph_style(document, "Footer"), text_width(document), lined=False)
    footer = document.sections[0].footer.paragraphs[0]
    footer.add_run(f"{title}\tPage ")
    add_field(footer, "PAGE")
    footer.add_run(" of ")
    add_field(footer, "NUMPAGES")


_TABLE_STYLE = f"""
<w:style {WORD} w:type="table" w:customStyle="1" w:styleId="LessonTable">
  <w:name w:val="{TABLE}"/><w:basedOn w:val="TableNormal"/><w:qFormat/>
  <w:tblPr>
    <w:tblBorders>
      <w:top w:val="single" w:sz="6" w:space="0" w:color="{_RULE}"/>
      <w:bottom w:val="single" w:sz="6" w:space="0" w:color="{_RULE}"/>
      <w:insideH w:val="single" w:sz="4" w:space="0" w:color="{_RULE}"/>
    </w:tblBorders>
    <w:tblCellMar>
      <w:top w:w="60" w:type="dxa"/><w:left w:w="100" w:type="dxa"/>
      <w:bottom w:w="60" w:type="dxa"/><w:right w:w="100" w:type="dxa"/>
    </w:tblCellMar>
  </w:tblPr>
  <w:tblStylePr w:type="firstRow">
    <w:rPr><w:b/><w:bCs/></w:rPr>
    <w:tcPr><w:shd w:val="clear" w:color="auto" w:fill="{_TINT}"/></w:tcPr>
  </w:tblStylePr>
  <w:tblStylePr w:type="firstCol"><w:rPr><w:b/><w:bCs/></w:rPr></w:tblStylePr>
</w:style>
"""

_BANK_STYLE = f"""
<w:style {WORD} w:type="table" w:customStyle="1" w:styleId="WordBank">
  <w:name w:val="{BANK}"/><w:basedOn w:val="TableNormal"/><w:qFormat/>
  <w:tblPr>
    <w:tblBorders>
      <w:top w:val="single" w:sz="8" w:space="0" w:color="{_RULE}"/>
      <w:left w:val="single" w:sz="8" w:space="0" w:color="{_RULE}"/>
      <w:bottom w:val="single" w:sz="8" w:space="0" w:color="{_RULE}"/>
      <w:right w:val="single" w:sz="8" w:space="0" w:color="{_RULE}"/>
    </w:tblBorders>
    <w:tblCellMar>
      <w:top w:w="90" w:type="dxa"/><w:left w:w="120" w:type="dxa"/>
      <w:bottom w:w="90" w:type="dxa"/><w:right w:w="120" w:type="dxa"/>
    </w:tblCellMar>
  </w:tblPr>
</w:style>
"""
