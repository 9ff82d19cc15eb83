import json
import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token
from pydantic import JsonValue

from lessongen.lesson.blocks import Copy
from lessongen.lesson.sections import SECTIONS
from lessongen.ui.drawing import partial_markdown, plain, section_markdown
from tests.support.lessons import MARKETS, markets

PARSER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
MADE_BY_US = {
    f"{name}_{end}"
    for name in (
        *("heading", "paragraph", "ordered_list", "bullet_list", "list_item", "strong", "em"),
        *("table", "thead", "tbody", "tr", "th", "td"),
    )
    for end in ("open", "close")
} | {"inline", "text", "hardbreak", "softbreak"}

# What Streamlit's frontend acts on beyond Markdown, found in its sources and tried in Chromium.
DIRECTIVE = re.compile(r"(?<!\\):[^\W\d_]")  # :red[x], and :red alone, which swallows the word
MATH = re.compile(r"(?<!\\)(?:\\\\)*\$")
SHORTCODE = re.compile(r":[\w+/-]+:")  # :smile:, :+1:, :material/home:
ADDRESS = re.compile(r"https?://|www\.\w|\w@\w", re.IGNORECASE)

MARKS = [
    *("![x](http://a.example/p.png)", "[x](javascript:a)", "[a]: http://b.example", "[^1]"),
    *("<b>", "<img src=x>", "<!--", "&lt;", "http://a.example", "www.a.example", "me@a.example"),
    *("```mermaid", "`", "---", "===", "# ", "- ", "+ ", "1. ", "2) ", "> ", "|", "*", "**", "_"),
    *("~~", "    ", "\n", "\n\n", "\r", "\t", "\\", "\\\\", "$", "$$", "\\(", ":", "::", ":::note"),
    *(":red", ":red[x]", ":small", ":blue-badge[x]", ":shimmer[x]", ":material/home:", ":smile:"),
    *(
        ":+1:",
        ":-1:",
        ":1st_place_medal:",
        "red",
        "smile",
        "material/",
        "\u2060",
        "\u200d",
        "\u202e",
    ),
]
TEXT = st.lists(st.one_of(st.sampled_from(MARKS), st.text(max_size=4)), max_size=8).map("".join)
SECTION = st.sampled_from(sorted(SECTIONS))
COPY = st.sampled_from(["student", "teacher"])
SLOW = settings(deadline=None, max_examples=150)


def tokens(markdown: str) -> list[Token]:
    blocks = PARSER.parse(markdown)
    return [token for block in blocks for token in (block, *(block.children or []))]


def assert_inert(markdown: str) -> None:
    """Check that a text can be drawn: no picture, link, HTML, code, math, style or shortcode."""
    found = tokens(markdown)
    assert {token.type for token in found} <= MADE_BY_US
    assert not DIRECTIVE.search(markdown)
    assert not MATH.search(markdown)
    for token in found:
        if token.type == "inline":
            read = "".join(child.content or "\n" for child in token.children or [])
            assert not SHORTCODE.search(read)
            assert not ADDRESS.search(read)


def filled(value: JsonValue, text: str) -> JsonValue:
    """Return a section's JSON with this text in place of every other."""
    match value:
        case str():
            return text
        case list():
            return [filled(item, text) for item in value]
        case dict():
            return {key: filled(item, text) for key, item in value.items()}
        case _:
            return value


def sample(section: str) -> dict[str, JsonValue]:
    return json.loads(markets().part(section, MARKETS))


def visible(text: str) -> list[str]:
    return [char for char in text if char.isprintable() and not char.isspace()]


@SLOW
@given(TEXT)
def test_a_plain_text_is_drawn_as_one_line_that_does_nothing(text: str):
    assert_inert(plain(text))


@SLOW
@given(TEXT)
def test_a_reader_sees_a_plain_text_as_it_was_written(text: str):
    read = tokens(plain(f"a {text} z"))

    seen = "".join(token.content for token in read if token.type == "text")

    assert visible(seen) == visible(f"a{text}z")


@SLOW
@given(SECTION, TEXT, COPY)
def test_no_text_of_a_model_acts_in_any_section(section: str, text: str, copy: Copy):
    content = json.dumps(filled(sample(section), text))

    assert_inert(partial_markdown(section, content, copy))


@SLOW
@given(TEXT, TEXT, COPY)
def test_no_text_of_a_model_acts_in_a_finished_section(text: str, other: str, copy: Copy):
    questions = [text[:100], other[:100], f"{other}{text}"[:100]]
    own = {"questions": questions, "sample_answers": questions, "stage_aim": f"{text[:90]}a"}
    content = json.dumps(sample("warmup") | own)

    assert_inert(section_markdown("warmup", content, copy))


@SLOW
@given(SECTION, TEXT, st.floats(0, 1), COPY)
def test_a_section_is_drawn_wherever_its_text_breaks_off(
    section: str, text: str, share: float, copy: Copy
):
    content = json.dumps(filled(sample(section), text), ensure_ascii=False)

    assert_inert(partial_markdown(section, content[: round(share * len(content))], copy))


@SLOW
@given(SECTION, st.one_of(TEXT, TEXT.map("{{{}".format)), COPY)
def test_anything_but_json_is_drawn_as_nothing_that_acts(section: str, text: str, copy: Copy):
    assert_inert(partial_markdown(section, text, copy))


@pytest.mark.parametrize("section", SECTIONS)
def test_a_finished_section_is_drawn_as_it_was_when_its_last_letter_arrived(section: str):
    content = markets().part(section, MARKETS)

    for copy in ("student", "teacher"):
        assert section_markdown(section, content, copy) == partial_markdown(section, content, copy)


@pytest.mark.parametrize("section", SECTIONS)
def test_a_section_only_grows_while_it_arrives(section: str):
    content = markets().part(section, MARKETS)

    lengths = [
        len(partial_markdown(section, content[:end], "teacher"))
        for end in range(0, len(content), 200)
    ]

    assert lengths[0] == 0
    assert all(later >= earlier - 10 for earlier, later in pairwise(lengths))


@pytest.mark.parametrize(
    "text", ["Traffic light:red", ":blue", "12:small", ":rainbow", "a:green[x]", "::red[x]"]
)
def test_a_word_after_a_colon_is_not_taken_for_a_style(text: str):
    assert ":\u2060" in plain(text)


@pytest.mark.parametrize("text", ["It is 10:30.", "Note: read this", "3:1", "(a): b"])
def test_an_ordinary_colon_is_left_alone(text: str):
    assert "\u2060" not in plain(text)
