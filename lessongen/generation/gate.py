"""The gate of a slot: lets requests in by rank, within the slot's limits, while it is open."""

import asyncio
from dataclasses import replace

from lessongen.errors import Refused, Throttled, TimedOut
from lessongen.generation.breaker import BreakerState
from lessongen.generation.clock import loop_time
from lessongen.generation.closures import Closures
from lessongen.generation.concurrency import AdaptiveLimit
from lessongen.generation.estimates import MovingAverage
from lessongen.generation.places import GateOptions, GateState, Leaving, Place
from lessongen.generation.queueing import FairQueue, Ticket
from lessongen.generation.strategy import ModelSlot, Priority
from lessongen.generation.windows import DayQuota, SlidingWindow

_SPARE_TOKENS = 5000  # more than any of our prompts has
# Of those who come in the same instant, the urgent are let in first, and their work is done first:
# the others give the loop up so often before they ask.
_TURNS_WAITED: dict[Priority, int] = {"high": 0, "medium": 1, "low": 2}


class Gate:
    """The gate of one slot. Belongs to the event loop it is used on.

    A request that cannot be let in before its time is up is refused at once, so that it goes
    elsewhere. Nobody waits at a closed gate: when it closes, all who wait are refused.
    """

    def __init__(self, slot: ModelSlot, options: GateOptions, used_today: int = 0) -> None:
        today = DayQuota(slot.requests_per_day, used_today, options.wall_clock())
        self._model = slot.model
        self._most_waiting = options.most_waiting
        self._closures = Closures(slot.model, options.breaker, today, options.wall_clock)
        self._closures.enabled = slot.enabled
        self._window = SlidingWindow(
            slot.requests_per_minute, slot.input_tokens_per_minute, options.minute_seconds
        )
        self._limit = AdaptiveLimit(slot.concurrency)
        self._queue = FairQueue["_Waiter"]()
        self._under_way = 0
        self._seconds = MovingAverage()
        self._alarm: asyncio.TimerHandle | None = None

    @property
    def expected_seconds(self) -> float | None:
        """How long a good answer takes on average; None before the first."""
        return self._seconds.value

    def opens_in(self) -> float:
        """Return the seconds until it lets anybody in, 0 where it is open.

        Infinity where it opens by hand only.
        """
        return self._closures.opens_in(loop_time())

    @property
    def doubtful(self) -> bool:
        """Say whether the model kept failing, and may not be well again when the gate opens."""
        return self._closures.breaker_state(loop_time()) is not BreakerState.CLOSED

    def spare(self) -> bool:
        """Say whether a request would be let in at once, with a place left for another."""
        self._expire(now := loop_time())
        roomy = self._free_places() > 1 and self._window.fits(_SPARE_TOKENS)
        return roomy and not len(self._queue) and self._closures.opens_in(now) == 0

    def state(self) -> GateState:
        """Return what there is to see."""
        now = loop_time()
        self._expire(now)
        return GateState(
            model=self._model,
            breaker=self._closures.breaker_state(now),
            opens_in=self._closures.opens_in(now),
            reason=self._closures.reason(now),
            under_way=self._under_way,
            places=self._limit.places,
            waiting=len(self._queue),
            requests_this_minute=len(self._window),
            by_hand=self._closures.by_hand is not None,
        )

    def close(self, reason: str) -> None:
        """Let nobody in until it is opened by hand; who waits is refused, who is in stays in."""
        self._closures.by_hand = reason
        self._admit()

    def open(self) -> None:
        """Undo a closing by hand, and forget for what the model's answers had closed it.

        A slot that is not enabled stays closed, and so does one whose day is used up.
        """
        self._closures.by_hand = None
        self._closures.forgive()
        self._admit()

    def change(self, slot: ModelSlot) -> None:
        """Take new limits; who is in stays in, and what was counted stays counted."""
        self._window.requests = slot.requests_per_minute
        self._window.tokens = slot.input_tokens_per_minute
        self._closures.today.requests = slot.requests_per_day
        self._closures.enabled = slot.enabled
        self._limit.bound(slot.concurrency)
        self._admit()

    async def enter(self, ticket: Ticket) -> Place | Refused:
        """Wait for a place, until the ticket's latest moment; or be refused."""
        for _ in range(_TURNS_WAITED[ticket.priority]):
            await asyncio.sleep(0)
        now = loop_time()
        self._expire(now)
        ticket = replace(ticket, tokens=min(ticket.tokens, self._window.tokens))
        if not len(self._queue) and self._has_room(ticket, now):
            return self._let_in(ticket, now)
        return self._refusal(now) or await self._in_turn(ticket, now)

    async def _in_turn(self, ticket: Ticket, now: float) -> Place | Refused:
        loop = asyncio.get_running_loop()
        waiter: _Waiter = loop.create_future()
        hopeless = self._turn(ticket, now) > ticket.latest
        self._queue.push(waiter, ticket, now)
        too_late = loop.call_at(ticket.latest, self._give_up, waiter)
        self._admit()
        if hopeless:  # unless it could pass the others, just now
            self._answer(waiter, self._full("its turn would come too late"))
        try:
            return await waiter
        except asyncio.CancelledError:
            if waiter.done() and not waiter.cancelled():
                self._give_back(waiter.result())
            raise
        finally:
            too_late.cancel()
            if self._queue.remove(waiter):
                self._admit()

    def leave(self, place: Place, leaving: Leaving) -> None:
        """Give a place back, and learn from how it went."""
        now = loop_time()
        self._under_way -= 1
        if leaving.input_tokens is not None:
            self._window.settle(place.entry, now, leaving.input_tokens)
        if leaving.verdict == "good":
            self._limit.grow()
            self._seconds.add(now - place.entered)
        elif _overloaded(leaving):
            self._limit.cut(now)
        self._closures.record(now, leaving.verdict, leaving.error, probe=place.probe)
        self._admit()

    def _admit(self) -> None:
        """Let in whoever may come in now, and see to it that the next one is thought of."""
        if not len(self._queue):
            return
        now = loop_time()
        self._expire(now)
        while first := self._queue.first():
            waiter, ticket = first
            if refusal := self._closures.refusal(now):
                self._refuse_all(refusal)
            elif waiter.done():  # cancelled a moment ago
                self._queue.remove(waiter)
            elif self._has_room(ticket, now):
                self._answer(waiter, self._let_in(ticket, now))
            else:
                self._see_to(ticket, now)
                return

    def _see_to(self, head: Ticket, now: float) -> None:
        """Where the first in the queue waits for a limit, use what it cannot use, and wake."""
        if self._free_places() <= 0:
            return  # whoever leaves will wake it
        ready = self._window.earliest(now, head.tokens)
        self._backfill(head, ready, now)
        if self._alarm:
            self._alarm.cancel()
        wake = min(ready, self._window.next_expiry())
        self._alarm = asyncio.get_running_loop().call_at(wake, self._admit)

    def _backfill(self, head: Ticket, ready: float, now: float) -> None:
        """Let smaller requests pass a large one that waits for tokens, if it waits no longer."""
        for waiter, ticket in list(self._queue.ranked())[1:]:
            if self._free_places() <= 1:
                return
            both = head.tokens + ticket.tokens
            if (
                not waiter.done()
                and self._has_room(ticket, now)
                and self._window.earliest(now, both, requests=2) <= ready
            ):
                self._answer(waiter, self._let_in(ticket, now))

    def _refuse_all(self, refusal: Refused) -> None:
        for waiter, _ in list(self._queue.ranked()):
            self._answer(waiter, refusal)

    def _refusal(self, now: float) -> Refused | None:
        """Return why it is no use to wait, None where it is."""
        if closed := self._closures.refusal(now):
            return closed
        if len(self._queue) >= self._most_waiting:
            return self._full("too many requests wait for it")
        return None

    def _turn(self, ticket: Ticket, now: float) -> float:
        """Return when a newcomer would be let in, as far as can be told."""
        ahead, tokens = self._queue.ahead_of(ticket, now)
        by_limits = self._window.earliest(now, tokens + ticket.tokens, ahead + 1)
        without_place = max(0, ahead + 1 - self._free_places())
        by_places = now + (self._seconds.value or 0.0) * without_place / self._limit.places
        return max(by_limits, by_places)

    def _has_room(self, ticket: Ticket, now: float) -> bool:
        return (
            self._free_places() > 0
            and self._window.fits(ticket.tokens)
            and self._closures.opens_in(now) == 0
        )

    def _free_places(self) -> int:
        return self._limit.places - self._under_way

    def _let_in(self, ticket: Ticket, now: float) -> Place:
        self._under_way += 1
        self._queue.serve(ticket.lesson)
        entry = self._window.add(now, ticket.tokens, ticket.lesson)
        return Place(now, entry, self._closures.passing())

    def _answer(self, waiter: "_Waiter", answer: Place | Refused) -> None:
        self._queue.remove(waiter)
        if not waiter.done():
            waiter.set_result(answer)

    def _give_back(self, answer: Place | Refused) -> None:
        """Take back what was answered to somebody who was cancelled before hearing it."""
        if isinstance(answer, Place):
            self._closures.today.take_back()
            self.leave(answer, Leaving("ignored", input_tokens=0))

    def _give_up(self, waiter: "_Waiter") -> None:
        self._answer(waiter, self._full("no place came free in time"))
        self._admit()

    def _full(self, why: str) -> Refused:
        return Refused(self._model, f"not asked: {why}")

    def _expire(self, now: float) -> None:
        for entry in self._window.expire(now):
            self._queue.forget(entry.lesson)


_Waiter = asyncio.Future[Place | Refused]


def _overloaded(leaving: Leaving) -> bool:
    """Say whether an answer is a sign that the model has too much to do."""
    late = isinstance(leaving.error, TimedOut) and leaving.verdict == "bad"
    return late or isinstance(leaving.error, Throttled)
