import re
from collections.abc import Callable, Generator
from dataclasses import replace
from typing import Any, cast

import pytest
from streamlit import config
from streamlit.testing.v1 import AppTest

from lessongen.administration.strategy_in_force import StrategyInForce
from lessongen.generation.events import Attempt
from lessongen.generation.strategy import Strategy
from lessongen.generation.strategy_changes import differences
from lessongen.generation.strategy_files import parsed_strategy
from lessongen.generation.strategy_rules import PARTS
from lessongen.generation.strategy_text import strategy_toml
from lessongen.people import LOCAL
from lessongen.store.attempts import attempt_row
from lessongen.store.store import Store
from lessongen.ui.assignments.view import NOW, RULES, STRATEGY, SUGGESTIONS, TAB, VERSIONS
from lessongen.ui.drawing import plain
from lessongen.ui.resources import services
from tests.app import kept
from tests.app.screen import (
    field,
    labels,
    opened,
    pressed,
    sentences,
    text_of,
    turned_to,
)

ADA = "ada@school.org"
SAVE = "Save as a new version"
READING = PARTS.index("reading")
ASSIGNMENTS, SLOTS, HEDGING = "assignments-table-", "slots-table-", "assignments-hedging-"


def strategies() -> StrategyInForce:
    return services().strategies


def in_force() -> Strategy:
    return services().strategy


def tables(page: AppTest) -> tuple[str, str]:
    """Return the keys of the table of assignments and of that of slots."""
    keys = [str(table.key) for table in page.data_editor]
    [assignments] = [key for key in keys if key.startswith(ASSIGNMENTS)]
    [slots] = [key for key in keys if key.startswith(SLOTS)]
    return assignments, slots


def typed(
    page: AppTest,
    table: str,
    *,
    rows: dict[int, Any] | None = None,
    added: Any = (),
    gone: Any = (),
) -> AppTest:
    """Edit a table as the browser tells it: cells by row, rows that were added, rows gone."""
    before = page.session_state[table]
    page.session_state[table] = {
        "edited_rows": {**before["edited_rows"], **(rows or {})},
        "added_rows": [*before["added_rows"], *added],
        "deleted_rows": [*before["deleted_rows"], *gone],
    }
    return page.run()


def assigned(page: AppTest, part: str = "reading", **cells: object) -> AppTest:
    """Edit the row of a part in the table of assignments."""
    return typed(page, tables(page)[0], rows={PARTS.index(part): cells})


def saved(page: AppTest, why: str = "a try") -> AppTest:
    field(page.text_input, "Why").set_value(why)
    return pressed(page, SAVE)


def shown(page: AppTest, part: str, column: str) -> object:
    """Return what the table of assignments was filled with."""
    frame = page.data_editor(key=tables(page)[0]).value
    value = cast("list[Any]", frame[column].tolist())[PARTS.index(part)]
    return list(value) if column in {"fallbacks", "waits_for"} else value


def saved_elsewhere(part: str, by: str = ADA, why: str = "quicker", **fields: object) -> int:
    """Save a version as another admin does at the same time."""
    newest = in_force()
    changed = newest.assignments[part].model_copy(update=fields)
    strategy = replace(newest, assignments={**newest.assignments, part: changed})
    number = strategies().save(strategy, by=by, why=why, after=newest.version or 0)
    assert isinstance(number, int)
    return number


def box(page: AppTest, key: str) -> str:
    return str(text_of(page.container(key=key)))  # pyright: ignore[reportArgumentType] - has the same lists


def read(text: str) -> str:
    """Return text as it is read: without what keeps it from acting."""
    return text.replace("\\", "").replace("\u2060", "")


def to_versions(page: AppTest) -> AppTest:
    page.session_state[TAB] = VERSIONS
    return page.run()


def test_the_page_says_what_it_is_for_and_shows_what_is_in_force():
    page = opened("assignments")

    assert not page.exception
    assert "Which model writes which section of a lesson" in text_of(page)
    assert shown(page, "reading", "slot") == in_force().assignments["reading"].slot
    assert "You see version 1. Nothing is changed." in text_of(page)
    assert SAVE not in labels(page)


