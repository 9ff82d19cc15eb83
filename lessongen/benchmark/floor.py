"""Overhead: how much longer a lesson takes than its brief and its slowest section."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import mean

from lessongen.benchmark.emulator import Pace
from lessongen.benchmark.figures import Figure, Target
from lessongen.benchmark.rig import Rig, Run

# A quick lesson on purpose: what we add weighs most where the models take least.
PACE = Pace(
    {
        "brief": 0.8,
        "warmup": 1.2,
        "vocabulary": 2.2,
        "reading": 3.2,
        "comprehension": 1.9,
        "discussion": 2.1,
        "grammar": 3.0,
        "pronunciation": 1.3,
        "dialogue": 2.6,
        "wrapup": 1.0,
    }
)


@dataclass(frozen=True, slots=True)
class OverFloor:
    """Single lessons in turn, and many at once."""

    alone: tuple[Run, ...]
    together: Run

    def figures(self) -> Sequence[Figure]:
        """Return the overheads, where they come from, and the work a lesson costs."""
        lessons = len(self.together.walls)
        alone, many = "one lesson", f"{lessons} lessons at once"
        over = [run.walls[0] / run.floor for run in self.alone]
        over_many = [wall / self.together.floor for wall in self.together.walls]
        claim = mean(run.claims[0] for run in self.alone)
        save = mean(run.saves[0] for run in self.alone)
        whole = mean(run.walls[0] - run.floor for run in self.alone)
        cpu = self.together.cpu_seconds / lessons
        return (
            Figure("parallel_over_floor", mean(over), f"{alone}: wall over floor", _ALONE),
            Figure("claim_ms", claim * 1000, f"{alone}: from queued to claimed"),
            Figure("save_ms", save * 1000, f"{alone}: from the last section to stored"),
            Figure("other_ms", (whole - claim - save) * 1000, f"{alone}: what else we add"),
            Figure("parallel_over_floor_20", mean(over_many), f"{many}: wall over floor", _MANY),
            Figure("parallel_over_floor_20_slowest", max(over_many), f"{many}: the slowest one"),
            Figure("cpu_ms_per_lesson", cpu * 1000, f"{many}: our process’s work for each"),
        )


_ALONE, _MANY = Target("at most", 1.05), Target("at most", 1.15)


def over_floor(rig: Rig, lessons: int, repeats: int, speed: float) -> OverFloor:
    """Measure single lessons, then many at once."""
    pace = Pace(PACE.part_seconds, speed)
    alone = tuple(rig.run(1, "parallel", pace) for _ in range(repeats))
    return OverFloor(alone, rig.run(lessons, "parallel", pace))
