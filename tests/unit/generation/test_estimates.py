import pytest

from lessongen.generation.estimates import FirstEventTimes, MovingAverage, TokenEstimate


def test_a_token_is_four_characters_until_a_server_has_counted():
    estimate = TokenEstimate()

    assert estimate.tokens(400) == 100
    assert estimate.tokens(0) == 1


def test_the_estimate_moves_towards_what_servers_count():
    estimate = TokenEstimate()
    for _ in range(50):
        estimate.learn(400, 150)

    assert estimate.tokens(400) == pytest.approx(150, abs=1)
    estimate.learn(0, 10)
    estimate.learn(400, 0)
    assert estimate.tokens(400) == pytest.approx(150, abs=1)


def test_an_average_starts_with_the_first_value_and_leans_to_the_newest():
    average = MovingAverage()
    assert average.value is None
    average.add(10)
    assert average.value == 10
    average.add(20)
    assert average.value == pytest.approx(12)


def test_a_percentile_needs_twenty_answers_and_forgets_old_ones():
    times = FirstEventTimes()
    for _ in range(19):
        times.add(1.0)
    assert times.p95() is None
    times.add(1.0)
    assert times.p95() == pytest.approx(1.0)
    for _ in range(100):
        times.add(3.0)
    assert times.p95() == pytest.approx(3.0)


@pytest.mark.parametrize(("usual", "seconds"), [(0.1, 1.0), (2.0, 5.5), (9.0, 8.0)])
def test_patience_follows_what_is_usual_within_its_bounds(usual: float, seconds: float):
    times = FirstEventTimes()
    assert times.patience(1.0, 8.0) == 8.0
    for _ in range(20):
        times.add(usual)

    assert times.patience(1.0, 8.0) == pytest.approx(seconds)


@pytest.mark.parametrize(("late", "p95"), [(0, 1.0), (9, 1.0), (20, 10.0)])
def test_a_few_stragglers_do_not_make_themselves_usual_but_many_do(late: int, p95: float):
    times = FirstEventTimes()
    for number in range(100):
        times.add(10.0 if number < late else 1.0)

    assert times.p95() == pytest.approx(p95)
