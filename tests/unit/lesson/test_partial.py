import json
from collections.abc import Iterator
from dataclasses import asdict
from itertools import pairwise
from typing import Any, cast

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lessongen.lesson.blocks import Block
from lessongen.lesson.brief import Brief
from lessongen.lesson.partial import arrived, completed
from lessongen.lesson.section import AnySection
from lessongen.lesson.sections import SECTIONS
from tests.support.lessons import MARKETS, markets

ANY_TEXT = st.text(st.characters(exclude_categories=()))
FIELDS = sorted({name for section in SECTIONS.values() for name in section.content.model_fields})
INNER = ["question", "answer", "options", "word", "sentence", "text", "speaker", "kind", "ipa"]

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from([*FIELDS, *INNER]), inner, max_size=6)
    ),
    max_leaves=20,
)
every_section = pytest.mark.parametrize("section", SECTIONS.values(), ids=list(SECTIONS))


def strings(value: Any) -> Iterator[str]:
    """Yield every string below a value, in order."""
    match value:
        case str():
            yield value
        case dict():
            for part in cast("dict[str, Any]", value).values():
                yield from strings(part)
        case list() | tuple():
            for part in cast("list[Any]", value):
                yield from strings(part)
        case _:
            return


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield the path and the text of everything a content holds; 0 is a number not there yet."""
    match value:
        case dict():
            for key, part in cast("dict[str, Any]", value).items():
                yield from leaves(part, f"{path}.{key}")
        case list():
            for index, part in enumerate(cast("list[Any]", value)):
                yield from leaves(part, f"{path}[{index}]")
        case _:
            yield path, str(value or "")


def drawn(section: AnySection, text: str) -> list[Block]:
    content = completed(section.content, arrived(text))
    return [*section.blocks(content, "student"), *section.blocks(content, "teacher")]


def visible(section: AnySection, text: str) -> int:
    return sum(len(s) for block in drawn(section, text) for s in strings(asdict(block)))


@every_section
def test_each_prefix_of_an_answer_holds_what_the_one_before_held_and_more(section: AnySection):
    answer = markets().part(section.name, MARKETS)
    prefixes = [answer[:end] for end in range(len(answer) + 1)]
    states = [
        dict(leaves(completed(section.content, arrived(prefix)).model_dump()))
        for prefix in prefixes
    ]

    for before, after in pairwise(states):
        assert all(after[path].startswith(text) for path, text in before.items())
    assert states[-1] == dict(leaves(section.parsed(answer).model_dump()))


@every_section
def test_what_can_be_seen_of_a_growing_answer_never_shrinks(section: AnySection):
    answer = markets().part(section.name, MARKETS)
    sizes = [visible(section, answer[:end]) for end in range(0, len(answer) + 1, 7)]

    assert sizes[0] == 0
    assert sizes == sorted(sizes)
    assert len(set(sizes)) > 50


@every_section
def test_an_answer_in_a_code_fence_is_drawn_too(section: AnySection):
    answer = markets().part(section.name, MARKETS)

    fenced = f"Here it is:\n```json\n{answer}\n```\n"

    assert arrived(fenced) == json.loads(answer)


@given(ANY_TEXT, st.sampled_from(list(SECTIONS.values())))
@example('{"task": "half a pair \ud83d', SECTIONS["warmup"])
@example('{"items": ' + "[" * 5000, SECTIONS["comprehension"])
@example('{"minutes": ' + "9" * 5000, SECTIONS["warmup"])
@example('{"minutes": true, "focus": "so', SECTIONS["pronunciation"])
def test_any_text_can_be_drawn(text: str, section: AnySection):
    assert all(isinstance(s, str) for block in drawn(section, text) for s in strings(asdict(block)))


@given(json_values, st.integers(0, 200), st.sampled_from(list(SECTIONS.values())))
def test_any_json_can_be_drawn_wherever_it_is_cut(value: Any, end: int, section: AnySection):
    text = json.dumps(dict.fromkeys(section.content.model_fields, value))

    for prefix in (text[:end], text):
        assert isinstance(drawn(section, prefix), list)


def test_text_after_which_nothing_is_json_gives_nothing():
    assert arrived("") == {}
    assert arrived("I am sorry, I cannot do that.") == {}
    assert arrived('{"task": oops') == {}


def test_half_a_character_does_not_hide_what_came_before_it():
    assert arrived('{"task": "Look \\ud83d') == {"task": "Look "}
    assert arrived('{"task": "Look \ud83d') == {"task": "Look ?"}


def test_a_growing_brief_can_be_shaped_too():
    brief = completed(Brief, arrived('{"title": "At the ma'))

    assert (brief.title, brief.cast, brief.target_words) == ("At the ma", [], [])
