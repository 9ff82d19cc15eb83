from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessongen.generation.windows import (
    DayQuota,
    SlidingWindow,
    next_pacific_midnight,
    pacific_midnight,
)

MINUTE = 60.0


def window(requests: int = 3, tokens: int = 100) -> SlidingWindow:
    return SlidingWindow(requests, tokens, MINUTE)


def test_requests_count_for_a_whole_minute_and_no_longer():
    limits = window(requests=2)
    limits.add(0.0, 1, "lesson")
    limits.add(30.0, 1, "lesson")

    assert not limits.fits(1)
    assert limits.earliest(30.0, 1) == 60.0
    assert limits.expire(59.9) == []
    assert [entry.lesson for entry in limits.expire(60.0)] == ["lesson"]
    assert limits.fits(1)
    assert limits.earliest(60.0, 1) == 60.0


def test_a_request_waits_until_enough_tokens_are_a_minute_old():
    limits = window(requests=10)
    for second, tokens in enumerate([50, 30, 20]):
        limits.add(float(second), tokens, "lesson")

    assert limits.earliest(5.0, 40) == 60.0
    assert limits.earliest(5.0, 80) == 61.0
    assert limits.earliest(5.0, 81) == 62.0


def test_a_request_larger_than_the_limit_waits_for_an_empty_minute_and_goes():
    limits = window(tokens=100)
    limits.add(0.0, 10, "lesson")

    assert limits.earliest(1.0, 500) >= 60.0
    limits.expire(60.0)
    assert limits.fits(500)


def test_what_was_counted_replaces_what_was_estimated():
    limits = window(tokens=100)
    entry = limits.add(0.0, 90, "lesson")

    limits.settle(entry, 5.0, 20)
    assert limits.fits(80)
    limits.settle(entry, 6.0, 100)
    assert not limits.fits(1)
    limits.expire(60.0)
    limits.settle(entry, 61.0, 40)
    assert limits.fits(100)


@pytest.mark.parametrize(
    ("ahead", "ready"), [(1, 0.0), (3, 60.0), (5, 60.0), (8, 120.0), (9, 180.0)]
)
def test_a_queue_longer_than_a_minute_allows_takes_several(ahead: int, ready: float):
    limits = window(requests=3)
    limits.add(0.0, 1, "lesson")

    assert limits.earliest(0.0, 1, requests=ahead) == pytest.approx(ready)


Steps = list[tuple[float, int]]


@given(
    steps=st.lists(st.tuples(st.floats(0, 30), st.integers(1, 60)), max_size=60),
    requests=st.integers(1, 8),
    tokens=st.integers(1, 100),
)
def test_no_limit_is_exceeded_in_any_minute(steps: Steps, requests: int, tokens: int):
    limits, now, let_in = SlidingWindow(requests, tokens, MINUTE), 0.0, list[tuple[float, int]]()
    for pause, size in steps:
        now += pause
        limits.expire(now)
        if not limits.fits(size):
            now = limits.earliest(now, size)
            limits.expire(now)
            assert limits.fits(size)
        limits.add(now, size, "lesson")
        let_in.append((now, min(size, tokens)))

    for began, _ in let_in:
        within = [size for at, size in let_in if began <= at < began + MINUTE - 1e-9]
        assert len(within) <= requests
        assert sum(within) <= tokens


def at(year: int, month: int, day: int, hour: int, minute: int = 0) -> float:
    return datetime(year, month, day, hour, minute, tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    ("moment", "begins", "ends"),
    [
        # Winter: eight hours behind.
        (at(2026, 11, 24, 7, 59), at(2026, 11, 23, 8), at(2026, 11, 24, 8)),
        (at(2026, 11, 24, 8, 0), at(2026, 11, 24, 8), at(2026, 11, 25, 8)),
        # The day the clocks go forward is an hour shorter.
        (at(2026, 3, 8, 12), at(2026, 3, 8, 8), at(2026, 3, 9, 7)),
        # Summer: seven hours behind.
        (at(2026, 7, 1, 12), at(2026, 7, 1, 7), at(2026, 7, 2, 7)),
    ],
)
def test_a_day_runs_from_midnight_to_midnight_in_california(
    moment: float, begins: float, ends: float
):
    assert pacific_midnight(moment) == begins
    assert next_pacific_midnight(moment) == ends


def test_the_requests_of_a_day_are_free_again_after_midnight():
    before_midnight = at(2026, 11, 24, 7, 0)
    quota = DayQuota(2, used=1, now=before_midnight)

    assert quota.seconds_left(before_midnight) == 0
    quota.add(before_midnight)
    assert quota.seconds_left(before_midnight + 60) == 3600 - 60
    assert quota.seconds_left(before_midnight + 3600) == 0
