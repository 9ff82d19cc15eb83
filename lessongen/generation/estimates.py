"""What is learnt of a slot from its answers: tokens for a text, seconds to answer."""

from collections import deque
from statistics import median, quantiles

CHARACTERS_A_TOKEN = 4
_WEIGHT = 0.2
_SAMPLES_KEPT = 100
_SAMPLES_NEEDED = 20
_BEYOND_P95 = 2.75
# Answers so many times later than usual are the ones to tell apart, as long as they are few.
_OUTLYING = 4.0
_FEW = 0.1


class TokenEstimate:
    """Input tokens of a text: a quarter of its characters, corrected by what servers counted."""

    def __init__(self) -> None:
        self._correction = 1.0

    def tokens(self, characters: int) -> int:
        """Return the tokens to expect; at least one."""
        return max(1, round(characters / CHARACTERS_A_TOKEN * self._correction))

    def learn(self, characters: int, counted: int) -> None:
        """Take what a server counted for a text."""
        if characters and counted > 0:
            found = counted * CHARACTERS_A_TOKEN / characters
            self._correction += _WEIGHT * (found - self._correction)


class MovingAverage:
    """An average that leans to the newest values; None before the first."""

    def __init__(self) -> None:
        self.value: float | None = None

    def add(self, value: float) -> None:
        """Take a value."""
        before = value if self.value is None else self.value
        self.value = before + _WEIGHT * (value - before)


class FirstEventTimes:
    """Seconds to the first event of a slot's recent answers."""

    def __init__(self) -> None:
        self._seconds = deque[float](maxlen=_SAMPLES_KEPT)

    def add(self, seconds: float) -> None:
        """Take the time of an answer."""
        self._seconds.append(seconds)

    def learn(self, seconds: float, heard: bool) -> None:  # noqa: FBT001 (what the seconds are)
        """Take the time to a first event; where none was heard, the time it was waited for.

        A wait that was broken off early says nothing of how late the answer would have come.
        """
        p95 = self.p95()
        if heard or (p95 is not None and seconds >= p95):
            self.add(seconds)

    def p95(self) -> float | None:
        """Return the 95th percentile of what is usual, None before that can be told.

        A few answers that hang or straggle are left out: they would move it to themselves.
        """
        if len(self._seconds) < _SAMPLES_NEEDED:
            return None
        most = _OUTLYING * median(self._seconds)
        usual = [seconds for seconds in self._seconds if seconds <= most]
        few = len(usual) >= (1 - _FEW) * len(self._seconds)
        return quantiles(usual if few else self._seconds, n=20, method="inclusive")[-1]

    def patience(self, least: float, most: float) -> float:
        """Return how long to wait for a first event: far beyond what is usual, within bounds.

        Where many answers come that late, they become what is usual.
        """
        p95 = self.p95()
        return most if p95 is None else min(most, max(least, p95 * _BEYOND_P95))
