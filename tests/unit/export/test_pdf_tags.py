"""A PDF for everybody: its tags, its language, its paper."""

# pypdf types what it reads only in part.
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from pypdf import PdfReader

from lessongen.lesson.blocks import Copy, Heading
from tests.support.checking import markets_lesson
from tests.support.exports import COPIES, pdf_of


def root(pdf: PdfReader) -> Any:
    return pdf.root_object


def elements(pdf: PdfReader) -> Iterator[dict[str, Any]]:
    """Yield the elements of the structure tree, in reading order."""

    def below(node: Any) -> Iterator[dict[str, Any]]:
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, list):
            for child in node:
                yield from below(child)
        elif isinstance(node, dict):
            if "/S" in node:
                yield node
            yield from below(node.get("/K", []))

    yield from below(root(pdf)["/StructTreeRoot"])


@pytest.mark.parametrize(
    ("variant", "language", "size"),
    [("British", "en-GB", (595.28, 841.89)), ("American", "en-US", (612, 792))],
)
def test_the_language_and_the_paper_follow_the_variant_of_english(
    variant: str, language: str, size: tuple[float, float]
):
    pdf = pdf_of(markets_lesson(variant=variant))

    assert root(pdf)["/Lang"] == language
    for page in pdf.pages:
        assert (page.mediabox.width, page.mediabox.height) == pytest.approx(size, abs=0.1)


@pytest.mark.parametrize("copy", COPIES)
def test_it_is_tagged_and_its_headings_skip_no_level(copy: Copy):
    lesson = markets_lesson()

    pdf = pdf_of(lesson, copy)

    assert root(pdf)["/MarkInfo"]["/Marked"]
    assert pdf.metadata
    assert pdf.metadata.title == lesson.brief.title
    assert root(pdf)["/ViewerPreferences"]["/DisplayDocTitle"]
    tags = [(str(e["/S"]), str(e.get("/T", ""))) for e in elements(pdf)]
    assert {"/Title", "/P", "/L", "/LI", "/Table", "/TH", "/TD"} <= {tag for tag, _ in tags}
    headings = [(int(tag[2:]), name) for tag, name in tags if re.fullmatch(r"/H\d", tag)]
    parts = list(lesson.laid_out(copy))
    below = [b.text for part in parts for b in part.blocks if isinstance(b, Heading)]
    assert [name for level, name in headings if level == 1] == [p.section.title for p in parts]
    assert [name for level, name in headings if level == 2] == below
    assert headings[0][0] == 1
    assert all(after - before <= 1 for (before, _), (after, _) in pairwise(headings))


def test_every_table_has_header_cells():
    tables = [e for e in elements(pdf_of(markets_lesson())) if e["/S"] == "/Table"]

    assert len(tables) == 5
    for table in tables:
        assert [row.get_object()["/S"] for row in table["/K"]] == ["/THead", "/TBody"]
