"""How many requests one slot may have under way: fewer after a sign of overload, slowly more."""

_CUT = 0.9
_SECONDS_BETWEEN_CUTS = 1.0


class AdaptiveLimit:
    """A limit that moves between one and `most`: additive increase, multiplicative decrease.

    Requests that were under way together fail together: they count as one sign.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._limit = float(most)
        self._cut_at = float("-inf")

    @property
    def places(self) -> int:
        """How many requests may be under way now."""
        return int(self._limit)

    def bound(self, most: int) -> None:
        """Change the upper end."""
        uncut = self._limit >= self._most
        self._limit = float(most) if uncut else min(self._limit, float(most))
        self._most = most

    def grow(self) -> None:
        """Note a good answer: one more place for every round of them."""
        self._limit = min(float(self._most), self._limit + 1 / self._limit)

    def cut(self, now: float) -> None:
        """Note a sign of overload; `now` is in seconds."""
        if now - self._cut_at >= _SECONDS_BETWEEN_CUTS:
            self._limit = max(1.0, self._limit * _CUT)
            self._cut_at = now
