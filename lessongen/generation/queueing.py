"""Who is next at a gate: by priority and age, and fairly between lessons.

A waiter is ranked by the moment it came, plus seconds for a lower priority, plus seconds for
every request its lesson was let in with lately. So the urgent go first, nobody is overtaken for
ever, and a lesson of many sections does not hold up another teacher's.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import count
from operator import itemgetter
from typing import Generic, TypeVar

from lessongen.generation.strategy import Priority

PRIORITY_SECONDS: dict[Priority, float] = {"high": 0.0, "medium": 2.0, "low": 4.0}
SHARE_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Ticket:
    """What asks for a place. After `latest`, in seconds of the loop's clock, it is of no use."""

    lesson: str
    priority: Priority
    tokens: int
    latest: float


WaiterT = TypeVar("WaiterT")


@dataclass(slots=True, eq=False)
class _Waiting(Generic[WaiterT]):
    waiter: WaiterT | None
    ticket: Ticket
    rank: float


class FairQueue(Generic[WaiterT]):
    """Waiters with their tickets, in the order in which they are to be let in."""

    def __init__(self) -> None:
        self._lessons: dict[str, list[tuple[float, int, _Waiting[WaiterT]]]] = {}
        self._places: dict[WaiterT, _Waiting[WaiterT]] = {}
        self._served = Counter[str]()
        self._numbers = count()

    def __len__(self) -> int:
        """Return how many wait."""
        return len(self._places)

    def push(self, waiter: WaiterT, ticket: Ticket, now: float) -> None:
        """Add a waiter."""
        place = _Waiting(waiter, ticket, now + PRIORITY_SECONDS[ticket.priority])
        self._places[waiter] = place
        heap = self._lessons.setdefault(ticket.lesson, [])
        heappush(heap, (place.rank, next(self._numbers), place))

    def remove(self, waiter: WaiterT) -> bool:
        """Take a waiter out, in any place; return whether it was there."""
        place = self._places.pop(waiter, None)
        if place is None:
            return False
        place.waiter = None  # its entry in the heap is dropped when it comes to the front
        return True

    def first(self) -> tuple[WaiterT, Ticket] | None:
        """Return who is next, None where nobody waits."""
        best: tuple[float, _Waiting[WaiterT]] | None = None
        for lesson in list(self._lessons):
            front = self._front(lesson)
            if front and (best is None or self._rank(front) < best[0]):
                best = self._rank(front), front
        return (best[1].waiter, best[1].ticket) if best and best[1].waiter else None

    def ranked(self) -> Iterator[tuple[WaiterT, Ticket]]:
        """Yield everybody, the next first. Slower than `first`."""
        ranks = [(self._rank(place), waiter, place) for waiter, place in self._places.items()]
        ranks.sort(key=itemgetter(0))
        for _, waiter, place in ranks:
            yield waiter, place.ticket

    def ahead_of(self, ticket: Ticket, now: float) -> tuple[int, int]:
        """Return how many requests, and how many tokens, would go before such a newcomer."""
        rank = now + PRIORITY_SECONDS[ticket.priority] + self._share(ticket.lesson)
        ahead = [p.ticket.tokens for p in self._places.values() if self._rank(p) <= rank]
        return len(ahead), sum(ahead)

    def serve(self, lesson: str) -> None:
        """Note that a lesson had a request let in."""
        self._served[lesson] += 1

    def forget(self, lesson: str) -> None:
        """Note that a request let in for a lesson is long ago."""
        self._served[lesson] -= 1
        if self._served[lesson] <= 0:
            del self._served[lesson]

    def _share(self, lesson: str) -> float:
        return SHARE_SECONDS * self._served[lesson]

    def _rank(self, place: _Waiting[WaiterT]) -> float:
        return place.rank + self._share(place.ticket.lesson)

    def _front(self, lesson: str) -> _Waiting[WaiterT] | None:
        """Return a lesson's next waiter; all of them have the same share, so it is its best."""
        heap = self._lessons[lesson]
        while heap and heap[0][2].waiter is None:
            heappop(heap)
        if heap:
            return heap[0][2]
        del self._lessons[lesson]
        return None
