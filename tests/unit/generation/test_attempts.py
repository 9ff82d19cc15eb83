import asyncio
from typing import Any

import pytest

from lessongen.errors import Malformed, ProviderError, Refused, TimedOut, Unavailable
from lessongen.gemini.messages import Delta, Usage
from lessongen.generation.attempts import Written
from lessongen.generation.events import Attempt, PartGrew, PartStarted
from lessongen.generation.places import Place
from lessongen.generation.policy import Failed
from lessongen.generation.queueing import Ticket
from lessongen.generation.strategy import Prices
from tests.support.generation import GOOD, NOTE, Note, Told, asked_once, model_slot, pool_of
from tests.support.scripted_client import SILENCE, Answer, ScriptedClient
from tests.support.virtual_time import VirtualTimeLoop, in_virtual_time


class CodingError(Exception):
    """Something nobody expects."""


ONE_AT_A_TIME = model_slot("first-model", concurrency=1)


async def attempt(told: Told, answer: Answer, **limits: Any) -> Note | ProviderError:
    client = ScriptedClient({"first-model": [answer]})
    pool = pool_of(client, first=model_slot("first-model", **limits))
    outcome = await asked_once(pool, told)
    assert client.all_closed
    return outcome.error if isinstance(outcome, Failed) else outcome.content


@in_virtual_time
async def test_a_written_attempt_tells_its_times():
    told = Told()

    outcome = await attempt(told, (2.0, "", 1.0, '{"text": ', 4.0, '"Good morning"}'))

    assert outcome == Note(text="Good morning")
    [told_attempt] = told.attempts
    assert told_attempt == Attempt(
        part="note",
        slot="first",
        model="first-model",
        reason="first",
        prompt_version=NOTE.prompt.version,
        started=0.0,
        first_text_seconds=3.0,
        total_seconds=7.0,
        outcome="written",
    )


@in_virtual_time
async def test_time_in_the_queue_is_told_apart():
    told = Told()
    client = ScriptedClient({"first-model": [(1.0, GOOD), (1.0, GOOD)]})
    pool = pool_of(client, first=ONE_AT_A_TIME)

    await asyncio.gather(*(asked_once(pool, told) for _ in range(2)))

    times = [(a.queue_seconds, a.first_text_seconds, a.total_seconds) for a in told.attempts]
    assert times[0] == pytest.approx((0, 1, 1))
    assert times[1] == pytest.approx((1, 2, 2))
    assert client.asked[1].opened == pytest.approx(1)


@in_virtual_time
async def test_the_gate_opens_again_after_a_failure_and_a_cancellation():
    told = Told()
    client = ScriptedClient(
        {"first-model": [(Unavailable("first-model", "503"),), SILENCE, (GOOD,)]}
    )
    pool = pool_of(client, first=ONE_AT_A_TIME)

    await asked_once(pool, told)
    cancelled = asyncio.create_task(asked_once(pool, told))
    await asyncio.sleep(1)
    cancelled.cancel()

    assert isinstance(await asked_once(pool, told), Written)
    assert [a.outcome for a in told.attempts] == ["failed", "cancelled", "written"]


@in_virtual_time
async def test_usage_of_a_later_chunk_wins_and_what_it_leaves_out_is_kept():
    told = Told()

    await attempt(
        told,
        (
            Delta('{"text": ', Usage(input=1000, output=1, cached=400)),
            Delta('"Good morning"}', Usage(output=20, thoughts=30), model_version="first-001"),
            Delta(usage=Usage(thoughts=30), finished=True),
        ),
    )

    [told_attempt] = told.attempts
    assert told_attempt.usage == Usage(input=1000, output=20, thoughts=30, cached=400)
    assert told_attempt.model_version == "first-001"
    # 600 fresh at 1 dollar, 400 cached at 0.5, 50 written at 2, each for a million.
    assert told_attempt.cost == pytest.approx((600 + 200 + 100) / 1_000_000)


@in_virtual_time
async def test_an_answer_whose_tokens_nobody_counted_has_no_cost():
    told = Told()

    await attempt(told, (GOOD,))

    assert (told.attempts[0].usage, told.attempts[0].cost) == (Usage(), None)


