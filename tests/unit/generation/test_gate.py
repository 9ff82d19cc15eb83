import asyncio
import math
from collections.abc import Coroutine
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessongen.errors import (
    Blocked,
    ModelNotFound,
    ProviderError,
    Refused,
    SwitchedOff,
    Throttled,
    TimedOut,
    Unauthorized,
    Unavailable,
)
from lessongen.generation.breaker import BreakerPolicy, BreakerState
from lessongen.generation.gate import Gate
from lessongen.generation.places import GateOptions, Leaving, Place
from lessongen.generation.policy import verdict
from lessongen.generation.queueing import Ticket
from lessongen.generation.strategy import Priority
from tests.support.generation import WALL_CLOCK, model_slot
from tests.support.virtual_time import VirtualTimeLoop, in_virtual_time

MINUTE = 60.0
DOWN = Unavailable("m", "503")


def now() -> float:
    return asyncio.get_running_loop().time()


def gate_of(most_waiting: int = 100, used_today: int = 0, **limits: Any) -> Gate:
    """Return a gate whose wall clock goes on by itself, as real ones do."""
    ticks = count()
    options = GateOptions(
        wall_clock=lambda: WALL_CLOCK + now() + next(ticks) * 1e-6,
        minute_seconds=MINUTE,
        most_waiting=most_waiting,
        breaker=BreakerPolicy(failures_in_a_row=3, open_seconds=5),
    )
    return Gate(model_slot("m", **limits), options, used_today)


@dataclass
class Visitors:
    """People at a gate: when each was let in, or that they were refused."""

    gate: Gate
    entered: dict[str, float] = field(default_factory=dict[str, float])
    refused: dict[str, float] = field(default_factory=dict[str, float])
    tasks: dict[str, asyncio.Task[None]] = field(default_factory=dict[str, asyncio.Task[None]])

    def send(
        self,
        name: str,
        stays: float = 1.0,
        priority: Priority = "high",
        tokens: int = 1,
        latest: float = 1000.0,
        error: ProviderError | None = None,
    ) -> None:
        ticket = Ticket(name.split(maxsplit=1)[0], priority, tokens, latest)
        self.tasks[name] = asyncio.create_task(self._visit(name, ticket, stays, error))

    async def _visit(
        self, name: str, ticket: Ticket, stays: float, error: ProviderError | None
    ) -> None:
        place = await self.gate.enter(ticket)
        if isinstance(place, Refused):
            self.refused[name] = now()
            return
        self.entered[name] = now()
        try:
            await asyncio.sleep(stays)
        finally:
            self.gate.leave(place, Leaving(verdict(error, hurried=False), error))

    async def all_gone(self) -> None:
        await asyncio.gather(*self.tasks.values(), return_exceptions=True)
        assert self.gate.state().under_way == 0
        assert self.gate.state().waiting == 0


async def entered(gate: Gate) -> Place:
    place = await gate.enter(Ticket("somebody", "high", 1, latest=now() + 1000))
    assert isinstance(place, Place)
    return place


def failed(gate: Gate, place: Place, error: ProviderError) -> None:
    gate.leave(place, Leaving(verdict(error, hurried=False), error))


# Limits


@in_virtual_time
async def test_only_so_many_are_in_at_a_time():
    visitors = Visitors(gate_of(concurrency=2))
    for number in range(5):
        visitors.send(f"v {number}")
    await visitors.all_gone()

    assert list(visitors.entered.values()) == pytest.approx([0, 0, 1, 1, 2])


@in_virtual_time
async def test_only_so_many_come_in_within_a_minute():
    visitors = Visitors(gate_of(requests_per_minute=2))
    for number in range(5):
        visitors.send(f"v {number}")
    await visitors.all_gone()

    assert list(visitors.entered.values()) == pytest.approx([0, 0, 60, 60, 120])


@in_virtual_time
async def test_the_urgent_are_let_in_first():
    visitors = Visitors(gate_of(concurrency=1))
    visitors.send("first")
    visitors.send("low", priority="low")
    visitors.send("high", priority="high")
    await visitors.all_gone()

    assert list(visitors.entered) == ["first", "high", "low"]


