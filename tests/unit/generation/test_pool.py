import asyncio

import pytest

from lessongen.errors import ModelNotFound
from lessongen.generation.breaker import BreakerState
from lessongen.generation.places import GateOptions, Leaving, Place
from lessongen.generation.pool import Pool
from lessongen.generation.queueing import Ticket
from tests.support.generation import SLOTS, WALL_CLOCK, model_slot, pool_of
from tests.support.scripted_client import ScriptedClient
from tests.support.virtual_time import in_virtual_time

NOBODY = ScriptedClient({})


async def entered(pool: Pool, slot: str = "first") -> Place:
    place = await pool[slot].gate.enter(Ticket("lesson", "high", 1, latest=1000))
    assert isinstance(place, Place)
    return place


@in_virtual_time
async def test_a_slot_that_keeps_its_model_keeps_its_gate_when_settings_change():
    pool = pool_of(NOBODY)
    await entered(pool)
    before = pool["first"]

    pool.adopt(SLOTS | {"first": model_slot("first-model", concurrency=7)})

    assert pool["first"] is before
    assert pool.states()["first"].under_way == 1
    assert pool.states()["first"].places == 7
    assert pool["first"].model.concurrency == 7


@in_virtual_time
async def test_another_model_begins_with_a_gate_of_its_own():
    pool = pool_of(NOBODY)
    place = await entered(pool)
    pool["first"].gate.leave(place, Leaving("ignored", ModelNotFound("first-model", "404")))
    assert pool.opens_in()["first"] == pytest.approx(60)

    pool.adopt(SLOTS | {"first": model_slot("another-model")})

    assert pool.opens_in()["first"] == 0
    assert pool.states()["first"].breaker is BreakerState.CLOSED


@in_virtual_time
async def test_slots_come_and_go_with_the_settings():
    pool = pool_of(NOBODY)

    pool.adopt({"fourth": model_slot("fourth-model")})

    assert list(pool.states()) == ["fourth"]
    assert pool.opens_in()["first"] == 0  # lessons that began with it still ask it
    assert pool["first"].model == SLOTS["first"]


@in_virtual_time
async def test_what_was_asked_earlier_today_counts():
    slots = {"first": model_slot("first-model", requests_per_day=5)}
    used_today = {"first-model": 5}.__getitem__
    pool = Pool(NOBODY, slots, GateOptions(lambda: WALL_CLOCK), used_today)

    assert pool.opens_in()["first"] > 0


@in_virtual_time
async def test_an_admin_sees_why_a_slot_is_closed_and_for_how_long():
    pool = pool_of(NOBODY)
    place = await entered(pool)
    pool["first"].gate.leave(place, Leaving("ignored", ModelNotFound("first-model", "404: gone")))
    await asyncio.sleep(10)

    state = pool.states()["first"]

    assert state.breaker is BreakerState.OPEN
    assert state.opens_in == pytest.approx(50)
    assert state.reason == "404: gone"
    assert pool.states()["second"].reason is None
