"""Every fault, at every moment, of the first model alone and of all: what becomes of a section."""

import math
from dataclasses import dataclass

import pytest

from lessongen.emulator.faults import FaultKind, FaultRule, Moment
from lessongen.errors import (
    Blocked,
    Malformed,
    ProviderError,
    Throttled,
    TimedOut,
    Truncated,
    Unauthorized,
    Unavailable,
)
from lessongen.gemini.client import GeminiClient
from lessongen.generation.events import SectionFailed, SectionPutOff, SectionWritten
from lessongen.generation.lessons import LessonWriter, Progress
from lessongen.generation.parts import PartWriter
from lessongen.generation.places import GateOptions
from lessongen.generation.policy import Policy
from lessongen.generation.pool import Pool
from lessongen.generation.strategy import Assignment, ModelSlot, Strategy
from lessongen.lesson.brief import local_brief
from tests.support.gemini import FLASH, READING, StartEmulator, eventually, opened, outcomes
from tests.support.generation import WALL_CLOCK, EasyReviewer, Steady, Told, model_slot
from tests.support.lessons import markets, request_on

pytestmark = pytest.mark.usefixtures("without_google_variables")

LITE = "gemini-3.5-flash-lite"
REQUEST = request_on(sections=("reading",))
WRITTEN = READING.parsed(markets().answer("reading", REQUEST))
BRIEF = local_brief(REQUEST)
# The emulator names a wait of two seconds, and a model that fails is asked again at once.
POLICY = Policy(retry_wait=0.0, patience=1.0)
QUICK, AMPLE = 0.25, 10.0


@dataclass(frozen=True)
class Row:
    """What a kind of fault leads to.

    `again` is why the first slot is asked a second time, if it is. `hopeful` sections are written
    once more in the second pass, where a slot that is still closed is not asked. `sentence` is
    what the teacher reads when all models fail.
    """

    error: type[ProviderError]
    sentence: str
    again: str | None = None
    hopeful: bool = True
    closes: bool = False

    def first_alone(self) -> list[tuple[str, str, str]]:
        """Return the attempts of a section that the second slot writes."""
        return [*self._first("first"), ("second", "fallback", "written")]

    def all_slots(self) -> list[tuple[str, str, str]]:
        """Return the attempts of a section that nobody writes."""
        tries = [*self._first("first"), ("second", "fallback", "failed")]
        if not self.hopeful:
            return tries
        if self.closes:
            return [*tries, ("first", "second_pass", "refused")]
        return [*tries, *self._first("second_pass"), ("second", "fallback", "failed")]

    def _first(self, opening: str) -> list[tuple[str, str, str]]:
        return [("first", reason, "failed") for reason in (opening, self.again) if reason]


BUSY = Row(Throttled, "too many requests", closes=True)
DAY_USED_UP = Row(Throttled, "limit for today", hopeful=False)
DOWN = Row(Unavailable, "could not be reached", again="retry")
LATE = Row(TimedOut, "did not answer in time", again="retry")
UNUSABLE = Row(Malformed, "could not be used", again="repair")
TOO_LONG = Row(Truncated, "could not be used", again="repair")
BLOCKED = Row(Blocked, "safety filter")
LOCKED_OUT = Row(Unauthorized, "did not accept the key", hopeful=False)

ROWS: dict[FaultKind, Row | None] = {
    FaultKind.THROTTLED: BUSY,
    FaultKind.QUOTA_PER_DAY: DAY_USED_UP,
    FaultKind.INTERNAL: DOWN,
    FaultKind.UNAVAILABLE: DOWN,
    FaultKind.ERROR_WITHOUT_STATUS: DOWN,
    FaultKind.BAD_KEY: LOCKED_OUT,
    FaultKind.HANG: LATE,
    FaultKind.RESET: DOWN,
    FaultKind.STALL: LATE,
    FaultKind.CONNECTION_CUT: DOWN,
    FaultKind.CUT_WITHOUT_STOP: UNUSABLE,
    FaultKind.BROKEN_JSON: UNUSABLE,
    FaultKind.MAX_TOKENS: TOO_LONG,
    FaultKind.SAFETY: BLOCKED,
    FaultKind.SLOW: LATE,
    FaultKind.STRAGGLER: LATE,
    FaultKind.HUGE: UNUSABLE,
    FaultKind.HUGE_EVENT: UNUSABLE,
    FaultKind.FENCED_JSON: None,  # tolerated
    FaultKind.PROMPT_BLOCKED: BLOCKED,
    FaultKind.EMPTY: UNUSABLE,
    FaultKind.NO_USAGE: None,
}
every_moment = pytest.mark.parametrize(
    ("kind", "when"), [(kind, when) for kind in ROWS for when in kind.moments or (None,)]
)


