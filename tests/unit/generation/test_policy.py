from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessongen.errors import (
    BadRequest,
    Blocked,
    Malformed,
    ModelNotFound,
    ProviderError,
    Refused,
    Throttled,
    TimedOut,
    Truncated,
    Unauthorized,
    Unavailable,
)
from lessongen.generation.breaker import Verdict
from lessongen.generation.events import Reason
from lessongen.generation.policy import (
    Failed,
    Moment,
    Policy,
    Try,
    blame,
    next_try,
    pause,
    verdict,
    worth_another,
)
from lessongen.generation.strategy import Assignment, reserve_seconds

POLICY = Policy(retries=1, retry_wait=0.4, patience=3.0, full_wait=0.5, shortest_attempt=1.0)
ASSIGNMENT = Assignment(slot="a", priority="high", deadline_seconds=20, fallbacks=("b", "c"))
ALONE = Assignment(slot="a", priority="high", deadline_seconds=20)
OPEN = dict.fromkeys("abcdef", 0.0)

DOWN = Unavailable("m", "503")
PROSE = Malformed("m", "no JSON")
FULL = Refused("m", "full")
FINAL = (
    BadRequest("m", "400"),
    Unauthorized("m", "401"),
    ModelNotFound("m", "404"),
    Blocked("m", "safety"),
    Throttled("m", "quota of the day", per_day=True),
    Throttled("m", "quota of the day", retry_after=1.0, per_day=True),
    Throttled("m", "too long", retry_after=3.1),
    ProviderError("m", "something new"),
)


def after(
    *failed: Failed,
    remaining: float = 20.0,
    assignment: Assignment = ASSIGNMENT,
    opening: Reason = "first",
    jitter: float = 0.0,
    closed: Mapping[str, float] | None = None,
    needs: float = 0.0,
) -> Try | None:
    """Return the next try after some failures; `closed` are the seconds until slots open."""
    moment = Moment(remaining, OPEN | dict(closed or {}), dict.fromkeys(OPEN, needs), jitter)
    return next_try(assignment, failed, moment, POLICY, opening)


def first(slot: str, error: ProviderError) -> Failed:
    return Failed(slot, "first", error)


def retried(slot: str, error: ProviderError = DOWN) -> Failed:
    return Failed(slot, "retry", error)


def fell_back(slot: str, error: ProviderError = DOWN) -> Failed:
    return Failed(slot, "fallback", error)


# Who is asked


def test_the_assigned_slot_is_asked_first():
    assert after() == Try("a", "first")


def test_a_slot_that_failed_once_is_asked_again():
    assert after(first("a", DOWN)) == Try("a", "retry", wait=0.4)


def test_a_slot_that_failed_twice_gives_way_to_its_fallbacks_in_order():
    twice = (first("a", DOWN), retried("a"))

    assert after(*twice) == Try("b", "fallback")
    assert after(*twice, fell_back("b")) == Try("c", "fallback")
    assert after(*twice, fell_back("b"), fell_back("c")) is None


@pytest.mark.parametrize("error", FINAL, ids=str)
def test_an_error_that_asking_again_cannot_mend_goes_straight_to_the_fallback(
    error: ProviderError,
):
    assert after(first("a", error)) == Try("b", "fallback")


def test_a_fallback_that_failed_is_not_asked_again():
    assert after(first("a", FINAL[0]), fell_back("b")) == Try("c", "fallback")


def test_a_slot_without_fallbacks_is_given_up_after_its_retry():
    assert after(first("a", DOWN), assignment=ALONE) == Try("a", "retry", wait=0.4)
    assert after(first("a", DOWN), retried("a"), assignment=ALONE) is None


@pytest.mark.parametrize("error", [PROSE, Truncated("m", "MAX_TOKENS")], ids=str)
def test_an_unusable_answer_is_repaired_once_by_whoever_gave_it(error: ProviderError):
    assert after(first("a", error)) == Try("a", "repair")
    assert after(first("a", FINAL[0]), fell_back("b", error)) == Try("b", "repair")
    repaired = (first("a", error), Failed("a", "repair", error))
    assert after(*repaired) == Try("b", "fallback")
    assert after(*repaired, fell_back("b", error)) == Try("c", "fallback")


def test_a_repair_that_met_a_failing_server_may_still_be_retried():
    assert after(first("a", PROSE), Failed("a", "repair", DOWN)) == Try("a", "retry", wait=0.4)


def test_the_first_request_of_the_second_pass_says_so_whoever_gets_it():
    assert after(opening="second_pass") == Try("a", "second_pass")
    assert after(opening="second_pass", closed={"a": 50.0}) == Try("b", "second_pass")
    assert after(first("a", FINAL[0]), opening="second_pass") == Try("b", "fallback")