def test_without_a_key_the_page_says_that_the_models_are_samples():
    assert "an emulator answers in place of these models" in text_of(opened("assignments"))


def test_with_a_key_nothing_is_said_of_samples(key: str):
    assert key
    assert "emulator" not in text_of(opened("assignments"))


def test_what_saving_would_change_is_listed_and_nothing_is_saved_yet():
    page = assigned(opened("assignments"), deadline_seconds=30)

    assert "Not saved yet: 1 change" in text_of(page)
    assert "Reading: deadline 20 s → 30 s" in text_of(page)
    assert in_force().version == 1


def test_a_saved_edit_is_a_version_with_who_when_what_and_why(store: Store):
    page = assigned(opened("assignments"), slot="secondary", fallbacks=["experimental", "primary"])

    saved(page, "the reading took too long")

    reading = in_force().assignments["reading"]
    assert (reading.slot, reading.fallbacks) == ("secondary", ("experimental", "primary"))
    newest = store.strategies.recent()[0]
    assert (newest.version, newest.saved_by) == (2, LOCAL)
    assert newest.why == "the reading took too long"
    assert "slot primary → secondary" in newest.changes
    assert newest.saved_at > 0
    assert "You see version 2. Nothing is changed." in text_of(page)
    assert shown(page, "reading", "slot") == "secondary"


def test_an_edit_is_not_saved_without_a_reason_and_stays():
    page = assigned(opened("assignments"), deadline_seconds=30)

    saved(page, "  ")

    assert sentences(page.warning) == ["Please say in a few words why, then save again."]
    assert in_force().version == 1
    assert "Reading: deadline 20 s → 30 s" in text_of(page)


def test_a_second_edit_is_saved_on_top_of_the_first():
    page = saved(assigned(opened("assignments"), deadline_seconds=30))

    saved(assigned(page, "warmup", priority="high"))

    assert in_force().version == 3
    assert in_force().assignments["reading"].deadline_seconds == 30
    assert in_force().assignments["warmup"].priority == "high"


@pytest.mark.parametrize(
    ("part", "cells", "told"),
    [
        ("reading", {"deadline_seconds": 0.5}, "Reading: deadline"),
        ("reading", {"deadline_seconds": 86_400}, "Reading: deadline"),
        ("reading", {"deadline_seconds": None}, "Reading: deadline is empty"),
        ("reading", {"slot": None}, "Reading: slot is empty"),
        ("reading", {"slot": "nowhere"}, "nowhere"),
        ("reading", {"fallbacks": ["primary"]}, "Reading falls back to its own slot"),
        ("reading", {"waits_for": ["reading"]}, "circle"),
        ("brief", {"waits_for": ["reading"]}, "The brief comes first"),
        ("reading", {"priority": "now"}, "Reading: priority"),
    ],
)
def test_an_assignment_that_cannot_be_is_refused_with_the_reason_and_stays(
    part: str, cells: dict[str, object], told: str
):
    page = assigned(opened("assignments"), part, **cells)

    [error] = sentences(page.error)
    assert told in error
    assert SAVE not in labels(page)
    assert in_force().version == 1
    kept = page.session_state[tables(page)[0]]["edited_rows"]
    assert kept == {PARTS.index(part): cells}


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"input_price": -1.0, "output_price": 1.0, "cached_price": 1.0}, "input price"),
        ({"input_price": 1.0}, "all three prices, or none"),
        ({"requests_per_minute": 0}, "requests per minute"),
        ({"requests_per_day": -5}, "requests per day"),
        ({"timeout_seconds": 1e9}, "timeout"),
        ({"model": None}, "model is empty"),
        ({"model": "gemini 3 <b>"}, "model"),
        ({"name": "Primary"}, "is no name for a slot"),
        ({"name": "secondary"}, "Secondary has 2 rows"),
        ({"thinking": "deep"}, "thinking"),
    ],
)
def test_a_slot_that_cannot_be_is_refused_with_the_reason_and_nothing_is_half_saved(
    cells: dict[str, object], told: str
):
    page = assigned(opened("assignments"), "warmup", priority="high")

    typed(page, tables(page)[1], rows={0: cells})

    assert any(told in error for error in sentences(page.error))
    assert SAVE not in labels(page)
    assert in_force().version == 1
    assert in_force().assignments["warmup"].priority == "low"


