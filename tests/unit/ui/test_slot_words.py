import math
from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessongen.people import LOCAL
from lessongen.store.slot_orders import SlotOrder
from lessongen.store.slots import SlotRecord
from lessongen.ui.slot_words import SlotState, busy, clock_time, duration, slot_state

NOW = datetime(2026, 11, 24, 14, 5).timestamp()  # noqa: DTZ001 - the reader's own clock
OPEN = SlotRecord("primary", "m", "closed", None, None, 2, 24, 1, 41, NOW)
BY_HAND = replace(OPEN, opens_at=math.inf, reason="closed by hand", by_hand=True)


def order(*, closed: bool, given_at: float = NOW - 60, by: str = "ann@school.example") -> SlotOrder:
    return SlotOrder("primary", closed, given_at, by)


def closed(seconds: float, reason: str | None = None) -> SlotRecord:
    return replace(OPEN, breaker="open", opens_at=NOW + seconds, reason=reason)


def can(state: SlotState) -> tuple[bool, bool]:
    """Return whether a slot can be closed, and whether it can be opened."""
    return state.closable, state.openable


def test_an_open_slot_can_be_closed():
    state = slot_state(OPEN, None, NOW)

    assert (state.words, can(state)) == ("open", (True, False))
    assert busy(OPEN) == "2 of 24 places in use · 1 waiting · 41 requests this minute"
    assert busy(replace(OPEN, requests_this_minute=1)).endswith("· 1 request this minute")


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("429: You exceeded your quota", "closed for 40 s: too many requests"),
        ("404: models/m is not found", "closed for 40 s: there is no such model"),
        ("403: denied", "closed for 40 s: the key is not accepted"),
        ("503: overloaded", "closed for 40 s: the server failed"),
        ("418: teapot", "closed for 40 s: the server refused the request"),
        ("no sign of life within 10 s", "closed for 40 s: no sign of life within 10 s"),
        (None, "closed for 40 s"),
    ],
)
def test_a_slot_that_its_models_answers_closed_says_for_how_long_and_why(
    reason: str | None, words: str
):
    state = slot_state(closed(40, reason), None, NOW)

    assert (state.words, can(state)) == (words, (True, True))
    assert state.cause == (reason if reason and reason[0].isdigit() else None)


def test_what_a_server_says_at_length_is_cut():
    cause = slot_state(closed(40, "429: " + "quota " * 100), None, NOW).cause

    assert cause
    assert len(cause) <= 160
    assert cause.endswith(" …")


def test_a_slot_that_is_closed_for_hours_says_until_when():
    assert slot_state(closed(2 * 3600), None, NOW).words == "closed until 16:05"
    assert slot_state(closed(20 * 3600), None, NOW).words == "closed until 25 November 2026, 10:05"
    assert slot_state(closed(1800), None, NOW).words == "closed for 30 min"


@pytest.mark.parametrize("slot", [replace(OPEN, breaker="half_open"), closed(-1)])
def test_a_slot_that_is_tried_again_says_so(slot: SlotRecord):
    state = slot_state(slot, None, NOW)

    assert (state.words, can(state)) == ("trying again with one request", (True, True))


def test_a_slot_that_was_closed_by_hand_says_by_whom_and_since_when():
    ann, local = order(closed=True), order(closed=True, by=LOCAL)

    assert slot_state(BY_HAND, ann, NOW).words == (
        "closed by hand by ann@school.example since 14:04"
    )
    assert slot_state(BY_HAND, local, NOW).words == (
        "closed by hand by the user of this computer since 14:04"
    )
    assert can(slot_state(BY_HAND, ann, NOW)) == (False, True)


def test_a_slot_that_the_strategy_switches_off_cannot_be_opened_here():
    state = slot_state(replace(BY_HAND, by_hand=False), None, NOW)

    assert (state.words, can(state)) == ("switched off in the strategy", (False, False))


def test_until_the_runner_has_told_of_an_order_it_is_under_way():
    closing = slot_state(OPEN, order(closed=True, given_at=NOW), NOW)
    opening = slot_state(BY_HAND, order(closed=False, given_at=NOW), NOW)
    forgiven = slot_state(closed(40, "503: x"), order(closed=False, given_at=NOW), NOW)

    assert (closing.words, can(closing)) == ("being closed", (False, False))
    assert (opening.words, can(opening)) == ("being opened", (False, False))
    assert forgiven.words == "being opened"


def test_an_order_that_was_carried_out_says_nothing_about_what_came_later():
    long_ago = order(closed=False, given_at=NOW - 5)

    assert slot_state(OPEN, long_ago, NOW).words == "open"
    assert slot_state(closed(40, "503: x"), long_ago, NOW).words.startswith("closed for 40 s")


@given(
    breaker=st.sampled_from(["closed", "open", "half_open", "?"]),
    opens_at=st.none() | st.just(math.inf) | st.floats(0, 4e9),
    reason=st.none() | st.text(max_size=300),
    told_at=st.floats(0, 4e9),
    by_hand=st.booleans(),
    given_order=st.none() | st.builds(order, closed=st.booleans(), given_at=st.floats(0, 4e9)),
    now=st.floats(0, 4e9),
)
def test_whatever_the_clocks_say_there_are_words(
    breaker: str,
    opens_at: float | None,
    reason: str | None,
    told_at: float,
    *,
    by_hand: bool,
    given_order: SlotOrder | None,
    now: float,
):
    slot = SlotRecord("s", "m", breaker, opens_at, reason, 0, 1, 0, 0, told_at, by_hand)

    assert slot_state(slot, given_order, now).words


def test_times_are_told_as_people_tell_them():
    assert [duration(s) for s in (-5, 0, 3.4, 119, 121, 7199, 7200, 90_000)] == [
        "0 s", "0 s", "3 s", "119 s", "2 min", "120 min", "2 h", "25 h",
    ]  # fmt: skip
    assert clock_time(NOW, NOW) == "14:05"
    assert clock_time(NOW - 86_400, NOW) == "23 November 2026, 14:05"
