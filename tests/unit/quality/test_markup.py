import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessongen.lesson.lesson import Lesson
from lessongen.quality.markup import markup
from tests.support.checking import edited, markets_lesson, sample_lessons

MARKED = [
    "Read <b>this</b> now.",
    "<script>alert(1)</script>",
    "Look: ![picture](https://example.com/?q=1)",
    "See [the page](http://example.com).",
    "```python",
    "Go to https://example.com/page and read.",
    "Go to www.example.com.",
    "Read\u200b this.",
    "Read \u202ethis.",
    "Bell \x07 here",
    "Fish &amp; chips",
    "**Note:** read it twice.",
    "# The market",
    "### The market",
    "Write `stall` here.",
    "He was *very* late.",
]
PLAIN = [
    "2 < 3 and 5 > 4",
    "Write [your name] (in capitals).",
    "Write to anna@example.com, please.",
    "👩‍👩‍👧 is a family.",
    "Fish & chips; salt & vinegar.",
    "She said `hi' and it`s fine, isn`t it?",
    "*He go home. *She go home.",
    "2 * 3 * 4 is 24, and #1 is the best.",
    "A ____ of __ lamps ** and more **.",
    "if + present, will/won't + infinitive (no comma)",
]


def saying(text: str, topic: str = "Weekend markets") -> Lesson:
    lesson = markets_lesson(topic=topic)
    return edited(lesson, "warmup", lambda w: w.update(task=text or "-"))


@pytest.mark.parametrize("text", MARKED)
def test_markup_is_a_fault_with_a_clean_excerpt(text: str):
    (found,) = markup(saying(text))

    assert (found.section, found.severity) == ("warmup", "fault")
    assert all(excerpt.isprintable() for excerpt in found.evidence)


@pytest.mark.parametrize("text", PLAIN)
def test_plain_text_is_left_alone(text: str):
    assert [*markup(saying(text))] == []


@pytest.mark.parametrize(
    "topic",
    ["<b>bold</b> & <script>", "![picture](https://example.com/?q=1)", "see www.example.com"],
)
def test_what_the_teacher_typed_is_not_the_models_doing(topic: str):
    assert [it for lesson in sample_lessons(topic) for it in markup(lesson)] == []
    assert [*markup(saying(f"Talk about “{topic}”.", topic))] == []
    assert [*markup(saying(f"Talk about “{topic}” <i>now</i>.", topic))] != []


@given(st.text(max_size=300))
def test_no_text_is_too_odd(text: str):
    found = [*markup(saying(text))]

    assert all(it.check == "markup" for it in found)
