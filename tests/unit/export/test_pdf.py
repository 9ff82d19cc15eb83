# pypdf types what it reads only in part.
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
import json
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import pypdfium2
import pytest

from lessongen.errors import ExportError
from lessongen.export.pdf import as_pdf, typeset
from lessongen.export.pdf_data import pdf_data
from lessongen.export.text import one_line, question_key
from lessongen.export.writing_room import lines_to_write_on
from lessongen.lesson.blocks import Copy, GapFill, Questions, Words
from lessongen.lesson.lesson import Lesson
from tests.support.checking import (
    markets_lesson,
    sample_lessons,
    vocabulary_of,
    with_brief,
)
from tests.support.exports import (
    COPIES,
    SECRET,
    pdf_of,
    secret_lesson,
    sounded,
    squeezed,
    text_of,
)
from tests.support.lessons import BANK

POINTS_PER_CM = 72 / 2.54
SOUNDS_OF_DISCOUNT = {"British": "/ˈdɪskaʊnt/", "American": "/ˈdɪsˌkaʊnt/"}  # noqa: RUF001
ODD_TOPICS = {
    "שווקים": "שווקים",
    "週末の市場": "□□の□□",
    "Apples 🍎 and pears": "Apples and pears",
    "🍎🍏": "Lesson",
    "x" * 120: "x" * 120,
    "</b> <script>": "</b> <script>",
    "#panic() *bold* $x$": "#panic() *bold* $x$",
    "@ref <label> // #{1+1}": "@ref <label> // #{1+1}",
    'A "quoted" \\ back': 'A "quoted" \\ back',
}


@dataclass(frozen=True, slots=True)
class Drawn:
    """A sample, and what is on the pages of one copy of it."""

    lesson: Lesson
    copy: Copy
    pages: tuple[str, ...]

    @property
    def text(self) -> str:
        return "\n".join(self.pages)


@cache
def drawn_samples() -> Sequence[Drawn]:
    """Draw every sample, and read it: pdfium is ten times as fast as pypdf."""
    return [_drawn(sounded(lesson), copy) for lesson in sample_lessons() for copy in COPIES]


def _drawn(lesson: Lesson, copy: Copy) -> Drawn:
    with closing(pypdfium2.PdfDocument(as_pdf(lesson, copy))) as pdf:
        pages = (page.get_textpage().get_text_bounded() for page in pdf)
        return Drawn(lesson, copy, tuple(pages))


def key_of(lesson: Lesson) -> list[str]:
    """Return every line of the key below questions."""
    blocks = (block for part in lesson.laid_out("teacher") for block in part.blocks)
    questions = (block for block in blocks if isinstance(block, Questions))
    return [line for b in questions for item in b.items for line in question_key(b, item)]


def rules(pdf: bytes, shortest_cm: float) -> int:
    """Count the level lines that are drawn on the pages."""
    found = 0
    for page in pypdfium2.PdfDocument(pdf):
        for drawn in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_PATH]):
            left, bottom, right, top = drawn.get_bounds()
            found += right - left > shortest_cm * POINTS_PER_CM and top - bottom < 2
    return found


def test_what_a_student_gets_holds_no_key_at_all():
    lesson = secret_lesson()

    student, teacher = (text_of(pdf_of(lesson, copy)) for copy in COPIES)

    assert SECRET not in json.dumps(pdf_data(lesson, "student"))
    assert SECRET not in student
    assert teacher.count(SECRET) == json.dumps(pdf_data(lesson, "teacher")).count(SECRET) > 20


def test_a_students_copy_has_no_line_of_the_key_and_a_teachers_has_them_all():
    for drawn in drawn_samples():
        key, text = key_of(drawn.lesson), squeezed(drawn.text)
        assert key
        if drawn.copy == "student":
            notes = ("Answer:", "Evidence:", "Outcome:", "Aim:")
            assert [note for note in notes if note in text] == []
        else:
            assert [line for line in key if squeezed(line) not in text] == []
            assert text.count("Answer:") == sum(line.startswith("Answer:") for line in key)


def test_gaps_are_blanks_for_a_student_and_filled_for_a_teacher():
    blocks = [b for part in markets_lesson().laid_out("teacher") for b in part.blocks]
    gaps = [gap for block in blocks if isinstance(block, GapFill) for gap in block.gaps]

    student, teacher = (squeezed(text_of(pdf_of(markets_lesson(), copy))) for copy in COPIES)

    for gap in gaps:
        before, after = map(squeezed, gap.sentence.split("____"))
        assert f"{before}{'_' * 18}{after}" in student
        assert f"{before}{squeezed(gap.answer)}{after}" in teacher


