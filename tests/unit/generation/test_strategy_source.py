import logging
from pathlib import Path

import pytest

from lessongen.errors import SettingsError
from lessongen.generation.strategy_source import StrategySource
from tests.unit.generation.test_strategy_files import MODELS, STRATEGIES, changed


def write(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text, encoding="utf-8")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    write(tmp_path, "models.toml", MODELS)
    write(tmp_path, "strategies.toml", STRATEGIES)
    return tmp_path


def test_a_change_of_the_files_holds_from_the_next_look(data: Path):
    source = StrategySource(data)
    before = source()
    write(
        data,
        "strategies.toml",
        changed(STRATEGIES, "deadline_seconds = 20", "deadline_seconds = 30.5"),
    )

    assert source().assignments["brief"].deadline_seconds == 30.5
    assert before.assignments["brief"].deadline_seconds == 20


def test_unchanged_files_are_not_read_again(data: Path):
    source = StrategySource(data)

    assert source() is source()


def test_a_change_that_cannot_be_used_leaves_the_last_good_strategy_in_force(
    data: Path, caplog: pytest.LogCaptureFixture
):
    source = StrategySource(data)
    good = source()
    write(data, "strategies.toml", changed(STRATEGIES, 'slot = "main"', 'slot = "mian!"'))

    with caplog.at_level(logging.ERROR):
        assert source() is good
        assert source() is good
    assert source.trouble
    assert source.trouble.startswith("strategies.toml, line 3: brief names the slot “mian!”")
    assert len(caplog.records) == 1

    write(data, "strategies.toml", STRATEGIES)
    assert source() == good
    assert source.trouble is None


def test_files_that_vanish_leave_the_last_good_strategy_in_force(data: Path):
    source = StrategySource(data)
    good = source()
    (data / "models.toml").unlink()

    assert source() is good
    assert source.trouble == "models.toml is missing from the data folder."


def test_without_a_good_strategy_there_is_none_to_begin_with(data: Path):
    write(data, "models.toml", "[slots")

    source = StrategySource(data)

    for _ in range(2):
        with pytest.raises(SettingsError, match=r"models\.toml cannot be read"):
            source()
