"""One part of a lesson, written whatever happens: attempts in turn, inside one deadline."""

import asyncio
from dataclasses import dataclass
from random import Random
from typing import Generic

from pydantic import BaseModel

from lessongen.errors import ProviderError, TimedOut
from lessongen.generation.attempts import ContentT, Emit, Task, attempted
from lessongen.generation.events import Event, PartGrew, PartReset
from lessongen.generation.policy import Failed, Policy, Try, attempt_seconds, next_try
from lessongen.generation.pool import Pool
from lessongen.generation.strategy import Assignment


@dataclass(frozen=True, slots=True)
class Written(Generic[ContentT]):
    """A part that was written, and by whom."""

    content: ContentT
    slot: str
    model: str


class PartWriter:
    """Writes parts. Stateless between parts; one for a whole process."""

    def __init__(self, pool: Pool, policy: Policy, random: Random) -> None:
        self._pool = pool
        self._policy = policy
        self._random = random

    async def write(
        self, task: Task[ContentT], assignment: Assignment, emit: Emit
    ) -> Written[ContentT] | ProviderError:
        """Return the part, or the last error once no slot and no time is left."""
        deadline = asyncio.get_running_loop().time() + assignment.deadline_seconds
        failed: list[Failed] = []
        telling = _ResetBetweenAttempts(task.part, emit)
        while chosen := self._next(assignment, failed, deadline):
            await asyncio.sleep(chosen.wait)
            outcome = await self._ask(task, assignment, chosen, deadline, telling)
            if isinstance(outcome, BaseModel):
                return Written(outcome, chosen.slot, self._pool.slots[chosen.slot].model)
            failed.append(Failed(chosen.slot, outcome))
        return failed[-1].error

    def _next(self, assignment: Assignment, failed: list[Failed], deadline: float) -> Try | None:
        remaining = deadline - asyncio.get_running_loop().time()
        return next_try(assignment, failed, remaining, self._policy, self._random.random())

    async def _ask(
        self,
        task: Task[ContentT],
        assignment: Assignment,
        chosen: Try,
        deadline: float,
        telling: "_ResetBetweenAttempts",
    ) -> ContentT | ProviderError:
        slot = self._pool.slots[chosen.slot]
        remaining = deadline - asyncio.get_running_loop().time()
        seconds = attempt_seconds(
            assignment, chosen.slot, remaining, slot.timeout_seconds, self._policy
        )
        if seconds is None:
            return TimedOut(slot.model, f"no time left of {assignment.deadline_seconds:.0f} s")
        return await attempted(self._pool, task, chosen.slot, chosen.reason, seconds, telling)


class _ResetBetweenAttempts:
    """Passes events on; before an attempt's first text it voids what an earlier one showed."""

    def __init__(self, part: str, emit: Emit) -> None:
        self._part = part
        self._emit = emit
        self._shown = ""

    def __call__(self, event: Event) -> None:
        if isinstance(event, PartGrew):
            if not event.text.startswith(self._shown):
                self._emit(PartReset(self._part))
            self._shown = event.text
        self._emit(event)