def test_a_fault_that_is_mended_can_be_saved():
    page = assigned(opened("assignments"), deadline_seconds=0.5)
    refused = sentences(page.error)

    saved(assigned(page, deadline_seconds=25))

    assert refused
    assert not page.error
    assert in_force().assignments["reading"].deadline_seconds == 25


def test_every_fault_is_told_at_once():
    page = typed(
        opened("assignments"),
        f"{ASSIGNMENTS}0",
        rows={0: {"deadline_seconds": 0}, 1: {"slot": None}, 2: {"priority": None}},
    )

    [error] = sentences(page.error)
    assert len(re.findall("^- ", error, re.MULTILINE)) == 3


def test_a_slot_can_be_added_used_and_removed_again():
    page = opened("assignments")
    limits = {
        "enabled": True,
        "timeout_seconds": 20,
        "first_event_seconds": 10,
        "idle_seconds": 5,
        "max_output_tokens": 6000,
        "concurrency": 8,
        "requests_per_minute": 60,
        "input_tokens_per_minute": 250_000,
        "requests_per_day": 1000,
    }
    typed(
        page, tables(page)[1], added=[{"name": "tiny", "model": "gemini-3.5-flash-lite"} | limits]
    )
    saved(assigned(page, "warmup", slot="tiny"))
    with_slot = in_force()

    typed(page, tables(page)[1], gone=[3])
    refused = sentences(page.error)
    saved(assigned(page, "warmup", slot="secondary"))

    assert with_slot.assignments["warmup"].slot == "tiny"
    assert with_slot.slots["tiny"].requests_per_day == 1000
    assert len(refused) == 1
    assert "tiny" in refused[0]
    assert "tiny" not in in_force().slots


def test_a_slot_can_be_switched_off_and_priced():
    page = opened("assignments")
    prices = {"input_price": 1, "output_price": 2.5, "cached_price": 0}

    saved(typed(page, tables(page)[1], rows={1: {"enabled": False, "thinking": None} | prices}))

    secondary = in_force().slots["secondary"]
    assert not secondary.enabled
    assert secondary.thinking is None
    assert secondary.prices is not None
    assert secondary.prices.model_dump() == {"input": 1, "output": 2.5, "cached": 0}


def test_list_prices_are_shown_where_a_slot_has_none_of_its_own():
    page = opened("assignments")
    [prices] = [table.value for table in page.dataframe if "From" in table.value.columns]

    assert prices["From"].tolist() == ["Google’s list", "Google’s list", "your own"]
    listed = in_force().slots["primary"].pricing
    assert listed is not None
    assert prices["Input"].tolist()[0] == listed.input


def test_hedging_of_all_is_switched_and_of_one_section_chosen():
    page = opened("assignments")
    page.toggle(key=f"{HEDGING}0").set_value(True)
    page.run()

    saved(assigned(page, hedging="never"))

    assert in_force().hedging
    assert in_force().assignments["reading"].hedging is False


def test_dropped_edits_leave_what_is_in_force():
    page = assigned(opened("assignments"), deadline_seconds=30)

    pressed(page, "Drop my edits")

    assert "Nothing is changed." in text_of(page)
    assert page.session_state[tables(page)[0]]["edited_rows"] == {}


def test_edits_survive_a_look_at_another_page():
    page = assigned(opened("assignments"), fallbacks=["experimental"])
    typed(page, tables(page)[1], rows={0: {"requests_per_minute": 7}}, gone=[2])
    before = sentences(page.error)

    turned_to(page, "library")
    turned_to(page, "assignments")

    assert shown(page, "reading", "fallbacks") == ["experimental"]
    assert sentences(page.error) == before
    assert before


def test_edits_survive_a_look_at_the_versions():
    page = assigned(opened("assignments"), deadline_seconds=30)

    to_versions(page)
    page.session_state[TAB] = STRATEGY
    page.run()

    assert "Reading: deadline 20 s → 30 s" in text_of(page)


