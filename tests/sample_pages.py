"""Makes the sample PDFs that anybody can look at, and the pictures of their pages for the README.

python -m tests.sample_pages
"""

# ruff: noqa: T201 (a script prints)

import sys
from pathlib import Path
from typing import Any, cast

import pypdfium2

from lessongen.export.formats import EXPORTS, file_name
from lessongen.lesson.blocks import Copy
from lessongen.lesson.lesson import Lesson
from lessongen.quality.reviewer import Reviewer
from lessongen.settings import ROOT
from tests.support.checking import markets_lesson

SAMPLES = ROOT / "data" / "samples"
PICTURES = ROOT / "data" / "pictures"
COPIES: tuple[Copy, ...] = ("student", "teacher")
# The pages that the README shows: the first of the student's copy, and one with the key.
SHOWN: dict[Copy, int] = {"student": 0, "teacher": 2}
_SCALE = 1.3  # pixels a point


def sample_lesson() -> Lesson:
    """Return the sample lesson on weekend markets as the runner stores it."""
    reviewer, lesson = Reviewer(), markets_lesson()
    contents = {
        name: reviewer.completed(name, content, lesson.request, lesson.brief)
        for name, content in lesson.contents.items()
    }
    return reviewer.review(Lesson(lesson.request, lesson.brief, contents)).lesson


def sample_pdf(copy: Copy) -> Path:
    """Return where the sample PDF of a copy is kept."""
    return SAMPLES / file_name(sample_lesson(), copy, ".pdf")


def main() -> int:
    """Write the PDFs, and a picture of one page of each."""
    lesson = sample_lesson()
    for copy in COPIES:
        pdf = EXPORTS[".pdf"].render(lesson, copy)
        sample_pdf(copy).write_bytes(pdf)
        picture = PICTURES / f"page-{copy}.png"
        page = pypdfium2.PdfDocument(pdf)[SHOWN[copy]]
        cast("Any", page).render(scale=_SCALE).to_pil().quantize(64).save(picture, optimize=True)
        print(f"{picture}: {picture.stat().st_size / 1000:.0f} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
