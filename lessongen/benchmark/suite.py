"""The suite: every benchmark in turn, as a table for people and as JSON for programs."""

import json
import os
import platform
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass

from rich.console import Console
from rich.table import Table

from lessongen.benchmark import analytics, faults, limits, tail
from lessongen.benchmark.conditions import UNHURRIED, unhurried
from lessongen.benchmark.figures import Benchmark, Breakdown, Detailed, Figure
from lessongen.benchmark.floor import over_floor
from lessongen.benchmark.quality import benchmark as quality
from lessongen.benchmark.rig import opened_rig
from lessongen.benchmark.speedup import speed_up
from lessongen.settings import Settings


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is measured.

    `lessons` and `crowd` are written at once, `crowds` times; `floor_speed` shortens the lessons
    whose overhead is measured. `faulty` and `tailed` lessons are queued over some seconds, slowly
    enough that it is not our own work which makes them late. Of the sample lessons about so many
    are `checked`. The page of figures has about `rows` attempts behind it, and
    is drawn for so many `visitors`.
    """

    lessons: int = 20
    crowd: int = 100
    repeats: int = 4
    crowds: int = 2
    floor_speed: float = 1.0
    sequential_seconds: float = 30.0
    faulty: int = 200
    faulty_seconds: float = 60.0
    tailed: int = 120
    tailed_seconds: float = 40.0
    limited: int = 18
    checked: int = 1000
    rows: int = 100_000
    visitors: int = 5
    rough: bool = False

    @classmethod
    def quick(cls) -> "Plan":
        """Return a plan of a few seconds, to see that everything works."""
        return cls(
            lessons=3,
            crowd=5,
            repeats=1,
            crowds=1,
            floor_speed=8,
            sequential_seconds=2,
            faulty=6,
            faulty_seconds=1,
            tailed=6,
            tailed_seconds=1,
            limited=3,
            checked=3,
            rows=3000,
            visitors=1,
            rough=True,
        )


@dataclass(frozen=True, slots=True)
class Measured:
    """Everything that was measured, and where."""

    plan: Plan
    figures: tuple[Figure, ...]
    changes: tuple[str, ...] = ()
    breakdowns: tuple[Breakdown, ...] = ()

    def as_json(self) -> str:
        """Return the figures by name, with targets, what is behind them, plan and machine."""
        targets = {
            figure.name: {**asdict(figure.target), "met": figure.target.met_by(figure.value)}
            for figure in self.figures
            if figure.target
        }
        values = {figure.name: round(figure.value, 4) for figure in self.figures}
        about = {"lessons": self.plan.lessons, "plan": asdict(self.plan), "machine": machine()}
        behind = {breakdown.name: breakdown.by_name() for breakdown in self.breakdowns}
        told = {**values, "targets": targets, "breakdowns": behind, **about}
        return json.dumps(told, indent=2) + "\n"

    def show(self, console: Console) -> None:
        """Print the tables, what was changed to measure them, and the machine."""
        console.print(self.table())
        for breakdown in self.breakdowns:
            if not breakdown.detailed:
                console.print(_table(breakdown))
        console.print("\n".join(self.changes))
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


def _table(breakdown: Breakdown) -> Table:
    table = Table(*breakdown.header, title=breakdown.name.capitalize(), title_justify="left")
    for row in breakdown.shown():
        table.add_row(*row)
    for column in table.columns[1:]:
        column.justify = "right"
    return table


@dataclass(frozen=True, slots=True)
class _Entry:
    """One benchmark of the suite, and what is changed to measure it."""

    run: Callable[[Plan, Settings], Iterator[Benchmark]]
    changes: str


def measured(plan: Plan, settings: Settings, names: Sequence[str] = ()) -> Measured:
    """Run the benchmarks of these names, without names all of them.

    Raises:
        LessonGenError: where a lesson went otherwise than planned, so that nothing is measured.
    """
    entries = [SUITE[name] for name in names or SUITE]
    found = [benchmark for entry in entries for benchmark in entry.run(plan, settings)]
    return Measured(
        plan,
        tuple(figure for benchmark in found for figure in benchmark.figures()),
        tuple(entry.changes for entry in entries),
        tuple(
            breakdown
            for benchmark in found
            if isinstance(benchmark, Detailed)
            for breakdown in benchmark.breakdowns()
        ),
    )


def _overhead(plan: Plan, settings: Settings) -> Iterator[Benchmark]:
    with opened_rig(settings, unhurried(settings)) as rig:
        sizes = (plan.lessons, plan.crowd)
        yield over_floor(rig, sizes, plan.repeats, plan.crowds, plan.floor_speed)
        yield speed_up(rig, plan.sequential_seconds, plan.repeats)


def _faults(plan: Plan, settings: Settings) -> Iterator[Benchmark]:
    yield faults.under_faults(settings, plan.faulty, plan.faulty_seconds)


def _tail(plan: Plan, settings: Settings) -> Iterator[Benchmark]:
    yield tail.with_stragglers(settings, plan.tailed, plan.tailed_seconds)


def _limits(plan: Plan, settings: Settings) -> Iterator[Benchmark]:
    yield limits.within_limits(settings, plan.limited)


def _quality(plan: Plan, settings: Settings) -> Iterator[Benchmark]:
    yield quality.of_checks(settings, plan.checked)


def _analytics(plan: Plan, settings: Settings) -> Iterator[Benchmark]:
    del settings  # the page reads its own
    yield analytics.with_history(plan.rows, plan.visitors)


SUITE = {
    "overhead": _Entry(_overhead, f"Overhead: {UNHURRIED}"),
    "faults": _Entry(_faults, faults.CHANGES),
    "tail": _Entry(_tail, tail.CHANGES),
    "limits": _Entry(_limits, limits.CHANGES),
    "quality": _Entry(_quality, quality.CHANGES),
    "analytics": _Entry(_analytics, analytics.CHANGES),
}


def machine() -> dict[str, str | float]:
    """Return what the figures depend on."""
    return {
        "cores": os.cpu_count() or 1,
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        # Above the number of cores, others were at work too, and the figures are too high.
        "load": round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else "unknown",
    }