@in_virtual_time
async def test_a_large_request_is_not_starved_by_small_ones_that_keep_coming():
    visitors = Visitors(gate_of(input_tokens_per_minute=100, requests_per_minute=1000))
    visitors.send("early", tokens=60)
    await asyncio.sleep(1)
    visitors.send("large", tokens=90)
    for number in range(200):
        await asyncio.sleep(1)
        visitors.send(f"small{number}", tokens=5)
    await visitors.all_gone()

    assert visitors.entered["large"] == pytest.approx(60)


@in_virtual_time
async def test_small_requests_pass_a_large_one_that_waits_no_longer_for_them():
    visitors = Visitors(gate_of(input_tokens_per_minute=100))
    visitors.send("early", tokens=60)
    await asyncio.sleep(1)
    visitors.send("large", tokens=90)
    visitors.send("passes", tokens=10)
    visitors.send("waits", tokens=20)
    await visitors.all_gone()

    assert visitors.entered["passes"] == pytest.approx(1)
    assert visitors.entered["large"] == pytest.approx(60)
    assert visitors.entered["waits"] > 60


@in_virtual_time
async def test_what_the_server_counted_makes_room_or_takes_it():
    gate = gate_of(input_tokens_per_minute=100)
    place = await gate.enter(Ticket("a", "high", 100, latest=1000))
    assert isinstance(place, Place)
    visitors = Visitors(gate)
    visitors.send("b", tokens=70)
    await asyncio.sleep(1)
    gate.leave(place, Leaving("good", None, input_tokens=30))
    await visitors.all_gone()

    assert visitors.entered["b"] == pytest.approx(1)


@in_virtual_time
async def test_a_used_up_day_closes_the_gate_until_midnight_in_california():
    gate = gate_of(requests_per_day=10, used_today=9)
    gate.leave(await entered(gate), Leaving("good"))

    refused = await gate.enter(Ticket("a", "high", 1, latest=100))

    assert isinstance(refused, Refused)
    assert refused.reason == "all 10 requests of the day are used"
    assert isinstance(refused.closed_by, Throttled)
    assert refused.closed_by.per_day
    assert 0 < gate.opens_in() <= 24 * 3600
    await asyncio.sleep(gate.opens_in())
    assert gate.opens_in() == 0


@in_virtual_time
async def test_who_passes_a_large_request_is_bound_by_every_other_limit_too():
    gate = gate_of(input_tokens_per_minute=100, requests_per_day=10, used_today=7, concurrency=1)
    visitors = Visitors(gate)
    visitors.send("early", tokens=60)
    await asyncio.sleep(0.5)
    visitors.send("large", tokens=90)
    for number in range(5):
        visitors.send(f"small{number}", tokens=1)
    await asyncio.sleep(0.1)
    gate.change(model_slot("m", input_tokens_per_minute=100, requests_per_day=10, concurrency=9))
    await asyncio.sleep(0.1)

    assert len(visitors.entered) == 3
    await visitors.all_gone()


@in_virtual_time
async def test_those_behind_are_thought_of_when_the_first_gives_up():
    visitors = Visitors(gate_of(input_tokens_per_minute=100))
    visitors.send("early", tokens=90)
    await asyncio.sleep(1)
    visitors.send("large", tokens=100, latest=5.0)
    visitors.send("small", tokens=10, latest=6.0)
    visitors.send("late", tokens=90)
    await visitors.all_gone()

    assert visitors.entered["late"] == pytest.approx(60)
    assert visitors.entered["small"] < 6


@in_virtual_time
async def test_a_gate_has_room_to_spare_only_within_all_its_limits():
    gate = gate_of(requests_per_minute=2)
    assert gate.spare()
    for _ in range(2):
        gate.leave(await entered(gate), Leaving("good"))
    assert not gate.spare()
    await asyncio.sleep(MINUTE)
    assert gate.spare()


@in_virtual_time
async def test_new_limits_hold_at_once_and_forget_nothing():
    gate = gate_of(concurrency=1, requests_per_minute=3)
    visitors = Visitors(gate)
    for number in range(4):
        visitors.send(f"v {number}", stays=10)
    await asyncio.sleep(1)
    gate.change(model_slot("m", concurrency=5, requests_per_minute=3))
    await visitors.all_gone()

    assert list(visitors.entered.values()) == pytest.approx([0, 1, 1, 60])