def test_a_version_saved_elsewhere_is_shown_where_nothing_was_edited():
    page = opened("assignments")
    saved_elsewhere("reading", deadline_seconds=33.0)

    page.run()

    assert shown(page, "reading", "deadline_seconds") == 33
    assert "You see version 2." in text_of(page)


def test_the_second_of_two_admins_is_told_who_saved_what_and_keeps_the_edits():
    page = assigned(opened("assignments"), deadline_seconds=30)
    saved_elsewhere("warmup", priority="high", why="warm-ups come late")

    saved(page)

    assert in_force().version == 2
    told = box(page, "assignments-conflict")
    assert "version 2 was saved" in told
    assert "ada@school.org" in read(told)
    assert "warm-ups come late" in read(told)
    assert "Warmup: priority low → high" in told
    assert "Reading: deadline 20 s → 30 s" in box(page, "assignments-saving")
    assert SAVE not in labels(page)


def test_edits_redone_on_top_of_a_newer_version_lose_nothing_of_either():
    page = assigned(opened("assignments"), deadline_seconds=30)
    saved_elsewhere("warmup", priority="high")
    page.run()

    pressed(page, "Redo my edits on top of version 2")
    before_saving = in_force().version
    saved(page)

    assert before_saving == 2
    assert in_force().version == 3
    assert in_force().assignments["reading"].deadline_seconds == 30
    assert in_force().assignments["warmup"].priority == "high"


def test_where_both_changed_the_same_both_values_are_told_and_mine_is_taken_when_redone():
    page = assigned(opened("assignments"), deadline_seconds=30)
    saved_elsewhere("reading", deadline_seconds=40.0)
    page.run()
    told = box(page, "assignments-conflict")

    pressed(page, "Redo my edits on top of version 2")

    assert "You both changed one thing" in told
    assert "deadline 20 s → 40 s" in told
    assert "deadline 20 s → 30 s" in told
    assert "Reading: deadline 40 s → 30 s" in text_of(page)


def test_dropping_mine_after_a_conflict_takes_theirs():
    page = assigned(opened("assignments"), deadline_seconds=30)
    saved_elsewhere("warmup", priority="high")
    page.run()

    pressed(page, "Drop mine, take theirs")

    assert shown(page, "warmup", "priority") == "high"
    assert shown(page, "reading", "deadline_seconds") == 20
    assert "You see version 2. Nothing is changed." in text_of(page)


def test_of_two_pages_open_at_once_the_second_to_save_is_told():
    one, other = opened("assignments"), opened("assignments")
    saved(assigned(one, deadline_seconds=30), "the first")

    field(assigned(other, "warmup", priority="high").text_input, "Why").set_value("the second")
    other.run()

    assert "the first" in box(other, "assignments-conflict")
    assert SAVE not in labels(other)
    assert in_force().version == 2


def test_versions_are_listed_newest_first_with_who_when_what_and_why():
    saved_elsewhere("reading", deadline_seconds=33.0, why="<b>slow</b> :smile:")
    page = to_versions(opened("assignments"))

    told = box(page, "version-2")
    assert "Version 2 · in force" in told
    assert "&lt;b&gt;slow" in told
    assert ":smile:" not in told
    assert "ada@school.org" in read(told)
    assert "Reading: deadline 20 s → 33 s" in told
    assert "the files in data/" in read(box(page, "version-1"))


def test_any_two_versions_can_be_compared():
    saved_elsewhere("reading", deadline_seconds=33.0)
    saved_elsewhere("warmup", priority="high")
    page = to_versions(opened("assignments"))

    page.selectbox(key="compare-from").set_value(1)
    page.selectbox(key="compare-to").set_value(3).run()

    told = text_of(page)
    assert "Reading: deadline 20 s → 33 s" in told
    assert "Warmup: priority low → high" in told


def test_going_back_shows_what_changes_and_is_a_new_version_when_confirmed(store: Store):
    first = in_force()
    saved_elsewhere("reading", deadline_seconds=33.0)
    page = to_versions(opened("assignments"))

    page.button(key="back-1").click().run()
    asked = box(page, "assignments-back")
    before_confirming = in_force().version
    pressed(page, "Go back to version 1")

    assert "Reading: deadline 33 s → 20 s" in asked
    assert before_confirming == 2
    assert in_force() == first
    newest = store.strategies.recent()[0]
    assert (newest.version, newest.saved_by, newest.why) == (3, LOCAL, "Back to version 1")
    assert "Go back to version 1" not in labels(page)


