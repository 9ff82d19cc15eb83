"""The request log: which answers were asked for, when, and how each ended."""

from collections.abc import Callable
from dataclasses import dataclass, replace

OPEN, SERVED, DISCONNECTED = "open", "served", "disconnected"
LIMITED, ERROR = "limited", "error"


@dataclass(frozen=True, slots=True)
class RequestRecord:
    """One request for an answer; times are monotonic seconds, `ended` is None while it is open.

    `outcome` is served, fault:<kind>, disconnected, limited, error or open. A request with a fault
    stays `fault:<kind>` even where the client was the one to hang up. `input_tokens` counts the
    prompt, 0 where the body could not be read.
    """

    model: str
    part: str
    started: float
    ended: float | None = None
    outcome: str = OPEN
    input_tokens: int = 0


class RequestLog:
    """Records requests in the order they came. One thread writes; any thread may read."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._records: dict[int, RequestRecord] = {}
        self._next = 0

    @property
    def records(self) -> tuple[RequestRecord, ...]:
        """All records since the last reset, oldest first, as they are now."""
        return tuple(self._records.values())

    def opened(self, model: str, part: str, input_tokens: int) -> int:
        """Record that a request came in; return its number."""
        self._next += 1
        self._records[self._next] = RequestRecord(
            model, part, self._clock(), input_tokens=input_tokens
        )
        return self._next

    def closed(self, number: int, outcome: str) -> None:
        """Record how a request ended, unless that is recorded, or the log was cleared since."""
        record = self._records.get(number)
        if record and record.ended is None:
            self._records[number] = replace(record, ended=self._clock(), outcome=outcome)

    def clear(self) -> None:
        """Forget every record."""
        self._records = {}
