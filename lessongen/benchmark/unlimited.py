"""The product's own strategy, without the limits of an account and with another patience."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from lessongen.generation.strategy import ModelSlot, Strategy

_MANY = 1_000_000_000
_NO_LIMITS = {
    "concurrency": _MANY,
    "requests_per_minute": _MANY,
    "input_tokens_per_minute": _MANY,
    "requests_per_day": _MANY,
}


def unlimited(strategy: Strategy, patience: Callable[[float], float]) -> Strategy:
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
