import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from lessongen.export.markdown import as_markdown, escaped
from lessongen.lesson.blocks import Copy
from lessongen.lesson.brief import local_brief
from lessongen.lesson.lesson import Lesson
from lessongen.lesson.levels import Level
from lessongen.lesson.request import LessonRequest
from lessongen.lesson.section import SectionContent
from lessongen.lesson.sections import SECTIONS

PLAN = {
    "stage_aim": "To find facts in a text",
    "minutes": 10,
    "interaction": "pairs",
    "teacher_steps": ["Hand out the text.", "Compare answers."],
    "task": "Read and choose.",
}
PARSER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
BLOCKS = ("heading", "paragraph", "ordered_list", "bullet_list", "list_item")
TABLES = ("table", "thead", "tbody", "tr", "th", "td")
ANY_TEXT = st.text(max_size=60)
MARKUP = [
    *(
        "![x](http://a.example/p.png)",
        "[x](javascript:a)",
        "[a]: http://b.example",
        "www.a.example",
    ),
    *("<b>", "<!--", "&lt;", "http://a.example", "me@a.example", "```", "`", "---", "===", "# "),
    *("- ", "+ ", "1. ", "2) ", "> ", "|", "\\", "*", "**", "_", "~~", "$", "    "),
    *("\n", "\n\n", "\r", "\t"),
]
MARKED_UP = st.lists(st.one_of(st.sampled_from(MARKUP), st.text(max_size=4)), max_size=8)
TEXT = st.one_of(ANY_TEXT, MARKED_UP.map("".join)).map(lambda text: text[:70])
IPA = "/ɪnˌvaɪərənˈmentəli/ ☐ θ ð ʃ ʒ ŋ ː"  # noqa: RUF001 - these letters are meant


def lesson_with(**fields: dict[str, object]) -> Lesson:
    request = LessonRequest(topic="Weekend markets", level=Level.B1, sections=tuple(fields))
    contents: dict[str, SectionContent] = {
        name: SECTIONS[name].content.model_validate(PLAN | own) for name, own in fields.items()
    }
    return Lesson(request, local_brief(request), contents)


def comprehension(answer: str = "at six", question: str = "When?") -> dict[str, object]:
    asked: dict[str, object] = {"skill": "detail", "evidence": "He said so"}
    open_one: dict[str, object] = {
        "question": question,
        "options": [],
        "answer": answer,
        "evidence": "By six",
    }
    choice = {"question": "Who?", "options": ["Amina", "Pavel", "Jo"], "answer": "Pavel"}
    return {"items": [asked | open_one, asked | choice, asked | choice]}


def warmup(question: str) -> dict[str, object]:
    return {
        "questions": [question, "Why?"],
        "sample_answers": [question],
        "link_to_topic": question,
    }


def dialogue(text: str) -> dict[str, object]:
    turn = {"speaker": text, "text": text}
    cards = [{"role": text, "situation": text}]
    return {"situation": text, "turns": [turn] * 4, "functions": [text], "role_cards": cards}


def tokens(markdown: str) -> list[Token]:
    blocks = PARSER.parse(markdown)
    return [token for block in blocks for token in (block, *(block.children or []))]


def visible(text: str) -> list[str]:
    return [char for char in text if char.isprintable() and not char.isspace()]


@given(TEXT, st.sampled_from(["student", "teacher"]))
def test_no_text_of_a_model_becomes_a_link_an_image_or_html(text: str, copy: Copy):
    lesson = lesson_with(
        warmup=warmup(text), comprehension=comprehension(text, text), dialogue=dialogue(text)
    )

    found = {token.type for token in tokens(as_markdown(lesson, copy))}

    names = (*BLOCKS, *TABLES, "strong", "em")
    structural = {f"{name}_{end}" for name in names for end in ("open", "close")}
    assert found <= structural | {"inline", "text", "hardbreak", "softbreak"}


