import json
from io import BytesIO
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from pypdf import PdfReader

from lessongen.errors import RequestError
from lessongen.export.formats import EXPORTS, file_name
from lessongen.export.lesson_file import from_json
from lessongen.lesson.blocks import Copy
from lessongen.lesson.brief import local_brief
from lessongen.lesson.lesson import Lesson
from lessongen.lesson.levels import Level
from lessongen.lesson.request import LessonRequest
from lessongen.lesson.sections import SECTIONS
from tests.support.checking import markets_lesson, sample_lessons
from tests.support.exports import COPIES, SECRET, secret_lesson, text_of

WARMUP = SECTIONS["warmup"].content.model_validate(
    {
        "stage_aim": "To wake everybody up",
        "minutes": 5,
        "interaction": "pairs",
        "teacher_steps": ["Ask.", "Listen."],
        "task": "Talk to your partner.",
        "questions": ["Where do you shop?", "Why there? 🍎 /ʃɒp/"],
        "sample_answers": ["At the market."],
        "link_to_topic": "Today we visit one.",
    }
)


def lesson_about(topic: str) -> Lesson:
    request = LessonRequest(topic=topic, level=Level.B1, sections=("warmup", "reading"))
    return Lesson(request, local_brief(request), {"warmup": WARMUP})


@pytest.mark.parametrize(
    ("topic", "name"),
    [
        ("Weekend markets", "weekend-markets-B1-student.docx"),
        ("Children’s games & toys", "childrens-games-toys-B1-student.docx"),
        ("Café / crème: brûlée?", "cafe-creme-brulee-B1-student.docx"),
        ("../../etc/passwd", "etc-passwd-B1-student.docx"),
        ("🍎🍏", "lesson-B1-student.docx"),
        ("السوق الأسبوعي", "lesson-B1-student.docx"),
        ("CON", "con-B1-student.docx"),
    ],
)
def test_a_file_is_named_after_topic_level_and_copy(topic: str, name: str):
    assert file_name(lesson_about(topic), "student", ".docx") == name


def test_a_long_topic_is_cut_between_words():
    name = file_name(lesson_about("markets and fairs " * 6), "teacher", ".md")

    assert name == "markets-and-fairs-markets-and-fairs-markets-and-fairs-B1-teacher.md"


@given(st.text(min_size=1, max_size=120))
def test_every_topic_gives_a_name_that_every_system_accepts(topic: str):
    try:
        name = file_name(lesson_about(topic), "teacher", ".json")
    except ValidationError:
        return  # not a topic a request accepts

    stem = name.removesuffix("-B1-teacher.json")
    assert stem.replace("-", "a").isalnum()
    assert stem.isascii()
    assert 1 <= len(stem) <= 60


def test_the_data_file_is_read_back_as_the_same_lesson():
    lesson = lesson_about("Weekend markets")

    again = from_json(EXPORTS[".json"].render(lesson, "teacher"))

    assert again == lesson


def test_the_data_file_is_plain_json_with_request_brief_and_sections():
    data = json.loads(EXPORTS[".json"].render(lesson_about("Weekend markets"), "teacher"))

    assert data["request"]["topic"] == "Weekend markets"
    assert data["brief"]["title"] == "Weekend markets"
    assert list(data["sections"]) == ["warmup"]


def test_the_data_file_is_never_made_for_students():
    assert EXPORTS[".json"].copies == ("teacher",)
    with pytest.raises(RequestError, match="answers"):
        EXPORTS[".json"].render(lesson_about("Weekend markets"), "student")


@pytest.mark.parametrize("data", [b"", b"[]", b"\xff", b'{"format": "lessongen/1"}'])
def test_a_file_that_is_no_lesson_is_refused_in_one_sentence(data: bytes):
    with pytest.raises(RequestError, match="not a lesson"):
        from_json(data)


def test_a_file_with_a_section_nobody_knows_is_refused():
    data = json.loads(EXPORTS[".json"].render(lesson_about("Weekend markets"), "teacher"))
    data["sections"]["karaoke"] = {}

    with pytest.raises(RequestError, match="not a lesson"):
        from_json(json.dumps(data).encode())


def test_every_format_renders_each_copy_it_offers():
    lesson = markets_lesson()

    assert list(EXPORTS) == [".docx", ".pdf", ".md", ".apkg", ".gift", ".json"]
    for suffix, export in EXPORTS.items():
        assert export.suffix == suffix
        assert all(export.render(lesson, copy) for copy in export.copies)


def test_every_sample_and_every_template_is_written_in_every_format():
    for lesson in sample_lessons():
        for export in EXPORTS.values():
            offered: list[Copy] = [copy for copy in COPIES if export.offered(lesson, copy)]
            assert offered == [copy for copy in COPIES if copy in export.copies]
            # Those of PDF are drawn and read one by one, with the other tests of PDF.
            assert export.suffix == ".pdf" or all(export.render(lesson, c) for c in offered)


@pytest.mark.parametrize("suffix", [s for s, e in EXPORTS.items() if "student" in e.copies])
def test_no_file_for_a_student_holds_a_word_of_the_key(suffix: str):
    student, teacher = (text_in(suffix, copy) for copy in COPIES)

    assert SECRET not in student
    assert (SECRET in teacher) == (suffix != ".apkg")  # a deck of words has no key in either copy


def text_in(suffix: str, copy: Copy) -> str:
    """Return whatever a file of the lesson with the secret key holds, unpacked."""
    data = EXPORTS[suffix].render(secret_lesson(), copy)
    if suffix == ".pdf":
        return text_of(PdfReader(BytesIO(data)))
    if suffix == ".md":
        return data.decode()
    with ZipFile(BytesIO(data)) as packed:
        parts = [packed.read(name) for name in packed.namelist()]
    return b"\n".join(parts).decode("utf-8", "replace")
