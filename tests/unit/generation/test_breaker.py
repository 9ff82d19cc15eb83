import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessongen.generation.breaker import Breaker, BreakerPolicy, BreakerState, Verdict

POLICY = BreakerPolicy(
    failures_in_a_row=3,
    failing_share=0.5,
    of_the_last=10,
    open_seconds=5.0,
    longest_seconds=60.0,
    probe_seconds=1.0,
)


def breaker_after(*verdicts: Verdict, now: float = 0.0) -> Breaker:
    breaker = Breaker(POLICY)
    for verdict in verdicts:
        breaker.record(now, verdict, probe=False)
    return breaker


def probed(breaker: Breaker, now: float, verdict: Verdict) -> None:
    assert breaker.wait(now) == 0
    assert breaker.passing()
    breaker.record(now, verdict, probe=True)


def test_it_opens_after_some_failures_in_a_row():
    assert breaker_after("bad", "bad").state(0) is BreakerState.CLOSED
    broken = breaker_after("bad", "bad", "bad")

    assert broken.state(0) is BreakerState.OPEN
    assert broken.wait(1.0) == 4.0


def test_a_good_answer_in_between_begins_the_count_anew():
    assert breaker_after("bad", "bad", "good", "bad", "bad").state(0) is BreakerState.CLOSED


def test_it_opens_when_more_than_half_of_the_last_answers_failed():
    mixed: list[Verdict] = ["bad", "good"] * 5
    assert breaker_after(*mixed).state(0) is BreakerState.CLOSED
    assert breaker_after("bad", "bad", *mixed[:-2], "bad").state(0) is BreakerState.OPEN


def test_cancelled_requests_and_lost_hedges_change_nothing():
    assert breaker_after("bad", "ignored", "bad", "ignored").state(0) is BreakerState.CLOSED
    assert breaker_after("bad", "ignored", "bad", "bad").state(0) is BreakerState.OPEN


def test_after_its_time_one_request_tries_the_model_and_the_others_wait():
    broken = breaker_after("bad", "bad", "bad")

    assert broken.state(5.0) is BreakerState.HALF_OPEN
    assert broken.wait(5.0) == 0
    assert broken.passing()
    assert broken.wait(5.0) == POLICY.probe_seconds
    assert broken.state(5.0) is BreakerState.HALF_OPEN


def test_a_good_probe_closes_it():
    broken = breaker_after("bad", "bad", "bad")
    probed(broken, 5.0, "good")

    assert broken.state(5.0) is BreakerState.CLOSED
    assert not broken.passing()


def test_each_bad_probe_keeps_it_open_twice_as_long_up_to_a_limit():
    broken, now, waits = breaker_after("bad", "bad", "bad"), 5.0, list[float]()
    for _ in range(6):
        probed(broken, now, "bad")
        waits.append(broken.wait(now))
        now += waits[-1]

    assert waits == [10, 20, 40, 60, 60, 60]


def test_a_probe_that_says_nothing_lets_the_next_one_try():
    broken = breaker_after("bad", "bad", "bad")
    probed(broken, 5.0, "ignored")

    assert broken.wait(5.0) == 0


def test_answers_to_requests_from_before_it_opened_change_nothing():
    broken = breaker_after("bad", "bad", "bad", "good", "bad")

    assert broken.wait(0.0) == 5.0


def test_tripped_it_opens_at_once_for_the_longest_time():
    breaker = breaker_after("good")
    breaker.trip(0.0)

    assert breaker.wait(0.0) == 60.0
    probed(breaker, 60.0, "good")
    assert breaker.state(60.0) is BreakerState.CLOSED


Moves = list[tuple[float, Verdict]]


@given(moves=st.lists(st.tuples(st.floats(0, 20), st.sampled_from(["good", "bad", "ignored"]))))
def test_there_is_never_more_than_one_probe_and_it_always_opens_again(moves: Moves):
    breaker, now, probe = Breaker(POLICY), 0.0, False
    for pause, verdict in moves:
        now += pause
        if probe:
            assert breaker.wait(now) > 0
            breaker.record(now, verdict, probe=True)
            probe = False
        elif breaker.wait(now) == 0:
            probe = breaker.passing()
            if not probe:
                breaker.record(now, verdict, probe=False)
    assert breaker.wait(now) <= POLICY.longest_seconds


@pytest.mark.parametrize("now", [0.0, 1_000_000.0])
def test_only_differences_of_time_matter(now: float):
    assert breaker_after("bad", "bad", "bad", now=now).wait(now + 1) == 4.0