# Too late


@in_virtual_time
async def test_who_cannot_come_in_before_it_is_too_late_is_refused_at_once():
    visitors = Visitors(gate_of(requests_per_minute=1))
    visitors.send("first")
    visitors.send("in time", latest=61.0)
    visitors.send("too late", latest=119.0)
    await visitors.all_gone()

    assert visitors.entered == pytest.approx({"first": 0, "in time": 60})
    assert visitors.refused == pytest.approx({"too late": 0})


@in_virtual_time
async def test_a_turn_that_would_come_too_late_is_foreseen_from_how_long_answers_take():
    gate = gate_of(concurrency=1)
    visitors = Visitors(gate)
    visitors.send("teaches", stays=10)
    await visitors.all_gone()
    visitors.send("holds", stays=10)
    visitors.send("too late", latest=15.0)
    await visitors.all_gone()

    assert visitors.refused == pytest.approx({"too late": 10})


@in_virtual_time
async def test_whom_nobody_could_foresee_is_refused_when_it_is_too_late():
    visitors = Visitors(gate_of(concurrency=1))
    visitors.send("holds", stays=100)
    visitors.send("waits", latest=7.0)
    await visitors.all_gone()

    assert visitors.refused == pytest.approx({"waits": 7})


@in_virtual_time
async def test_a_queue_has_an_end():
    visitors = Visitors(gate_of(concurrency=1, most_waiting=2))
    for number in range(5):
        visitors.send(f"v {number}")
    await visitors.all_gone()

    assert len(visitors.entered) == 3
    assert list(visitors.refused.values()) == [0, 0]


# Closing


@in_virtual_time
async def test_a_wait_the_server_asks_for_closes_the_gate_to_everybody():
    visitors = Visitors(gate_of(concurrency=1))
    visitors.send("throttled", error=Throttled("m", "429", retry_after=7.0))
    visitors.send("waits")
    await visitors.all_gone()

    assert visitors.refused == pytest.approx({"waits": 1})
    assert visitors.gate.opens_in() == pytest.approx(7)
    await asyncio.sleep(7)
    visitors.send("later")
    await visitors.all_gone()
    assert visitors.entered["later"] == pytest.approx(8)


@in_virtual_time
async def test_where_the_server_names_no_wait_it_closes_for_longer_each_time():
    gate, waits = gate_of(), list[float]()
    for _ in range(7):
        failed(gate, await entered(gate), Throttled("m", "429"))
        waits.append(gate.opens_in())
        await asyncio.sleep(gate.opens_in())
    assert waits == pytest.approx([1, 2, 4, 8, 16, 32, 32])

    gate.leave(await entered(gate), Leaving("good"))
    failed(gate, await entered(gate), Throttled("m", "429"))
    assert gate.opens_in() == pytest.approx(1)


@in_virtual_time
async def test_a_quota_of_the_day_closes_it_until_midnight_whatever_wait_the_server_names():
    gate = gate_of()
    failed(gate, await entered(gate), Throttled("m", "429", retry_after=54, per_day=True))

    assert gate.opens_in() > 3600


@in_virtual_time
async def test_what_ends_while_it_is_closed_does_not_become_the_reason():
    gate = gate_of()
    first, second = await entered(gate), await entered(gate)
    failed(gate, first, Throttled("m", "429", per_day=True))
    failed(gate, second, Blocked("m", "safety"))

    refused = await gate.enter(Ticket("a", "high", 1, latest=100))

    assert isinstance(refused, Refused)
    assert isinstance(refused.closed_by, Throttled)


@in_virtual_time
async def test_a_model_that_keeps_failing_is_tried_by_one_after_a_while():
    gate = gate_of()
    for _ in range(3):
        failed(gate, await entered(gate), DOWN)
    assert gate.state().breaker is BreakerState.OPEN
    assert gate.opens_in() == pytest.approx(5)

    refused = await gate.enter(Ticket("a", "high", 1, latest=100))
    assert isinstance(refused, Refused)
    assert refused.closed_by is DOWN

    await asyncio.sleep(5)
    visitors = Visitors(gate)
    visitors.send("probe", stays=2)
    visitors.send("other")
    await asyncio.sleep(1)
    assert visitors.refused == pytest.approx({"other": 5})
    await visitors.all_gone()
    assert gate.state().breaker is BreakerState.CLOSED