def test_only_what_failed_quickly_is_asked_of_the_same_slot_again():
    assert after(Failed("a", "first", DOWN, 2.0)) == Try("a", "retry", wait=0.4)
    assert after(Failed("a", "first", DOWN, 2.1)) == Try("b", "fallback")
    alone = after(Failed("a", "first", DOWN, 10.0), assignment=ALONE, remaining=10)
    assert alone == Try("a", "retry", wait=0.4)


@pytest.mark.parametrize(
    ("remaining", "chosen"),
    [
        # Seven of the ten seconds that answers usually take.
        (7.0, Try("b", "fallback")),
        (6.9, None),
    ],
)
def test_nobody_is_asked_for_what_there_is_no_time_for(remaining: float, chosen: Try | None):
    assert after(first("a", FINAL[0]), remaining=remaining, needs=10.0) == chosen


# Closed and full slots


@pytest.mark.parametrize(
    ("closed", "chosen"),
    [
        ({"a": 5.0}, Try("b", "fallback")),
        ({"a": 5.0, "b": 1.0}, Try("c", "fallback")),
        ({"a": 5.0, "b": 3.0, "c": 4.0}, Try("b", "fallback", wait=3.0)),
        ({"a": 2.0, "b": 3.0, "c": 4.0}, Try("a", "first", wait=2.0)),
        # Eleven seconds are left to the assigned slot, nineteen to a fallback.
        ({"a": 11.0, "b": 12.0, "c": 99.0}, Try("a", "first", wait=11.0)),
        ({"a": 12.0, "b": 19.0, "c": 99.0}, Try("b", "fallback", wait=19.0)),
    ],
)
def test_a_closed_slot_is_passed_over_for_the_one_that_is_open_soonest(
    closed: Mapping[str, float], chosen: Try
):
    assert after(closed=closed) == chosen


def test_where_no_slot_opens_in_time_the_assigned_one_is_left_to_say_why():
    closed = dict.fromkeys("abc", 60.0)

    assert after(closed=closed) == Try("a", "first")
    assert after(first("a", FULL), closed=closed) is None


def test_a_slot_that_kept_failing_is_not_waited_for_for_long():
    def doubting(wait: float) -> Try | None:
        closed = OPEN | {"a": wait, "b": 99.0, "c": 99.0}
        moment = Moment(20.0, closed, OPEN, 0.0, doubtful="abc")
        return next_try(ASSIGNMENT, [first("a", FULL)], moment, POLICY)

    assert doubting(6.0) == Try("a", "first", wait=6.0)
    assert doubting(6.1) is None


def test_a_full_slot_gives_way_to_its_fallbacks():
    assert after(first("a", FULL)) == Try("b", "fallback")
    assert after(first("a", FULL), fell_back("b", FULL)) == Try("c", "fallback")


def test_where_every_slot_is_full_they_are_tried_again_after_longer_and_longer_waits():
    full = [first("a", FULL), fell_back("b", FULL), fell_back("c", FULL)]

    assert after(*full) == Try("a", "first", wait=0.5)
    assert after(*full, first("a", FULL)) == Try("b", "fallback", wait=0.5)
    assert after(*full, *full) == Try("a", "first", wait=1.0)
    assert after(*full, jitter=0.5) == Try("a", "first", wait=0.75)


def test_a_retry_does_not_wait_for_a_slot_that_has_closed_for_long():
    assert after(first("a", DOWN), closed={"a": 5.0}) == Try("b", "fallback")
    assert after(first("a", DOWN), closed={"a": 2.0}) == Try("a", "retry", wait=2.0)


# Time


@pytest.mark.parametrize(
    ("remaining", "reason"),
    [
        (9.4, "retry"),  # 8 s kept for the fallback, 0.4 s of pause, 1 s to ask in
        (9.3, "fallback"),
        (1.0, "fallback"),
    ],
)
def test_a_retry_leaves_the_reserve_to_the_fallback(remaining: float, reason: str):
    chosen = after(first("a", DOWN), remaining=remaining)

    assert chosen
    assert chosen.reason == reason


def test_nobody_is_asked_once_the_time_is_up():
    assert after(first("a", DOWN), remaining=0.9) is None


@pytest.mark.parametrize(
    ("assignment", "slot", "seconds"),
    [(ASSIGNMENT, "a", 8.0), (ASSIGNMENT, "b", 0.0), (ASSIGNMENT, "c", 0.0), (ALONE, "a", 0.0)],
)
def test_only_the_assigned_slot_keeps_time_for_a_fallback(
    assignment: Assignment, slot: str, seconds: float
):
    assert reserve_seconds(assignment, slot) == pytest.approx(seconds)


