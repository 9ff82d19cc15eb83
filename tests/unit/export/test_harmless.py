"""Whatever a model writes into blocks, every copy of it opens, and nothing in it acts."""

# python-docx and pypdf type what they read only in part.
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownMemberType=false
import unicodedata
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from pypdf import PdfReader

from lessongen.errors import RequestError
from lessongen.export.formats import EXPORTS
from lessongen.export.text import one_line
from lessongen.lesson.blocks import (
    BLANK,
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
    Turn,
    WordEntry,
    Words,
    without_answers,
)
from lessongen.lesson.lesson import LaidOutSection, Lesson
from lessongen.lesson.sections import SECTIONS
from lessongen.ui.drawing import drawn
from tests.support.checking import markets_lesson

ODD = (
    *(
        "",
        " ",
        "\n\n",
        "\t",
        "\r\n",
        "\x00\x07\x1b[31m\x85",
        "\ud800",
        "\udfff\udbff",
        "\ufffe\uffff",
    ),
    *("<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "</w:t>", "&lt;&#0;", "<!--"),
    *("![x](http://a.example/p.png)", "[x](javascript:a)", "[a]: http://b.example", "<http://a.b>"),
    *(
        "http://a.example",
        "www.a.example",
        "me@a.example",
        "mailto:me@a.example",
        "ftp://a.example",
    ),
    *("# ", "- ", "1. ", "> ", "```", "`", "***", "| a | b |", "|---|", "\\", "$x$", "~~", "____"),
    *("#panic()", '#image("a.png")', '#link("http://a.b")', "*b*", "@ref", "<l>", "//", "/*", "~"),
    *("{{Word}}", "[sound:a.mp3]", "::t::", "{=a ~b}", "$CATEGORY: $course$", "=", "{}"),
    *(
        "שלום",
        "\u202eabc\u202c",
        "\u200b\u200d\u2060\ufeff",
        "日本",
        "👩‍👩‍👧",
        "e\u0301\u0323",
        "\U000e0041",
    ),
    *("x" * 400, "/ˌsel ˈaʊt/", "/" * 60, "a/" * 60, "___ " * 40),  # noqa: RUF001
)
TEXT = st.lists(
    st.one_of(st.sampled_from(ODD), st.text(st.characters(exclude_categories=()), max_size=6)),
    max_size=4,
).map(" ".join)
TEXTS = st.lists(TEXT, max_size=3).map(tuple)


def many(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(strategy, max_size=3).map(tuple)


GAP = st.builds(Gap, st.one_of(TEXT, TEXT.map(f"a {BLANK} {{}}".format)), TEXT)
BLOCK: st.SearchStrategy[Block] = st.one_of(
    st.builds(Heading, TEXT),
    st.builds(Paragraph, TEXT, st.sampled_from(["text", "instruction"]), TEXT),
    st.builds(Bullets, TEXTS, st.booleans()),
    st.builds(Table, TEXTS, many(TEXTS)),
    st.builds(Words, many(st.builds(WordEntry, TEXT, TEXT, TEXT, TEXT, TEXT))),
    st.builds(GapFill, many(GAP), TEXTS, st.booleans()),
    st.builds(Questions, many(st.builds(Question, TEXT, TEXTS, TEXT, TEXT)), st.booleans()),
    st.builds(Dialogue, many(st.builds(Turn, TEXT, TEXT))),
)
BLOCKS = st.lists(BLOCK, min_size=1, max_size=6)
COPY = st.sampled_from(["student", "teacher"])
FEW = settings(max_examples=40)
ROWS = 500
LONG_TABLE = Table(
    ("Word", "Meaning", "Example"),
    tuple(tuple(f"cell {row}.{column}" for column in range(row % 5)) for row in range(ROWS)),
)
LONG_TEXT = " ".join(f"word{number}" for number in range(20_000))

PARSER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
DRAWN = {
    f"{name}_{end}"
    for name in (
        *("heading", "paragraph", "ordered_list", "bullet_list", "list_item", "strong", "em"),
        *("table", "thead", "tbody", "tr", "th", "td"),
    )
    for end in ("open", "close")
} | {"inline", "text", "hardbreak", "softbreak"}
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
ACTIVE = ("hyperlink", "drawing", "pict", "object", "fldSimple", "fldChar", "instrText", "altChunk")


@dataclass(frozen=True, slots=True)
class AnyLesson(Lesson):
    """A lesson of one section, which lays itself out as any blocks at all."""

    blocks: Sequence[Block] = ()

    def laid_out(self, copy: Copy) -> Iterator[LaidOutSection]:
        shown = map(without_answers, self.blocks) if copy == "student" else self.blocks
        yield LaidOutSection(SECTIONS["reading"], tuple(shown))


def lesson_of(*blocks: Block) -> AnyLesson:
    whole = markets_lesson()
    return AnyLesson(whole.request, whole.brief, blocks=blocks)


def assert_inert_docx(data: bytes) -> None:
    """Open a document, and find nothing in its body that Word would follow, load or work out."""
    assert Document(BytesIO(data)).paragraphs
    with zipfile.ZipFile(BytesIO(data)) as parts:
        assert not [name for name in parts.namelist() if "media" in name or "embed" in name]
        for name in parts.namelist():
            if name.endswith((".xml", ".rels")):
                ET.fromstring(parts.read(name))
        body = ET.fromstring(parts.read("word/document.xml"))
        links = parts.read("word/_rels/document.xml.rels").decode()
    assert {element.tag for element in body.iter()}.isdisjoint(f"{WORD}{name}" for name in ACTIVE)
    assert "External" not in links


def assert_inert_pdf(data: bytes) -> None:
    """Open a PDF, and find nothing on its pages that can be pressed."""
    pdf = PdfReader(BytesIO(data))
    assert len(pdf.pages) > 0
    assert not any("/Annots" in page or "/AA" in page for page in pdf.pages)
    root: Any = pdf.root_object
    assert {"/OpenAction", "/AA", "/AcroForm", "/Names"}.isdisjoint(root)


def assert_inert_markdown(markdown: str) -> None:
    """Parse Markdown, and find nothing in it that only a model can have written."""
    blocks = PARSER.parse(markdown)
    found = [token for block in blocks for token in (block, *(block.children or []))]
    assert {token.type for token in found} <= DRAWN


def rendered(suffix: str, lesson: Lesson, copy: Copy) -> bytes:
    return EXPORTS[suffix].render(lesson, copy)


@FEW
@given(BLOCKS, COPY)
def test_any_blocks_give_a_word_document_that_opens_and_does_nothing(
    blocks: list[Block], copy: Copy
):
    assert_inert_docx(rendered(".docx", lesson_of(*blocks), copy))


@FEW
@given(BLOCKS, COPY)
def test_any_blocks_give_a_pdf_that_opens_and_does_nothing(blocks: list[Block], copy: Copy):
    assert_inert_pdf(rendered(".pdf", lesson_of(*blocks), copy))


@settings(max_examples=200)
@given(BLOCKS, COPY)
def test_any_blocks_give_markdown_and_a_page_without_links_images_or_html(
    blocks: list[Block], copy: Copy
):
    assert_inert_markdown(rendered(".md", lesson_of(*blocks), copy).decode())
    assert_inert_markdown(drawn(blocks))


@settings(max_examples=100)
@given(BLOCKS)
def test_any_blocks_give_a_deck_and_questions_or_a_sentence_that_says_why_not(blocks: list[Block]):
    for suffix in (".apkg", ".gift"):
        lesson = lesson_of(*blocks)
        if EXPORTS[suffix].offered(lesson, "teacher"):
            assert rendered(suffix, lesson, "teacher")
        else:
            with pytest.raises(RequestError, match=r"^This lesson has no "):
                rendered(suffix, lesson, "teacher")


@pytest.mark.parametrize("copy", ["student", "teacher"])
def test_a_table_of_500_ragged_rows_is_drawn_in_every_format(copy: Copy):
    lesson = lesson_of(LONG_TABLE)

    document = rendered(".docx", lesson, copy)
    pdf = PdfReader(BytesIO(rendered(".pdf", lesson, copy)))
    markdown = rendered(".md", lesson, copy).decode()

    [table] = Document(BytesIO(document)).tables
    assert (len(table.rows), len(table.columns)) == (1 + ROWS, 4)
    assert f"cell {ROWS - 1}.3" in pdf.pages[-1].extract_text()
    assert all("Meaning" in page.extract_text() for page in (pdf.pages[1], pdf.pages[-1]))
    rows = [line for line in markdown.splitlines() if line.startswith("|")]
    assert {line.count("|") for line in rows} == {5}
    assert len(rows) == 2 + ROWS
    assert_inert_markdown(drawn([LONG_TABLE]))


def test_a_text_of_20_000_words_is_drawn_whole_in_every_format():
    question = Question(LONG_TEXT, (LONG_TEXT,), LONG_TEXT, LONG_TEXT)
    lesson = lesson_of(Paragraph(LONG_TEXT), Questions((question,)), Table(("A",), ((LONG_TEXT,),)))

    pdf = PdfReader(BytesIO(rendered(".pdf", lesson, "teacher")))
    document = Document(BytesIO(rendered(".docx", lesson, "teacher")))

    assert LONG_TEXT in [paragraph.text for paragraph in document.paragraphs]
    assert "word19999" in pdf.pages[-1].extract_text()
    assert LONG_TEXT in rendered(".md", lesson, "teacher").decode()
    assert LONG_TEXT in rendered(".gift", lesson, "teacher").decode()


@given(TEXT)
def test_a_text_is_cleaned_into_one_line_that_any_file_can_hold(text: str):
    line = one_line(text)

    assert line.encode().decode() == line
    assert line.splitlines() in ([], [line])
    assert {unicodedata.category(char) for char in line}.isdisjoint({"Cc", "Cs", "Zl", "Zp"})
