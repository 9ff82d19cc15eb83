"""How a slot is, in words for an admin, and what can be done about it."""

import math
import re
from dataclasses import dataclass
from datetime import datetime
from textwrap import shorten

from lessongen.store.slot_orders import SlotOrder
from lessongen.store.slots import SlotRecord
from lessongen.wording import counted, moment_name, who

_SETTLING_SECONDS = 3.0
"""So much later a runner that works has told of an order that it carried out."""
_MINUTE, _HOUR = 60, 3600
_LONGEST_CAUSE = 160
_STATUS = re.compile(r"(\d)(\d\d): ")
_WORDS = {
    "429": "too many requests",
    "401": "the key is not accepted",
    "403": "the key is not accepted",
    "404": "there is no such model",
}


@dataclass(frozen=True, slots=True)
class SlotState:
    """What is to be read of a slot: `words`, and the `cause` as the server put it, if it did.

    `closable` and `openable` say which order would change anything.
    """

    words: str
    color: str
    icon: str
    closable: bool = False
    openable: bool = False
    cause: str | None = None


def slot_state(slot: SlotRecord, order: SlotOrder | None, now: float) -> SlotState:
    """Return how a slot is at a time, and after the newest order for it."""
    if order and _under_way(slot, order, now):
        return SlotState("being closed" if order.closed else "being opened", "gray", "hourglass")
    if slot.by_hand:
        return SlotState(f"closed by hand{_by(order, now)}", "orange", "block", openable=True)
    if (seconds := slot.closed_for(now)) == math.inf:
        return SlotState("switched off in the strategy", "gray", "toggle_off")
    if seconds > 0:
        return _closed(slot, seconds, now)
    if slot.breaker != "closed":
        return SlotState(
            "trying again with one request", "blue", "sync", closable=True, openable=True
        )
    return SlotState("open", "green", "check_circle", closable=True)


def busy(slot: SlotRecord) -> str:
    """Return how much a slot has to do."""
    minute = counted(slot.requests_this_minute, "request")
    return (
        f"{slot.under_way} of {slot.places} places in use · {slot.waiting} waiting · "
        f"{minute} this minute"
    )


def duration(seconds: float) -> str:
    """Return a time in words that change seldom."""
    if seconds < 2 * _MINUTE:
        return f"{max(0.0, seconds):.0f} s"
    if seconds < 2 * _HOUR:
        return f"{seconds / _MINUTE:.0f} min"
    return f"{seconds / _HOUR:.0f} h"


def clock_time(at: float, now: float) -> str:
    """Return a moment by the server's clock, with its day where that is another one."""
    moment, today = datetime.fromtimestamp(at), datetime.fromtimestamp(now)  # noqa: DTZ006 - the reader's own clock
    return f"{moment:%H:%M}" if moment.date() == today.date() else moment_name(at)


def _by(order: SlotOrder | None, now: float) -> str:
    if order is None:
        return ""
    return f" by {who(order.given_by)} since {clock_time(order.given_at, now)}"


def _under_way(slot: SlotRecord, order: SlotOrder, now: float) -> bool:
    """Say whether an order is not carried out yet, or not told of."""
    if order.closed or slot.by_hand:
        return order.closed != slot.by_hand
    closed = slot.opens_at is not None or slot.breaker != "closed"
    return closed and abs(now - order.given_at) < _SETTLING_SECONDS


def _closed(slot: SlotRecord, seconds: float, now: float) -> SlotState:
    reason = slot.reason or ""
    words = _in_words(reason)
    span = (
        f"for {duration(seconds)}" if seconds < _HOUR else f"until {clock_time(now + seconds, now)}"
    )
    because = f": {words}" if words else ""
    cause = shorten(reason, _LONGEST_CAUSE, placeholder=" …") if words != reason else None
    return SlotState(
        f"closed {span}{because}", "red", "timer", closable=True, openable=True, cause=cause
    )


def _in_words(reason: str) -> str:
    found = _STATUS.match(reason)
    if not found:
        return reason
    known = _WORDS.get(found[1] + found[2])
    return known or ("the server failed" if found[1] == "5" else "the server refused the request")
