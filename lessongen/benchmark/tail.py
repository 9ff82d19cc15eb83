"""Tail: what asking a second model helps where a few answers take ten times as long."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from lessongen.benchmark.conditions import never_impatient, quickened, quickening
from lessongen.benchmark.emulator import Pace
from lessongen.benchmark.figures import Figure, Target, p95
from lessongen.benchmark.rig import Phase, Seen, opened_rig
from lessongen.settings import Settings

SPEED = 3.0
CHANGES = (
    f"Tail: {quickening(SPEED)} A silent model is left after the time its slot says, not after "
    "what is usual of it, in both runs: that shortens the tail by itself, and hides what hedging "
    "does."
)
_STRAGGLERS = ("straggler:rate=0.04",)
_LEARNING_LESSONS = 25  # a slot's usual time is known after a few dozen answers


@dataclass(frozen=True, slots=True)
class Tail:
    """The same lessons with hedging and without."""

    hedged: Seen
    plain: Seen

    def figures(self) -> Sequence[Figure]:
        """Return how much shorter the tail is, and how many requests that took."""
        hedged, plain = p95(self.hedged.walls), p95(self.plain.walls)
        requests, usual = len(self.hedged.requests), len(self.plain.requests)
        return (
            Figure(
                "tail_p95_ratio",
                hedged / plain,
                f"4 % of answers take ten times as long; p95 of {len(self.plain.lessons)} "
                f"lessons with hedging {hedged:.2f} s, without {plain:.2f} s",
                Target("at most", 0.65),
            ),
            Figure(
                "tail_extra_requests",
                requests / usual - 1,
                f"share of requests on top: {requests} against {usual}",
                Target("at most", 0.05),
            ),
        )


def with_stragglers(settings: Settings, lessons: int, seconds: float) -> Tail:
    """Queue lessons evenly over so many seconds, without hedging and with it.

    The same answers straggle, as far as the same questions are asked.
    """
    plain, hedged = (
        _seen(settings, lessons, seconds, hedging=hedging) for hedging in (False, True)
    )
    return Tail(hedged, plain)


def _seen(settings: Settings, lessons: int, seconds: float, *, hedging: bool) -> Seen:
    tuning = quickened(settings, SPEED, hedging=hedging)
    with opened_rig(settings, replace(tuning, gates=never_impatient(tuning.gates))) as rig:
        rig.watch(Phase(_LEARNING_LESSONS, Pace(speed=SPEED)))
        return rig.watch(Phase(lessons, Pace(speed=SPEED, faults=_STRAGGLERS), seconds))
