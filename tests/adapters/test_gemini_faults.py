from dataclasses import replace

import pytest

from lessongen.emulator.faults import FaultKind, FaultRule, Moment
from lessongen.errors import (
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
from lessongen.gemini.answers import parsed_answer
from tests.support.gemini import (
    FLASH,
    READING,
    REQUEST,
    SAMPLE,
    StartEmulator,
    asked,
    eventually,
    heard_from,
    opened,
    outcomes,
)

pytestmark = pytest.mark.usefixtures("without_google_variables")

FAULTS: dict[FaultKind, type[ProviderError] | None] = {
    FaultKind.THROTTLED: Throttled,
    FaultKind.QUOTA_PER_DAY: Throttled,
    FaultKind.INTERNAL: Unavailable,
    FaultKind.UNAVAILABLE: Unavailable,
    FaultKind.CONNECTION_CUT: Unavailable,
    FaultKind.RESET: Unavailable,
    FaultKind.ERROR_WITHOUT_STATUS: Unavailable,
    FaultKind.MAX_TOKENS: Truncated,
    FaultKind.SAFETY: Blocked,
    FaultKind.PROMPT_BLOCKED: Blocked,
    FaultKind.BAD_KEY: Unauthorized,
    FaultKind.HANG: TimedOut,
    FaultKind.STALL: TimedOut,
    FaultKind.SLOW: TimedOut,
    FaultKind.STRAGGLER: TimedOut,
    FaultKind.HUGE: Malformed,
    FaultKind.HUGE_EVENT: Malformed,
    FaultKind.CUT_WITHOUT_STOP: Malformed,
    FaultKind.BROKEN_JSON: Malformed,
    FaultKind.EMPTY: Malformed,
    FaultKind.FENCED_JSON: None,  # tolerated
    FaultKind.NO_USAGE: None,
}


@pytest.mark.parametrize(
    ("kind", "when"), [(kind, when) for kind in FaultKind for when in (None, *kind.moments)]
)
async def test_every_fault_is_the_same_error_of_ours_at_any_moment_after_one_request(
    emulator: StartEmulator, kind: FaultKind, when: Moment | None
):
    error = FAULTS[kind]
    slow_enough = {"part_seconds": {"reading": 1.0}, "speed": 1.0} if error is TimedOut else {}
    running = emulator(FaultRule(kind, when=when), **slow_enough)

    heard = await heard_from(running.url, patience=0.6 if error is TimedOut else 5.0)
    try:
        content = heard.error or parsed_answer(heard.text, READING.content, FLASH)
    except Malformed as malformed:
        content = malformed

    assert type(content) is (error or READING.content)
    if when is Moment.START:
        assert heard.text in {"", ",]"}
    await eventually(lambda: outcomes(running) == [f"fault:{kind}"])


def test_the_table_of_faults_is_complete():
    assert set(FAULTS) == set(FaultKind)


@pytest.mark.parametrize("when", Moment)
async def test_a_throttled_answer_names_its_wait(emulator: StartEmulator, when: Moment):
    heard = await heard_from(emulator(FaultRule(FaultKind.THROTTLED, when=when)).url)

    assert isinstance(heard.error, Throttled)
    assert (heard.error.retry_after, heard.error.per_day) == (2.0, False)


@pytest.mark.parametrize("when", Moment)
async def test_a_quota_of_the_day_is_told_from_one_of_the_minute(
    emulator: StartEmulator, when: Moment
):
    heard = await heard_from(emulator(FaultRule(FaultKind.QUOTA_PER_DAY, when=when)).url)

    assert isinstance(heard.error, Throttled)
    assert heard.error.per_day


async def test_text_before_a_failure_is_heard(emulator: StartEmulator):
    written = SAMPLE.model_dump_json()
    for kind in (FaultKind.MAX_TOKENS, FaultKind.CONNECTION_CUT, FaultKind.UNAVAILABLE):
        heard = await heard_from(emulator(FaultRule(kind, when=Moment.MIDWAY)).url)
        assert len(written) * 0.4 < len(heard.text) < len(written) * 0.6
        assert heard.error


async def test_without_usage_nothing_is_counted(emulator: StartEmulator):
    heard = await heard_from(emulator(FaultKind.NO_USAGE).url)

    assert heard.usage is None
    assert heard.deltas[-1].model_version is None


async def test_a_model_that_is_gone_is_not_found(emulator: StartEmulator):
    async with opened(emulator().url) as client:
        heard = await asked(client, replace(REQUEST, model="gemini-2.0-flash"))

    assert isinstance(heard.error, ModelNotFound)
    assert str(heard.error).startswith("gemini-2.0-flash: 404: models/gemini-2.0-flash is not")


async def test_a_client_outlives_every_failure(emulator: StartEmulator):
    rules = tuple(FaultRule(kind, times=1) for kind in FaultKind)
    running = emulator(faults=rules)

    async with opened(running.url) as client:
        for _ in FaultKind:
            await asked(client, patience=0.3)
        last = await asked(client)

    assert parsed_answer(last.text, READING.content, FLASH) == SAMPLE
    assert len(running.requests) == len(FaultKind) + 1