def test_going_back_can_be_left():
    saved_elsewhere("reading", deadline_seconds=33.0)
    page = to_versions(opened("assignments"))
    page.button(key="back-1").click().run()

    pressed(page, "Leave it as it is")

    assert in_force().version == 2
    assert "Go back to version 1" not in labels(page)


def test_going_back_is_asked_again_where_somebody_saved_meanwhile():
    saved_elsewhere("reading", deadline_seconds=33.0)
    page = to_versions(opened("assignments"))
    page.button(key="back-1").click().run()
    saved_elsewhere("warmup", priority="high")

    pressed(page, "Go back to version 1")

    assert in_force().version == 3
    assert "Warmup: priority high → low" in box(page, "assignments-back")


def test_a_version_that_cannot_be_read_is_named_and_the_others_stay(store: Store):
    assert in_force().version == 1
    store.strategies.add("slots = 7", by=ADA, why="broken", changes="", after=1)
    page = to_versions(opened("assignments"))

    assert not page.exception
    assert any("version 2" in error for error in sentences(page.error))
    assert "broken" in box(page, "version-2")


def test_a_version_that_cannot_be_read_stops_nobody_from_saving_another(store: Store):
    assert in_force().version == 1
    store.strategies.add("slots = 7", by=ADA, why="broken", changes="", after=1)
    page = assigned(opened("assignments"), deadline_seconds=30)

    saved(page)

    assert in_force().version == 3
    assert in_force().assignments["reading"].deadline_seconds == 30
    assert not page.error


def imported(page: AppTest, text: str | bytes, name: str = "strategy.toml") -> AppTest:
    content = text if isinstance(text, bytes) else text.encode()
    [uploader] = page.file_uploader
    return uploader.upload(name, content).run()


def test_an_exported_strategy_says_what_is_in_force_and_imports_without_a_change():
    text = strategy_toml(in_force())
    page = imported(opened("assignments"), text)

    assert parsed_strategy(text) == in_force()
    assert "Nothing: it says the same as the version in force." in text_of(page)


def test_an_import_is_shown_as_differences_then_put_into_the_tables_then_saved(store: Store):
    text = strategy_toml(in_force()).replace("deadline_seconds = 20", "deadline_seconds = 21")
    assert in_force() != parsed_strategy(text)
    page = imported(opened("assignments"), text)
    told, version = text_of(page), in_force().version

    page.button(key="put-import").click().run()
    in_tables = shown(page, "reading", "deadline_seconds"), in_force().version
    pressed(page, SAVE)

    assert "Reading: deadline 20 s → 21 s" in told
    assert version == 1
    assert in_tables == (21, 1)
    assert differences(in_force(), parsed_strategy(text)) == ()
    assert store.strategies.recent()[0].why == "Imported from strategy.toml"


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("deadline_seconds = 10", "deadline_seconds = 0.1", "mine.toml, line"),
        ('slot = "primary"', 'slot = "nowhere"', "nowhere"),
        ("[default.reading]", "[default.raeding]", "for reading"),
        ("[slots.primary]", "[slots.primary", "cannot be read"),
        ("[retired]", "#" * 200_000, "longer than"),
        ("input = 1.5", "input = -1.5", "greater than or equal to 0"),
        ('model = "gemini', 'modell = "gemini', "modell"),
    ],
)
def test_an_import_that_cannot_be_is_refused_with_file_and_reason(
    before: str, after: str, told: str
):
    text = strategy_toml(in_force())
    assert before in text

    page = imported(opened("assignments"), text.replace(before, after, 1), "mine.toml")

    assert not page.exception
    [error] = sentences(page.error)
    assert error.startswith("mine.toml")
    assert told in error
    assert in_force().version == 1


def test_an_import_that_is_no_text_is_refused():
    page = imported(opened("assignments"), b"\xff\xfe\x00", "mine.toml")

    assert sentences(page.error) == ["mine.toml is not a text in UTF-8."]


