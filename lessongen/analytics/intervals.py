"""Intervals: between which bounds the truth behind a few measured values lies.

`statistics.NormalDist` is all that is needed of a library: scipy, which has the rest, is larger
than LessonGen itself. The two methods for shares are closed formulas of the normal quantile, and
so is Student's quantile as far as it is used here, for samples of 30 and more.
"""

from dataclasses import dataclass
from math import inf, sqrt
from statistics import NormalDist

from lessongen.store.history import Measured

USUAL_CONFIDENCE = 0.95
_NORMAL = NormalDist()


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate and the bounds between which the truth lies, with a stated confidence."""

    estimate: float
    low: float
    high: float

    def __neg__(self) -> "Interval":
        return Interval(-self.estimate, -self.high, -self.low)

    def times(self, factor: float) -> "Interval":
        """Return the interval in another unit; the factor is positive."""
        return Interval(self.estimate * factor, self.low * factor, self.high * factor)

    def within(self, least: float, most: float) -> "Interval":
        """Return the interval without what is impossible."""
        return Interval(self.estimate, max(least, self.low), min(most, self.high))


def share_interval(hits: int, n: int, confidence: float = USUAL_CONFIDENCE) -> Interval:
    """Return the share of hits with Wilson's interval, which holds near 0 and 1 too."""
    z, share = _normal_quantile(confidence), hits / n
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return Interval(share, min(share, max(0.0, centre - half)), max(share, min(1.0, centre + half)))


def share_difference(
    hits: int, n: int, other_hits: int, other_n: int, confidence: float = USUAL_CONFIDENCE
) -> Interval:
    """Return how much larger the first share is, with Newcombe's interval (1998, method 10)."""
    one = share_interval(hits, n, confidence)
    other = share_interval(other_hits, other_n, confidence)
    difference = one.estimate - other.estimate
    below = sqrt((one.estimate - one.low) ** 2 + (other.high - other.estimate) ** 2)
    above = sqrt((one.high - one.estimate) ** 2 + (other.estimate - other.low) ** 2)
    return Interval(difference, difference - below, difference + above)


def mean_interval(measured: Measured, confidence: float = USUAL_CONFIDENCE) -> Interval:
    """Return the mean with Student's interval; a single value says nothing but itself."""
    mean, n = measured.mean, measured.n
    if n == 1:
        return Interval(mean, -inf, inf)
    half = student_quantile(confidence, n - 1) * sqrt(measured.variance / n)
    return Interval(mean, mean - half, mean + half)


def mean_difference(
    one: Measured, other: Measured, confidence: float = USUAL_CONFIDENCE
) -> Interval:
    """Return how much larger the first mean is, with Welch's interval; each has two values."""
    difference = one.mean - other.mean
    squared, other_squared = one.variance / one.n, other.variance / other.n
    both = squared + other_squared
    if both == 0.0:
        return Interval(difference, difference, difference)
    parts = (squared / both) ** 2 / (one.n - 1) + (other_squared / both) ** 2 / (other.n - 1)
    half = student_quantile(confidence, 1 / parts) * sqrt(both)
    return Interval(difference, difference - half, difference + half)


def student_quantile(confidence: float, freedom: float) -> float:
    """Return how many standard errors an interval reaches to each side, by Student.

    By the series in Abramowitz and Stegun, 26.7.5: right to three digits from 10 degrees of
    freedom on, and for fewer too small.
    """
    z = _normal_quantile(confidence)
    return (
        z
        + (z**3 + z) / (4 * freedom)
        + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * freedom**2)
        + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * freedom**3)
    )


def _normal_quantile(confidence: float) -> float:
    return _NORMAL.inv_cdf((1 + confidence) / 2)
