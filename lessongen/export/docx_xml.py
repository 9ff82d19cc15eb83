"""The one place that reaches below python-docx, for what its own API does not offer."""

# python-docx types its XML layer only in part, and keeps the way into it behind underscores.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportPrivateUsage=false
# pyright: reportAttributeAccessIssue=false
# ruff: noqa: SLF001

from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Length
from docx.styles.style import ParagraphStyle
from docx.table import Table
from docx.text.paragraph import Paragraph

WORD = nsdecls("w")  # declares the prefix `w` in a piece of XML


def set_language(document: WordDocument, language: str) -> None:
    """Make a language, such as en-GB, the one the whole text is checked in."""
    document.core_properties.language = language
    for place in document.styles.element.xpath("w:docDefaults//w:lang"):
        place.set(qn("w:val"), language)
    for place in document.settings.element.xpath("w:themeFontLang"):
        place.set(qn("w:val"), language)


def forget_template(document: WordDocument) -> None:
    """Take out author, dates, picture and table styles of python-docx's template."""
    properties = document.core_properties
    properties.author = properties.last_modified_by = properties.comments = ""
    for date in properties._element.xpath("dcterms:created | dcterms:modified"):
        date.getparent().remove(date)
    relations = document.part.package.rels if document.part.package else {}
    for id_, relation in list(relations.items()):
        if relation.reltype == RELATIONSHIP_TYPE.THUMBNAIL:
            del relations[id_]
    # python-docx looks at every style for each paragraph: without these it is twice as fast.
    for style in document.styles.element.xpath("w:style[@w:type='table'][not(@w:default)]"):
        style.getparent().remove(style)
    # 15 is Word 2013 and later; below it Word opens the file in compatibility mode.
    for mode in document.settings.element.xpath("//w:compatSetting[@w:name='compatibilityMode']"):
        mode.set(qn("w:val"), "15")


def plain_style(document: WordDocument, name: str, font: str) -> ParagraphStyle:
    """Return a style of the template stripped of its look, or a new one of this name."""
    if name not in document.styles:
        document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH).base_style = None
    style = paragraph_style(document, name)
    unwanted = "w:pPr/w:pBdr | w:pPr/w:contextualSpacing | w:pPr/w:numPr | w:pPr/w:tabs | w:rPr"
    for element in style.element.xpath(unwanted):
        element.getparent().remove(element)
    # The font is named for every script: theme fonts would win over a bare name.
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(script), font)
    return style


def paragraph_style(document: WordDocument, name: str) -> ParagraphStyle:
    """Return the paragraph style of a name.

    Raises:
        TypeError: where the name belongs to a style for something else.
    """
    style = document.styles[name]
    if not isinstance(style, ParagraphStyle):
        raise TypeError(f"{name} is not a paragraph style")
    return style


def add_style(document: WordDocument, xml: str) -> None:
    """Add a style written as XML."""
    document.styles.element.append(parse_xml(xml))


def rule_below(style: ParagraphStyle, colour: str) -> None:
    """Draw a thin line below every paragraph of a style."""
    line = f'<w:bottom w:val="single" w:sz="6" w:space="3" w:color="{colour}"/>'
    rule = parse_xml(f"<w:pBdr {WORD}>{line}</w:pBdr>")
    after_it = ("w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:outlineLvl")
    style.element.get_or_add_pPr().insert_element_before(rule, *after_it)


def add_tab(style: ParagraphStyle, position: Length, *, lined: bool, right: bool = True) -> None:
    """Set a tab stop; a lined one draws a line to write on up to it."""
    style.paragraph_format.tab_stops.add_tab_stop(
        position,
        WD_TAB_ALIGNMENT.RIGHT if right else WD_TAB_ALIGNMENT.LEFT,
        WD_TAB_LEADER.LINES if lined else WD_TAB_LEADER.SPACES,
    )


def add_field(paragraph: Paragraph, instruction: str) -> None:
    """Add a field that Word works out by itself, such as PAGE."""
    shown = "<w:r><w:t>1</w:t></w:r>"
    xml = f'<w:fldSimple {WORD} w:instr="{instruction}">{shown}</w:fldSimple>'
    paragraph._p.append(parse_xml(xml))


def define_list(document: WordDocument, xml: str) -> None:
    """Add a definition of lists; Word wants all of them before the first list."""
    document.part.numbering_part.element.insert(0, parse_xml(xml))


def new_list_id(document: WordDocument, definition: int, levels: int) -> int:
    """Start a list whose numbers begin again at one on so many levels; return its id."""
    number = document.part.numbering_part.element.add_num(definition)
    for level in range(levels):
        number.add_lvlOverride(ilvl=level).add_startOverride(1)
    return number.numId


def put_in_list(paragraph: Paragraph, list_id: int, level: int) -> None:
    """Make a paragraph an item of a list."""
    place = paragraph._p.get_or_add_pPr().get_or_add_numPr()
    place.get_or_add_ilvl().val = level
    place.get_or_add_numId().val = list_id


def keep_rows_whole(table: Table) -> None:
    """Let no row be cut by the end of a page."""
    for row in table.rows:
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def repeat_header(table: Table) -> None:
    """Show the first row again on every page, and tell screen readers what it is."""
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
