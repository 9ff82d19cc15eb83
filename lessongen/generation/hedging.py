"""Hedging: when a model is late with its first event, whether another may be asked besides."""

from collections.abc import Callable, Mapping

_SHARE = 0.05
_MOST_SAVED = 10.0
# Answers just beyond the 95th percentile are common, and soon there: they are not worth asking for.
_BEYOND_P95 = 1.1


class HedgeBudget:
    """Lets one request in twenty be a hedge: each request saves a little, a hedge spends it."""

    def __init__(self, share: float = _SHARE) -> None:
        self._share = share
        self._saved = 0.0

    def save(self) -> None:
        """Note a request."""
        self._saved = min(_MOST_SAVED, self._saved + self._share)

    def spend(self) -> bool:
        """Take what a hedge costs; False where not enough is saved."""
        # Twenty times 0.05 is a little less than one.
        if self._saved < 1.0 - 1e-9:
            return False
        self._saved -= 1.0
        return True


def hedge_after(p95: float | None) -> float | None:
    """Return after how many seconds without an event another model is asked; None for never."""
    return None if p95 is None else p95 * _BEYOND_P95


def hedge_slot(
    asked: str,
    candidates: tuple[str, ...],
    spare: Callable[[str], bool],
    seconds: Mapping[str, float],
) -> str | None:
    """Return the quickest other slot with room to spare, None where there is none.

    `seconds` are those an answer of each slot usually takes; of equals, the first is returned.
    """
    others = [slot for slot in candidates if slot != asked and spare(slot)]
    return min(others, key=seconds.__getitem__, default=None)
