"""Speed-up: the same lesson one section after another, and all sections at the same time."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from lessongen.benchmark.emulator import Pace
from lessongen.benchmark.figures import Figure, Target
from lessongen.benchmark.rig import Rig
from lessongen.benchmark.runs import run

# The old way took 3 to 4 minutes for nine sections: this one takes 221 s.
OLD_WAY = {
    "brief": 5.0,
    "warmup": 15.0,
    "vocabulary": 25.0,
    "reading": 38.0,
    "comprehension": 22.0,
    "discussion": 24.0,
    "grammar": 36.0,
    "pronunciation": 14.0,
    "dialogue": 30.0,
    "wrapup": 12.0,
}


@dataclass(frozen=True, slots=True)
class SpeedUp:
    """Wall seconds of both ways on a clock that runs `speed` times as fast."""

    sequential: float
    parallel: float
    sequential_floor: float
    parallel_floor: float
    speed: float

    def figures(self) -> Sequence[Figure]:
        """Return the speed-up as measured, and at the length such a lesson really has.

        What we add does not shrink when the models are made faster, so the measured figure is
        too low. At full length the models take `speed` times as long, and we add the same.
        """
        ours_in_turn = self.sequential - self.sequential_floor
        ours = self.parallel - self.parallel_floor
        in_turn_at_length = self.sequential_floor * self.speed + ours_in_turn
        at_length = self.parallel_floor * self.speed + ours
        return (
            Figure(
                "speedup",
                self.sequential / self.parallel,
                f"in turn {self.sequential:.2f} s, in parallel {self.parallel:.2f} s, "
                f"models {self.speed:.1f} times as fast",
                Target("at least", 5.0),
            ),
            Figure(
                "speedup_at_full_length",
                in_turn_at_length / at_length,
                f"reckoned: in turn {in_turn_at_length:.0f} s, in parallel {at_length:.1f} s",
            ),
        )


def speed_up(rig: Rig, sequential_seconds: float, repeats: int) -> SpeedUp:
    """Measure the old way once and the new way several times, of which the median counts.

    The models are made so fast that the old way takes `sequential_seconds`.
    """
    pace = Pace(OLD_WAY, sum(OLD_WAY.values()) / sequential_seconds)
    in_turn = run(rig, 1, pace, "sequential")
    parallel = [run(rig, 1, pace) for _ in range(repeats)]
    return SpeedUp(
        sequential=in_turn.walls[0],
        parallel=median(ours.walls[0] for ours in parallel),
        sequential_floor=in_turn.in_turn,
        parallel_floor=median(ours.floor for ours in parallel),
        speed=pace.speed,
    )
