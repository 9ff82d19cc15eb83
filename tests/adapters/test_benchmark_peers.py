import json
import sys
from pathlib import Path

import pytest

from tests.peers.__main__ import as_json
from tests.peers.bench import BARE, OURS, SECTIONS_AT_ONCE, Compared, Pass, Sizes, compared
from tests.peers.task import Taken


def passes(cpu_seconds: float) -> dict[int, list[Pass]]:
    walls = [2.2, 2.4, 2.2]
    taken = Taken(walls, cpu_seconds, peak_rss_mb=80.0, characters=[9, 9, 9])
    return {3: [Pass(taken, floor=2.0)]}


def test_we_and_the_sdk_alone_write_the_same_answers_to_their_end():
    stacks = {stack: Path(sys.executable) for stack in (OURS, BARE)}

    result = compared(stacks, Sizes(lessons=(1, 2), passes=1, seconds=0.2))

    told = json.loads(as_json(result))
    assert told["cpu_over_bare"] > 0
    assert told["ours_cpu_ms_2"] > 0
    assert told["ours_over_floor_1"] > 1
    assert told["bare_rss_mb_2"] > 20
    assert "cpu_over_best_peer" not in told
    assert set(told["targets"]) == {"cpu_over_bare"}


def test_we_are_compared_with_the_peer_that_works_least():
    result = Compared({OURS: passes(0.24), BARE: passes(0.12), "a": passes(0.9), "b": passes(0.6)})

    told = {figure.name: figure.value for figure in result.figures()}

    assert told["cpu_over_bare"] == pytest.approx(2.0)
    assert told["cpu_over_best_peer"] == pytest.approx(0.4)
    assert told["b_cpu_ms_3"] == pytest.approx(600 / 3 / SECTIONS_AT_ONCE)
    assert told["ours_over_floor_3"] == pytest.approx(1.1)
