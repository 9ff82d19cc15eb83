"""Word documents as LibreOffice opens them: nothing is lost, and lists count from one."""

# python-docx types what it reads only in part, and lists are told apart in the XML.
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownMemberType=false, reportPrivateUsage=false, reportAttributeAccessIssue=false
import subprocess
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree as ET

import pypdfium2
import pytest
from docx import Document
from docx.document import Document as WordDocument

from lessongen.export.docx import as_docx
from lessongen.lesson.lesson import Lesson
from lessongen.lesson.levels import Level
from tests.find_programs import SOFFICE, installed
from tests.support.checking import markets_lesson, sample_lessons, vocabulary_of
from tests.support.exports import COPIES, sounded, squeezed

pytestmark = pytest.mark.xdist_group("libreoffice")

CONVERT_SECONDS = 300
PAGES = range(4, 13)
HYPHEN_AT_LINE_END = "\x02"  # as pdfium reads it


@dataclass(frozen=True, slots=True)
class Converted:
    """A copy of a lesson as a Word document, and the pages LibreOffice made of it."""

    lesson: Lesson
    document: bytes
    pages: tuple[str, ...]

    @property
    def text(self) -> str:
        """The text of all pages without spaces and without the line at the foot of each."""
        return squeezed("\n".join(page.rpartition("\n")[0] for page in self.pages))


def four_lessons() -> Iterator[Lesson]:
    yield markets_lesson()
    yield markets_lesson(variant="American")
    for level in (Level.A1, Level.C1):
        yield next(lesson for lesson in sample_lessons() if lesson.request.level is level)


@pytest.fixture(scope="module")
def converted(tmp_path_factory: pytest.TempPathFactory) -> Sequence[Converted]:
    """Convert both copies of four lessons with one start of LibreOffice."""
    soffice = installed(SOFFICE)
    if soffice is None:
        pytest.skip("LibreOffice is not here: `make test` could not install it")
    folder = tmp_path_factory.mktemp("libreoffice")
    lessons = list(map(sounded, four_lessons()))
    documents = {
        folder / f"{number}-{copy}.docx": (lesson, as_docx(lesson, copy))
        for number, lesson in enumerate(lessons)
        for copy in COPIES
    }
    for path, (_, document) in documents.items():
        path.write_bytes(document)
    convert(soffice, folder, list(documents))
    return [
        Converted(lesson, document, pages_of(path.with_suffix(".pdf")))
        for path, (lesson, document) in documents.items()
    ]


def convert(soffice: Path, folder: Path, documents: Sequence[Path]) -> None:
    """Make PDFs with a profile of our own: one that is in use would refuse a second start."""
    profile = (folder / "profile").as_uri()
    own = (f"-env:UserInstallation={profile}", "--headless", "--norestore")
    subprocess.run(
        [soffice, *own, "--convert-to", "pdf", "--outdir", folder, *documents],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=CONVERT_SECONDS,
        check=True,
    )


def pages_of(pdf: Path) -> tuple[str, ...]:
    with closing(pypdfium2.PdfDocument(pdf)) as opened_pdf:
        texts = [page.get_textpage().get_text_bounded() for page in opened_pdf]
    return tuple(text.replace("\r", "").replace(HYPHEN_AT_LINE_END, "-") for text in texts)


def opened(document: bytes) -> WordDocument:
    return Document(BytesIO(document))


def pieces(document: WordDocument) -> Iterator[str]:
    """Yield everything that stands in a document, cut at its tabs."""
    cells = (c for t in document.tables for row in t.rows for c in row.cells)
    for place in (document, *cells):
        for paragraph in place.paragraphs:
            yield from filter(None, map(squeezed, paragraph.text.split("\t")))


def numbered(document: WordDocument) -> Iterator[str]:
    """Yield the items of numbered lists after their numbers: each list counts from one."""
    counts = Counter[int]()
    for paragraph in document.paragraphs:
        if paragraph.style and paragraph.style.name == "List Number":
            [list_id] = paragraph._p.xpath("w:pPr/w:numPr/w:numId/@w:val")
            counts[list_id] += 1
            yield squeezed(f"{counts[list_id]}.{paragraph.text}")


def test_libreoffice_shows_everything_that_is_in_a_document(converted: Sequence[Converted]):
    assert len(converted) == 8
    for one in converted:
        wanted = list(pieces(opened(one.document)))
        assert len(wanted) > 100
        assert [piece for piece in wanted if piece not in one.text] == []


def test_a_lesson_has_as_many_pages_as_one_can_hand_out(converted: Sequence[Converted]):
    for one in converted:
        assert len(one.pages) in PAGES
        assert all(len(squeezed(page)) > 100 for page in one.pages)
        for number, page in enumerate(one.pages, start=1):
            assert squeezed(page).endswith(f"Page{number}of{len(one.pages)}")


def test_every_list_begins_with_one(converted: Sequence[Converted]):
    for one in converted:
        items = list(numbered(opened(one.document)))
        assert sum(item.startswith("1.") for item in items) >= 7
        assert [item for item in items if item not in one.text] == []


def test_sounds_stay_on_one_line(converted: Sequence[Converted]):
    for one in converted:
        drawn = "\n".join(one.pages).replace("\u00a0", " ")
        sounds = [entry.ipa for entry in vocabulary_of(one.lesson).entries if entry.ipa]
        assert len(sounds) >= 6
        assert [ipa for ipa in sounds if ipa not in drawn] == []


def test_every_part_of_a_document_is_well_formed(converted: Sequence[Converted]):
    for one in converted:
        with zipfile.ZipFile(BytesIO(one.document)) as parts:
            assert parts.testzip() is None
            names = [name for name in parts.namelist() if name.endswith((".xml", ".rels"))]
            assert len(names) > 8
            for name in names:
                ET.fromstring(parts.read(name))
