import json

import pytest

from lessongen.errors import (
    BadRequest,
    Blocked,
    Malformed,
    ModelNotFound,
    ProviderError,
    Refused,
    SwitchedOff,
    Throttled,
    TimedOut,
    Truncated,
    Unauthorized,
    Unavailable,
)
from lessongen.gemini.messages import Delta, ModelRequest, Usage
from lessongen.generation.explanations import explained, explained_to_admin
from lessongen.generation.slot_tests import (
    PATIENCE_SECONDS,
    QUESTION,
    SlotTest,
    SlotTests,
    asked_slots,
)
from lessongen.generation.strategy import ModelSlot
from tests.support.generation import SLOTS, model_slot
from tests.support.scripted_client import SILENCE, Answer, ScriptedClient
from tests.support.virtual_time import in_virtual_time

GOOD = json.dumps({"word": "market", "number": 6, "text": "A place where people buy and sell."})
HALF = len(GOOD) // 2
COUNTED = Delta(GOOD[HALF:], usage=Usage(input=40, output=60, thoughts=900), finished=True)
WRITTEN: Answer = (1.5, GOOD[:HALF], 0.5, COUNTED)

ERRORS: list[ProviderError] = [
    Throttled("m", "429: quota"),
    Throttled("m", "429: quota", retry_after=7.4),
    Throttled("m", "429: quota", per_day=True),
    Unavailable("m", "503: overloaded"),
    TimedOut("m", "no complete answer within 20 s"),
    BadRequest("m", "400: thinking level is not supported"),
    Unauthorized("m", "403: denied"),
    ModelNotFound("m", "404: gone"),
    Blocked("m", "the answer was blocked (SAFETY)"),
    Truncated("m", "cut"),
    Malformed("m", "the answer is empty"),
    SwitchedOff("m", "tests"),
    Refused("m", "full"),
]


class Notes:
    """Keeps what was known, each time something was."""

    def __init__(self) -> None:
        self.kept: list[SlotTests] = []

    async def __call__(self, known: SlotTests) -> None:
        self.kept.append(known)


async def asked_all(client: ScriptedClient, **slots: ModelSlot) -> list[SlotTest]:
    return [*(await asked_slots(client, slots or {"first": SLOTS["first"]}, Notes())).tests]


async def asked_one(*answer: str | float | Delta | ProviderError) -> SlotTest:
    [test] = await asked_all(ScriptedClient({"first-model": [answer]}))
    return test


@in_virtual_time
async def test_a_slot_that_answers_is_told_with_its_times_its_rate_and_its_form():
    test = await asked_one(*WRITTEN)

    assert (test.slot, test.model, test.enabled) == ("first", "first-model", True)
    assert (test.first_text_seconds, test.seconds) == (1.5, 2.0)
    assert test.tokens_per_second == pytest.approx(120)  # thoughts come before the first text
    assert (test.structured, test.error) == (True, None)


@in_virtual_time
async def test_where_tokens_are_not_counted_or_all_comes_at_once_no_rate_is_made_up():
    uncounted = await asked_one(1.0, GOOD[:HALF], 0.5, GOOD[HALF:])
    at_once = await asked_one(1.0, Delta(GOOD, usage=Usage(output=60), finished=True))

    assert (uncounted.tokens_per_second, uncounted.structured) == (None, True)
    assert (at_once.tokens_per_second, at_once.structured) == (None, True)


@pytest.mark.parametrize(
    "text", ["A market is a place.", '{"word": "market"}', "", "   ", GOOD[:HALF], "[]", "{}"]
)
def test_an_answer_that_does_not_follow_the_schema_is_no_structured_output(text: str):
    @in_virtual_time
    async def ask() -> None:
        test = await asked_one(1.0, text)

        assert test.structured is False
        assert test.error
        assert test.error.startswith("The answer has not the form that was asked for.")

    ask()


@in_virtual_time
async def test_whether_output_is_structured_is_not_known_where_the_answer_broke_off():
    test = await asked_one(1.0, GOOD[:HALF], Unavailable("first-model", "503: overloaded"))

    assert test.structured is None
    assert (test.first_text_seconds, test.seconds) == (1.0, 1.0)
    assert test.error
    assert "503: overloaded" in test.error


@in_virtual_time
async def test_a_slot_that_says_nothing_is_given_up_and_hung_up_on():
    client = ScriptedClient({"first-model": [SILENCE]})

    [test] = await asked_all(client)

    assert (test.seconds, test.first_text_seconds) == (PATIENCE_SECONDS, None)
    assert test.error == (
        "Too slow: no complete answer within 20 s. Ask again, or give another model its place."
    )
    assert client.all_closed


@in_virtual_time
async def test_all_slots_are_asked_side_by_side_once_each_and_those_switched_off_too():
    client = ScriptedClient(
        {
            "first-model": [WRITTEN],
            "second-model": [(Throttled("second-model", "429"),)],
            "third-model": [(3.0, *WRITTEN)],
        }
    )
    off = {"third": model_slot("third-model", enabled=False)}

    tests = await asked_all(client, **(SLOTS | off))

    assert {asked.opened for asked in client.asked} == {0}
    assert sorted(client.models) == ["first-model", "second-model", "third-model"]
    assert [(test.slot, test.seconds, test.enabled) for test in tests] == [
        ("first", 2.0, True),
        ("second", 0.0, True),
        ("third", 5.0, False),
    ]


@in_virtual_time
async def test_it_is_known_from_the_beginning_what_is_asked_and_then_what_came_of_it():
    notes = Notes()
    client = ScriptedClient({f"{name}-model": [(n, GOOD)] for n, name in enumerate(SLOTS)})

    last = await asked_slots(client, SLOTS, notes)

    assert [sum(test.over for test in known.tests) for known in notes.kept] == [0, 1, 2, 3]
    assert notes.kept[-1] == last
    assert SlotTests.model_validate_json(last.model_dump_json()) == last


@in_virtual_time
async def test_a_slot_is_asked_as_a_lesson_would_ask_it():
    asked = list[ModelRequest]()

    def answer(request: ModelRequest) -> Answer:
        asked.append(request)
        return (GOOD,)

    slot = model_slot("m", thinking="high", max_output_tokens=700)
    await asked_all(ScriptedClient.answering(answer), first=slot)

    [request] = asked
    assert (request.model, request.thinking, request.max_output_tokens) == ("m", "high", 700)
    assert request.user == QUESTION
    assert list(request.schema["properties"]) == ["word", "number", "text"]


def test_where_there_is_no_slot_there_is_nothing_to_ask():
    @in_virtual_time
    async def ask() -> None:
        assert await asked_slots(ScriptedClient({}), {}, Notes()) == SlotTests(tests=())

    ask()


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_an_admin_reads_a_sentence_for_every_error(error: ProviderError):
    sentence = explained_to_admin(error)

    assert sentence[0].isupper()
    assert sentence[-1] in ".)"
    assert sentence == explained_to_admin(error)
    known = isinstance(error, SwitchedOff | Refused)
    assert (sentence == explained(error)) is known


def test_an_admin_is_told_what_to_check():
    assert "wait 7 s" in explained_to_admin(ERRORS[1])
    assert "thinking level" in explained_to_admin(ERRORS[5])
    assert "Check it" in explained_to_admin(ERRORS[6])
    assert "Check model list" in explained_to_admin(ERRORS[7])
