import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessongen.errors import (
    BadRequest,
    Blocked,
    Malformed,
    ModelNotFound,
    ProviderError,
    Throttled,
    TimedOut,
    Truncated,
    Unauthorized,
    Unavailable,
)
from lessongen.generation.policy import (
    Failed,
    Policy,
    Try,
    attempt_seconds,
    next_try,
    pause,
    reserve,
)
from lessongen.generation.strategy import Assignment

POLICY = Policy(retries=1, retry_wait=0.4, patience=3.0, shortest_attempt=1.0, fallback_reserve=0.4)
ASSIGNMENT = Assignment(slot="a", priority="high", deadline_seconds=20, fallbacks=("b", "c"))
ALONE = Assignment(slot="a", priority="high", deadline_seconds=20)

DOWN = Unavailable("m", "503")
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


def following(
    *failed: Failed, remaining: float = 20.0, assignment: Assignment = ASSIGNMENT
) -> Try | None:
    return next_try(assignment, failed, remaining, POLICY, jitter=0.0)


@pytest.mark.parametrize(
    ("error", "jitter", "seconds"),
    [
        (Unavailable("m", "503"), 0.0, 0.4),
        (Unavailable("m", "503"), 0.5, 0.6),
        (TimedOut("m", "late"), 0.0, 0.4),
        (Throttled("m", "429"), 0.5, 0.6),
        (Throttled("m", "429", retry_after=0.0), 0.5, 0.0),
        (Throttled("m", "429", retry_after=2.5), 0.5, 2.5),
        (Throttled("m", "429", retry_after=3.0), 0.5, 3.0),
        (Malformed("m", "no JSON"), 0.5, 0.0),
        (Truncated("m", "too long"), 0.5, 0.0),
        *[(error, 0.5, None) for error in FINAL],
    ],
)
def test_the_pause_before_asking_again_depends_on_the_error(
    error: ProviderError, jitter: float, seconds: float | None
):
    assert pause(error, POLICY, jitter) == (None if seconds is None else pytest.approx(seconds))


def test_the_assigned_slot_is_asked_first():
    assert following() == Try("a", "first")


def test_a_slot_that_failed_once_is_asked_again():
    assert following(Failed("a", DOWN)) == Try("a", "retry", wait=0.4)


def test_a_slot_that_failed_twice_gives_way_to_its_fallbacks_in_order():
    twice = (Failed("a", DOWN), Failed("a", DOWN))

    assert following(*twice) == Try("b", "fallback")
    assert following(*twice, Failed("b", DOWN)) == Try("c", "fallback")
    assert following(*twice, Failed("b", DOWN), Failed("c", DOWN)) is None


@pytest.mark.parametrize("error", FINAL, ids=str)
def test_an_error_that_asking_again_cannot_mend_goes_straight_to_the_fallback(
    error: ProviderError,
):
    assert following(Failed("a", error)) == Try("b", "fallback")


def test_a_fallback_is_never_asked_twice():
    assert following(Failed("a", FINAL[0]), Failed("b", DOWN)) == Try("c", "fallback")


def test_a_slot_without_fallbacks_is_given_up_after_its_retry():
    assert following(Failed("a", DOWN), assignment=ALONE) == Try("a", "retry", wait=0.4)
    assert following(Failed("a", DOWN), Failed("a", DOWN), assignment=ALONE) is None


@pytest.mark.parametrize(
    ("remaining", "reason"),
    [
        (9.4, "retry"),  # 8 s kept for the fallback, 0.4 s of pause, 1 s to ask in
        (9.3, "fallback"),
        (1.0, "fallback"),
    ],
)
def test_a_retry_leaves_the_reserve_to_the_fallback(remaining: float, reason: str):
    chosen = following(Failed("a", DOWN), remaining=remaining)

    assert chosen
    assert chosen.reason == reason


def test_nobody_is_asked_once_the_time_is_up():
    assert following(Failed("a", DOWN), remaining=0.9) is None


@pytest.mark.parametrize(
    ("assignment", "slot", "seconds"),
    [(ASSIGNMENT, "a", 8.0), (ASSIGNMENT, "b", 0.0), (ASSIGNMENT, "c", 0.0), (ALONE, "a", 0.0)],
)
def test_only_the_assigned_slot_keeps_time_for_a_fallback(
    assignment: Assignment, slot: str, seconds: float
):
    assert reserve(assignment, slot, POLICY) == pytest.approx(seconds)


@pytest.mark.parametrize(
    ("slot", "remaining", "timeout", "seconds"),
    [
        ("a", 20.0, 60.0, 12.0),
        ("a", 20.0, 5.0, 5.0),
        ("b", 8.0, 60.0, 8.0),
        ("b", 8.0, 5.0, 5.0),
        ("a", 9.0, 60.0, 1.0),
        ("a", 8.9, 60.0, None),
        ("b", 0.9, 60.0, None),
        ("b", -1.0, 60.0, None),
        ("b", 8.0, 0.5, None),
    ],
)
def test_an_attempt_may_take_what_the_slot_and_the_deadline_leave(
    slot: str, remaining: float, timeout: float, seconds: float | None
):
    left = attempt_seconds(ASSIGNMENT, slot, remaining, timeout, POLICY)

    assert left == (None if seconds is None else pytest.approx(seconds))


ERRORS = st.sampled_from([*FINAL, DOWN, TimedOut("m", "late"), Malformed("m", "no JSON")])


@given(
    fallbacks=st.lists(st.sampled_from("bcdef"), max_size=8),
    retries=st.integers(0, 3),
    errors=st.lists(ERRORS, min_size=20, max_size=20),
    spent=st.lists(st.floats(0, 5), min_size=20, max_size=20),
    jitter=st.floats(0, 1, exclude_max=True),
)
def test_whatever_fails_the_tries_end_in_order_and_within_their_number(
    fallbacks: list[str],
    retries: int,
    errors: list[ProviderError],
    spent: list[float],
    jitter: float,
):
    assignment = ASSIGNMENT.model_copy(update={"fallbacks": tuple(fallbacks)})
    policy = Policy(retries=retries)
    failed: list[Failed] = []
    remaining = assignment.deadline_seconds
    while chosen := next_try(assignment, failed, remaining, policy, jitter):
        assert len(failed) < 20
        remaining -= chosen.wait
        assert remaining >= policy.shortest_attempt or not failed
        failed.append(Failed(chosen.slot, errors[len(failed)]))
        remaining -= spent[len(failed)]

    asked = [failure.slot for failure in failed]
    assert 1 <= asked.count("a") <= 1 + retries
    later = asked[asked.count("a") :]
    assert later == list(dict.fromkeys(fallbacks))[: len(later)]