@given(TEXT)
def test_text_adds_no_heading_list_or_table_of_its_own(text: str):
    def shape(of: str) -> list[str]:
        drawn = tokens(as_markdown(lesson_with(dialogue=dialogue(of)), "teacher"))
        return [token.type for token in drawn if token.type.startswith(("h", "table", "tr", "td"))]

    filled = f"a{text}"
    assert [t for t in shape(filled) if t != "hardbreak"] == shape("plain words")


@given(TEXT)
def test_a_reader_sees_the_text_as_it_was_written(text: str):
    read = tokens(escaped(f"a {text} z"))
    seen = "".join(token.content for token in read if token.type == "text")

    assert visible(seen) == visible(f"a{text}z")


@pytest.mark.parametrize("start", ["# x", "- x", "+ x", "1. x", "23) x", "===", "> x", "| x"])
def test_a_line_that_starts_like_markup_stays_a_line(start: str):
    assert [t.type for t in PARSER.parse(escaped(start))] == [
        "paragraph_open",
        "inline",
        "paragraph_close",
    ]


@pytest.mark.parametrize("address", ["https://a.example", "WWW.a.example", "me@a.example"])
def test_a_bare_address_is_broken_so_that_no_reader_makes_a_link_of_it(address: str):
    assert "\u2060" in escaped(address)


def test_a_pipe_stays_inside_its_table_cell():
    drawn = tokens(as_markdown(lesson_with(dialogue=dialogue("either | or \\| both")), "student"))

    assert [token.type for token in drawn].count("td_open") == 2


def test_the_students_copy_has_name_and_date_lines_and_no_answers():
    student = as_markdown(lesson_with(comprehension=comprehension("at dawn")), "student")

    assert "Name: " in student
    assert "Date: " in student
    for hidden in ("at dawn", "Answer", "Evidence", "He said so", "Outcome", "Aim"):
        assert hidden not in student


def test_the_teachers_copy_has_the_outcome_and_the_key_after_each_question():
    lesson = lesson_with(comprehension=comprehension("at dawn"))

    teacher = as_markdown(lesson, "teacher")

    assert f"**Outcome:** {lesson.brief.outcome}" in teacher
    assert "1. When?\\\n   *Answer: at dawn*\\\n   *Evidence: By six*\n2. Who?" in teacher


def test_options_are_lettered_below_their_question():
    student = as_markdown(lesson_with(comprehension=comprehension()), "student")

    assert "2. Who?\\\n   A) Amina\\\n   B) Pavel\\\n   C) Jo" in student


def test_a_section_that_failed_says_so_in_its_place():
    request = LessonRequest(topic="Weekend markets", level=Level.B1, sections=("reading",))

    markdown = as_markdown(Lesson(request, local_brief(request)), "student")

    assert "## Reading\n\nThis section could not be written.\n" in markdown


def test_lines_of_a_letter_stay_lines():
    lesson = lesson_with(warmup=warmup("Why?") | {"link_to_topic": "Dear Jo,\nHello!\n\nSam"})

    assert "Dear Jo,\\\nHello!\\\nSam\n" in as_markdown(lesson, "teacher")


def test_ipa_and_the_check_box_are_kept():
    assert escaped(IPA).replace("\u2060", "") == IPA


@pytest.mark.parametrize(
    ("sounds", "whole"),
    [
        ("/dɪˈspleɪ/", "/~dɪ~ˈspleɪ/"),  # noqa: RUF001 - these letters are meant
        ("as in /ˌsel ˈaʊt/.", "as in /~ˌsel+ˈaʊt/."),  # noqa: RUF001
        ("/bed/", "/~bed/"),
        ("he/she/they", "he/she/they"),
        ("and / or", "and / or"),
        ("/ə/ and/or /æ/", "/~ə/ and/or /~æ/"),
    ],
)
def test_a_line_never_ends_within_phonetic_script(sounds: str, whole: str):
    assert escaped(sounds) == whole.replace("~", "\u2060").replace("+", "\u00a0")
