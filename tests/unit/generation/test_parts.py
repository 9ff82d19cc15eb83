import asyncio

import pytest

from lessongen.errors import (
    BadRequest,
    Blocked,
    Malformed,
    ModelNotFound,
    ProviderError,
    Throttled,
    TimedOut,
    Truncated,
    Unauthorized,
    Unavailable,
)
from lessongen.generation.attempts import Written
from lessongen.generation.events import AttemptEnded, PartGrew, PartReset, PartStarted
from lessongen.generation.parts import PartWriter, Terms
from lessongen.generation.places import Place
from lessongen.generation.policy import Policy
from lessongen.generation.queueing import Ticket
from tests.support.generation import (
    ASSIGNMENT,
    GOOD,
    NOTE,
    Note,
    Steady,
    Told,
    model_slot,
    pool_of,
    written_note,
)
from tests.support.scripted_client import SILENCE, ScriptedClient
from tests.support.virtual_time import in_virtual_time

MORNING = Note(text="Good morning")
DOWN = Unavailable("first-model", "503")


def now() -> float:
    return asyncio.get_running_loop().time()


# Who is asked


@in_virtual_time
async def test_the_first_slot_that_answers_writes_the_part():
    client, told = (
        ScriptedClient({"first-model": [(1.0, '{"text": ', 0.5, '"Good morning"}')]}),
        Told(),
    )

    outcome = await written_note(client, told)

    assert outcome == Written(MORNING, "first", "first-model")
    assert told.events == [
        PartStarted("note", "first", "first-model", "first"),
        PartGrew("note", '{"text": '),
        PartGrew("note", GOOD),
        AttemptEnded(told.attempts[0]),
    ]
    assert client.all_closed


@in_virtual_time
async def test_the_model_is_asked_what_the_task_and_the_slot_say():
    client = ScriptedClient({"first-model": [(GOOD,)]})

    await written_note(client, Told())

    request = client.asked[0].request
    assert (request.system, request.user, request.schema) == ("system", "user", {"type": "object"})
    assert (request.thinking, request.max_output_tokens) == ("low", 500)


@in_virtual_time
async def test_a_failing_slot_is_asked_twice_and_then_each_fallback_once():
    client = ScriptedClient(
        {
            "first-model": [(DOWN,), (DOWN,)],
            "second-model": [(Unavailable("second-model", "503"),)],
            "third-model": [(GOOD,)],
        }
    )
    told = Told()

    outcome = await written_note(client, told)

    assert outcome == Written(MORNING, "third", "third-model")
    assert told.tries == [
        ("first", "first", "failed"),
        ("first", "retry", "failed"),
        ("second", "fallback", "failed"),
        ("third", "fallback", "written"),
    ]
    assert [attempt.error for attempt in told.attempts[:2]] == [DOWN, DOWN]
    assert client.asked[1].opened == pytest.approx(0.4)


@in_virtual_time
async def test_the_last_error_is_returned_when_every_slot_failed():
    last = Unavailable("third-model", "503")
    client = ScriptedClient(
        {
            "first-model": [(DOWN,), (DOWN,)],
            "second-model": [(Blocked("second-model", "safety"),)],
            "third-model": [(last,)],
        }
    )

    assert await written_note(client, Told()) is last


@pytest.mark.parametrize(
    "error",
    [
        BadRequest("first-model", "400"),
        Unauthorized("first-model", "401"),
        ModelNotFound("first-model", "404"),
        Blocked("first-model", "safety"),
        Throttled("first-model", "per day", retry_after=1.0, per_day=True),
        Throttled("first-model", "a long wait", retry_after=54.0),
    ],
    ids=lambda error: f"{type(error).__name__} {error.reason}",
)
@in_virtual_time
async def test_what_a_retry_cannot_mend_goes_to_the_fallback_at_once(error: ProviderError):
    client = ScriptedClient({"first-model": [(error,)], "second-model": [(GOOD,)]})

    outcome = await written_note(client, Told())

    assert isinstance(outcome, Written)
    assert client.models == ["first-model", "second-model"]
    assert now() == pytest.approx(0)


@in_virtual_time
async def test_a_throttled_slot_is_asked_again_after_the_wait_it_named():
    throttled = Throttled("first-model", "429", retry_after=2.5)
    client = ScriptedClient({"first-model": [(throttled,), (GOOD,)]})

    outcome = await written_note(client, Told())

    assert outcome == Written(MORNING, "first", "first-model")
    assert [asked.opened for asked in client.asked] == pytest.approx([0, 2.5])


@in_virtual_time
async def test_an_unusable_answer_gets_one_repair_that_names_the_answer_and_the_problem():
    client = ScriptedClient({"first-model": [('{"words": "<b>1</b>"}',), (GOOD,)]})
    told = Told()

    outcome = await written_note(client, told)

    assert isinstance(outcome, Written)
    assert told.tries == [("first", "first", "failed"), ("first", "repair", "written")]
    assert str(told.attempts[0].error) == "first-model: text: Field required"
    first, repair = (asked.request for asked in client.asked)
    assert repair.user.endswith(first.user)
    assert repair.system.startswith(first.system)
    assert r"\u003cb\u003e1" in repair.user
    assert "<b>" not in repair.user
    assert '<problem>"text: Field required"</problem>' in repair.user


@in_virtual_time
async def test_an_answer_that_was_cut_off_is_asked_for_again_with_twice_the_room():
    cut = Truncated("first-model", "MAX_TOKENS")
    client = ScriptedClient({"first-model": [('{"text": "Good', cut), (GOOD,)]})
    told = Told()

    outcome = await written_note(client, told)

    assert isinstance(outcome, Written)
    assert told.tries == [("first", "first", "failed"), ("first", "repair", "written")]
    assert [asked.request.max_output_tokens for asked in client.asked] == [500, 1000]


