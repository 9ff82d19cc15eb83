"""The breaker of a slot: stops asking a model that keeps failing, then tries it once."""

from collections import deque
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

Verdict = Literal["good", "bad", "ignored"]
"""What an answer says about its model; cancelled requests and lost hedges say nothing."""


class BreakerState(StrEnum):
    """Whether a model is asked."""

    CLOSED = "closed"  # as usual
    OPEN = "open"  # not asked
    HALF_OPEN = "half_open"  # one request tries it


@dataclass(frozen=True, slots=True)
class BreakerPolicy:
    """When a breaker opens, and for how many seconds; after each failed probe twice as long."""

    failures_in_a_row: int = 5
    failing_share: float = 0.5
    of_the_last: int = 20
    open_seconds: float = 5.0
    longest_seconds: float = 60.0
    probe_seconds: float = 1.0


class Breaker:
    """A state machine; time is an argument, in seconds of any steady clock."""

    def __init__(self, policy: BreakerPolicy) -> None:
        self._policy = policy
        self._recent = deque[bool](maxlen=policy.of_the_last)
        self._bad_in_a_row = 0
        self._opens_for = policy.open_seconds
        self._closed = True
        self._open_until = 0.0
        self._probing = False

    def state(self, now: float) -> BreakerState:
        """Return the state at a time."""
        if self._closed:
            return BreakerState.CLOSED
        if self._probing or now >= self._open_until:
            return BreakerState.HALF_OPEN
        return BreakerState.OPEN

    def wait(self, now: float) -> float:
        """Return the seconds until it may let a request pass, 0 where it may do so now."""
        if self._closed:
            return 0.0
        if self._probing:
            return self._policy.probe_seconds
        return max(0.0, self._open_until - now)

    def passing(self) -> bool:
        """Let a request pass, as `wait` allows; return whether it is the probe."""
        self._probing = not self._closed
        return self._probing

    def record(self, now: float, verdict: Verdict, *, probe: bool) -> None:
        """Take the verdict on a request that had passed."""
        if probe:
            self._probed(now, verdict)
        elif self._closed and verdict != "ignored":
            bad = verdict == "bad"
            self._recent.append(bad)
            self._bad_in_a_row = self._bad_in_a_row + 1 if bad else 0
            if bad and self._failing():
                self._open(now, self._policy.open_seconds)

    def trip(self, now: float) -> None:
        """Open for the longest time at once: the model cannot answer until somebody mends it."""
        self._probing = False
        self._open(now, self._policy.longest_seconds)

    def _probed(self, now: float, verdict: Verdict) -> None:
        if not self._probing:
            return
        self._probing = False
        match verdict:
            case "good":
                self._closed = True
            case "bad":
                self._open(now, min(self._opens_for * 2, self._policy.longest_seconds))
            case "ignored":
                self._open_until = now

    def _failing(self) -> bool:
        if self._bad_in_a_row >= self._policy.failures_in_a_row:
            return True
        full = len(self._recent) == self._policy.of_the_last
        return full and sum(self._recent) > self._policy.failing_share * len(self._recent)

    def _open(self, now: float, seconds: float) -> None:
        self._closed = False
        self._open_until = now + seconds
        self._opens_for = seconds
        self._recent.clear()
        self._bad_in_a_row = 0
