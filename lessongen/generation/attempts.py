"""One attempt: a question to one slot, its answer streamed, validated and timed."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from pydantic import BaseModel

from lessongen.errors import Malformed, ProviderError, TimedOut
from lessongen.gemini.answers import parsed_answer
from lessongen.gemini.messages import Delta, Usage
from lessongen.generation.events import (
    Attempt,
    AttemptEnded,
    Event,
    PartGrew,
    PartStarted,
    Reason,
)
from lessongen.generation.pool import Pool
from lessongen.lesson.prompts import Prompt

Emit = Callable[[Event], None]
ContentT = TypeVar("ContentT", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Task(Generic[ContentT]):
    """A part to write: its name, its prompt, and the content its answer must be."""

    part: str
    prompt: Prompt
    content: type[ContentT]


class _Record:
    """The attempt as it stands, kept up to date so that even a cancelled one is told."""

    def __init__(self, attempt: Attempt) -> None:
        self.attempt = attempt
        self.text = ""
        self.queueing = True

    def note(self, **changes: object) -> None:
        self.attempt = replace(self.attempt, **changes)

    def admitted(self) -> None:
        self.queueing = False
        self.note(queue_seconds=self.since_start())

    def since_start(self) -> float:
        return asyncio.get_running_loop().time() - self.attempt.started


async def attempted(
    pool: Pool, task: Task[ContentT], slot: str, reason: Reason, seconds: float, emit: Emit
) -> ContentT | ProviderError:
    """Ask one slot once; return valid content, or the error that prevented it.

    Emits PartStarted, PartGrew as text arrives, and AttemptEnded in every case, cancellation
    included. `seconds` bounds the wait at the gate and the answer together.
    """
    model = pool.slots[slot].model
    started = asyncio.get_running_loop().time()
    record = _Record(Attempt(task.part, slot, model, reason, task.prompt.version, started))
    outcome: ContentT | ProviderError
    try:
        async with asyncio.timeout(seconds):
            text = await _answer(pool, task, record, emit)
        outcome = parsed_answer(text, task.content, model)
        record.note(outcome="written")
    except TimeoutError:
        missing = "free place at the gate" if record.queueing else "complete answer"
        outcome = TimedOut(model, f"no {missing} within {seconds:.0f} s")
        record.note(outcome="failed", error=outcome)
    except ProviderError as error:
        outcome = error
        record.note(outcome="failed", error=error)
    finally:
        cost = pool.slots[slot].prices.cost(record.attempt.usage)
        record.note(total_seconds=record.since_start(), cost=cost)
        if record.queueing:
            record.note(queue_seconds=record.attempt.total_seconds)
        emit(AttemptEnded(record.attempt))
    return outcome


async def _answer(pool: Pool, task: Task[ContentT], record: _Record, emit: Emit) -> str:
    attempt = record.attempt
    async with pool.admitted(attempt.slot):
        record.admitted()
        emit(PartStarted(task.part, attempt.slot, attempt.model, attempt.reason))
        async with pool.stream(attempt.slot, task.prompt) as deltas:
            async for delta in deltas:
                _take(delta, record)
                if delta.text:
                    emit(PartGrew(task.part, record.text))
    if not record.text.strip():
        raise Malformed(attempt.model, "the answer is empty")
    return record.text


def _take(delta: Delta, record: _Record) -> None:
    if delta.text and record.attempt.first_text_seconds is None:
        record.note(first_text_seconds=record.since_start())
    record.text += delta.text
    if delta.usage:
        record.note(usage=_merged(record.attempt.usage, delta.usage))
    if delta.model_version:
        record.note(model_version=delta.model_version)


def _merged(before: Usage, now: Usage) -> Usage:
    """Keep what an earlier chunk counted where a later one is silent."""
    return Usage(
        input=now.input if now.input is not None else before.input,
        output=now.output if now.output is not None else before.output,
        thoughts=now.thoughts if now.thoughts is not None else before.thoughts,
        cached=now.cached if now.cached is not None else before.cached,
    )
