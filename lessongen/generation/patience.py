"""Patience with a model that answers: until its first sign, between two signs, and in all."""

import asyncio
from types import TracebackType
from typing import Self

from lessongen.generation.strategy import ModelSlot

# A loop that is later than this has had too much to do to hear anybody.
_LATE_SECONDS = 0.05


class Patience:
    """The limits on one answer: what is done in its context ends in TimeoutError past them.

    `first_event` is in seconds. Times are the event loop's: `began` when the model was asked,
    `ends` when the part's own deadline gives it up. Where the loop itself is late, the model is
    given as much time again: its words may have come, and nobody has had time to read them.
    """

    def __init__(self, slot: ModelSlot, first_event: float, began: float, ends: float) -> None:
        self._loop = asyncio.get_running_loop()
        self._idle_seconds = slot.idle_seconds
        self._began = began
        self._ends = min(ends, began + slot.timeout_seconds)
        self._quiet_since, self._quiet_seconds = began, first_event
        self._heard = False
        self._checking: asyncio.TimerHandle | None = None
        self._limit = asyncio.timeout(None)

    async def __aenter__(self) -> Self:
        """Begin to wait."""
        await self._limit.__aenter__()
        self._check_at(self._due())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool | None:
        """Stop waiting; raises TimeoutError where a limit was reached."""
        if self._checking:
            self._checking.cancel()
        return await self._limit.__aexit__(kind, error, trace)

    def renew(self, now: float) -> None:
        """Note a sign of life."""
        first, self._heard = not self._heard, True
        self._quiet_since, self._quiet_seconds = now, self._idle_seconds
        if first and self._checking:  # it may be due earlier now; later signs only put it off
            self._checking.cancel()
            self._check_at(self._due())

    def exhausted(self) -> str:
        """Return which limit was reached, for the log."""
        if self._due() >= self._ends:
            return f"no complete answer within {self._ends - self._began:.3g} s"
        if self._heard:
            return f"silent for {self._quiet_seconds:.3g} s in the middle of its answer"
        return f"no sign of life within {self._quiet_seconds:.3g} s"

    def _due(self) -> float:
        return min(self._ends, self._quiet_since + self._quiet_seconds)

    def _check_at(self, when: float) -> None:
        self._checking = self._loop.call_at(when, self._check, when)

    def _check(self, planned: float) -> None:
        """Give the model up if it is due; signs of life since have put that off."""
        now, due = self._loop.time(), self._due()
        late = now - planned
        if due > planned:
            self._check_at(due)
        elif late > _LATE_SECONDS and now < self._ends:
            self._check_at(min(now + late, self._ends))
        else:
            self._limit.reschedule(now)


class Watch:
    """Rings when a model that was asked gives no sign of life within some seconds."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._loop = asyncio.get_running_loop()
        self._timer: asyncio.TimerHandle | None = None
        self.late = self._loop.create_future()

    def begin(self) -> None:
        """Note that the model is asked now."""
        self._timer = self._loop.call_later(self._seconds, self._ring)

    def end(self) -> None:
        """Note a sign of life, or that nobody waits any more."""
        if self._timer:
            self._timer.cancel()

    def _ring(self) -> None:
        if not self.late.done():
            self.late.set_result(None)
