"""Conditions: the product's own strategy, changed where its limits would be measured instead.

Every benchmark says with its figures what was changed for it.
"""

from collections.abc import Callable
from dataclasses import replace

from lessongen.generation.strategy import Strategy

_LONGEST_SECONDS, _UNLIMITED = 600.0, 1_000_000_000
_NO_LIMITS = {
    "concurrency": _UNLIMITED,
    "requests_per_minute": _UNLIMITED,
    "input_tokens_per_minute": _UNLIMITED,
    "requests_per_day": _UNLIMITED,
}

UNHURRIED = (
    f"deadlines and timeouts are {_LONGEST_SECONDS:g} s, so that the old way is not cut short; the "
    "slots let in any number of requests, so that limits of an account are not measured."
)


def unhurried(strategy: Strategy) -> Strategy:
    """Return a strategy that never runs out of time or of requests."""
    return _without_limits(strategy, lambda _: _LONGEST_SECONDS)


def quickened(strategy: Strategy, speed: float) -> Strategy:
    """Return a strategy without limits for models that are `speed` times as fast.

    Deadlines and timeouts shrink as the models' times do. Waits before a retry do not: they are
    the product's own, and weigh `speed` times as much.
    """
    return _without_limits(strategy, lambda seconds: seconds / speed)


def _without_limits(strategy: Strategy, patience: Callable[[float], float]) -> Strategy:
    return replace(
        strategy,
        slots={
            name: slot.model_copy(
                update=_NO_LIMITS | {"timeout_seconds": patience(slot.timeout_seconds)}
            )
            for name, slot in strategy.slots.items()
        },
        assignments={
            part: assignment.model_copy(
                update={"deadline_seconds": patience(assignment.deadline_seconds)}
            )
            for part, assignment in strategy.assignments.items()
        },
    )
