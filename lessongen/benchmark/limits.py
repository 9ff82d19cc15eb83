"""Limits: a slot that lets in so many requests a minute is never asked more, and who waits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import mean

from lessongen.benchmark.conditions import unhurried
from lessongen.benchmark.emulator import Pace
from lessongen.benchmark.figures import Figure, Target
from lessongen.benchmark.rig import Phase, opened_rig
from lessongen.benchmark.runs import require_as_planned
from lessongen.generation.places import MINUTE_SECONDS
from lessongen.generation.strategy import Priority, Strategy
from lessongen.generation.strategy_files import load_strategy
from lessongen.lesson.prompts import BRIEF
from lessongen.settings import Settings
from lessongen.store.records import AttemptRecord

_REQUESTS = 60
_WINDOW_SECONDS = 20.0
_MARGIN_SECONDS = (
    MINUTE_SECONDS - 60.0
)  # the product's own, for requests that are late on their way
_SPEED = 20.0
_SLOT = "secondary"
_PRIORITIES: tuple[Priority, ...] = ("high", "medium", "low")
CHANGES = (
    f"Limits: one slot writes everything; its {_REQUESTS} requests a minute are as many in "
    f"{_WINDOW_SECONDS:g} s. Models are {_SPEED:g} times as fast, so that only the limit is waited "
    "for."
)


@dataclass(frozen=True, slots=True)
class Limits:
    """When the server was asked, and how long each section waited at the gate."""

    asked: tuple[float, ...]
    waits: Mapping[Priority, tuple[float, ...]]

    def figures(self) -> Sequence[Figure]:
        """Return the fullest minute, and the mean wait of each priority."""
        return (
            Figure(
                "limits_max_in_window",
                most_in_window(self.asked, _WINDOW_SECONDS),
                f"most of {len(self.asked)} requests that the server saw in any "
                f"{_WINDOW_SECONDS:g} s",
                Target("at most", _REQUESTS),
            ),
            *(
                Figure(
                    f"limits_wait_{priority}_s",
                    mean(waits),
                    f"mean wait of {len(waits)} sections of {priority} priority, "
                    f"the longest {max(waits):.1f} s",
                )
                for priority, waits in self.waits.items()
            ),
        )


def within_limits(settings: Settings, lessons: int) -> Limits:
    """Queue lessons at once; each asks ten times. Who comes first is let in, then by priority.

    Raises:
        LessonGenError: where a request was not served in the end.
    """
    tuning = unhurried(settings)
    strategy = _one_slot(tuning.strategy or load_strategy(settings.data))
    gates = replace(tuning.gates, minute_seconds=_WINDOW_SECONDS + _MARGIN_SECONDS)
    tuning = replace(tuning, strategy=strategy, gates=gates)
    with opened_rig(settings, tuning, warm=False) as rig:  # a lesson before would fill the window
        seen = rig.watch(Phase(lessons, Pace(speed=_SPEED)))
        require_as_planned(seen)
        attempts = rig.attempts(seen.lessons)
    waits: dict[Priority, tuple[float, ...]] = {
        priority: _waits(attempts, strategy, priority) for priority in _PRIORITIES
    }
    return Limits(tuple(request.started for request in seen.requests), waits)


def _one_slot(strategy: Strategy) -> Strategy:
    """Return a strategy whose sections have the three priorities in turn, and one slot."""
    sections = [part for part in strategy.assignments if part != BRIEF]
    priorities = {part: _PRIORITIES[place % 3] for place, part in enumerate(sections)}
    slot = strategy.slots[_SLOT].model_copy(update={"requests_per_minute": _REQUESTS})
    return replace(
        strategy,
        slots={_SLOT: slot},
        assignments={
            part: assignment.model_copy(
                update={
                    "slot": _SLOT,
                    "fallbacks": (),
                    "priority": priorities.get(part, "high"),
                }
            )
            for part, assignment in strategy.assignments.items()
        },
    )


def _waits(
    attempts: Sequence[AttemptRecord], strategy: Strategy, priority: Priority
) -> tuple[float, ...]:
    return tuple(
        attempt.queue_ms / 1000
        for attempt in attempts
        if attempt.part != BRIEF and strategy.assignments[attempt.part].priority == priority
    )


def most_in_window(moments: Sequence[float], seconds: float) -> int:
    """Return the largest number of moments in any stretch of so many seconds."""
    ranked = sorted(moments)
    first = most = 0
    for last, moment in enumerate(ranked):
        while moment - ranked[first] >= seconds:
            first += 1
        most = max(most, last - first + 1)
    return most
