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
    number: int


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
        rank, number = now + PRIORITY_SECONDS[ticket.priority], next(self._numbers)
        self._places[waiter] = place = _Waiting(waiter, ticket, rank, number)
        heappush(self._lessons.setdefault(ticket.lesson, []), (rank, number, place))

    def remove(self, waiter: WaiterT) -> bool:
        """Take a waiter out, in any place; return whether it was there."""
        place = self._places.pop(waiter, None)
        if place is None:
            return False
        place.waiter = None  # its entry in the heap is dropped when it comes to the front
        return True

    def first(self) -> tuple[WaiterT, Ticket] | None:
        """Return who is next, None where nobody waits."""
        fronts = [front for lesson in list(self._lessons) if (front := self._front(lesson))]
        best = min(fronts, key=self._order, default=None)
        return (best.waiter, best.ticket) if best and best.waiter is not None else None

    def ranked(self) -> Iterator[tuple[WaiterT, Ticket]]:
        """Yield everybody, the next first. Slower than `first`."""
        places = sorted(self._places.items(), key=lambda item: self._order(item[1]))
        for waiter, place in places:
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

    def _order(self, place: _Waiting[WaiterT]) -> tuple[float, int]:
        """Return what waiters are sorted by: of equals, who came first."""
        return self._rank(place), place.number

    def _front(self, lesson: str) -> _Waiting[WaiterT] | None:
        """Return a lesson's next waiter; all of them have the same share, so it is its best."""
        heap = self._lessons[lesson]
        while heap and heap[0][2].waiter is None:
            heappop(heap)
        if heap:
            return heap[0][2]
        del self._lessons[lesson]
        return None
