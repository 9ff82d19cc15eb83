"""Replies: what goes over the wire for an answer, once a fault has had its way with it."""

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum, auto

from lessongen.emulator import wire
from lessongen.emulator.delays import Schedule
from lessongen.emulator.faults import FaultKind, FaultRule, Moment
from lessongen.emulator.wire import Body, ErrorResponse, Meta

_THROTTLED_SECONDS = 2.0
_SLOWDOWN = 10.0
_STALLED_CHARACTERS = 24
_HUGE_CHARACTERS = 50_000_000
_HUGE_CHUNK_CHARACTERS = 65_536


class Ending(StrEnum):
    """How a reply ends."""

    COMPLETE = auto()
    CUT = auto()  # the connection closes in the middle
    RESET = auto()  # the connection is reset
    SILENCE = auto()  # nothing more comes, and nothing closes


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply to send.

    Where it is not `started`, not even headers come before its ending. Without `finish`, there is
    no finishReason. `only` stands in for the whole answer; `error` comes last in a stream.
    """

    meta: Meta
    text: str
    finish: str | None = "STOP"
    started: bool = True
    ending: Ending = Ending.COMPLETE
    only: Body | None = None
    error: Body | None = None

    def chunks(self, characters: int) -> Iterator[bytes]:
        """Return the JSON of each chunk of a stream, with so many characters of text in each."""
        if self.only is not None:
            yield wire.encoded(self.only)
            return
        starts = range(0, len(self.text), characters)
        alone = self.finish in {None, "SAFETY"} or not starts
        last = len(self.text) if alone else starts[-1]
        before, after = wire.chunk_frame(self.meta)
        for start in range(0, last, characters):
            piece = json.dumps(self.text[start : start + characters], ensure_ascii=False)
            yield b"".join((before, piece.encode(), after))
        if self.finish:
            yield wire.encoded(wire.final(self.meta, self.text[last:], self.finish, self.text))
        if self.error is not None:
            yield wire.encoded(self.error)

    def whole(self) -> bytes:
        """Return the JSON of the answer in one piece."""
        if self.only is not None:
            return wire.encoded(self.only)
        if self.finish is None:
            return wire.encoded(wire.unfinished(self.meta, self.text))
        return wire.encoded(wire.final(self.meta, self.text, self.finish, self.text))


def faulty(
    reply: Reply, fault: FaultRule, *, streamed: bool, speed: float = 1.0
) -> Reply | ErrorResponse:
    """Return what a fault makes of a good reply; `speed` shortens the wait it may name."""
    wait = _THROTTLED_SECONDS if math.isinf(speed) else _THROTTLED_SECONDS / speed
    error = _error(reply.meta.model, fault.kind, wait)
    if error is None:
        return _spoilt(reply, fault)
    if streamed and fault.when is Moment.MIDWAY:
        return replace(reply, text=_text_before(reply.text, fault), finish=None, error=error.body)
    return error


def paced(schedule: Schedule, kind: FaultKind) -> Schedule:
    """Return what a fault makes of the schedule of a good reply."""
    match kind:
        case FaultKind.SLOW:
            return replace(schedule, chunk_seconds=schedule.chunk_seconds * _SLOWDOWN)
        case FaultKind.STRAGGLER:
            return replace(
                schedule,
                first_text_seconds=schedule.first_text_seconds * _SLOWDOWN,
                chunk_seconds=schedule.chunk_seconds * _SLOWDOWN,
            )
        case FaultKind.HUGE:
            return replace(schedule, chunk_seconds=0.0, chunk_characters=_HUGE_CHUNK_CHARACTERS)
        case FaultKind.HUGE_EVENT:
            return replace(schedule, chunk_seconds=0.0, chunk_characters=_HUGE_CHARACTERS)
        case _:
            return schedule


def _error(model: str, kind: FaultKind, wait: float) -> ErrorResponse | None:
    match kind:
        case FaultKind.THROTTLED:
            return wire.over_quota(model, wait, per_day=False)
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


def _spoilt(reply: Reply, fault: FaultRule) -> Reply:
    text = _text_before(reply.text, fault)
    midway = fault.when is Moment.MIDWAY
    unfinished = replace(reply, text=text, finish=None)
    changes: dict[FaultKind, Reply] = {
        FaultKind.HANG: replace(unfinished, started=midway, ending=Ending.SILENCE),
        FaultKind.RESET: replace(unfinished, started=midway, ending=Ending.RESET),
        FaultKind.STALL: replace(unfinished, ending=Ending.SILENCE),
        FaultKind.CONNECTION_CUT: replace(unfinished, ending=Ending.CUT),
        FaultKind.CUT_WITHOUT_STOP: unfinished,
        # No JSON object ends in a bracket, so the text is broken wherever it was cut.
        FaultKind.BROKEN_JSON: replace(reply, text=f"{text},]"),
        FaultKind.MAX_TOKENS: replace(reply, text=text, finish="MAX_TOKENS"),
        FaultKind.SAFETY: replace(reply, text=text, finish="SAFETY"),
        FaultKind.FENCED_JSON: replace(reply, text=_fenced(reply.text)),
        FaultKind.PROMPT_BLOCKED: replace(reply, only=wire.blocked_prompt(reply.meta)),
        FaultKind.EMPTY: replace(reply, only=wire.no_candidates(reply.meta)),
        FaultKind.NO_USAGE: replace(reply, meta=replace(reply.meta, told=False)),
    }
    if fault.kind in {FaultKind.HUGE, FaultKind.HUGE_EVENT}:
        return replace(reply, text="x" * _HUGE_CHARACTERS)
    return changes.get(fault.kind, reply)


def _text_before(text: str, fault: FaultRule) -> str:
    """Return the text that a fault which cuts or spoils a reply lets through."""
    if fault.when is Moment.START:
        return ""
    if fault.kind is FaultKind.STALL and fault.when is None:
        return text[:_STALLED_CHARACTERS]
    return text[: len(text) // 2]


def _fenced(text: str) -> str:
    return (
        f"Here is the section you asked for.\n\n```json\n{text}\n```\n\nI hope it suits the class."
    )