def test_files_that_differ_from_what_was_saved_are_told_and_can_be_taken_over():
    files = in_force()
    saved_elsewhere("reading", deadline_seconds=33.0)
    page = opened("assignments")
    told = [found.label for found in page.expander]

    page.button(key="put-files").click().run()
    pressed(page, SAVE)

    assert "The files in data/ say something else than the version in force" in told
    assert in_force() == files
    assert in_force().version == 3
    assert not [found for found in page.expander if "files in data/" in found.label]


@pytest.fixture
def no_admin() -> Generator[Callable[[], None]]:
    """Return what takes the role of an admin from the person at the page."""
    address = config.get_option("server.address")
    yield lambda: config.set_option("server.address", "0.0.0.0")
    config.set_option("server.address", address)


def test_nothing_is_saved_by_somebody_who_is_no_admin_any_more(no_admin: Callable[[], None]):
    page = assigned(opened("assignments"), deadline_seconds=30)
    no_admin()

    saved(page)

    assert in_force().version == 1
    assert not page.data_editor


def test_nobody_goes_back_who_is_no_admin_any_more(no_admin: Callable[[], None]):
    saved_elsewhere("reading", deadline_seconds=33.0)
    page = to_versions(opened("assignments"))
    page.button(key="back-1").click().run()
    no_admin()

    pressed(page, "Go back to version 1")

    assert in_force().version == 2


def answered(store: Store, part: str, slot: str, seconds: float, answers: int) -> None:
    """Keep answers of a slot in a sample lesson."""
    lesson = store.lessons_of(LOCAL).get(kept.queued(store))
    assert lesson is not None
    model = in_force().slots[slot].model
    attempt = Attempt(part, slot, model, "first", "p", 0.0, cost=0.01, outcome="written")
    for number in range(answers):
        one = replace(attempt, total_seconds=seconds + 0.1 * (number % 5))
        store.attempts.add([attempt_row(lesson, one, float(number))])


def test_a_suggestion_is_put_into_the_table_and_only_saved_by_a_person(store: Store):
    answered(store, "reading", "primary", 5.0, 120)
    answered(store, "reading", "secondary", 2.0, 60)
    page = assigned(opened("assignments"), "warmup", priority="high")
    page.session_state[TAB] = SUGGESTIONS
    pressed(page.run(), "Suggest")

    pressed(page, "Put into the table")
    in_table = shown(page, "reading", "slot"), shown(page, "reading", "fallbacks")
    before_saving = in_force().version
    saved(page)

    assert page.session_state[TAB] == STRATEGY
    assert in_table == ("secondary", ["primary", "experimental"])
    assert before_saving == 1
    assert in_force().assignments["reading"].slot == "secondary"
    assert in_force().assignments["warmup"].priority == "high"


@pytest.mark.parametrize(
    ("tab", "told"),
    [(NOW, "slots"), (RULES, "Parallel mode"), (SUGGESTIONS, "Compares what the models made")],
)
def test_every_part_of_the_page_is_there(tab: str, told: str):
    page = opened("assignments")

    page.session_state[TAB] = tab
    page.run()

    assert not page.exception
    assert told in text_of(page)
    assert page.data_editor


def test_before_anything_was_measured_the_preview_says_so():
    page = opened("assignments")

    assert "is not known yet" in box(page, "assignments-preview")


def test_what_was_measured_is_told_as_a_preview_of_a_whole_lesson(store: Store):
    answered(store, "reading", "primary", 5.0, 1)
    answered(store, "reading", "secondary", 2.0, 1)
    page = assigned(opened("assignments"), slot="secondary", fallbacks=[])

    told = read(box(page, "assignments-preview"))

    assert "As it is in force: About 5 s" in told
    assert "With your edits: About 2 s" in told


def test_whatever_somebody_wrote_is_shown_as_text():
    hostile = "![x](http://attacker.example) <b>x</b> :red[x]"
    saved_elsewhere("reading", by=hostile, why=hostile, deadline_seconds=33.0)
    page = to_versions(opened("assignments"))

    told = box(page, "version-2")

    assert plain(hostile) in told
    assert hostile not in told