@in_virtual_time
async def test_a_failed_attempt_still_tells_what_it_cost():
    told = Told()
    usage = Usage(input=100, output=0)

    await attempt(told, (Delta("half", usage), Unavailable("first-model", "503")))

    assert told.attempts[0].outcome == "failed"
    assert told.attempts[0].cost == pytest.approx(100 / 1_000_000)


@pytest.mark.parametrize(
    ("usage", "dollars"),
    [
        (Usage(), None),
        (Usage(thoughts=10, cached=5), None),
        (Usage(input=0, output=0), 0.0),
        (Usage(output=500_000), 1.0),
        (Usage(input=10, cached=20), 0.00001),  # more cached than asked: nothing is paid back
    ],
)
def test_the_cost_of_an_answer(usage: Usage, dollars: float | None):
    cost = Prices(input=1.0, output=2.0, cached=0.5).cost(usage)

    assert cost == (None if dollars is None else pytest.approx(dollars))


@pytest.mark.parametrize("answer", [(), ("",), (" \n",), (Delta(usage=Usage(input=1)),)])
@in_virtual_time
async def test_an_empty_answer_is_malformed(answer: Answer):
    told = Told()

    outcome = await attempt(told, answer)

    assert isinstance(outcome, Malformed)
    assert outcome.reason == "the answer is empty"
    assert told.attempts[0].error is outcome


@in_virtual_time
async def test_events_come_in_order_and_growth_holds_the_whole_text():
    told = Told()

    await attempt(told, ('{"text": ', "", '"Good morning"}'))

    assert told.events[:-1] == [
        PartStarted("note", "first", "first-model", "first"),
        PartGrew("note", '{"text": '),
        PartGrew("note", GOOD),
    ]
    assert len(told.attempts) == 1


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ((Unavailable("first-model", "503"),), "first-model: 503"),
        (("half", Unavailable("first-model", "cut")), "first-model: cut"),
        (SILENCE, "first-model: no complete answer within 10 s"),
        (("half", *SILENCE), "first-model: no complete answer within 10 s"),
        ((2.0, *SILENCE), "first-model: no complete answer within 10 s"),
        (("{}",), "first-model: text: Field required"),
    ],
)
@in_virtual_time
async def test_a_failed_attempt_is_told_once_with_its_error(answer: Answer, error: str):
    told = Told()

    outcome = await attempt(told, answer)

    [told_attempt] = told.attempts
    assert (told_attempt.outcome, told_attempt.error) == ("failed", outcome)
    assert str(outcome) == error


@in_virtual_time
async def test_the_seconds_bound_the_wait_at_the_gate_and_the_answer_together():
    told = Told()
    client = ScriptedClient({"first-model": [(6.0, GOOD), (6.0, GOOD)]})
    pool = pool_of(client, first=ONE_AT_A_TIME)

    outcomes = await asyncio.gather(*(asked_once(pool, told) for _ in range(2)))

    assert isinstance(outcomes[1], Failed)
    assert isinstance(outcomes[1].error, TimedOut)
    assert asyncio.get_running_loop().time() == pytest.approx(10)


@pytest.mark.parametrize(
    ("answer", "reason", "seconds"),
    [
        (SILENCE, "no sign of life within 3 s", 3.0),
        ((2.0, "", 2.5, '{"text"', *SILENCE), "silent for 2 s in the middle of its answer", 4.0),
        (("half", 1.5, "more", *SILENCE), "silent for 2 s in the middle of its answer", 3.5),
        ((0.5, "early", *SILENCE), "silent for 2 s in the middle of its answer", 2.5),
        ((1.0, "a") * 20, "no complete answer within 8 s", 8.0),
    ],
)
@in_virtual_time
async def test_a_silent_model_is_left_by_the_first_of_its_limits(
    answer: Answer, reason: str, seconds: float
):
    told = Told()

    outcome = await attempt(told, answer, first_event_seconds=3, idle_seconds=2, timeout=8)

    assert isinstance(outcome, TimedOut)
    assert outcome.reason == reason
    assert asyncio.get_running_loop().time() == pytest.approx(seconds)


