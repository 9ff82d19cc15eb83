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
from lessongen.quality.sounds import with_sounds
from lessongen.ui.drawing import (
    highlighted,
    partial_markdown,
    plain,
    section_key,
    section_markdown,
)
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
        whole = with_sounds(section, SECTIONS[section].parsed(content), "British")
        drawn = section_markdown(section, whole.model_dump_json(), copy)
        assert drawn == partial_markdown(section, content, copy)


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


@SLOW
@given(SECTION, TEXT)
def test_no_text_of_a_model_acts_in_a_key(section: str, text: str):
    content = sample(section)
    try:
        SECTIONS[section].parsed(json.dumps(filled(content, text)))
    except ValueError:  # empty, or a word that stands for something
        return

    assert_inert(section_key(section, json.dumps(filled(content, text))))


def test_the_key_of_multiple_choice_names_the_letter_the_answer_and_the_evidence():
    item = json.loads(markets().part("comprehension", MARKETS))["items"][1]
    assert item["options"]
    letter = "ABC"[item["options"].index(item["answer"])]

    key = section_key("comprehension", markets().part("comprehension", MARKETS)).splitlines()

    at = next(index for index, line in enumerate(key) if line.startswith("2. "))
    assert key[at].startswith(f"2. {letter}) {plain(item['answer'])}")
    assert plain(item["evidence"]) in key[at + 1]


@pytest.mark.parametrize("section", ["warmup", "discussion", "reading", "dialogue"])
def test_a_section_without_answers_has_no_key(section: str):
    assert section_key(section, markets().part(section, MARKETS)) == ""


@pytest.mark.parametrize("section", ["vocabulary", "grammar", "comprehension", "wrapup"])
def test_no_answer_is_drawn_outside_the_key(section: str):
    content = markets().part(section, MARKETS)

    for copy in ("student", "teacher"):
        drawn = section_markdown(section, content, copy)
        assert "Answer:" not in drawn
        assert "Evidence:" not in drawn


def test_the_words_that_a_check_found_are_marked_wherever_they_stand_whole():
    drawn = "A market is a Market, not a supermarket; a hypermarket\\-market is."

    assert highlighted(drawn, ["market"]) == (
        "A :orange-background[market] is a :orange-background[Market], not a supermarket; "
        "a hypermarket\\-:orange-background[market] is."
    )


def test_a_marked_sentence_may_hold_what_markdown_would_act_on():
    drawn = plain("It costs *2* [or] 3. It is fine.")

    assert highlighted(drawn, ["costs *2* [or] 3."]) == (
        r"It :orange-background[costs \*2\* \[or\] 3]. It is fine."
    )


@SLOW
@given(TEXT, st.lists(TEXT, max_size=3))
def test_marking_changes_nothing_but_the_background(text: str, evidence: list[str]):
    drawn = plain(text)

    marked = highlighted(drawn, evidence)

    assert re.sub(r":orange-background\[(.*?)(?<!\\)\]", r"\1", marked) == drawn


@pytest.mark.parametrize(
    ("drawn", "evidence"),
    [("5. Why?", "5"), ("at 10:30", "30"), ("Fish &amp; chips", "amp"), (r"a\:red b", "red")],
)
def test_what_means_something_to_markdown_is_not_marked(drawn: str, evidence: str):
    assert highlighted(drawn, [evidence]) == drawn