def test_a_model_that_does_not_exist_is_not_asked_by_everybody_in_turn(
    caplog: pytest.LogCaptureFixture,
):
    @in_virtual_time
    async def ask() -> None:
        gate = gate_of()
        first, second = await entered(gate), await entered(gate)
        failed(gate, first, ModelNotFound("m", "404"))
        failed(gate, second, ModelNotFound("m", "404"))
        assert gate.opens_in() == pytest.approx(60)

    ask()

    assert [record.message for record in caplog.records] == [
        "m: not asked for 60 s: 404. Write another id in place of m on the page Assignments."
    ]


@pytest.mark.parametrize("error", [Throttled("m", "429"), TimedOut("m", "late")])
@in_virtual_time
async def test_signs_of_overload_take_places_away_and_good_answers_bring_them_back(
    error: ProviderError,
):
    gate = gate_of(concurrency=20, requests_per_minute=1000)
    places = [await entered(gate) for _ in range(4)]
    for place in places:
        failed(gate, place, error)
    assert gate.state().places == 18  # what was under way together counts once

    await asyncio.sleep(10)
    for _ in range(40):
        gate.leave(await entered(gate), Leaving("good"))
    assert gate.state().places == 20


# Closing and opening by hand


@in_virtual_time
async def test_who_waits_is_refused_when_the_gate_is_closed_by_hand_and_who_is_in_stays_in():
    visitors = Visitors(gate_of(concurrency=1))
    visitors.send("is in", stays=10)
    visitors.send("waits")
    visitors.send("waits too", priority="low")
    await asyncio.sleep(3)

    visitors.gate.close("the bill is too high")
    await asyncio.sleep(1)
    assert visitors.gate.state().under_way == 1
    await visitors.all_gone()

    assert visitors.entered == {"is in": 0}
    assert visitors.refused == pytest.approx({"waits": 3, "waits too": 3})


@in_virtual_time
async def test_a_gate_closed_by_hand_refuses_at_once_and_says_why():
    gate = gate_of()
    gate.close("the bill is too high")

    refused = await gate.enter(Ticket("a", "high", 1, latest=1000))

    assert now() == 0
    assert isinstance(refused, Refused)
    assert refused.reason == "not asked: the bill is too high"
    assert isinstance(refused.closed_by, SwitchedOff)
    state = gate.state()
    assert (state.by_hand, state.reason) == (True, "the bill is too high")
    assert state.opens_in == gate.opens_in() == math.inf
    assert not gate.spare()


@in_virtual_time
async def test_it_stays_closed_until_it_is_opened_by_hand():
    gate = gate_of()
    gate.close("for today")
    await asyncio.sleep(1_000_000)
    assert gate.opens_in() == math.inf

    gate.open()

    state = gate.state()
    assert (state.opens_in, state.by_hand, state.reason) == (0, False, None)
    await entered(gate)


@pytest.mark.parametrize(
    "error",
    [
        Unauthorized("m", "403"),
        ModelNotFound("m", "404"),
        Throttled("m", "429", retry_after=1000.0),
        Throttled("m", "429", per_day=True),
    ],
)
@in_virtual_time
async def test_whoever_has_mended_what_was_wrong_need_not_wait(error: ProviderError):
    gate = gate_of()
    failed(gate, await entered(gate), error)
    assert gate.opens_in() >= 60

    gate.open()

    assert gate.state().breaker is BreakerState.CLOSED
    assert (gate.opens_in(), gate.state().reason, gate.doubtful) == (0, None, False)
    await entered(gate)


@in_virtual_time
async def test_what_comes_of_the_probe_of_a_time_before_it_was_opened_by_hand_changes_nothing():
    gate = gate_of()
    for _ in range(3):
        failed(gate, await entered(gate), DOWN)
    await asyncio.sleep(5)
    probe = await entered(gate)

    gate.open()
    failed(gate, probe, DOWN)

    assert gate.state().breaker is BreakerState.CLOSED
    assert gate.opens_in() == 0


@in_virtual_time
async def test_opening_by_hand_gives_no_more_requests_for_the_day():
    gate = gate_of(requests_per_day=1)
    gate.leave(await entered(gate), Leaving("good"))

    gate.open()

    assert gate.opens_in() > 3600