@in_virtual_time
async def test_a_model_is_not_called_silent_where_the_loop_itself_was_late():
    told, loop = Told(), asyncio.get_running_loop()
    assert isinstance(loop, VirtualTimeLoop)
    # For three seconds nothing else has a turn; the model has spoken meanwhile.
    loop.call_later(2.9, loop.stand_still, 3.0)

    outcome = await attempt(
        told, (4.0, '{"text": "Good morning"}'), first_event_seconds=3, idle_seconds=2
    )

    assert outcome == Note(text="Good morning")


@in_virtual_time
async def test_a_complete_answer_counts_even_if_the_server_keeps_its_connection():
    told = Told()

    outcome = await attempt(told, (GOOD, Delta(finished=True), *SILENCE), idle_seconds=2)

    assert outcome == Note(text="Good morning")
    assert asyncio.get_running_loop().time() == pytest.approx(2)


@in_virtual_time
async def test_attempts_that_are_cancelled_early_teach_no_impatience():
    client = ScriptedClient.answering(lambda _: SILENCE)
    pool = pool_of(client, first=model_slot("first-model", concurrency=100, first_event_seconds=8))
    tasks = [asyncio.create_task(asked_once(pool, Told())) for _ in range(50)]
    await asyncio.sleep(0.4)
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)

    assert pool["first"].patience == 8


@in_virtual_time
async def test_an_attempt_that_would_come_too_late_is_refused_and_asks_nobody():
    told, client = Told(), ScriptedClient({"first-model": [SILENCE]})
    pool = pool_of(client, first=ONE_AT_A_TIME)
    busy = asyncio.create_task(asked_once(pool, Told()))
    await asyncio.sleep(0)

    outcome = await asked_once(pool, told, latest=3.0)

    assert isinstance(outcome, Failed)
    assert isinstance(outcome.error, Refused)
    assert asyncio.get_running_loop().time() == pytest.approx(3)
    [told_attempt] = told.attempts
    assert (told_attempt.outcome, told_attempt.cost) == ("refused", None)
    assert told_attempt.queue_seconds == told_attempt.total_seconds == pytest.approx(3)
    assert told.of(PartStarted) == []
    busy.cancel()
    await asyncio.wait([busy])


@in_virtual_time
async def test_an_answer_given_up_is_billed_as_far_as_can_be_told():
    told = Told()

    await attempt(told, ('{"text": "half of it', *SILENCE))

    [told_attempt] = told.attempts
    assert told_attempt.usage == Usage()
    # 10 characters asked and 21 written, four to a token; a dollar and two for a million.
    assert told_attempt.cost == pytest.approx((2 * 1 + 5 * 2) / 1_000_000)


@pytest.mark.parametrize("after", [0.5, 1.5])
@in_virtual_time
async def test_a_cancelled_attempt_is_told_once_as_cancelled_and_its_stream_closed(after: float):
    told = Told()
    client = ScriptedClient({"first-model": [(1.0, "half", *SILENCE)]})
    task = asyncio.create_task(asked_once(pool_of(client), told))

    await asyncio.sleep(after)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    [told_attempt] = told.attempts
    assert (told_attempt.outcome, told_attempt.error) == ("cancelled", None)
    assert told_attempt.total_seconds == pytest.approx(after)
    assert client.asked[0].closed == pytest.approx(after)


@in_virtual_time
async def test_an_attempt_cancelled_at_the_gate_is_told_and_never_asked():
    told, client = Told(), ScriptedClient({})
    pool = pool_of(client, first=ONE_AT_A_TIME)

    held = await pool["first"].gate.enter(Ticket("another", "high", 1, latest=100))
    assert isinstance(held, Place)
    task = asyncio.create_task(asked_once(pool, told))
    await asyncio.sleep(2)
    task.cancel()
    await asyncio.wait([task])

    assert client.asked == []
    assert told.of(PartStarted) == []
    [told_attempt] = told.attempts
    assert (told_attempt.outcome, told_attempt.queue_seconds) == ("cancelled", pytest.approx(2))


@in_virtual_time
async def test_an_error_nobody_expects_is_not_swallowed_and_the_attempt_still_told():
    told = Told()

    def explode(_: object) -> Answer:
        raise CodingError

    client = ScriptedClient.answering(explode)
    with pytest.raises(CodingError):
        await asked_once(pool_of(client), told)

    assert len(told.attempts) == 1
    assert client.all_closed
