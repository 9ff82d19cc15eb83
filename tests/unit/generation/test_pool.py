import asyncio
import math

import pytest

from lessongen.errors import ModelNotFound, SwitchedOff, Unavailable
from lessongen.generation.attempts import Written
from lessongen.generation.breaker import BreakerState
from lessongen.generation.explanations import explained
from lessongen.generation.parts import PartWriter, Terms
from lessongen.generation.places import GateOptions, Leaving, Place
from lessongen.generation.policy import Policy, worth_another
from lessongen.generation.pool import Pool
from lessongen.generation.queueing import Ticket
from tests.support.generation import (
    ASSIGNMENT,
    GOOD,
    NOTE,
    SLOTS,
    WALL_CLOCK,
    Steady,
    Told,
    model_slot,
    pool_of,
)
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


# Closing and opening by hand


@in_virtual_time
async def test_a_slot_closed_by_hand_is_shown_with_its_reason_and_has_no_places():
    pool = pool_of(NOBODY)
    places = pool.places()

    pool.close("first", "the bill is too high")

    state = pool.states()["first"]
    assert (state.by_hand, state.reason) == (True, "the bill is too high")
    assert pool.opens_in() == {"first": math.inf, "second": 0, "third": 0}
    assert pool.places() == places - SLOTS["first"].concurrency

    pool.open("first")
    assert pool.opens_in()["first"] == 0
    assert pool.places() == places


@in_virtual_time
async def test_a_slot_closed_by_hand_stays_closed_whatever_its_settings_become():
    pool = pool_of(NOBODY)
    pool.close("first", "  ")

    pool.adopt(SLOTS | {"first": model_slot("another-model")})
    assert pool.states()["first"].reason == "closed by an admin"
    pool.adopt(SLOTS | {"first": model_slot("another-model", concurrency=3)})
    assert pool.states()["first"].by_hand

    pool.open("first")
    pool.adopt(SLOTS | {"first": model_slot("a-third-model")})
    assert pool.opens_in()["first"] == 0


@in_virtual_time
async def test_a_slot_that_is_not_there_yet_can_be_closed_and_opened():
    pool = pool_of(NOBODY)
    pool.close("fourth", "not before Monday")
    pool.open("fifth")

    pool.adopt(SLOTS | {"fourth": model_slot("m"), "fifth": model_slot("m")})

    assert pool.opens_in()["fourth"] == math.inf
    assert pool.opens_in()["fifth"] == 0


@in_virtual_time
async def test_a_part_is_written_by_a_fallback_while_its_slot_is_closed_by_hand():
    client, told = ScriptedClient({"second-model": [(GOOD,)]}), Told()
    writer = PartWriter(pool_of(client), Policy(), Steady())
    writer.pool.close("first", "tests")

    written = await writer.write(NOTE, Terms(ASSIGNMENT), told)

    assert isinstance(written, Written)
    assert told.tries == [("second", "fallback", "written")]


@in_virtual_time
async def test_who_waits_for_a_slot_goes_elsewhere_when_it_is_switched_off():
    client, told = ScriptedClient({"second-model": [(GOOD,)]}), Told()
    slots = {"first": model_slot("first-model", concurrency=1)}
    writer = PartWriter(pool_of(client, **slots), Policy(), Steady())
    await entered(writer.pool)
    part = asyncio.create_task(writer.write(NOTE, Terms(ASSIGNMENT), told))
    await asyncio.sleep(1)

    off = {"first": model_slot("first-model", concurrency=1, enabled=False)}
    writer.pool.adopt(SLOTS | off)

    assert isinstance(await part, Written)
    assert told.tries == [("first", "first", "refused"), ("second", "fallback", "written")]
    assert told.attempts[0].queue_seconds == pytest.approx(1)


@in_virtual_time
async def test_where_every_slot_is_closed_by_hand_the_teacher_is_told_so_at_once():
    told = Told()
    writer = PartWriter(pool_of(NOBODY), Policy(), Steady())
    for slot in SLOTS:
        writer.pool.close(slot, "holidays")

    error = await writer.write(NOTE, Terms(ASSIGNMENT), told)

    assert asyncio.get_running_loop().time() == 0
    assert isinstance(error, SwitchedOff)
    assert "switched off" in explained(error)
    assert not worth_another(error)
    assert told.tries == [("first", "first", "refused")]


@in_virtual_time
async def test_a_model_that_was_asked_and_failed_explains_more_than_a_closed_slot():
    client, told = ScriptedClient({"second-model": [(Unavailable("m", "503"),)] * 9}), Told()
    writer = PartWriter(pool_of(client), Policy(), Steady())
    writer.pool.close("first", "holidays")
    writer.pool.close("third", "holidays")

    error = await writer.write(NOTE, Terms(ASSIGNMENT), told)

    assert isinstance(error, Unavailable)
