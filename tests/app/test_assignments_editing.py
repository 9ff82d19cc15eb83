import re
from collections.abc import Callable

import pytest

from lessongen.lesson.parts import PARTS
from lessongen.people import LOCAL
from lessongen.store.store import Store
from lessongen.ui.assignments.view import STRATEGY, TAB
from tests.app.editing import (
    ASSIGNMENTS,
    HEDGING,
    SAVE,
    assigned,
    in_force,
    saved,
    shown,
    tables,
    to_versions,
    typed,
)
from tests.app.screen import (
    labels,
    opened,
    pressed,
    sentences,
    text_of,
    turned_to,
)


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
        (
            "reading",
            {"deadline_seconds": 0.5},
            "Reading: the deadline should be from 2 to 600 seconds",
        ),
        (
            "reading",
            {"deadline_seconds": 86_400},
            "Reading: the deadline should be from 2 to 600 seconds",
        ),
        ("reading", {"deadline_seconds": None}, "Reading: the deadline is empty"),
        ("reading", {"slot": None}, "Reading: the slot is empty"),
        ("reading", {"slot": "nowhere"}, "nowhere"),
        ("reading", {"fallbacks": ["primary"]}, "Reading falls back to its own slot"),
        ("reading", {"waits_for": ["reading"]}, "circle"),
        ("brief", {"waits_for": ["reading"]}, "Plan comes first"),
        ("reading", {"priority": "now"}, "Reading: the priority should be high, medium or low"),
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
        (
            {"input_price": -1.0, "output_price": 1.0, "cached_price": 1.0},
            "the input price should be from 0 to 10,000 dollars",
        ),
        ({"input_price": 1.0}, "all three prices, or none"),
        ({"requests_per_minute": 0}, "requests per minute"),
        ({"requests_per_day": -5}, "the requests per day should be a whole number from 1"),
        ({"timeout_seconds": 1e9}, "timeout"),
        ({"model": None}, "the model is empty"),
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


def test_nothing_is_saved_by_somebody_who_is_no_admin_any_more(no_admin: Callable[[], None]):
    page = assigned(opened("assignments"), deadline_seconds=30)
    no_admin()

    saved(page)

    assert in_force().version == 1
    assert not page.data_editor
