import logging
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from lessongen.administration.strategy_in_force import Overtaken, StrategyInForce
from lessongen.errors import SettingsError
from lessongen.generation.strategy import Strategy
from lessongen.generation.strategy_files import MODELS_FILE, STRATEGIES_FILE
from lessongen.generation.strategy_source import StrategySource
from lessongen.generation.strategy_text import strategy_toml
from lessongen.settings import ROOT
from lessongen.store.store import Store, opened_store
from lessongen.store.strategies import FILES, StrategyVersions
from tests.support.flaky_database import FlakyDatabase


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    for name in (MODELS_FILE, STRATEGIES_FILE):
        shutil.copy(ROOT / "data" / name, folder)
    return folder


@pytest.fixture
def store(tmp_path: Path):
    with opened_store(tmp_path / "lessons.db") as store:
        yield store


def in_force(data: Path, store: Store) -> StrategyInForce:
    return StrategyInForce(StrategySource(data), store.strategies)


def change_files(data: Path, before: str, after: str) -> None:
    path = data / STRATEGIES_FILE
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")


def with_slot(strategy: Strategy, part: str, slot: str) -> Strategy:
    others = [other for other in strategy.assignments[part].slots if other != slot]
    assignment = strategy.assignments[part].among([slot, *others])
    return replace(strategy, assignments={**strategy.assignments, part: assignment})


def saved(strategies: StrategyInForce, strategy: Strategy, by: str = "ada@school.org") -> int:
    number = strategies.save(strategy, by=by, why="a try", after=strategies().version or 0)
    assert isinstance(number, int)
    return number


def test_the_files_are_the_first_version(data: Path, store: Store):
    strategies = in_force(data, store)

    assert strategies().version == 1
    assert strategies() == StrategySource(data)()
    [version] = store.strategies.recent()
    assert (version.saved_by, version.changes) == (FILES, "")


def test_the_same_files_are_no_new_version_after_a_restart(data: Path, store: Store):
    in_force(data, store)()

    assert in_force(data, store)().version == 1


def test_a_change_of_the_files_is_a_version_that_says_what_changed(data: Path, store: Store):
    strategies = in_force(data, store)
    strategies()
    change_files(data, "hedging = false", "hedging = true ")

    assert strategies().hedging
    newest = store.strategies.recent()[0]
    assert (newest.version, newest.saved_by) == (2, FILES)
    assert "hedging" in newest.changes.lower()


def test_a_saved_version_is_in_force_here_and_in_every_other_process(data: Path, store: Store):
    here, elsewhere = in_force(data, store), in_force(data, store)
    elsewhere()

    number = saved(here, with_slot(here(), "reading", "secondary"))

    assert here().version == elsewhere().version == number == 2
    assert elsewhere().assignments["reading"].slot == "secondary"
    assert "Reading" in store.strategies.recent()[0].changes


def test_files_that_change_later_do_not_undo_what_an_admin_saved(data: Path, store: Store):
    strategies = in_force(data, store)
    number = saved(strategies, with_slot(strategies(), "reading", "secondary"))
    change_files(data, "hedging = false", "hedging = true ")

    assert strategies().version == number
    assert not strategies().hedging
    assert strategies.files_differ()


def test_of_two_admins_the_second_is_told_what_the_first_changed(data: Path, store: Store):
    strategies = in_force(data, store)
    seen = strategies()
    saved(strategies, with_slot(seen, "reading", "secondary"), by="ada@school.org")

    answer = strategies.save(
        with_slot(seen, "warmup", "primary"), by="bo@school.org", why="", after=seen.version or 0
    )

    assert isinstance(answer, Overtaken)
    assert answer.newest.saved_by == "ada@school.org"
    assert [change.sentence for change in answer.changes if "Reading" in change.sentence]
    assert not [change for change in answer.changes if "Warm-up" in change.sentence]
    assert strategies().assignments["warmup"].slot == "secondary"


def test_rolling_back_is_saving_an_old_version_again(data: Path, store: Store):
    strategies = in_force(data, store)
    first = strategies()
    saved(strategies, with_slot(first, "reading", "secondary"))

    number = saved(strategies, strategies.version(1))

    assert number == 3
    assert strategies() == first
    assert strategies.compared(1, 3) == ()
    assert strategies.compared(1, 2)


