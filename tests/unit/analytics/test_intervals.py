from math import inf, isclose
from random import Random
from statistics import fmean, variance

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessongen.analytics.intervals import (
    Interval,
    mean_difference,
    mean_interval,
    share_difference,
    share_interval,
    student_quantile,
)
from lessongen.store.history import Measured

counts = st.tuples(st.integers(1, 10_000), st.floats(0, 1)).map(
    lambda n: (round(n[0] * n[1]), n[0])
)


@pytest.mark.parametrize(
    ("confidence", "freedom", "expected"),
    [
        (0.95, 10, 2.228),
        (0.95, 29, 2.045),
        (0.99, 29, 2.756),
        (0.99, 60, 2.660),
        (0.999, 29, 3.659),
        (0.999, 60, 3.460),
    ],
)
def test_students_quantiles_are_those_of_the_tables(
    confidence: float, freedom: float, expected: float
):
    assert student_quantile(confidence, freedom) == pytest.approx(expected, abs=0.002)


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_shares_have_the_intervals_that_newcombe_printed_for_wilsons_method(
    hits: int, n: int, low: float, high: float
):
    found = share_interval(hits, n)

    assert (found.low, found.high) == (pytest.approx(low, abs=1e-4), pytest.approx(high, abs=1e-4))


@pytest.mark.parametrize(
    ("shares", "low", "high"),
    [
        ((56, 70, 48, 80), 0.0524, 0.3339),
        ((9, 10, 3, 10), 0.1705, 0.8090),
        ((10, 10, 0, 10), 0.6075, 1.0),
    ],
)
def test_differences_of_shares_have_the_intervals_that_newcombe_printed(
    shares: tuple[int, int, int, int], low: float, high: float
):
    found = share_difference(*shares)

    assert (found.low, found.high) == (pytest.approx(low, abs=1e-4), pytest.approx(high, abs=1e-4))


def test_welchs_interval_is_that_of_a_worked_example():
    one, other = Measured(15, 20.8, 7.9), Measured(15, 23.0, 3.8)  # t = -2.49, 24.9 degrees

    found = mean_difference(one, other)

    assert found.estimate / ((7.9 + 3.8) / 15) ** 0.5 == pytest.approx(-2.49, abs=0.01)
    assert found.high - found.estimate == pytest.approx(2.06 * ((7.9 + 3.8) / 15) ** 0.5, rel=0.002)


def test_without_any_spread_the_interval_is_the_difference():
    assert mean_difference(Measured(30, 5.0, 0.0), Measured(40, 3.0, 0.0)) == Interval(
        2.0, 2.0, 2.0
    )


def test_one_value_says_nothing_of_others():
    assert mean_interval(Measured(1, 3.0, 0.0)) == Interval(3.0, -inf, inf)


def test_the_interval_of_a_mean_is_as_wide_as_students_quantile_says():
    found = mean_interval(Measured(30, 10.0, 30.0))

    assert found.high - 10.0 == pytest.approx(2.045, abs=0.001)
    assert 10.0 - found.low == pytest.approx(2.045, abs=0.001)


@given(counts, st.sampled_from([0.9, 0.95, 0.9999]))
def test_a_share_lies_in_its_interval_and_that_between_none_and_all(
    count: tuple[int, int], confidence: float
):
    found = share_interval(*count, confidence)

    assert 0 <= found.low <= found.estimate <= found.high <= 1


@given(counts, counts)
def test_a_difference_seen_from_the_other_side_is_the_same(
    one: tuple[int, int], other: tuple[int, int]
):
    found, mirrored = share_difference(*one, *other), -share_difference(*other, *one)

    assert isclose(found.low, mirrored.low, abs_tol=1e-12)
    assert isclose(found.high, mirrored.high, abs_tol=1e-12)


@given(st.floats(0, 1e-300), st.floats(0, 1e300))
def test_the_smallest_and_largest_spreads_break_nothing(small: float, large: float):
    found = mean_difference(Measured(30, 1.0, small), Measured(30, 2.0, large))

    assert found.low <= found.estimate <= found.high


def test_welchs_interval_holds_the_truth_as_often_as_it_says_where_times_are_skewed():
    random = Random(5)
    missed = sum(_misses(random) for _ in range(1000))

    assert 0.03 <= missed / 1000 <= 0.07


def _misses(random: Random) -> bool:
    found = mean_difference(_times(random, 30), _times(random, 60))
    return not found.low <= 0 <= found.high


def _times(random: Random, n: int) -> Measured:
    drawn = [random.lognormvariate(1.0, 0.5) for _ in range(n)]
    return Measured(n, fmean(drawn), variance(drawn))
