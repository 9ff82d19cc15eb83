import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessongen.gemini.early_text import EarlyText
from lessongen.gemini.messages import Delta, Usage

Event = dict[str, Any]


def event(text: str, finish: str | None = None, **top: Any) -> Event:
    candidate: Event = {"content": {"parts": [{"text": text}], "role": "model"}, "index": 0}
    return {"candidates": [candidate | ({"finishReason": finish} if finish else {})]} | top


def sent(*events: Event) -> bytes:
    return b"".join(b"data: " + json.dumps(e).encode() + b"\r\n\r\n" for e in events)


def received(data: bytes) -> list[Event]:
    assert data == b"" or data.endswith(b"\r\n\r\n")
    return [json.loads(raw.removeprefix(b"data: ")) for raw in data.split(b"\r\n\r\n")[:-1]]


class Stream:
    """A stream whose early text is collected."""

    def __init__(self, most_characters: int = 1000) -> None:
        self.deltas: list[Delta] = []
        self.early = EarlyText(self.deltas.append, most_characters)

    @property
    def told(self) -> list[str]:
        return [delta.text for delta in self.deltas]


def test_text_is_told_at_once_and_kept_for_one_event_at_the_end():
    stream = Stream()

    assert stream.early.feed(sent(event("a"))) == b""
    assert stream.told == ["a"]
    assert stream.early.feed(sent(event("b"), event("c"))) == b""
    assert stream.told == ["a", "b", "c"]
    passed = received(stream.early.feed(sent(event("d", "STOP"))))

    assert passed == [event("abcd", "STOP")]
    assert stream.early.told == 3
    assert stream.early.flush() == b""


def test_the_newest_of_everything_else_is_kept():
    stream = Stream()
    stream.early.feed(sent(event("a", usageMetadata={"promptTokenCount": 5}, modelVersion="m")))

    last = event("b", "STOP", usageMetadata={"promptTokenCount": 5, "candidatesTokenCount": 2})
    [passed] = received(stream.early.feed(sent(last)))

    assert passed == last | event("ab", "STOP") | {"modelVersion": "m"}


def test_what_was_counted_so_far_is_told_with_the_text():
    stream = Stream()
    counted = {"promptTokenCount": 5, "candidatesTokenCount": 1, "thoughtsTokenCount": "many"}

    stream.early.feed(sent(event("a", usageMetadata=counted, modelVersion="m-001")))

    assert stream.deltas == [Delta("a", Usage(input=5, output=1), "m-001")]


ODD: list[Event] = [
    {"error": {"code": 503, "message": "overloaded", "status": "UNAVAILABLE"}},
    {"candidates": []},
    {"candidates": [{"finishReason": "SAFETY"}]},
    {"candidates": [{"content": {"parts": [{"text": "x", "thought": True}]}}]},
    {"candidates": [{"content": {"parts": [{"text": "x"}, {"text": "y"}]}}]},
    {"candidates": [{"content": {"parts": [{"functionCall": {}}]}}]},
    {"promptFeedback": {"blockReason": "SAFETY"}},
    event("x", something="new"),
    event("x") | {"candidates": [event("x")["candidates"][0], event("y")["candidates"][0]]},
]


@pytest.mark.parametrize("odd", ODD, ids=str)
def test_after_anything_unusual_everything_passes_as_it_came(odd: Event):
    stream = Stream()
    stream.early.feed(sent(event("a"), event("b")))

    passed = stream.early.feed(sent(odd, event("c")))
    later = stream.early.feed(sent(event("d", "STOP")))

    assert received(passed) == [event("ab"), odd, event("c")]
    assert later == sent(event("d", "STOP"))
    assert stream.told == ["a", "b"]


@pytest.mark.parametrize(
    "raw", [b"data: {broken", b": a comment", b"event: x\ndata: {}", b"data: [1]", b""]
)
def test_what_is_no_event_of_a_model_passes_as_it_came(raw: bytes):
    stream = Stream()
    stream.early.feed(sent(event("a")))

    assert stream.early.feed(raw + b"\r\n\r\n") == sent(event("a")) + raw + b"\r\n\r\n"


def test_where_the_stream_ends_unfinished_all_that_was_kept_passes():
    stream = Stream()
    stream.early.feed(sent(event("a"), event("b")) + b'data: {"candid')

    assert stream.early.flush() == sent(event("ab")) + b'data: {"candid'
    assert stream.early.flush() == b""


def test_no_more_text_is_kept_than_an_answer_may_have():
    stream = Stream(most_characters=3)

    assert stream.early.feed(sent(event("ab"))) == b""
    assert received(stream.early.feed(sent(event("cd")))) == [event("abcd")]
    assert stream.early.feed(sent(event("e"))) == sent(event("e"))
    assert (stream.told, stream.early.told) == (["ab"], 2)


TEXTS = st.lists(st.text(alphabet=st.characters(exclude_categories=["Cs"])), min_size=1)


@given(texts=TEXTS, cuts=st.lists(st.integers(0, 2000)))
def test_however_the_bytes_are_cut_nothing_is_lost_and_nothing_told_twice(
    texts: list[str], cuts: list[int]
):
    data = sent(*map(event, texts[:-1]), event(texts[-1], "STOP"))
    stream, passed, start = Stream(10_000_000), b"", 0
    for cut in sorted({min(cut, len(data)) for cut in cuts} | {len(data)}):
        passed += stream.early.feed(data[start:cut])
        start = cut
    passed += stream.early.flush()

    [whole] = received(passed)
    assert whole == event("".join(texts), "STOP")
    assert "".join(stream.told) == "".join(texts[:-1])
    assert stream.early.told == len("".join(texts[:-1]))


def test_events_may_end_in_plain_newlines():
    stream = Stream()
    first, last = (sent(e).replace(b"\r\n", b"\n") for e in (event("a"), event("b", "STOP")))

    assert stream.early.feed(first) == b""
    assert stream.told == ["a"]
    assert received(stream.early.feed(last)) == [event("ab", "STOP")]


@pytest.mark.parametrize("began", [b"", sent(event("a"))])
def test_lines_that_are_no_event_pass_at_once_and_wait_for_no_end(began: bytes):
    stream = Stream()
    stream.early.feed(began)
    bare = b'{\r\n  "error": {"code": 429}\r\n}'

    assert stream.early.feed(bare) == began + bare


def test_an_odd_version_of_the_model_is_left_to_the_sdk():
    stream = Stream()
    odd = event("a", modelVersion={"major": 1})

    assert stream.early.feed(sent(odd)) == sent(odd)
    assert stream.deltas == []


def test_the_signature_of_a_thought_is_nothing_unusual():
    stream = Stream()
    signed = event("a")
    signed["candidates"][0]["content"]["parts"][0]["thoughtSignature"] = "c2lnbmVk"

    assert stream.early.feed(sent(signed)) == b""
    assert stream.told == ["a"]
    [passed] = received(stream.early.feed(sent(event("b", "STOP"))))
    assert passed == event("ab", "STOP")