def strategy(kind: FaultKind, *, all_fail: bool) -> Strategy:
    """Return two slots; who is late is waited for only briefly."""
    late = ROWS[kind] is LATE
    slots = {
        "first": _slot(FLASH, QUICK if late else AMPLE),
        "second": _slot(LITE, QUICK if late and all_fail else AMPLE),
    }
    # Two seconds are too short to wait for a throttled slot.
    deadline = 2.0 if ROWS[kind] is BUSY else 30.0
    reading = Assignment(
        slot="first", priority="high", deadline_seconds=deadline, fallbacks=("second",)
    )
    return Strategy(slots, {"reading": reading}, {})


def _slot(model: str, patience: float) -> ModelSlot:
    return model_slot(model, first_event_seconds=patience, idle_seconds=patience)


async def told_of(client: GeminiClient, asked: Strategy) -> Told:
    """Write a lesson of one section, its brief being there, and return all that happens."""
    told = Told()
    pool = Pool(client, asked.slots, GateOptions(lambda: WALL_CLOCK))
    writer = LessonWriter(PartWriter(pool, POLICY, Steady()), lambda: asked, EasyReviewer())
    await writer.write("lesson", REQUEST, "parallel", told, Progress(BRIEF))
    return told


def pace(kind: FaultKind) -> dict[str, object]:
    late = ROWS[kind] is LATE
    return {"part_seconds": {"reading": 0.1}, "speed": 1.0} if late else {"speed": math.inf}


def test_the_matrix_is_complete():
    assert set(ROWS) == set(FaultKind)


@every_moment
async def test_a_section_that_the_first_model_fails_is_written_by_the_second(
    emulator: StartEmulator, kind: FaultKind, when: Moment | None
):
    row = ROWS[kind]
    running = emulator(FaultRule(kind, model=FLASH, when=when), **pace(kind))
    async with opened(running.url) as client:
        told = await told_of(client, strategy(kind, all_fail=False))

    [written] = told.of(SectionWritten)
    assert READING.content.model_validate_json(written.content) == WRITTEN
    expected = row.first_alone() if row else [("first", "first", "written")]
    assert told.tries == expected
    assert {type(attempt.error) for attempt in told.attempts[:-1]} == (
        {row.error} if row else set()
    )
    answers = [f"fault:{kind}"] * len(expected[:-1]) + ["served"] if row else [f"fault:{kind}"]
    await eventually(lambda: sorted(outcomes(running)) == sorted(answers))
    assert not told.of(SectionPutOff)


@every_moment
async def test_a_section_that_every_model_fails_ends_in_a_sentence_for_the_teacher(
    emulator: StartEmulator, kind: FaultKind, when: Moment | None
):
    row = ROWS[kind]
    running = emulator(FaultRule(kind, when=when), **pace(kind))
    async with opened(running.url) as client:
        told = await told_of(client, strategy(kind, all_fail=True))

    if row is None:
        assert told.of(SectionWritten)
        return
    [failed] = told.of(SectionFailed)
    assert row.sentence in failed.reason
    assert told.tries == row.all_slots()
    asked = [attempt for attempt in told.attempts if attempt.outcome != "refused"]
    assert {type(attempt.error) for attempt in asked} == {row.error}
    await eventually(lambda: outcomes(running) == [f"fault:{kind}"] * len(asked))
    assert len(told.of(SectionPutOff)) == row.hopeful
