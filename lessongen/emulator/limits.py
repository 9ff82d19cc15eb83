"""Limits: how many requests a model takes within a sliding window of time."""

import math
import re
from collections import defaultdict, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from lessongen.errors import SettingsError


@dataclass(frozen=True, slots=True)
class RateLimit:
    """So many requests within so many seconds, for each model that `model` matches.

    `model` may hold `*` wildcards. Seconds are those of the emulator's clock: its speed does not
    divide them.
    """

    model: str
    requests: int
    seconds: float

    def __post_init__(self) -> None:
        if self.requests < 1 or not 0 < self.seconds < math.inf:
            raise SettingsError("A limit needs 1 request or more, and more than 0 seconds.")


class RateLimiter:
    """Counts the requests it lets in, and no others; for use on one event loop.

    `clock` returns monotonic seconds.
    """

    def __init__(self, limits: Sequence[RateLimit], clock: Callable[[], float]) -> None:
        self._limits = tuple(limits)
        self._clock = clock
        self._let_in = defaultdict[tuple[str, RateLimit], deque[float]](deque)

    def seconds_to_wait(self, model: str) -> float:
        """Let a request in and return 0, or return the seconds until one would be let in."""
        limits = [limit for limit in self._limits if fnmatchcase(model, limit.model)]
        if not limits:
            return 0.0
        now = self._clock()
        wait = max(self._wait(model, limit, now) for limit in limits)
        if not wait:
            for limit in limits:
                self._let_in[model, limit].append(now)
        return wait

    def _wait(self, model: str, limit: RateLimit, now: float) -> float:
        window = self._let_in[model, limit]
        while window and window[0] + limit.seconds <= now:
            window.popleft()
        return window[0] + limit.seconds - now if len(window) >= limit.requests else 0.0


def parse_limit(text: str) -> RateLimit:
    """Read a limit such as `gemini-3.8-flash=10/60`: ten requests in sixty seconds.

    Raises:
        SettingsError: with one sentence that says what to write instead.
    """
    found = re.fullmatch(r"([^=\s]+)=(\d{1,9})/(\d{1,9}(?:\.\d+)?)", text.strip(), re.ASCII)
    if not found:
        raise SettingsError(
            f"The limit “{text}” cannot be used: write it as model=requests/seconds, "
            "such as gemini-3.8-flash=10/60."
        )
    return RateLimit(found[1], int(found[2]), float(found[3]))