@in_virtual_time
async def test_a_second_unusable_answer_goes_to_the_fallback_without_another_repair():
    client = ScriptedClient.answering(lambda _: ("{}",))
    told = Told()

    assert isinstance(await written_note(client, told), Malformed)
    assert told.tries == [
        ("first", "first", "failed"),
        ("first", "repair", "failed"),
        ("second", "fallback", "failed"),
        ("third", "fallback", "failed"),
    ]


# Time


@in_virtual_time
async def test_a_silent_slot_leaves_the_reserve_to_its_fallback():
    client = ScriptedClient({"first-model": [SILENCE], "second-model": [(7.9, GOOD)]})
    told = Told()

    outcome = await written_note(client, told)

    assert outcome == Written(MORNING, "second", "second-model")
    assert client.asked[1].opened == pytest.approx(12)
    assert isinstance(told.attempts[0].error, TimedOut)
    assert client.all_closed


@in_virtual_time
async def test_a_slot_with_a_shorter_timeout_leaves_more_time_to_its_fallback():
    client = ScriptedClient({"first-model": [SILENCE], "second-model": [(14.9, GOOD)]})

    outcome = await written_note(client, Told(), first=model_slot("first-model", timeout=5))

    assert outcome == Written(MORNING, "second", "second-model")
    assert [asked.opened for asked in client.asked] == pytest.approx([0, 5])


@in_virtual_time
async def test_nothing_runs_past_the_deadline_even_if_every_model_is_silent():
    client = ScriptedClient.answering(lambda _: SILENCE)
    told = Told()

    outcome = await written_note(client, told)

    assert isinstance(outcome, TimedOut)
    assert now() == pytest.approx(20)
    assert told.tries == [("first", "first", "failed"), ("second", "fallback", "failed")]
    assert client.all_closed


@in_virtual_time
async def test_an_error_at_the_end_of_the_time_is_not_hidden_by_slots_never_asked():
    late = Unauthorized("second-model", "401")
    client = ScriptedClient({"first-model": [SILENCE], "second-model": [(7.5, late)]})

    assert await written_note(client, Told()) is late
    assert client.models == ["first-model", "second-model"]


@in_virtual_time
async def test_a_model_that_trickles_is_stopped_like_a_silent_one():
    trickle = tuple(step for _ in range(100) for step in (1.0, "x"))
    client = ScriptedClient.answering(lambda _: trickle)

    assert isinstance(await written_note(client, Told()), TimedOut)
    assert now() == pytest.approx(20)


@in_virtual_time
async def test_waiting_for_a_retry_counts_against_the_deadline():
    throttled = Throttled("first-model", "429", retry_after=3.0)
    client = ScriptedClient({"first-model": [(1.0, throttled), SILENCE], "second-model": [SILENCE]})
    assignment = ASSIGNMENT.model_copy(update={"fallbacks": ("second",)})

    await written_note(client, Told(), assignment)

    assert [asked.opened for asked in client.asked] == pytest.approx([0, 4, 12])
    assert now() == pytest.approx(20)


@in_virtual_time
async def test_waiting_at_the_gate_counts_against_the_deadline():
    client = ScriptedClient.answering(lambda _: SILENCE)
    pool = pool_of(client, first=model_slot("first-model", concurrency=1))
    writer, told = PartWriter(pool, Policy(), Steady()), Told()

    held = await pool["first"].gate.enter(Ticket("another", "high", 1, latest=100))
    assert isinstance(held, Place)
    await writer.write(NOTE, Terms(ASSIGNMENT), told)

    assert client.models == ["second-model"]
    assert now() == pytest.approx(20)
    queued = told.attempts[0]
    # Twelve seconds are its own, and the last of them is the least an attempt needs.
    assert (queued.queue_seconds, queued.total_seconds) == pytest.approx((11, 11))
    assert str(queued.error) == "first-model: not asked: no place came free in time"


# What is shown


@in_virtual_time
async def test_text_of_a_failed_attempt_is_void_before_the_next_one_shows_its_own():
    client = ScriptedClient(
        {"first-model": [('{"text": "Bad', DOWN), ('{"te', 'xt": "Good morning"}')]}
    )
    told = Told()

    await written_note(client, told)

    shown = [event for event in told.events if isinstance(event, PartGrew | PartReset)]
    assert shown == [
        PartGrew("note", '{"text": "Bad'),
        PartReset("note"),
        PartGrew("note", '{"te'),
        PartGrew("note", GOOD),
    ]


@in_virtual_time
async def test_an_attempt_that_failed_before_any_text_is_replaced_silently():
    client = ScriptedClient({"first-model": [(DOWN,), (GOOD,)]})
    told = Told()

    await written_note(client, told)

    assert told.of(PartReset) == []


@in_virtual_time
async def test_text_that_a_second_attempt_repeats_and_continues_is_not_void():
    client = ScriptedClient({"first-model": [('{"text"', DOWN), ('{"text"', ': "Good morning"}')]})
    told = Told()

    await written_note(client, told)

    assert told.of(PartReset) == []
    assert told.of(PartGrew)[-1] == PartGrew("note", GOOD)


@in_virtual_time
async def test_text_stays_until_an_attempt_writes_something_else():
    client = ScriptedClient(
        {"first-model": [("half", DOWN), (DOWN,)], "second-model": [(1.0, GOOD)]}
    )
    told = Told()

    await written_note(client, told)

    fallback = told.events.index(PartStarted("note", "second", "second-model", "fallback"))
    assert told.events.index(PartReset("note")) == fallback + 1