def test_the_answer_to_multiple_choice_names_its_letter():
    assert "Answer: B) He sold only one lamp." in text_of(pdf_of(markets_lesson(), "teacher"))


@pytest.mark.parametrize(("variant", "known"), SOUNDS_OF_DISCOUNT.items())
def test_sounds_can_be_read_in_every_line_of_words(variant: str, known: str):
    lesson = sounded(markets_lesson(variant=variant))

    text = squeezed(text_of(pdf_of(lesson)))

    sounds = [entry.ipa for entry in vocabulary_of(lesson).entries]
    assert len(sounds) == 8
    assert known in sounds
    assert [ipa for ipa in sounds if not ipa or squeezed(ipa) not in text] == []


def test_the_words_of_a_lesson_stand_on_one_page():
    for drawn in drawn_samples():
        first, *_, last = vocabulary_of(drawn.lesson).entries
        below = f"{last.word} {last.ipa}"

        pages = [page for page in map(one_line, drawn.pages) if f"{first.word} {first.ipa}" in page]
        assert any(below in page for page in pages), (drawn.lesson.brief.title, drawn.copy)


def test_sounds_stay_on_one_line():
    for drawn in drawn_samples():
        blocks = (block for part in drawn.lesson.laid_out(drawn.copy) for block in part.blocks)
        words = (block for block in blocks if isinstance(block, Words))
        sounds = {one_line(entry.ipa) for block in words for entry in block.entries}
        assert len(sounds) > 1
        assert [ipa for ipa in sounds if ipa not in drawn.text] == []


def test_every_page_has_its_number_and_the_title_at_the_foot():
    pdf = pdf_of(markets_lesson(), "teacher")

    for number, page in enumerate(pdf.pages, start=1):
        last = page.extract_text().splitlines()[-1]
        assert last.startswith(markets_lesson().brief.title)
        assert last.endswith(f"Page {number} of {len(pdf.pages)}")


@pytest.mark.parametrize("copy", COPIES)
def test_no_word_is_broken_at_the_end_of_a_line(copy: Copy):
    assert "\u00ad" not in text_of(pdf_of(markets_lesson(), copy))


def test_a_student_gets_a_line_to_write_on_for_every_open_question():
    request = markets_lesson().request.model_copy(update={"sections": ("comprehension",)})
    lesson = replace(markets_lesson(), request=request)
    wanted = sum(lines_to_write_on(lesson).values())
    of_the_heading = 1

    student, teacher = (rules(as_pdf(lesson, copy), shortest_cm=14) for copy in COPIES)

    assert wanted == 4
    assert student == of_the_heading + wanted
    assert teacher == of_the_heading


def test_a_student_is_asked_for_name_and_date():
    student, teacher = (text_of(pdf_of(markets_lesson(), copy)) for copy in COPIES)

    assert "Name Date" in student
    assert "Name Date" not in teacher


def test_every_sample_and_every_template_is_drawn_at_each_of_its_levels():
    for drawn in drawn_samples():
        titles = [part.section.title for part in drawn.lesson.laid_out(drawn.copy)]
        assert 3 <= len(drawn.pages) <= 9
        assert [title for title in titles if title not in drawn.text] == []
    assert len(drawn_samples()) >= 2 * len(BANK.samples)


@pytest.mark.parametrize(("topic", "shown"), ODD_TOPICS.items(), ids=range(len(ODD_TOPICS)))
def test_any_topic_is_drawn_as_text_or_as_boxes(topic: str, shown: str):
    templates = (x for x in sample_lessons(topic) if x.request.topic == topic)
    lesson = with_brief(next(templates), title=topic)

    pdf = pdf_of(lesson)

    assert squeezed(shown) in squeezed(pdf.pages[0].extract_text())
    assert pdf.metadata
    assert pdf.metadata.title


def test_a_section_that_failed_says_so_in_its_place():
    without = replace(markets_lesson(), contents={})

    assert text_of(pdf_of(without)).count("This section could not be written.") == 9


def test_the_same_lesson_gives_the_same_file():
    assert as_pdf(markets_lesson(), "student") == as_pdf(markets_lesson(), "student")


@pytest.mark.parametrize(
    "values",
    [{}, {**pdf_data(markets_lesson(), "student"), "sections": [{"title": "x"}]}],
    ids=["nothing", "half"],
)
def test_what_typst_cannot_draw_is_one_sentence(values: dict[str, Any]):
    with pytest.raises(ExportError, match=r"^The PDF cannot be made: [^\n]+\.$"):
        typeset(values)
