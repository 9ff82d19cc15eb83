"""Patience with a model that answers: until its first sign, between two signs, and in all."""

import asyncio

from lessongen.generation.strategy import ModelSlot


class Patience:
    """The limits on one answer; `limit` is the timeout to read it within.

    `first_event` is in seconds. Times are the event loop's: `began` when the model was asked,
    `ends` when the part's own deadline gives it up.
    """

    def __init__(self, slot: ModelSlot, first_event: float, began: float, ends: float) -> None:
        self._idle_seconds = slot.idle_seconds
        self._began = began
        self._ends = min(ends, began + slot.timeout_seconds)
        self._quiet_seconds = first_event
        self._began_quiet = began
        self._heard = False
        self.limit = asyncio.timeout_at(self._next())

    def renew(self, now: float) -> None:
        """Note a sign of life."""
        self._heard = True
        self._began_quiet, self._quiet_seconds = now, self._idle_seconds
        self.limit.reschedule(self._next())

    def exhausted(self) -> str:
        """Return which limit was reached, for the log."""
        if self._next() == self._ends:
            return f"no complete answer within {self._ends - self._began:.3g} s"
        if self._heard:
            return f"silent for {self._quiet_seconds:.3g} s in the middle of its answer"
        return f"no sign of life within {self._quiet_seconds:.3g} s"

    def _next(self) -> float:
        return min(self._ends, self._began_quiet + self._quiet_seconds)


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
