import asyncio
from collections.abc import Callable

import pytest

from lessongen.errors import Unavailable
from lessongen.gemini.messages import ModelRequest
from lessongen.generation.attempts import Written
from lessongen.generation.events import Event, PartGrew, PartReset, PartStarted
from lessongen.generation.hedging import HedgeBudget, hedge_after, hedge_slot
from lessongen.generation.parts import PartWriter, Terms
from lessongen.generation.policy import Policy
from lessongen.generation.strategy import ModelSlot
from tests.support.generation import (
    ASSIGNMENT,
    GOOD,
    NOTE,
    Note,
    Steady,
    Told,
    model_slot,
    pool_of,
)
from tests.support.scripted_client import Answer, ScriptedClient
from tests.support.virtual_time import in_virtual_time

HEDGED = Terms(ASSIGNMENT, hedging=True)
QUICK: Answer = (1.0, GOOD)
LATE: Answer = (10.0, GOOD)
EARLIER = '{"text": "Hello"}'
LEARNT = 40
"""Answers from which a slot's usual time and the budget of two hedges are learnt."""


def now() -> float:
    return asyncio.get_running_loop().time()


class Writer:
    """Writes notes with three slots, the first of which has shown that it takes a second."""

    def __init__(self, then: Callable[[ModelRequest], Answer], **slots: ModelSlot) -> None:
        self.client = ScriptedClient.answering(self._answer)
        self._then = then
        self._parts = PartWriter(pool_of(self.client, **slots), Policy(), Steady())

    async def learn(self) -> None:
        for _ in range(LEARNT):
            await self._parts.write(NOTE, HEDGED, Told())
        await asyncio.sleep(60)

    async def write(self, terms: Terms = HEDGED) -> tuple[Told, float, object]:
        """Write one more note; return what was told, the seconds it took, and the outcome."""
        told, began = Told(), now()
        outcome = await self._parts.write(NOTE, terms, told)
        return told, now() - began, outcome

    def _answer(self, asked: ModelRequest) -> Answer:
        return QUICK if len(self.client.asked) <= LEARNT else self._then(asked)


def late_first(asked: ModelRequest) -> Answer:
    return LATE if asked.model == "first-model" else QUICK


@in_virtual_time
async def test_when_a_model_is_late_another_is_asked_besides_and_the_first_good_answer_wins():
    writer = Writer(late_first)
    await writer.learn()

    told, seconds, outcome = await writer.write()

    assert outcome == Written(Note(text="Good morning"), "second", "second-model")
    assert seconds == pytest.approx(1.1 + 1.0)
    assert told.tries == [("second", "hedge", "written"), ("first", "first", "cancelled")]
    assert writer.client.all_closed


@in_virtual_time
async def test_the_loser_is_counted_with_what_it_will_cost():
    writer = Writer(late_first)
    await writer.learn()

    told, _, _ = await writer.write()

    loser = told.attempts[1]
    assert (loser.outcome, loser.error) == ("cancelled", None)
    assert loser.cost


@in_virtual_time
async def test_a_late_model_that_is_still_first_wins():
    writer = Writer(lambda asked: (2.0, GOOD) if asked.model == "first-model" else LATE)
    await writer.learn()

    told, seconds, outcome = await writer.write()

    assert isinstance(outcome, Written)
    assert outcome.slot == "first"
    assert seconds == pytest.approx(2)
    assert told.tries == [("first", "first", "written"), ("second", "hedge", "cancelled")]


@in_virtual_time
async def test_a_model_in_the_middle_of_its_answer_is_not_hedged():
    writer = Writer(lambda _: (1.0, '{"text": ', 5.0, '"Good morning"}'))
    await writer.learn()

    told, _, _ = await writer.write()

    assert told.tries == [("first", "first", "written")]


@in_virtual_time
async def test_without_hedging_nobody_is_asked_besides():
    writer = Writer(late_first)
    await writer.learn()

    told, seconds, _ = await writer.write(Terms(ASSIGNMENT))

    # It is given up after nearly three times its usual second.
    assert told.tries == [("first", "first", "failed"), ("second", "fallback", "written")]
    assert seconds == pytest.approx(3.75)


