"""Replies: what goes over the wire for an answer, once a fault has had its way with it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum, auto

from lessongen.emulator import wire
from lessongen.emulator.faults import FaultKind
from lessongen.emulator.wire import Body, ErrorResponse, Meta

_SLOWDOWN = 10.0
_STALLED_CHARACTERS = 24


class Ending(Enum):
    """How a reply ends."""

    COMPLETE = auto()
    CUT = auto()  # the connection closes in the middle
    SILENCE = auto()  # nothing more comes, and nothing closes
    NEVER_STARTED = auto()  # not even headers come


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply to send. `only` stands in for the whole answer; without `finish`, no finishReason."""

    meta: Meta
    text: str
    finish: str | None = "STOP"
    ending: Ending = Ending.COMPLETE
    slowdown: float = 1.0
    only: Body | None = None

    def chunks(self, characters: int) -> Iterator[bytes]:
        """Return the JSON of each chunk of a stream, with so many characters of text in each."""
        if self.only is not None:
            yield wire.encoded(self.only)
            return
        pieces = [
            self.text[start : start + characters] for start in range(0, len(self.text), characters)
        ]
        last = "" if self.finish == "SAFETY" or not pieces or not self.finish else pieces.pop()
        before, after = wire.chunk_frame(self.meta)
        for piece in pieces:
            yield b"".join((before, json.dumps(piece, ensure_ascii=False).encode(), after))
        if self.finish:
            yield wire.encoded(wire.final(self.meta, last, self.finish, self.text))

    def whole(self) -> bytes:
        """Return the JSON of the answer in one piece."""
        if self.only is not None:
            return wire.encoded(self.only)
        if self.finish is None:
            return wire.encoded(wire.unfinished(self.meta, self.text))
        return wire.encoded(wire.final(self.meta, self.text, self.finish, self.text))


def faulty(reply: Reply, fault: FaultKind) -> Reply | ErrorResponse:
    """Return what a fault makes of a good reply."""
    return _refusal(reply.meta.model, fault) or _spoilt(reply, fault)


def _refusal(model: str, fault: FaultKind) -> ErrorResponse | None:
    match fault:
        case FaultKind.THROTTLED:
            return wire.over_quota(model, 2, per_day=False)
        case FaultKind.QUOTA_PER_DAY:
            return wire.over_quota(model, 54, per_day=True)
        case FaultKind.INTERNAL:
            return wire.error(500, "INTERNAL", "An internal error has occurred. Please retry.")
        case FaultKind.UNAVAILABLE:
            message = "The model is overloaded. Please try again later."
            return wire.error(503, "UNAVAILABLE", message)
        case FaultKind.ERROR_WITHOUT_STATUS:
            return ErrorResponse(500, {"error": "boom"})
        case FaultKind.BAD_KEY:
            return wire.bad_key()
        case _:
            return None


def _spoilt(reply: Reply, fault: FaultKind) -> Reply:
    half = reply.text[: len(reply.text) // 2]
    changes: dict[FaultKind, Reply] = {
        FaultKind.HANG: replace(reply, ending=Ending.NEVER_STARTED),
        FaultKind.STALL: replace(
            reply, text=reply.text[:_STALLED_CHARACTERS], finish=None, ending=Ending.SILENCE
        ),
        FaultKind.SLOW: replace(reply, slowdown=_SLOWDOWN),
        FaultKind.CONNECTION_CUT: replace(reply, text=half, finish=None, ending=Ending.CUT),
        FaultKind.CUT_WITHOUT_STOP: replace(reply, text=half, finish=None),
        # No JSON object ends in a bracket, so the half is broken wherever it was cut.
        FaultKind.BROKEN_JSON: replace(reply, text=f"{half},]"),
        FaultKind.FENCED_JSON: replace(reply, text=_fenced(reply.text)),
        FaultKind.MAX_TOKENS: replace(reply, text=half, finish="MAX_TOKENS"),
        FaultKind.SAFETY: replace(reply, text=half, finish="SAFETY"),
        FaultKind.PROMPT_BLOCKED: replace(reply, only=wire.blocked_prompt(reply.meta)),
        FaultKind.EMPTY: replace(reply, only=wire.no_candidates(reply.meta)),
        FaultKind.NO_USAGE: replace(reply, meta=replace(reply.meta, told=False)),
    }
    return changes[fault]


def _fenced(text: str) -> str:
    return (
        f"Here is the section you asked for.\n\n```json\n{text}\n```\n\nI hope it suits the class."
    )
