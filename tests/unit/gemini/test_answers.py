import json

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import BaseModel, Field

from lessongen.errors import Malformed
from lessongen.gemini.answers import parsed_answer


class Word(BaseModel):
    word: str
    meanings: list[dict[str, str]] = Field(min_length=1)


FIELDS = {"word": "stall", "meanings": [{"en": "a table {with} goods"}]}
WORD = Word.model_validate(FIELDS)
JSON = json.dumps(FIELDS)


def parsed(text: str) -> Word:
    return parsed_answer(text, Word, "some-model")


@pytest.mark.parametrize(
    "text",
    [
        JSON,
        f"\n  {JSON}\n",
        json.dumps(FIELDS, indent=2),
        f"```json\n{JSON}\n```",
        f"```\n{JSON}\n```",
        f"Here is the section:\n{JSON}",
        f"{JSON}\nI hope it suits the class.",
        f"Here you are.\n\n```json\n{JSON}\n```\n\nEnjoy {{the}} lesson!",
        f"The field {{word}} comes first. {JSON} The brackets {{ and }} are JSON.",
        f"[{JSON}]",
        f"{JSON}{JSON}",
        f"First {JSON}, and again {JSON}",
        f'{JSON} {{"word": "another"}}',
    ],
)
def test_an_object_is_found_in_what_a_model_writes_around_it(text: str):
    assert parsed(text) == WORD


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "Invalid JSON"),
        ("I cannot write this.", "Invalid JSON"),
        ("null", "should be an object"),
        (JSON[:-1], "Invalid JSON: EOF"),
        (JSON[:-3], "Invalid JSON: EOF"),
        (JSON[: len(JSON) // 2], "Invalid JSON: EOF"),
        (JSON.replace(":", "", 1), "Invalid JSON"),
        ('{"word": "stall"}', "meanings: Field required"),
        ('{"word": 5, "meanings": [{}]}', "word: Input should be a valid string"),
        ('{"word": "stall", "meanings": []}', "meanings: List should have at least 1 item"),
        ('{"word": "stall", "meanings": [{"en": 1}]}', "meanings.0.en: Input should be"),
        ("{}" + JSON, "word: Field required"),
        ('{"word": "\\ud83d", "meanings": [{}]}', "Invalid JSON"),
        ('{"word": "\ud83d", "meanings": [{}]}', "unicode"),
    ],
)
def test_anything_else_is_malformed_and_the_reason_says_where(text: str, reason: str):
    with pytest.raises(Malformed) as caught:
        parsed(text)

    assert caught.value.model == "some-model"
    assert reason in caught.value.reason


@pytest.mark.parametrize("before", ["", "Here it is: "])
def test_json_nested_without_end_is_malformed_not_a_crash(before: str):
    with pytest.raises(Malformed):
        parsed(before + '{"word":' * 50_000)


def test_a_long_reason_is_cut():
    with pytest.raises(Malformed) as caught:
        parsed(json.dumps({"word": "stall", "meanings": [{"x" * 1000: 1}]}))

    assert len(caught.value.reason) == 300


PROSE = st.text(st.characters(exclude_characters="{", exclude_categories=["Cs"]))
FENCES = st.sampled_from([("", ""), ("```json\n", "\n```"), ("```", "```")])


@given(before=PROSE, after=st.text(), fence=FENCES, indent=st.sampled_from([None, 2]))
def test_prose_around_an_object_never_matters(
    before: str, after: str, fence: tuple[str, str], indent: int | None
):
    opened, closed = fence
    written = json.dumps(FIELDS, indent=indent)

    assert parsed(f"{before}{opened}{written}{closed}{after}") == WORD


@given(word=st.text(), meaning=st.text())
def test_whatever_the_fields_hold_comes_back(word: str, meaning: str):
    fields = {"word": word, "meanings": [{"en": meaning}]}

    answer = parsed(f"So: {json.dumps(fields, ensure_ascii=False)} Done.")

    assert answer == Word(word=word, meanings=[{"en": meaning}])


@given(st.text())
def test_any_other_text_is_malformed_and_nothing_else(text: str):
    assume("word" not in text)
    with pytest.raises(Malformed):
        parsed(text)
