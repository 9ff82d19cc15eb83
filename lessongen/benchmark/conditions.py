"""Conditions: the product's own tuning, changed where its limits would be measured instead.

Every benchmark says with its figures what was changed for it.
"""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from lessongen.generation.breaker import BreakerPolicy
from lessongen.generation.gate import GateOptions
from lessongen.generation.policy import Policy
from lessongen.generation.strategy import ModelSlot, Strategy
from lessongen.generation.strategy_files import load_strategy
from lessongen.services import Tuning
from lessongen.settings import Settings

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


def quickening(speed: float) -> str:
    """Return what `quickened` changes, as the end of a sentence."""
    return (
        f"models are {speed:g} times as fast as real ones, and every deadline, timeout and wait as "
        "much shorter; the slots let in any number of requests."
    )


def unhurried(settings: Settings) -> Tuning:
    """Return a tuning that never runs out of time or of requests."""
    return Tuning(_patient(load_strategy(settings.data), lambda _: _LONGEST_SECONDS))


def quickened(settings: Settings, speed: float, *, hedging: bool = False) -> Tuning:
    """Return a tuning without limits for models that are `speed` times as fast.

    Every wait that somebody can set shrinks as the models' times do. What the emulator asks for
    when it throttles does not, nor do the few seconds that the code fixes: they weigh `speed`
    times as much as they would.
    """
    strategy = _patient(load_strategy(settings.data), lambda seconds: seconds / speed)
    policy, breaker = Policy(), BreakerPolicy()
    return Tuning(
        replace(strategy, hedging=hedging),
        replace(
            policy,
            quick=policy.quick / speed,
            retry_wait=policy.retry_wait / speed,
            full_wait=policy.full_wait / speed,
            shortest_attempt=policy.shortest_attempt / speed,
            patience=policy.patience / speed,
            second_pass=policy.second_pass / speed,
        ),
        GateOptions(
            time.time,
            shortest_patience=1.0 / speed,
            breaker=replace(
                breaker,
                open_seconds=breaker.open_seconds / speed,
                longest_seconds=breaker.longest_seconds / speed,
                probe_seconds=breaker.probe_seconds / speed,
            ),
        ),
    )


def _patient(strategy: Strategy, patience: Callable[[float], float]) -> Strategy:
    """Return a strategy without limits, with every length of time as `patience` makes it."""
    return replace(
        strategy,
        slots={name: _slot(slot, patience) for name, slot in strategy.slots.items()},
        assignments={
            part: assignment.model_copy(
                update={"deadline_seconds": patience(assignment.deadline_seconds)}
            )
            for part, assignment in strategy.assignments.items()
        },
    )


def _slot(slot: ModelSlot, patience: Callable[[float], float]) -> ModelSlot:
    changes: dict[str, Any] = {
        "timeout_seconds": patience(slot.timeout_seconds),
        "first_event_seconds": patience(slot.first_event_seconds),
        "idle_seconds": patience(slot.idle_seconds),
    }
    return slot.model_copy(update=_NO_LIMITS | changes)