@in_virtual_time
async def test_nobody_is_asked_besides_before_the_usual_time_is_known():
    client = ScriptedClient.answering(late_first)
    told = Told()

    await PartWriter(pool_of(client), Policy(), Steady()).write(NOTE, HEDGED, told)

    assert told.tries == [("first", "first", "written")]


@in_virtual_time
async def test_the_budget_is_spent_after_one_hedge_for_every_twenty_requests():
    writer = Writer(late_first)
    await writer.learn()

    hedged = [
        any(reason == "hedge" for _, reason, _ in told.tries)
        for told in [(await writer.write())[0] for _ in range(6)]
    ]

    assert hedged == [True, True, False, False, False, False]


@in_virtual_time
async def test_a_slot_without_room_to_spare_is_not_asked_besides():
    writer = Writer(late_first, second=model_slot("second-model", concurrency=1))
    await writer.learn()

    told, _, _ = await writer.write()

    assert told.tries[0] == ("third", "hedge", "written")


@in_virtual_time
async def test_when_both_fail_the_part_goes_on_to_the_last_slot():
    def failing(asked: ModelRequest) -> Answer:
        if asked.model == "third-model":
            return QUICK
        return (4.0 if asked.model == "first-model" else 0.5, Unavailable(asked.model, "503"))

    writer = Writer(failing)
    await writer.learn()

    told, _, outcome = await writer.write()

    assert isinstance(outcome, Written)
    assert outcome.slot == "third"
    assert [(slot, reason) for slot, reason, _ in told.tries][:2] == [
        ("second", "hedge"),
        ("first", "first"),
    ]


@in_virtual_time
async def test_a_cancelled_part_stops_both():
    writer = Writer(lambda _: LATE)
    await writer.learn()
    task = asyncio.create_task(writer.write())
    await asyncio.sleep(3)

    task.cancel()
    await asyncio.wait([task])

    assert writer.client.all_closed
    assert len(writer.client.asked) == LEARNT + 2


# What is shown


@in_virtual_time
async def test_only_one_text_is_shown_at_a_time():
    def both(asked: ModelRequest) -> Answer:
        if asked.model == "first-model":
            return (2.0, '{"text": "He', 6.0, 'llo"}')
        return (1.0, '{"text": ', 1.0, '"Good morning"}')

    writer = Writer(both)
    await writer.learn()

    told, _, outcome = await writer.write()

    assert isinstance(outcome, Written)
    assert outcome.content == Note(text="Good morning")
    assert shown(told) == [
        PartStarted("note", "first", "first-model", "first"),
        PartGrew("note", '{"text": "He'),
    ]


@in_virtual_time
async def test_a_hedge_that_speaks_first_is_the_one_that_is_shown():
    writer = Writer(lambda asked: LATE if asked.model == "first-model" else (0.5, *QUICK))
    await writer.learn()

    told, _, _ = await writer.write()

    assert shown(told) == [
        PartStarted("note", "first", "first-model", "first"),
        PartStarted("note", "second", "second-model", "hedge"),
        PartGrew("note", GOOD),
    ]


def shown(told: Told) -> list[Event]:
    return [e for e in told.events if isinstance(e, PartStarted | PartGrew | PartReset)]


# The decisions


def test_the_moment_to_ask_another_lies_a_little_beyond_the_95th_percentile():
    assert hedge_after(None) is None
    assert hedge_after(2.0) == pytest.approx(2.2)


def test_the_quickest_other_slot_with_room_is_asked():
    slots, seconds = ("a", "b", "c"), {"a": 1.0, "b": 5.0, "c": 2.0}

    assert hedge_slot("a", slots, lambda _: True, seconds) == "c"
    assert hedge_slot("c", slots, lambda _: True, seconds) == "a"
    assert hedge_slot("a", slots, lambda slot: slot == "b", seconds) == "b"
    assert hedge_slot("a", slots, lambda _: False, seconds) is None
    assert hedge_slot("a", slots, lambda _: True, dict.fromkeys(slots, 0.0)) == "b"


@pytest.mark.parametrize(("requests", "hedges"), [(0, 0), (19, 0), (20, 1), (100, 5), (10_000, 10)])
def test_a_budget_saves_a_twentieth_of_a_hedge_with_each_request(requests: int, hedges: int):
    budget = HedgeBudget()
    for _ in range(requests):
        budget.save()

    spent = 0
    while budget.spend():
        spent += 1
    assert spent == hedges
