"""The suite: every benchmark in turn, as a table for people and as JSON for programs."""

import json
import os
import platform
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from rich.console import Console
from rich.table import Table

from lessongen.benchmark.figures import Benchmark, Figure
from lessongen.benchmark.floor import over_floor
from lessongen.benchmark.rig import CHANGES, Rig, opened_rig
from lessongen.benchmark.speedup import speed_up
from lessongen.settings import Settings


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is measured. `floor_speed` shortens the lessons whose overhead is measured."""

    lessons: int = 20
    repeats: int = 5
    floor_speed: float = 1.0
    sequential_seconds: float = 30.0
    rough: bool = False

    @classmethod
    def quick(cls) -> "Plan":
        """Return a plan of a few seconds, to see that everything works."""
        return cls(lessons=3, repeats=1, floor_speed=8, sequential_seconds=2, rough=True)


@dataclass(frozen=True, slots=True)
class Measured:
    """Everything that was measured, and where."""

    plan: Plan
    figures: tuple[Figure, ...]

    def as_json(self) -> str:
        """Return the figures by name, with targets, plan and machine."""
        targets = {
            figure.name: {**asdict(figure.target), "met": figure.target.met_by(figure.value)}
            for figure in self.figures
            if figure.target
        }
        values = {figure.name: round(figure.value, 4) for figure in self.figures}
        about = {"lessons": self.plan.lessons, "plan": asdict(self.plan), "machine": machine()}
        return json.dumps({**values, "targets": targets, **about}, indent=2) + "\n"

    def show(self, console: Console) -> None:
        """Print the table, what was changed to measure it, and the machine."""
        console.print(self.table())
        console.print(CHANGES)
        console.print(", ".join(f"{name} {value}" for name, value in machine().items()))

    def table(self) -> Table:
        """Return the figures as a table."""
        table = Table("Figure", "Value", "Target", "", "What it is")
        table.columns[0].no_wrap = True
        for figure in self.figures:
            target, mark = "", ""
            if figure.target and not self.plan.rough:
                target = f"{figure.target.direction} {figure.target.bound:g}"
                mark = "[green]met" if figure.target.met_by(figure.value) else "[red]missed"
            table.add_row(figure.name, f"{figure.value:.3f}", target, mark, figure.meaning)
        return table


def measured(plan: Plan, settings: Settings) -> Measured:
    """Run every benchmark.

    Raises:
        LessonGenError: where a lesson went otherwise than planned, so that nothing is measured.
    """
    with opened_rig(settings) as rig:
        results = list(_benchmarks(rig, plan))
    return Measured(plan, tuple(figure for found in results for figure in found.figures()))


def _benchmarks(rig: Rig, plan: Plan) -> Iterator[Benchmark]:
    yield over_floor(rig, plan.lessons, plan.repeats, plan.floor_speed)
    yield speed_up(rig, plan.sequential_seconds, plan.repeats)


def machine() -> dict[str, str | float]:
    """Return what the figures depend on."""
    return {
        "cores": os.cpu_count() or 1,
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        # Above the number of cores, others were at work too, and the figures are too high.
        "load": round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else "unknown",
    }
