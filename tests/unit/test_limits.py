import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessongen.emulator.limits import RateLimit, RateLimiter, parse_limit
from lessongen.errors import SettingsError


class Clock:
    """A clock that tests set."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def limiter(*limits: RateLimit) -> tuple[RateLimiter, Clock]:
    clock = Clock()
    return RateLimiter(limits, clock), clock


def test_without_limits_every_request_is_let_in():
    limits, _ = limiter()

    assert [limits.seconds_to_wait("flash") for _ in range(100)] == [0.0] * 100


def test_one_request_too_many_waits_until_the_first_has_left_the_window():
    limits, clock = limiter(RateLimit("flash", 2, 60))

    assert limits.seconds_to_wait("flash") == 0
    clock.now += 20
    assert limits.seconds_to_wait("flash") == 0
    assert limits.seconds_to_wait("flash") == 40
    clock.now += 39
    assert limits.seconds_to_wait("flash") == 1
    clock.now += 1
    assert limits.seconds_to_wait("flash") == 0


def test_a_request_that_was_refused_is_not_counted():
    limits, clock = limiter(RateLimit("flash", 1, 10))
    limits.seconds_to_wait("flash")
    for _ in range(9):
        clock.now += 1
        assert limits.seconds_to_wait("flash") > 0

    clock.now += 1
    assert limits.seconds_to_wait("flash") == 0


def test_each_model_that_a_wildcard_matches_has_a_window_of_its_own():
    limits, _ = limiter(RateLimit("gemini-*", 1, 10))

    assert [limits.seconds_to_wait(m) for m in ("gemini-a", "gemini-b", "other", "other")] == [
        0
    ] * 4
    assert limits.seconds_to_wait("gemini-a") == 10


def test_the_longest_wait_of_several_limits_counts():
    limits, _ = limiter(RateLimit("flash", 1, 1), RateLimit("*", 1, 60))
    limits.seconds_to_wait("flash")

    assert limits.seconds_to_wait("flash") == 60


@given(
    requests=st.integers(1, 5),
    seconds=st.integers(1, 20),
    gaps=st.lists(st.integers(0, 10), max_size=60),
)
def test_no_window_ever_holds_more_than_the_limit(requests: int, seconds: int, gaps: list[int]):
    limits, clock = limiter(RateLimit("flash", requests, seconds))
    let_in: list[float] = []
    for gap in gaps:
        clock.now += gap
        if limits.seconds_to_wait("flash") == 0:
            let_in.append(clock.now)

    for start in let_in:
        assert sum(start <= moment < start + seconds for moment in let_in) <= requests


def test_a_limit_is_read_from_the_command_line():
    assert parse_limit("gemini-3.8-flash=10/60") == RateLimit("gemini-3.8-flash", 10, 60)
    assert parse_limit(" *=1/0.5 ") == RateLimit("*", 1, 0.5)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "flash",
        "flash=",
        "flash=10",
        "flash=10/",
        "=10/60",
        "flash=1.5/60",
        "flash=-1/60",
        "flash=10/-1",
        "flash=10/inf",
        "flash=ten/60",
        "flash=10/60s",
        "flash=²/60",
    ],
)
def test_a_limit_that_makes_no_sense_is_refused_with_an_example(text: str):
    with pytest.raises(SettingsError, match="such as gemini-3"):
        parse_limit(text)


@pytest.mark.parametrize("text", ["flash=0/60", "flash=10/0"])
def test_a_limit_of_nothing_is_refused(text: str):
    with pytest.raises(SettingsError, match="1 request or more"):
        parse_limit(text)


@given(st.text())
def test_any_text_is_a_limit_or_a_clear_refusal(text: str):
    try:
        assert isinstance(parse_limit(text), RateLimit)
    except SettingsError as error:
        assert str(error)  # noqa: PT017
