"""Limits on what may be asked within a minute and within a day; time is an argument."""

import math
from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

_PACIFIC = ZoneInfo("America/Los_Angeles")


@dataclass(slots=True, eq=False)
class Entry:
    """A request that counts until `expires`; `tokens` is an estimate until it is settled."""

    expires: float
    tokens: int
    lesson: str


class SlidingWindow:
    """Requests and input tokens of the last `seconds`, neither of which exceeds its limit.

    Every request is remembered by itself, so the limits hold in any window, not only in those
    that begin on the minute. A request larger than the token limit counts as large as the limit.
    """

    def __init__(self, requests: int, tokens: int, seconds: float) -> None:
        self.requests = requests
        self.tokens = tokens
        self.seconds = seconds
        self._entries = deque[Entry]()
        self._used = 0

    def __len__(self) -> int:
        """Return how many requests count, as of the last look at the clock."""
        return len(self._entries)

    def expire(self, now: float) -> list[Entry]:
        """Forget and return the requests that do not count any more."""
        gone: list[Entry] = []
        while self._entries and self._entries[0].expires <= now:
            entry = self._entries.popleft()
            self._used -= entry.tokens
            gone.append(entry)
        return gone

    def earliest(self, now: float, tokens: int, requests: int = 1) -> float:
        """Return when so many requests, of so many tokens together, fit if no other enters.

        `expire` is to be called with the same time before.
        """
        # What takes more than a whole window waits for whole windows first, then for the rest.
        whole = max((requests - 1) // self.requests, (tokens - 1) // self.tokens, 0)
        requests = min(requests - whole * self.requests, self.requests)
        tokens = min(tokens - whole * self.tokens, self.tokens)
        surplus_requests = len(self._entries) + max(requests, 1) - self.requests
        surplus_tokens = self._used + max(tokens, 0) - self.tokens
        ready = now
        for position, entry in enumerate(self._entries):
            if position >= surplus_requests and surplus_tokens <= 0:
                break
            surplus_tokens -= entry.tokens
            ready = entry.expires
        return ready + whole * self.seconds

    def next_expiry(self) -> float:
        """Return when the oldest request stops to count; infinity where none does."""
        return self._entries[0].expires if self._entries else math.inf

    def fits(self, tokens: int) -> bool:
        """Say whether one request of so many tokens fits now; `expire` is to be called before."""
        return (
            len(self._entries) < self.requests
            and self._used + min(tokens, self.tokens) <= self.tokens
        )

    def add(self, now: float, tokens: int, lesson: str) -> Entry:
        """Count a request from now on."""
        entry = Entry(now + self.seconds, min(tokens, self.tokens), lesson)
        self._entries.append(entry)
        self._used += entry.tokens
        return entry

    def settle(self, entry: Entry, now: float, tokens: int) -> None:
        """Replace the estimate of a request by what the server counted."""
        if entry.expires > now:
            self._used += tokens - entry.tokens
            entry.tokens = tokens


class DayQuota:
    """Requests of one day, which ends at midnight Pacific time, as Google's quotas do.

    Times are seconds since 1970.
    """

    def __init__(self, requests: int, used: int = 0, now: float = 0.0) -> None:
        self.requests = requests
        self._used = used
        self._ends = next_pacific_midnight(now)

    def add(self, now: float) -> None:
        """Count a request."""
        self._turn(now)
        self._used += 1

    def take_back(self) -> None:
        """Uncount a request that was not made after all."""
        self._used = max(0, self._used - 1)

    def seconds_left(self, now: float) -> float:
        """Return the seconds until another request is allowed, 0 where one is allowed now."""
        self._turn(now)
        return self._ends - now if self._used >= self.requests else 0.0

    def _turn(self, now: float) -> None:
        if now >= self._ends:
            self._used, self._ends = 0, next_pacific_midnight(now)


def pacific_midnight(now: float) -> float:
    """Return when the day of a moment began in California, in seconds since 1970."""
    moment = datetime.fromtimestamp(now, _PACIFIC)
    return moment.replace(hour=0, minute=0, second=0, microsecond=0).timestamp()


def next_pacific_midnight(now: float) -> float:
    """Return when the day of a moment ends in California, in seconds since 1970."""
    tomorrow = datetime.fromtimestamp(now, _PACIFIC).date() + timedelta(days=1)
    midnight = datetime.combine(tomorrow, datetime.min.time(), _PACIFIC)
    return midnight.timestamp()
