"""LessonGen's own generation: gate, deadline, streaming, validation and the log of attempts."""

import asyncio
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from random import SystemRandom

from pydantic import SecretStr

from lessongen.benchmark.unlimited import unlimited
from lessongen.gemini.client import GeminiClient
from lessongen.gemini.endpoint import Endpoint
from lessongen.generation.attempts import Task, Written
from lessongen.generation.events import AttemptEnded, Event, PartGrew
from lessongen.generation.parts import PartWriter, Terms
from lessongen.generation.places import GateOptions
from lessongen.generation.policy import Policy
from lessongen.generation.pool import Pool
from lessongen.generation.strategy_files import load_strategy
from lessongen.lesson.levels import Level
from lessongen.lesson.prompts import Prompt
from lessongen.lesson.request import LessonRequest
from lessongen.lesson.section import SectionContent
from lessongen.lesson.sections import SECTIONS
from lessongen.settings import ROOT
from lessongen.store.attempts import attempt_row
from lessongen.store.database import Row
from lessongen.store.records import LessonRecord, LessonStatus
from tests.peers.task import KEY, Call, WriteLesson

_SECONDS = 600.0  # nothing is cut short
_LESSON = LessonRecord(
    id="peers",
    status=LessonStatus.RUNNING,
    mode="parallel",
    sample=False,
    request=LessonRequest(topic="Weekend markets", level=Level.B1),
    created_at=0,
)


class _Log:
    """What the runner keeps of the events: the text so far, and a row for each attempt."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.text = ""

    def __call__(self, event: Event) -> None:
        match event:
            case PartGrew(text=text):
                self.text = text
            case AttemptEnded(attempt=attempt):
                self.rows.append(attempt_row(_LESSON, attempt, time.time()))
            case _:
                pass


@asynccontextmanager
async def opened(url: str, calls: Sequence[Call]) -> AsyncGenerator[WriteLesson]:
    """Open one client and one pool, as the runner does."""
    strategy = unlimited(load_strategy(ROOT / "data"), lambda _: _SECONDS)
    assignments = strategy.assignments
    async with GeminiClient.opened(Endpoint(SecretStr(KEY), url)) as client:
        pool = Pool(client, strategy.slots, GateOptions(time.time, shortest_patience=_SECONDS))
        writer = PartWriter(pool, Policy(), SystemRandom())

        async def write() -> Sequence[str]:
            return await asyncio.gather(
                *(_written(writer, Terms(assignments[call.part]), call) for call in calls)
            )

        yield write


async def _written(writer: PartWriter, terms: Terms, call: Call) -> str:
    log = _Log()
    prompt = Prompt(call.system, call.user, call.schema, "measured")
    task: Task[SectionContent] = Task(call.part, prompt, SECTIONS[call.part].content)
    outcome = await writer.write(task, terms, log)
    if not isinstance(outcome, Written):
        raise outcome
    return log.text
