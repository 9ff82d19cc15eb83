import asyncio

import pytest

from lessongen.errors import Malformed, ProviderError, TimedOut, Unavailable
from lessongen.gemini.messages import Delta, Usage
from lessongen.generation.attempts import attempted
from lessongen.generation.events import Attempt, PartGrew, PartStarted
from lessongen.generation.pool import Pool
from lessongen.generation.strategy import Prices
from tests.support.generation import GOOD, NOTE, SLOTS, Note, Told, model_slot
from tests.support.scripted_client import SILENCE, Answer, ScriptedClient
from tests.support.virtual_time import in_virtual_time


class CodingError(Exception):
    """Something nobody expects."""


async def attempt(told: Told, answer: Answer, seconds: float = 10) -> Note | ProviderError:
    client = ScriptedClient({"first-model": [answer]})
    outcome = await attempted(Pool(client, SLOTS), NOTE, "first", "first", seconds, told)
    assert client.all_closed
    return outcome


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
    pool = Pool(client, {"first": model_slot("first-model", concurrency=1)})

    await asyncio.gather(*(attempted(pool, NOTE, "first", "first", 10, told) for _ in range(2)))

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
    pool = Pool(client, {"first": model_slot("first-model", concurrency=1)})

    await attempted(pool, NOTE, "first", "first", 10, told)
    cancelled = asyncio.create_task(attempted(pool, NOTE, "first", "first", 10, told))
    await asyncio.sleep(1)
    cancelled.cancel()

    assert isinstance(await attempted(pool, NOTE, "first", "first", 10, told), Note)
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
    pool = Pool(client, {"first": model_slot("first-model", concurrency=1)})

    outcomes = await asyncio.gather(
        *(attempted(pool, NOTE, "first", "first", 10, told) for _ in range(2))
    )

    assert isinstance(outcomes[1], TimedOut)
    assert asyncio.get_running_loop().time() == pytest.approx(10)


@pytest.mark.parametrize("after", [0.5, 1.5])
@in_virtual_time
async def test_a_cancelled_attempt_is_told_once_as_cancelled_and_its_stream_closed(after: float):
    told = Told()
    client = ScriptedClient({"first-model": [(1.0, "half", *SILENCE)]})
    task = asyncio.create_task(attempted(Pool(client, SLOTS), NOTE, "first", "first", 10, told))

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
    pool = Pool(client, {"first": model_slot("first-model", concurrency=1)})

    async with pool.admitted("first"):
        task = asyncio.create_task(attempted(pool, NOTE, "first", "first", 10, told))
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
        await attempted(Pool(client, SLOTS), NOTE, "first", "first", 10, told)

    assert len(told.attempts) == 1
    assert client.all_closed
