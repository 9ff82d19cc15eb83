"""What to do next: pure decisions about retries, fallbacks, waits and time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

from lessongen.errors import (
    BadRequest,
    Blocked,
    Malformed,
    ModelNotFound,
    ProviderError,
    Throttled,
    TimedOut,
    Truncated,
    Unauthorized,
    Unavailable,
)
from lessongen.generation.events import Reason
from lessongen.generation.strategy import Assignment


@dataclass(frozen=True, slots=True)
class Policy:
    """Limits of patience, in seconds; `fallback_reserve` is a share of the deadline."""

    retries: int = 1
    retry_wait: float = 0.4
    patience: float = 3.0
    shortest_attempt: float = 1.0
    fallback_reserve: float = 0.4


@dataclass(frozen=True, slots=True)
class Try:
    """The next attempt: whom to ask, after how many seconds, and why."""

    slot: str
    reason: Reason
    wait: float = 0.0


@dataclass(frozen=True, slots=True)
class Failed:
    """An attempt that did not deliver."""

    slot: str
    error: ProviderError


def next_try(
    assignment: Assignment,
    failed: Sequence[Failed],
    remaining: float,
    policy: Policy,
    jitter: float,
) -> Try | None:
    """Return whom to ask next, or None when every slot had its turn or no time is left.

    Args:
        assignment: the slot and its fallbacks, in order.
        failed: the attempts so far, in order.
        remaining: seconds to the part's deadline.
        policy: how often and how long.
        jitter: a random number in [0, 1), spreads retries that failed together.
    """
    if not failed:
        return Try(assignment.slot, "first")
    asked = [failure.slot for failure in failed]
    if asked[-1] == assignment.slot and len(asked) <= policy.retries:
        wait = pause(failed[-1].error, policy, jitter)
        left = remaining - reserve(assignment, assignment.slot, policy)
        if wait is not None and left - wait >= policy.shortest_attempt:
            return Try(assignment.slot, "retry", wait)
    if remaining < policy.shortest_attempt:
        return None
    untried = (slot for slot in assignment.fallbacks if slot not in asked)
    fallback = next(untried, None)
    return Try(fallback, "fallback") if fallback else None


def reserve(assignment: Assignment, slot: str, policy: Policy) -> float:
    """Return the seconds an attempt must leave for one fallback."""
    if slot != assignment.slot or not assignment.fallbacks:
        return 0.0
    return assignment.deadline_seconds * policy.fallback_reserve


def pause(error: ProviderError, policy: Policy, jitter: float) -> float | None:
    """Return seconds to wait before asking the same model again, or None to move on."""
    match error:
        case Throttled(per_day=True):
            return None
        case Throttled(retry_after=float(asked)):
            return asked if asked <= policy.patience else None
        case Throttled() | Unavailable() | TimedOut():
            return policy.retry_wait * (1 + jitter)
        case Malformed() | Truncated():
            return 0.0
        case Unauthorized() | ModelNotFound() | BadRequest() | Blocked():
            return None
        case ProviderError():
            return None
        case _:
            assert_never(error)


def attempt_seconds(
    assignment: Assignment, slot: str, remaining: float, timeout: float, policy: Policy
) -> float | None:
    """Return how long an attempt may take, or None when too little time is left for it.

    Args:
        assignment: the part's assignment, whose deadline the reserve is a share of.
        slot: the slot to ask.
        remaining: seconds to the part's deadline.
        timeout: the slot's own limit, in seconds.
        policy: the shortest attempt worth starting, and the share kept.
    """
    seconds = min(timeout, remaining - reserve(assignment, slot, policy))
    return seconds if seconds >= policy.shortest_attempt else None
