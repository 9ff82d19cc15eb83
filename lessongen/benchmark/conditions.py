"""Conditions: the product's own tuning, changed where its limits would be measured instead.

Every benchmark says with its figures what was changed for it.
"""

import time
from dataclasses import replace

from lessongen.benchmark.unlimited import unlimited
from lessongen.generation.breaker import BreakerPolicy
from lessongen.generation.places import GateOptions
from lessongen.generation.policy import Policy
from lessongen.generation.strategy_files import load_strategy
from lessongen.services import Tuning
from lessongen.settings import Settings

LONGEST_SECONDS = 600.0
UNHURRIED = (
    f"deadlines and timeouts are {LONGEST_SECONDS:g} s, so that the old way is not cut short; the "
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
    strategy = unlimited(load_strategy(settings.data), lambda _: LONGEST_SECONDS)
    return Tuning(strategy, gates=never_impatient(GateOptions(time.time)))


def never_impatient(gates: GateOptions) -> GateOptions:
    """Return options with which a silent model has all the time that its slot gives it."""
    return replace(gates, shortest_patience=LONGEST_SECONDS)


def quickened(settings: Settings, speed: float, *, hedging: bool = False) -> Tuning:
    """Return a tuning without limits for models that are `speed` times as fast.

    Every wait that somebody can set shrinks as the models' times do. What the emulator asks for
    when it throttles does not, nor do the few seconds that the code fixes: they weigh `speed`
    times as much as they would.
    """
    strategy = unlimited(load_strategy(settings.data), lambda seconds: seconds / speed)
    policy, breaker = Policy(), BreakerPolicy()
    return Tuning(
        replace(strategy, hedging=hedging),
        replace(
            policy,
            quick=policy.quick / speed,
            retry_wait=policy.retry_wait / speed,
            full_wait=policy.full_wait / speed,
            doubtful_wait=policy.doubtful_wait / speed,
            shortest_attempt=policy.shortest_attempt / speed,
            patience=policy.patience / speed,
            second_pass=policy.second_pass / speed,
        ),
        GateOptions(
            time.time,
            shortest_patience=GateOptions(time.time).shortest_patience / speed,
            breaker=replace(
                breaker,
                open_seconds=breaker.open_seconds / speed,
                longest_seconds=breaker.longest_seconds / speed,
                probe_seconds=breaker.probe_seconds / speed,
            ),
        ),
    )
