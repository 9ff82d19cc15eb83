"""Overhead: how much longer a lesson takes than its brief and its slowest section."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import mean

from lessongen.benchmark.emulator import Pace
from lessongen.benchmark.figures import Figure, Target
from lessongen.benchmark.rig import Rig
from lessongen.benchmark.runs import Run, run

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
_ALONE, _MANY, _CROWD = (Target("at most", bound) for bound in (1.03, 1.10, 1.25))


@dataclass(frozen=True, slots=True)
class OverFloor:
    """Single lessons in turn, many at once, and a crowd, each measured a few times."""

    alone: tuple[Run, ...]
    many: tuple[Run, ...]
    crowd: tuple[Run, ...]

    def figures(self) -> Sequence[Figure]:
        """Return the overheads, where they come from, and the work a lesson costs."""
        many, crowd = (f"{len(runs[0].walls)} lessons at once" for runs in (self.many, self.crowd))
        alone_over, many_over, crowd_over = map(_over, (self.alone, self.many, self.crowd))
        claim = mean(run.claims[0] for run in self.alone)
        save = mean(run.saves[0] for run in self.alone)
        whole = mean(run.walls[0] - run.floor for run in self.alone)
        return (
            Figure("overhead_1", mean(alone_over), "one lesson: wall over floor", _ALONE),
            Figure("overhead_20", mean(many_over), f"{many}: wall over floor", _MANY),
            Figure("overhead_100", mean(crowd_over), f"{crowd}: wall over floor", _CROWD),
            Figure("overhead_100_slowest", max(crowd_over), f"{crowd}: the slowest one"),
            Figure("parallel_over_floor", mean(alone_over), "the same as overhead_1", _ALONE),
            Figure("claim_ms", claim * 1000, "one lesson: from queued to claimed"),
            Figure("save_ms", save * 1000, "one lesson: from the last section to stored"),
            Figure("other_ms", (whole - claim - save) * 1000, "one lesson: what else we add"),
            Figure("parallel_over_floor_20", mean(many_over), "the same as overhead_20", _MANY),
            Figure("parallel_over_floor_20_slowest", max(many_over), f"{many}: the slowest one"),
            Figure("cpu_ms_per_lesson", _cpu_ms(self.many), f"{many}: our process’s work for each"),
            Figure("cpu_ms_per_lesson_100", _cpu_ms(self.crowd), f"{crowd}: the same"),
        )


def over_floor(
    rig: Rig, sizes: tuple[int, int], repeats: int, crowds: int, speed: float
) -> OverFloor:
    """Measure single lessons, then many and a crowd at once: `sizes` has their numbers."""
    pace = Pace(PACE.part_seconds, speed)
    alone = tuple(run(rig, 1, pace) for _ in range(repeats))
    many, crowd = (tuple(run(rig, size, pace) for _ in range(crowds)) for size in sizes)
    return OverFloor(alone, many, crowd)


def _over(runs: Sequence[Run]) -> list[float]:
    return [wall / run.floor for run in runs for wall in run.walls]


def _cpu_ms(runs: Sequence[Run]) -> float:
    return mean(run.cpu_seconds / len(run.walls) for run in runs) * 1000