def test_a_version_that_cannot_be_read_leaves_the_last_good_one_in_force(
    data: Path, store: Store, caplog: pytest.LogCaptureFixture
):
    strategies = in_force(data, store)
    first = strategies()
    store.strategies.add("slots = 7", by="ada@school.org", why="", changes="", after=1)

    with caplog.at_level(logging.ERROR):
        assert strategies() == strategies() == first

    assert strategies.trouble
    assert "version 2" in strategies.trouble
    assert caplog.text.count("version 2") == 1


def test_after_a_version_that_cannot_be_read_a_good_one_can_be_saved(data: Path, store: Store):
    strategies = in_force(data, store)
    first = strategies()
    store.strategies.add("slots = 7", by="ada@school.org", why="", changes="", after=1)
    strategies()

    number = saved(strategies, with_slot(first, "reading", "secondary"))

    assert strategies().version == number == 3
    assert strategies.trouble is None


def test_after_a_restart_the_newest_version_that_can_be_read_is_in_force(data: Path, store: Store):
    before = in_force(data, store)
    kept = saved(before, with_slot(before(), "reading", "secondary"))
    store.strategies.add("slots = 7", by="bo@school.org", why="", changes="", after=kept)

    strategies = in_force(data, store)

    assert strategies().version == kept
    assert strategies().assignments["reading"].slot == "secondary"
    assert strategies.trouble
    assert "version 3" in strategies.trouble
    assert saved(strategies, with_slot(strategies(), "warmup", "primary")) == 4
    assert strategies().version == 4
    assert strategies.trouble is None


def test_a_release_with_another_section_keeps_what_an_admin_saved(data: Path, store: Store):
    before = in_force(data, store)
    strategy = with_slot(before(), "reading", "secondary")
    older = replace(
        strategy,
        assignments={
            **{part: kept for part, kept in strategy.assignments.items() if part != "wrapup"},
            "quiz": strategy.assignments["warmup"],
        },
    )
    text = strategy_toml(older)
    store.strategies.add(text, by="ada@school.org", why="", changes="", after=1)

    strategies = in_force(data, store)

    assert strategies().version == 2
    assert strategies.trouble is None
    assert strategies().assignments["reading"].slot == "secondary"
    assert strategies().assignments["wrapup"] == before.files().assignments["wrapup"]
    assert "quiz" not in strategies().assignments


def test_files_of_a_release_with_another_section_are_a_new_version(data: Path, store: Store):
    files = StrategySource(data)()
    parts = {part: kept for part, kept in files.assignments.items() if part != "wrapup"}
    text = strategy_toml(replace(files, assignments=parts))
    store.strategies.add(text, by=FILES, why="", changes="", after=0, fingerprint="older")

    strategies = in_force(data, store)

    assert strategies() == files
    assert strategies().version == 2


def test_broken_files_matter_only_where_no_version_is_saved(data: Path, store: Store):
    (data / STRATEGIES_FILE).write_text("[default", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"strategies\.toml cannot be read"):
        in_force(data, store)()

    shutil.copy(ROOT / "data" / STRATEGIES_FILE, data)
    before = in_force(data, store)
    number = saved(before, with_slot(before(), "reading", "secondary"))
    (data / STRATEGIES_FILE).write_text("[default", encoding="utf-8")

    for strategies in (before, in_force(data, store)):
        assert strategies().version == number
        assert strategies.trouble is None
        assert not strategies.files_differ() or strategies is before


def test_files_that_break_while_they_count_are_told(data: Path, store: Store):
    strategies = in_force(data, store)
    first = strategies()
    (data / STRATEGIES_FILE).write_text("[default", encoding="utf-8")

    assert strategies() == first
    assert strategies.trouble
    assert "strategies.toml cannot be read" in strategies.trouble


def test_a_version_that_is_not_there_is_named(data: Path, store: Store):
    with pytest.raises(SettingsError, match="no version 7"):
        in_force(data, store).version(7)


def test_while_the_database_fails_the_last_known_strategy_is_in_force(data: Path, store: Store):
    flaky = FlakyDatabase(store.database)
    strategies = StrategyInForce(StrategySource(data), StrategyVersions(flaky, store.now))
    known = strategies()
    flaky.failing_reads = 1

    assert strategies() == known
    assert strategies.trouble == "The database lessons.db is busy."
    assert strategies() == known
    assert strategies.trouble is None
