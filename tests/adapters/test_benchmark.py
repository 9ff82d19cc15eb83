import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from lessongen.benchmark.emulator import Pace, emulator_process
from lessongen.benchmark.figures import Figure, Target
from lessongen.benchmark.floor import OverFloor
from lessongen.benchmark.rig import Run
from lessongen.benchmark.speedup import OLD_WAY, SpeedUp
from lessongen.benchmark.suite import Measured, Plan
from lessongen.errors import LessonGenError
from lessongen.settings import ROOT

FIGURES = {
    "parallel_over_floor",
    "claim_ms",
    "save_ms",
    "other_ms",
    "parallel_over_floor_20",
    "parallel_over_floor_20_slowest",
    "cpu_ms_per_lesson",
    "speedup",
    "speedup_at_full_length",
}


def figures(result: OverFloor | SpeedUp) -> dict[str, float]:
    return {figure.name: figure.value for figure in result.figures()}


def test_a_quick_run_writes_every_figure_and_prints_a_table(tmp_path: Path):
    report = tmp_path / "figures.json"

    ran = subprocess.run(
        [sys.executable, "-m", "lessongen.cli", "bench", "--quick", "--json", str(report)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "160"},
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )

    assert (ran.returncode, ran.stderr) == (0, "")
    assert all(name in ran.stdout for name in FIGURES)
    assert "Deadlines and timeouts are 600 s" in ran.stdout
    told: dict[str, Any] = json.loads(report.read_text())
    assert set(told) == {*FIGURES, "targets", "lessons", "plan", "machine"}
    assert all(isinstance(told[name], float) for name in FIGURES)
    assert all(isinstance(target["met"], bool) for target in told["targets"].values())
    assert (told["lessons"], told["machine"]["cores"]) == (3, os.cpu_count())


def test_overhead_is_wall_time_over_the_floor_and_says_where_it_went():
    alone = Run((4.4,), claims=(0.1,), saves=(0.2,), floor=4.0, in_turn=20.0, cpu_seconds=0.3)
    many = Run((4.4, 4.8), claims=(0.1, 0.1), saves=(0, 0), floor=4, in_turn=20, cpu_seconds=1)

    told = figures(OverFloor((alone, alone), many))

    assert told == pytest.approx(
        {
            "parallel_over_floor": 1.1,
            "claim_ms": 100,
            "save_ms": 200,
            "other_ms": 100,
            "parallel_over_floor_20": 1.15,
            "parallel_over_floor_20_slowest": 1.2,
            "cpu_ms_per_lesson": 500,
        }
    )


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
