"""What to do next: pure decisions about retries, repairs, fallbacks, waits and time."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from lessongen.errors import (
    Malformed,
    ModelNotFound,
    ProviderError,
    Refused,
    SwitchedOff,
    Throttled,
    TimedOut,
    Truncated,
    Unauthorized,
    Unavailable,
)
from lessongen.generation.breaker import Verdict
from lessongen.generation.events import Reason
from lessongen.generation.strategy import SHORTEST_ATTEMPT_SECONDS, Assignment, reserve_seconds


@dataclass(frozen=True, slots=True)
class Policy:
    """Limits of patience, in seconds.

    Only what failed within `quick` is asked of the same slot again: what took longer has used up
    the time. `full_wait` doubles every time all slots are full; a slot that may not be well again
    by then is waited for no longer than `doubtful_wait`. An attempt is worth making where there is
    time for `needed_share` of what an answer usually takes.
    """

    retries: int = 1
    quick: float = 2.0
    needed_share: float = 0.7
    retry_wait: float = 0.4
    patience: float = 3.0
    full_wait: float = 0.5
    doubtful_wait: float = 6.0
    shortest_attempt: float = SHORTEST_ATTEMPT_SECONDS
    second_pass: float = 60.0

    def least_seconds(self, usual: float) -> float:
        """Return how long an attempt must have where an answer usually takes so long."""
        return max(self.shortest_attempt, self.needed_share * usual)


@dataclass(frozen=True, slots=True)
class Try:
    """The next attempt: whom to ask, why, and after how many seconds."""

    slot: str
    reason: Reason
    wait: float = 0.0


@dataclass(frozen=True, slots=True)
class Failed:
    """An attempt that did not deliver, after how many seconds, and what it had written by then."""

    slot: str
    reason: Reason
    error: ProviderError
    seconds: float = 0.0
    text: str = ""

    @property
    def asked(self) -> bool:
        """Say whether a model was asked at all."""
        return not isinstance(self.error, Refused)


@dataclass(frozen=True, slots=True)
class Moment:
    """What a decision depends on besides the past.

    `remaining` are the seconds to the part's deadline, `opens_in` those until each slot may be
    asked, `needs` those an answer of each slot usually takes, `jitter` is a random number in
    [0, 1) that spreads what failed together. `doubtful` are the slots that are closed because
    they kept failing.
    """

    remaining: float
    opens_in: Mapping[str, float]
    needs: Mapping[str, float]
    jitter: float
    doubtful: Collection[str] = ()


def next_try(
    assignment: Assignment,
    failed: Sequence[Failed],
    moment: Moment,
    policy: Policy,
    opening: Reason = "first",
) -> Try | None:
    """Return whom to ask next, or None when every slot had its turn or no time is left.

    Args:
        assignment: the slot and its fallbacks, in order.
        failed: the attempts so far, in order.
        moment: the time left, and which slots are open.
        policy: how often and how long.
        opening: the reason of the first attempt.
    """
    if failed and (again := _again(assignment, failed, moment, policy)):
        return again
    asked = {failure.slot for failure in failed if failure.asked}
    full = [failure.slot for failure in failed if not failure.asked]
    waits: dict[str, float] = {}
    for slot in (assignment.slot, *assignment.fallbacks):
        wait = moment.opens_in[slot]
        if slot in full and not wait:
            wait = policy.full_wait * 2 ** (full.count(slot) - 1) * (1 + moment.jitter)
        hopeless = slot in moment.doubtful and wait > policy.doubtful_wait
        if slot not in asked and not hopeless and wait <= _leeway(assignment, slot, moment, policy):
            waits[slot] = wait
    if not waits:
        # Nobody can be asked in time. The assigned slot has the last word, which is on record.
        return None if failed else Try(assignment.slot, opening)
    soonest = min(waits, key=waits.__getitem__)
    return Try(soonest, _reason(assignment, soonest, opening, first=not asked), waits[soonest])


def _leeway(assignment: Assignment, slot: str, moment: Moment, policy: Policy) -> float:
    """Return how long an attempt at a slot may be put off; negative where it is too late."""
    needed = policy.least_seconds(moment.needs[slot])
    return moment.remaining - reserve_seconds(assignment, slot) - needed


def _reason(assignment: Assignment, slot: str, opening: Reason, *, first: bool) -> Reason:
    if first and (slot == assignment.slot or opening != "first"):
        return opening
    return "fallback"


def _again(
    assignment: Assignment, failed: Sequence[Failed], moment: Moment, policy: Policy
) -> Try | None:
    """Return another attempt at the slot that failed last, None where that is no use."""
    last = failed[-1]
    wait = pause(last.error, policy, moment.jitter)
    if wait is None:
        return None
    reasons = [failure.reason for failure in failed]
    match last.error:
        case Malformed() | Truncated():
            reason: Reason = "repair"
            allowed = "repair" not in reasons
        case _:
            reason = "retry"
            quick = last.seconds <= policy.quick or not assignment.fallbacks
            assigned = last.slot == assignment.slot
            allowed = quick and assigned and reasons.count("retry") < policy.retries
    wait = max(wait, moment.opens_in[last.slot])
    leeway = min(policy.patience, _leeway(assignment, last.slot, moment, policy))
    if allowed and wait <= leeway:
        return Try(last.slot, reason, wait)
    return None


def pause(error: ProviderError, policy: Policy, jitter: float) -> float | None:
    """Return seconds to wait before asking the same model again, or None to move on."""
    match error:
        case Throttled(per_day=True):
            return None
        case Throttled(retry_after=float(asked)):
            return asked
        case Throttled() | Unavailable() | TimedOut():
            return policy.retry_wait * (1 + jitter)
        case Malformed() | Truncated():
            return 0.0
        case _:
            return None


def verdict(error: ProviderError | None, *, hurried: bool) -> Verdict:
    """Return what an answer says about its model's health.

    A model that throttles is closed for the time it names, one that does not know the request or
    the key is closed at once: neither is failing. `hurried` is an attempt that was given much
    less time than its slot allows.
    """
    match error:
        case None:
            return "good"
        case TimedOut() if hurried:
            return "ignored"
        case Unavailable() | TimedOut() | Malformed():
            return "bad"
        case _:
            return "ignored"


def blame(failed: Sequence[Failed]) -> ProviderError:
    """Return the error that explains best why nothing came of it: the last of a model asked."""
    asked = [failure.error for failure in failed if failure.asked]
    if asked:
        return asked[-1]
    closed = [f.error.closed_by for f in failed if isinstance(f.error, Refused)]
    return next((error for error in reversed(closed) if error), failed[-1].error)


def worth_another(error: ProviderError) -> bool:
    """Say whether a section that failed so may be written in the second pass."""
    match error:
        case Unauthorized() | ModelNotFound() | SwitchedOff() | Throttled(per_day=True):
            return False
        case _:
            return True
