"""Early text: what a stream says so far, told while its events are gathered into one for the SDK.

The SDK spends a tenth of a millisecond on each event of a stream, more than all else that a call
costs. So events that only carry on the text are read here, told at once, and kept; the SDK gets
them as one event at the end, and says what the answer is. Anything unusual, and all that follows
it, passes to the SDK as it came.
"""

import json
from collections.abc import Callable
from typing import Any, cast

from pydantic_core import from_json

from lessongen.gemini.messages import Delta, Usage

_BEFORE = b"data: "
_ENDS = (b"\r\n\r\n", b"\n\n")
_USUAL = {"candidates", "usageMetadata", "modelVersion", "responseId", "createTime"}
_USUAL_OF_PART = {"thoughtSignature"}  # of use only in a conversation, and this is none
_USUAL_OF_CANDIDATE = {"content", "index", "finishReason", "avgLogprobs"}


class EarlyText:
    """Gathers the events of one stream, at most so many characters of text.

    `told` counts the characters that `tell` was given: the SDK's first event begins with them.
    """

    def __init__(self, tell: Callable[[Delta], None], most_characters: int) -> None:
        self.told = 0
        self._tell = tell
        self._most_characters = most_characters
        self._gathering = True
        self._texts: list[str] = []
        self._newest: dict[str, Any] = {}
        self._unfinished = b""
        self._end = b""

    def feed(self, data: bytes) -> bytes:
        """Take bytes as they come; return those for the SDK, which may be none."""
        if not self._gathering:
            return data
        self._unfinished += data
        self._end = self._end or _end_of_events(self._unfinished)
        events: list[bytes] = []
        if self._end:
            *events, self._unfinished = self._unfinished.split(self._end)
        passing = b"".join([self._passing(event) for event in events])
        if self._gathering and _may_become_usual(self._unfinished):
            return passing
        return passing + self.flush()

    def flush(self) -> bytes:
        """Return everything that was kept, when the stream has ended."""
        rest = self._end_gathering() + self._unfinished
        self._unfinished = b""
        return rest

    def _passing(self, raw: bytes) -> bytes:
        """Keep an event, or return it after those that were kept."""
        event = _usual(raw) if self._gathering else None
        if event is None:
            return self._end_gathering() + raw + self._end
        candidate = event["candidates"][0]
        text = candidate["content"]["parts"][0]["text"]
        self._newest = {**self._newest, **event}
        self._texts.append(text)
        if "finishReason" in candidate or self.told + len(text) > self._most_characters:
            return self._end_gathering()
        self.told += len(text)
        self._tell(Delta(text, _usage(event), event.get("modelVersion")))
        return b""

    def _end_gathering(self) -> bytes:
        """Return what was kept as one event; from now on, everything passes."""
        self._gathering = False
        if not self._texts:
            return b""
        event, self._newest = self._newest, {}
        event["candidates"][0]["content"]["parts"][0]["text"] = "".join(self._texts)
        self._texts = []
        return _BEFORE + json.dumps(event).encode() + _ENDS[0]


def _end_of_events(data: bytes) -> bytes:
    """Return what ends each event of a stream, as far as that can be seen."""
    seen = {data.find(end): end for end in _ENDS}
    seen.pop(-1, None)
    return seen[min(seen)] if seen else b""


def _may_become_usual(unfinished: bytes) -> bool:
    """Say whether the beginning of an event may be that of one with text and nothing else."""
    begins = unfinished.startswith(_BEFORE[: len(unfinished)])
    return begins and b"\n" not in unfinished.rstrip(b"\r\n")


def _usual(raw: bytes) -> dict[str, Any] | None:
    """Return an event that has one piece of text and nothing unusual, else None."""
    if not raw.startswith(_BEFORE) or b"\n" in raw:
        return None
    try:
        event: Any = from_json(raw[len(_BEFORE) :])
    except ValueError:
        return None
    match event:
        case {"candidates": [{"content": {"parts": [{"text": str(), **more}]}, **candidate}]}:
            usual = event.keys() <= _USUAL and candidate.keys() <= _USUAL_OF_CANDIDATE
            usual = usual and isinstance(event.get("modelVersion", ""), str)
            usual = usual and more.keys() <= _USUAL_OF_PART
            return cast("dict[str, Any]", event) if usual else None
        case _:
            return None


def _usage(event: dict[str, Any]) -> Usage | None:
    match event.get("usageMetadata"):
        case {**counts} if counts:
            known = {key: count for key, count in counts.items() if isinstance(count, int)}
            return Usage(
                input=known.get("promptTokenCount"),
                output=known.get("candidatesTokenCount"),
                thoughts=known.get("thoughtsTokenCount"),
                cached=known.get("cachedContentTokenCount"),
            )
        case _:
            return None