@in_virtual_time
async def test_a_slot_that_is_switched_off_lets_nobody_in_and_cannot_be_opened_by_hand():
    visitors = Visitors(gate_of(concurrency=1))
    visitors.send("is in", stays=10)
    visitors.send("waits")
    await asyncio.sleep(1)

    visitors.gate.change(model_slot("m", concurrency=1, enabled=False))
    visitors.gate.open()
    await visitors.all_gone()

    state = visitors.gate.state()
    assert visitors.refused == pytest.approx({"waits": 1})
    assert (state.opens_in, state.by_hand) == (math.inf, False)
    assert state.reason == "switched off by an admin"

    visitors.gate.change(model_slot("m", concurrency=1))
    visitors.send("later")
    await visitors.all_gone()
    assert visitors.entered == pytest.approx({"is in": 0, "later": 10})


@in_virtual_time
async def test_a_slot_that_is_switched_off_from_the_beginning_lets_nobody_in():
    assert gate_of(enabled=False).opens_in() == math.inf


# Cancelling


@in_virtual_time
async def test_who_is_cancelled_in_the_queue_holds_nobody_up():
    visitors = Visitors(gate_of(concurrency=1))
    visitors.send("first", stays=5)
    visitors.send("cancelled")
    visitors.send("next")
    await asyncio.sleep(1)
    visitors.tasks["cancelled"].cancel()
    await visitors.all_gone()

    assert visitors.entered == pytest.approx({"first": 0, "next": 5})


@in_virtual_time
async def test_who_is_cancelled_in_the_moment_of_being_let_in_gives_the_place_back():
    gate = gate_of(concurrency=1)
    held = await entered(gate)
    visitors = Visitors(gate)
    visitors.send("cancelled")
    await asyncio.sleep(1)

    gate.leave(held, Leaving("good"))  # lets the next one in
    visitors.tasks["cancelled"].cancel()
    await visitors.all_gone()

    assert visitors.entered == {}
    await entered(gate)


Visits = list[tuple[float, float, Priority, int, float, float | None]]


@given(
    visits=st.lists(
        st.tuples(
            st.floats(0, 20),  # comes so long after the one before
            st.floats(0, 30),  # stays
            st.sampled_from(["high", "medium", "low"]),
            st.integers(1, 60),  # tokens
            st.floats(0, 200),  # gives up so long after coming
            st.none() | st.floats(0, 100),  # is cancelled
        ),
        max_size=25,
    ),
    requests=st.integers(1, 5),
    tokens=st.integers(20, 100),
    concurrency=st.integers(1, 4),
)
def test_whoever_comes_and_goes_no_limit_is_exceeded_and_nobody_is_forgotten(
    visits: Visits, requests: int, tokens: int, concurrency: int
):
    async def play() -> None:
        gate = gate_of(
            requests_per_minute=requests,
            input_tokens_per_minute=tokens,
            concurrency=concurrency,
        )
        visitors, sizes, most_in = Visitors(gate), dict[str, int](), 0
        loop = asyncio.get_running_loop()
        for number, (pause, stays, priority, size, patience, cancelled) in enumerate(visits):
            await asyncio.sleep(pause)
            name = f"{'abc'[number % 3]} {number}"
            sizes[name] = min(size, tokens)
            visitors.send(name, stays, priority, size, now() + patience)
            if cancelled is not None:
                loop.call_later(cancelled, visitors.tasks[name].cancel)
            most_in = max(most_in, gate.state().under_way)
        await visitors.all_gone()

        known = visitors.entered.keys() | visitors.refused.keys()
        lost = [name for name, task in visitors.tasks.items() if not task.cancelled()]
        assert set(lost) <= known
        assert most_in <= concurrency
        for began in visitors.entered.values():
            within = [
                name for name, at in visitors.entered.items() if began <= at < began + MINUTE - 1e-6
            ]
            assert len(within) <= requests
            assert sum(sizes[name] for name in within) <= tokens

    played(play())


def played(play: Coroutine[Any, Any, None]) -> None:
    with asyncio.Runner(loop_factory=VirtualTimeLoop) as runner:
        runner.run(play)