@pytest.mark.parametrize(
    ("error", "jitter", "seconds"),
    [
        (Unavailable("m", "503"), 0.0, 0.4),
        (Unavailable("m", "503"), 0.5, 0.6),
        (TimedOut("m", "late"), 0.0, 0.4),
        (Throttled("m", "429"), 0.5, 0.6),
        (Throttled("m", "429", retry_after=0.0), 0.5, 0.0),
        (Throttled("m", "429", retry_after=2.5), 0.5, 2.5),
        (Throttled("m", "429", retry_after=54.0), 0.5, 54.0),
        (Throttled("m", "429", retry_after=1.0, per_day=True), 0.5, None),
        (PROSE, 0.5, 0.0),
        (Truncated("m", "too long"), 0.5, 0.0),
        (BadRequest("m", "400"), 0.5, None),
        (Unauthorized("m", "401"), 0.5, None),
        (ModelNotFound("m", "404"), 0.5, None),
        (Blocked("m", "safety"), 0.5, None),
        (FULL, 0.5, None),
        (ProviderError("m", "something new"), 0.5, None),
    ],
)
def test_the_pause_before_asking_again_depends_on_the_error(
    error: ProviderError, jitter: float, seconds: float | None
):
    assert pause(error, POLICY, jitter) == (None if seconds is None else pytest.approx(seconds))


# What an error says


@pytest.mark.parametrize(
    ("error", "hurried", "says"),
    [
        (None, False, "good"),
        (None, True, "good"),
        (DOWN, True, "bad"),
        (TimedOut("m", "late"), False, "bad"),
        (TimedOut("m", "late"), True, "ignored"),
        (PROSE, False, "bad"),
        (Throttled("m", "429"), False, "ignored"),
        (Truncated("m", "too long"), False, "ignored"),
        (Blocked("m", "safety"), False, "ignored"),
        (BadRequest("m", "400"), False, "ignored"),
        (ModelNotFound("m", "404"), False, "ignored"),
    ],
)
def test_only_a_model_that_fails_by_itself_is_held_against_it(
    error: ProviderError | None, *, hurried: bool, says: Verdict
):
    assert verdict(error, hurried=hurried) == says


def test_a_section_fails_for_the_last_reason_a_model_gave():
    throttled = Throttled("m", "429")

    assert blame([first("a", DOWN), fell_back("b", throttled)]) is throttled
    assert blame([first("a", DOWN), fell_back("b", FULL)]) is DOWN
    assert blame([first("a", FULL)]) is FULL


def test_a_section_that_no_slot_took_fails_for_what_closed_the_slots():
    closed = Refused("m", "closed", FINAL[1])

    assert blame([first("a", closed), fell_back("b", FULL)]) is FINAL[1]


@pytest.mark.parametrize(
    ("error", "worth"),
    [
        (DOWN, True),
        (PROSE, True),
        (FULL, True),
        (Blocked("m", "safety"), True),
        (Throttled("m", "429", retry_after=2.0), True),
        (Throttled("m", "429", per_day=True), False),
        (Unauthorized("m", "401"), False),
        (ModelNotFound("m", "404"), False),
    ],
)
def test_a_second_pass_is_for_what_may_be_mended_by_then(error: ProviderError, *, worth: bool):
    assert worth_another(error) is worth


ERRORS = st.sampled_from(
    [*FINAL, DOWN, TimedOut("m", "late"), PROSE, Truncated("m", "too long"), FULL]
)


@given(
    fallbacks=st.lists(st.sampled_from("bcdef"), unique=True),
    errors=st.lists(ERRORS, min_size=60, max_size=60),
    spent=st.lists(st.floats(0, 5), min_size=60, max_size=60),
    closed=st.lists(
        st.dictionaries(st.sampled_from("abcdef"), st.floats(0, 30)), min_size=60, max_size=60
    ),
    jitter=st.floats(0, 1, exclude_max=True),
)
def test_whatever_happens_the_tries_end_in_time_and_ask_no_slot_more_than_it_may_be(
    fallbacks: list[str],
    errors: list[ProviderError],
    spent: list[float],
    closed: list[dict[str, float]],
    jitter: float,
):
    assignment = ASSIGNMENT.model_copy(update={"fallbacks": tuple(fallbacks)})
    failed: list[Failed] = []
    remaining = assignment.deadline_seconds
    while True:
        moment = Moment(remaining, OPEN | closed[len(failed)], OPEN, jitter)
        chosen = next_try(assignment, failed, moment, POLICY)
        if chosen is None:
            break
        remaining -= chosen.wait
        assert remaining >= POLICY.shortest_attempt - 1e-9 or not failed
        error = errors[len(failed)]
        failed.append(Failed(chosen.slot, chosen.reason, error))
        remaining -= spent[len(failed)] if failed[-1].asked else 0.0

    assert failed
    reasons = [failure.reason for failure in failed if failure.asked]
    assert reasons.count("repair") <= 1
    assert reasons.count("retry") <= POLICY.retries
    for slot in ("a", *fallbacks):
        fresh = [f for f in failed if f.slot == slot and f.asked and f.reason[0] == "f"]
        assert len(fresh) <= 1
