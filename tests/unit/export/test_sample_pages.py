from io import BytesIO

import pypdf
import pytest

from lessongen.export.formats import EXPORTS
from lessongen.lesson.blocks import Copy
from tests.sample_pages import COPIES, sample_lesson, sample_pdf


def pages(pdf: pypdf.PdfReader) -> list[str]:
    return [page.extract_text() for page in pdf.pages]


@pytest.mark.parametrize("copy", COPIES)
def test_the_sample_pdfs_are_those_that_the_product_makes(copy: Copy):
    made = EXPORTS[".pdf"].render(sample_lesson(), copy)

    assert pages(pypdf.PdfReader(sample_pdf(copy))) == pages(pypdf.PdfReader(BytesIO(made)))
