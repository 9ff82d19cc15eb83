import json
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from lessongen.benchmark.emulator import Pace, emulator_process
from lessongen.benchmark.figures import Benchmark, Breakdown, Figure, Target, p95
from lessongen.benchmark.floor import OverFloor
from lessongen.benchmark.limits import most_in_window
from lessongen.benchmark.runs import Run
from lessongen.benchmark.speedup import OLD_WAY, SpeedUp
from lessongen.benchmark.suite import SUITE, Measured, Plan
from lessongen.commands.arguments import BENCHMARKS
from lessongen.errors import LessonGenError
from lessongen.settings import ROOT

FIGURES = {
    "overhead": {
        "overhead_1",
        "overhead_20",
        "overhead_100",
        "overhead_100_slowest",
        "parallel_over_floor",
        "claim_ms",
        "save_ms",
        "other_ms",
        "parallel_over_floor_20",
        "parallel_over_floor_20_slowest",
        "cpu_ms_per_lesson",
        "cpu_ms_per_lesson_100",
        "speedup",
        "speedup_at_full_length",
    },
    "faults": {
        "sections_delivered",
        "p95_over_no_fault",
        "faults_extra_requests",
        "plans_by_a_model",
    },
    "tail": {"tail_p95_ratio", "tail_extra_requests"},
    "limits": {
        "limits_max_in_window",
        "limits_wait_high_s",
        "limits_wait_medium_s",
        "limits_wait_low_s",
    },
    "quality": {
        "detection_min",
        "false_alarm_max",
        "reworded_faults",
        "level_two_off",
        "checks_ms",
        "corruptions",
        "pdf_ms",
    },
    "analytics": {
        "page_s",
        "filter_s",
        "figures_s",
        "figures_filter_s",
        "summing_s",
        "history_s",
    },
}


def figures(result: Benchmark) -> dict[str, float]:
    return {figure.name: figure.value for figure in result.figures()}


@pytest.mark.parametrize("name", FIGURES)
def test_a_quick_run_writes_every_figure_and_prints_a_table(name: str, tmp_path: Path):
    report = tmp_path / "figures.json"

    ran = subprocess.run(
        [sys.executable, "-m", "lessongen.cli", "bench", name, "--quick", "--json", str(report)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "160"},
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )

    assert (ran.returncode, ran.stderr) == (0, "")
    assert all(figure in ran.stdout for figure in FIGURES[name])
    assert f"{name.title()}: " in ran.stdout
    told: dict[str, Any] = json.loads(report.read_text())
    assert set(told) == {*FIGURES[name], "targets", "breakdowns", "lessons", "plan", "machine"}
    assert all(isinstance(told[figure], int | float) for figure in FIGURES[name])
    assert all(isinstance(target["met"], bool) for target in told["targets"].values())
    assert (told["lessons"], told["machine"]["cores"]) == (3, os.cpu_count())


def test_a_table_behind_the_figures_is_shown_with_shares_and_told_by_name():
    table = Breakdown("kinds", ("kind", "count", "found"), (("a", 2, 0.5), ("b", 1, 1.0)))

    assert table.shown() == (("a", "2", "50.0 %"), ("b", "1", "100 %"))
    assert table.by_name()["a"] == {"count": 2, "found": 0.5}
    told = json.loads(Measured(Plan(), (), breakdowns=(table,)).as_json())
    assert told["breakdowns"] == {"kinds": table.by_name()}


def test_every_benchmark_can_be_named_on_the_command_line():
    assert tuple(SUITE) == BENCHMARKS
    assert set(FIGURES) == set(BENCHMARKS)


def test_overhead_is_wall_time_over_the_floor_and_says_where_it_went():
    alone = Run((4.4,), claims=(0.1,), saves=(0.2,), floor=4.0, in_turn=20.0, cpu_seconds=0.3)
    many = Run((4.4, 4.8), claims=(0.1, 0.1), saves=(0, 0), floor=4, in_turn=20, cpu_seconds=1)
    crowd = Run((5, 6, 7), claims=(1, 1, 1), saves=(0, 0, 0), floor=4, in_turn=20, cpu_seconds=3)

    told = figures(OverFloor((alone, alone), (many, many), (crowd,)))

    assert told == pytest.approx(
        {
            "overhead_1": 1.1,
            "overhead_20": 1.15,
            "overhead_100": 1.5,
            "overhead_100_slowest": 1.75,
            "parallel_over_floor": 1.1,
            "claim_ms": 100,
            "save_ms": 200,
            "other_ms": 100,
            "parallel_over_floor_20": 1.15,
            "parallel_over_floor_20_slowest": 1.2,
            "cpu_ms_per_lesson": 500,
            "cpu_ms_per_lesson_100": 1000,
        }
    )


def test_p95_is_what_nineteen_of_twenty_do_not_exceed():
    assert p95(range(1, 21)) == 19
    assert p95([3.0]) == 3.0


@pytest.mark.parametrize(
    ("moments", "most"), [([0, 10, 59.9, 60, 61], 4), ([0, 60, 120], 1), ([], 0)]
)
def test_the_fullest_minute_is_found_wherever_it_begins(moments: list[float], most: int):
    assert most_in_window(moments, 60) == most


def test_the_speed_up_at_full_length_adds_our_own_time_once():
    told = figures(
        SpeedUp(
            sequential=12.3, parallel=2.6, sequential_floor=12.0, parallel_floor=2.3, speed=20.0
        )
    )

    assert told["speedup"] == pytest.approx(12.3 / 2.6)
    assert told["speedup_at_full_length"] == pytest.approx(240.3 / 46.3)


def test_the_old_way_takes_three_to_four_minutes():
    assert 180 <= sum(OLD_WAY.values()) <= 240


@pytest.mark.parametrize(
    ("direction", "value", "met"),
    [("at most", 1.0, True), ("at most", 1.1, False), ("at least", 1.1, True)],
)
def test_a_target_is_met_or_missed(direction: Any, value: float, met: bool):  # noqa: FBT001
    assert Target(direction, 1.05).met_by(value) is met


def test_a_rough_run_judges_nothing_in_its_table():
    missed = (Figure("slowness", 2.0, "how slow", Target("at most", 1.0)),)

    assert "[red]missed" in marks(Measured(Plan(), missed))
    assert "[red]missed" not in marks(Measured(Plan.quick(), missed))


def test_a_detailed_table_is_told_in_json_and_not_shown():
    tables = [
        Breakdown(n, ("kind", "count"), (("a", 2),), detailed=n == "long")
        for n in ("short", "long")
    ]
    result = Measured(Plan(), (), breakdowns=tuple(tables))
    console = Console(record=True, file=StringIO())

    result.show(console)

    shown = console.export_text()
    assert "Short" in shown
    assert "Long" not in shown
    assert set(json.loads(result.as_json())["breakdowns"]) == {"short", "long"}


def marks(result: Measured) -> list[object]:
    return list(result.table().columns[3].cells)


def test_the_emulator_runs_in_a_process_of_its_own_and_can_be_reset():
    with emulator_process() as emulator:
        emulator.reset(Pace({"brief": 1.0}, speed=2.0))

        assert emulator.requests() == []
        with pytest.raises(LessonGenError, match="refused"):
            emulator.reset(Pace({}, speed=0.0))
    with pytest.raises(LessonGenError, match="does not answer"):
        emulator.requests()
