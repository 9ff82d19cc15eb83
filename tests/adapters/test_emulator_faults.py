"""Every fault as it looks on the wire, before any client makes something of it."""

import asyncio
import json
import logging
import math
from dataclasses import dataclass

import aiohttp
import pytest

from lessongen.emulator.delays import Pace
from lessongen.emulator.faults import FaultKind, FaultRule, Moment
from tests.support.gemini import FLASH, PROMPT, StartEmulator, eventually, outcomes
from tests.support.lessons import MARKETS, markets
from tests.support.plain_client import body_of, posted, streamed

BODY = body_of(PROMPT)
TEXT = markets().part("reading", MARKETS)
HALF = TEXT[: len(TEXT) // 2]
FENCED = f"Here is the section you asked for.\n\n```json\n{TEXT}\n```\n\nI hope it suits the class."
HUGE_CHARACTERS = 50_000_000


@dataclass(frozen=True)
class Expected:
    status: int = 200
    ending: str = "complete"
    finish: str | None = None
    text: str = ""
    error: object = None


def failing(status: int, name: str) -> Expected:
    return Expected(status, error=name)


def breaking_off(text: str, error: object = None, ending: str = "complete") -> Expected:
    return Expected(ending=ending, text=text, error=error)


BY_ITSELF = {
    FaultKind.THROTTLED: failing(429, "RESOURCE_EXHAUSTED"),
    FaultKind.QUOTA_PER_DAY: failing(429, "RESOURCE_EXHAUSTED"),
    FaultKind.INTERNAL: failing(500, "INTERNAL"),
    FaultKind.UNAVAILABLE: failing(503, "UNAVAILABLE"),
    FaultKind.ERROR_WITHOUT_STATUS: failing(500, "boom"),
    FaultKind.BAD_KEY: failing(400, "INVALID_ARGUMENT"),
    FaultKind.HANG: Expected(0, "silent"),
    FaultKind.RESET: Expected(0, "cut"),
    FaultKind.STALL: Expected(ending="silent", text=TEXT[:24]),
    FaultKind.CONNECTION_CUT: Expected(ending="cut", text=HALF),
    FaultKind.CUT_WITHOUT_STOP: Expected(text=HALF),
    FaultKind.BROKEN_JSON: Expected(finish="STOP", text=f"{HALF},]"),
    FaultKind.MAX_TOKENS: Expected(finish="MAX_TOKENS", text=HALF),
    FaultKind.SAFETY: Expected(finish="SAFETY", text=HALF),
    FaultKind.SLOW: Expected(finish="STOP", text=TEXT),
    FaultKind.STRAGGLER: Expected(finish="STOP", text=TEXT),
    FaultKind.FENCED_JSON: Expected(finish="STOP", text=FENCED),
    FaultKind.PROMPT_BLOCKED: Expected(),
    FaultKind.EMPTY: Expected(),
    FaultKind.NO_USAGE: Expected(finish="STOP", text=TEXT),
}
AT_THE_START = {
    FaultKind.STALL: Expected(ending="silent"),
    FaultKind.CONNECTION_CUT: Expected(ending="cut"),
    FaultKind.CUT_WITHOUT_STOP: Expected(),
    FaultKind.BROKEN_JSON: Expected(finish="STOP", text=",]"),
    FaultKind.MAX_TOKENS: Expected(finish="MAX_TOKENS"),
    FaultKind.SAFETY: Expected(finish="SAFETY"),
}
MIDWAY = {
    FaultKind.THROTTLED: Expected(text=HALF, error="RESOURCE_EXHAUSTED"),
    FaultKind.QUOTA_PER_DAY: Expected(text=HALF, error="RESOURCE_EXHAUSTED"),
    FaultKind.INTERNAL: Expected(text=HALF, error="INTERNAL"),
    FaultKind.UNAVAILABLE: Expected(text=HALF, error="UNAVAILABLE"),
    FaultKind.ERROR_WITHOUT_STATUS: Expected(text=HALF, error="boom"),
    FaultKind.BAD_KEY: Expected(text=HALF, error="INVALID_ARGUMENT"),
    FaultKind.HANG: Expected(ending="silent", text=HALF),
    FaultKind.RESET: Expected(ending="cut", text=HALF),
    FaultKind.STALL: Expected(ending="silent", text=HALF),
}
HUGE = {FaultKind.HUGE, FaultKind.HUGE_EVENT}
ROWS = [
    *((FaultRule(kind, times=1), expected) for kind, expected in BY_ITSELF.items()),
    *(
        (FaultRule(kind, times=1, when=Moment.START), AT_THE_START.get(kind, expected))
        for kind, expected in BY_ITSELF.items()
        if kind.moments
    ),
    *(
        (FaultRule(kind, times=1, when=Moment.MIDWAY), MIDWAY.get(kind, expected))
        for kind, expected in BY_ITSELF.items()
        if kind.moments
    ),
]
every_row = pytest.mark.parametrize(
    ("rule", "expected"), ROWS, ids=[f"{rule.kind}-{rule.when}" for rule, _ in ROWS]
)


def warned(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return what was logged as trouble; how much else is logged depends on other tests."""
    return [r.getMessage() for r in caplog.records if r.levelno >= logging.WARNING]


def named(error: object) -> object:
    """Return the status of Google's error object; any other error as it is."""
    match error:
        case {"status": str(status)}:
            return status
        case _:
            return error


def test_the_table_of_faults_is_complete():
    assert set(BY_ITSELF) | HUGE == set(FaultKind)
    assert all(kind.moments for kind in (*AT_THE_START, *MIDWAY))


@every_row
async def test_a_fault_looks_on_the_wire_as_it_does_from_google(
    emulator: StartEmulator,
    session: aiohttp.ClientSession,
    rule: FaultRule,
    expected: Expected,
    caplog: pytest.LogCaptureFixture,
):
    running = emulator(rule)

    seen = await streamed(
        session, running.url, BODY, patience=0.3 if expected.ending == "silent" else 5
    )

    assert (seen.status, seen.ending) == (expected.status, expected.ending)
    assert seen.finish == expected.finish
    if rule.kind is FaultKind.RESET:  # what was not read by then is lost
        assert expected.text.startswith(seen.text)
    else:
        assert seen.text == expected.text
    assert named(seen.error) == expected.error
    await eventually(lambda: outcomes(running) == [f"fault:{rule.kind}"])
    assert (await streamed(session, running.url, BODY)).text == TEXT
    assert not warned(caplog)


@every_row
async def test_a_fault_strikes_an_answer_in_one_piece_too(
    emulator: StartEmulator, session: aiohttp.ClientSession, rule: FaultRule, expected: Expected
):
    running = emulator(rule)
    url = f"{running.url}/v1/models/{FLASH}:generateContent"

    if expected.ending == "cut":
        with pytest.raises(aiohttp.ClientError):
            await posted(session, url, BODY)
    elif expected.ending == "silent":
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(posted(session, url, BODY), 0.1)
    elif expected.error:
        seen = await posted(session, url, BODY)
        by_itself = BY_ITSELF[rule.kind]
        assert (seen.status, named(seen.error)) == (by_itself.status, by_itself.error)
    else:
        seen = await posted(session, url, BODY)
        assert (seen.status, seen.finish, seen.text) == (200, expected.finish, expected.text)
    await eventually(lambda: outcomes(running) == [f"fault:{rule.kind}"])


async def test_an_error_midway_is_the_last_item_of_a_json_array(
    emulator: StartEmulator, session: aiohttp.ClientSession
):
    running = emulator(FaultRule(FaultKind.UNAVAILABLE, when=Moment.MIDWAY))
    url = f"{running.url}/v1/models/{FLASH}:streamGenerateContent"

    async with session.post(url, json=BODY) as response:
        chunks = await response.json()

    assert response.status == 200
    assert len(chunks) > 2
    assert chunks[-1]["error"]["code"] == 503


@pytest.mark.parametrize("method", ["streamGenerateContent?alt=sse", "generateContent"])
@pytest.mark.parametrize("kind", sorted(HUGE))
async def test_a_huge_answer_is_sent_as_quickly_as_it_is_read(
    emulator: StartEmulator, session: aiohttp.ClientSession, kind: FaultKind, method: str
):
    running = emulator(kind, paces={FLASH: Pace(0, 100)}, speed=1)
    url = f"{running.url}/v1/models/{FLASH}:{method}"

    size, events = 0, 0
    async with session.post(url, json=BODY) as response:
        async for data in response.content.iter_any():
            size += len(data)
            events += data.count(b"data: ")

    assert size > HUGE_CHARACTERS
    if method != "generateContent":
        assert events == (1 if kind is FaultKind.HUGE_EVENT else math.ceil(50e6 / 65_536))


async def test_a_client_that_leaves_a_huge_answer_is_sent_no_more(
    emulator: StartEmulator, session: aiohttp.ClientSession
):
    running = emulator(FaultKind.HUGE)
    url = f"{running.url}/v1/models/{FLASH}:streamGenerateContent?alt=sse"

    async with session.post(url, json=BODY) as response:
        await response.content.readany()
        assert outcomes(running) == ["open"]

    await eventually(lambda: outcomes(running) == ["fault:huge"])


@pytest.mark.parametrize(
    ("kind", "quota", "delay"),
    [(FaultKind.THROTTLED, "PerMinute", "2s"), (FaultKind.QUOTA_PER_DAY, "PerDay", "54s")],
)
async def test_a_quota_error_says_which_quota_and_when_to_retry(
    emulator: StartEmulator,
    session: aiohttp.ClientSession,
    kind: FaultKind,
    quota: str,
    delay: str,
):
    running = emulator(kind)

    seen = await streamed(session, running.url, BODY)

    failure, retry = seen.error["details"]
    assert quota in failure["violations"][0]["quotaId"]
    assert retry == {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": delay}


async def test_an_error_without_status_is_no_google_error_at_all(
    emulator: StartEmulator, session: aiohttp.ClientSession
):
    running = emulator(FaultKind.ERROR_WITHOUT_STATUS)

    assert (await streamed(session, running.url, BODY)).error == "boom"


async def test_broken_json_cannot_be_read_and_fenced_json_can_once_unwrapped(
    emulator: StartEmulator, session: aiohttp.ClientSession
):
    kinds = (FaultKind.BROKEN_JSON, FaultKind.FENCED_JSON)
    running = emulator(*(FaultRule(kind, times=1) for kind in kinds))

    broken = await streamed(session, running.url, BODY)
    fenced = await streamed(session, running.url, BODY)

    with pytest.raises(json.JSONDecodeError):
        json.loads(broken.text)
    assert json.loads(fenced.text.split("```")[1].removeprefix("json")) == json.loads(TEXT)


async def test_a_blocked_prompt_names_the_reason_and_an_empty_answer_has_no_candidates(
    emulator: StartEmulator, session: aiohttp.ClientSession
):
    kinds = (FaultKind.PROMPT_BLOCKED, FaultKind.EMPTY)
    running = emulator(*(FaultRule(kind, times=1) for kind in kinds))

    blocked = await streamed(session, running.url, BODY)
    empty = await streamed(session, running.url, BODY)

    assert blocked.events[0]["promptFeedback"] == {"blockReason": "PROHIBITED_CONTENT"}
    assert "candidates" not in blocked.events[0]
    assert empty.events[0]["candidates"] == []


async def test_without_usage_no_chunk_counts_tokens_or_names_the_model(
    emulator: StartEmulator, session: aiohttp.ClientSession
):
    running = emulator(FaultKind.NO_USAGE)

    seen = await streamed(session, running.url, BODY)

    assert all(set(event) == {"candidates", "responseId"} for event in seen.events)


async def test_a_slow_stream_begins_in_time_and_a_straggler_is_late_from_the_start(
    emulator: StartEmulator, session: aiohttp.ClientSession
):
    paces = {"paces": {FLASH: Pace(0.1, 100)}, "speed": 1}

    slow = await streamed(session, emulator(FaultKind.SLOW, **paces).url, BODY, patience=0.5)
    late = await streamed(session, emulator(FaultKind.STRAGGLER, **paces).url, BODY, patience=0.5)

    characters_in_half_a_second_at_full_pace = 0.5 * 100 * 4
    assert (slow.ending, late.ending) == ("silent", "silent")
    assert 0 < len(slow.text) < characters_in_half_a_second_at_full_pace / 2
    assert late.text == ""
