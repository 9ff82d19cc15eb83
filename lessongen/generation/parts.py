"""One part of a lesson, written whatever happens: attempts in turn, inside one deadline."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Generic

from lessongen.errors import ProviderError, Truncated
from lessongen.generation.attempts import ContentT, Emit, Question, Task, Written, attempted
from lessongen.generation.clock import loop_time
from lessongen.generation.events import Reason
from lessongen.generation.hedging import HedgeBudget, hedge_after, hedge_slot
from lessongen.generation.patience import Watch
from lessongen.generation.policy import Failed, Moment, Policy, Try, blame, next_try
from lessongen.generation.pool import Pool
from lessongen.generation.racing import Race
from lessongen.generation.staging import Stage
from lessongen.generation.strategy import Assignment, reserve_seconds
from lessongen.lesson.prompts import Prompt, repair_prompt, shorter_prompt

_MOST_OUTPUT_TOKENS = 65_536
_MOST_REPAIRED_CHARACTERS = 20_000


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms a part is written: by whom, why now, and whether late models are hedged."""

    assignment: Assignment
    opening: Reason = "first"
    hedging: bool = False


class PartWriter:
    """Writes parts with the models of a pool; one for a whole process."""

    def __init__(self, pool: Pool, policy: Policy, random: Random) -> None:
        self.pool = pool
        self.policy = policy
        self.random = random
        self.budget = HedgeBudget()

    async def write(
        self, task: Task[ContentT], terms: Terms, emit: Emit
    ) -> Written[ContentT] | ProviderError:
        """Return the part, or the error that explains best why no slot could write it in time."""
        return await _Part(self, task, terms, emit).written()


class _Part(Generic[ContentT]):
    """A part that is being written: its deadline, and what has failed so far."""

    def __init__(self, writer: PartWriter, task: Task[ContentT], terms: Terms, emit: Emit) -> None:
        self._pool = writer.pool
        self._policy = writer.policy
        self._random = writer.random
        self._budget = writer.budget
        self._task = task
        self._terms = terms
        self._stage = Stage(task.part, emit)
        self._deadline = loop_time() + terms.assignment.deadline_seconds
        self._failed: list[Failed] = []

    async def written(self) -> Written[ContentT] | ProviderError:
        while chosen := self._next():
            if chosen.wait:
                await asyncio.sleep(chosen.wait)
            for outcome in await self._outcomes(chosen):
                if isinstance(outcome, Written):
                    self._budget.save()
                    return outcome
                if outcome.asked:
                    self._budget.save()
                self._failed.append(outcome)
        return blame(self._failed)

    def _next(self) -> Try | None:
        remaining = self._deadline - loop_time()
        moment = Moment(
            remaining,
            self._pool.opens_in(),
            self._pool.needs(),
            self._random.random(),
            self._pool.doubtful(),
        )
        terms = self._terms
        return next_try(terms.assignment, self._failed, moment, self._policy, terms.opening)

    async def _outcomes(self, chosen: Try) -> Sequence[Written[ContentT] | Failed]:
        """Ask once, or twice where a hedge is called for."""
        if self._terms.hedging and chosen.reason == self._terms.opening:
            p95 = self._pool[chosen.slot].first_events.p95()
            if (seconds := hedge_after(p95)) is not None:
                return await self._hedged(chosen, Watch(seconds))
        return [await self._attempt(chosen.slot, chosen.reason)]

    async def _hedged(self, chosen: Try, watch: Watch) -> list[Written[ContentT] | Failed]:
        """Ask, and where the model is late ask another besides; the first good answer wins."""
        async with Race[Written[ContentT] | Failed]() as race:
            race.start(self._attempt(chosen.slot, chosen.reason, watch))
            await race.wait_for(watch.late)
            if race.undecided and (slot := self._hedge_slot(chosen.slot)):
                race.start(self._attempt(slot, "hedge"))
            outcomes = await race.won_by(lambda outcome: isinstance(outcome, Written))
        # A failure beside a good answer is of no more interest.
        return [o for o in outcomes if isinstance(o, Written)] or outcomes

    def _hedge_slot(self, asked: str) -> str | None:
        assignment = self._terms.assignment
        candidates = (assignment.slot, *assignment.fallbacks)
        slot = hedge_slot(asked, candidates, self._pool.has_spare, self._pool.needs())
        return slot if slot and self._budget.spend() else None

    def _to_mend(self, reason: Reason) -> Failed | None:
        """Return the unusable answer that an attempt is to mend, if it is."""
        if reason == "repair":
            return self._failed[-1]
        if reason == "retry" and self._failed[-1].reason == "repair":
            return self._failed[-2]
        return None

    async def _attempt(
        self, slot: str, reason: Reason, watch: Watch | None = None
    ) -> Written[ContentT] | Failed:
        gated, assignment = self._pool[slot], self._terms.assignment
        mending = self._to_mend(reason)
        ends = self._deadline - reserve_seconds(assignment, slot)
        least = self._policy.least_seconds(gated.gate.expected_seconds or 0.0)
        question = Question(
            task=self._task,
            prompt=_mended(self._task.prompt, mending) if mending else self._task.prompt,
            slot=slot,
            reason=reason,
            priority=assignment.priority,
            max_output_tokens=_cap(gated.model.max_output_tokens, mending),
            latest=ends - least,
            ends=ends,
        )
        return await attempted(self._pool, question, self._stage.entrance(), watch)


def _mended(prompt: Prompt, failed: Failed) -> Prompt:
    if isinstance(failed.error, Truncated):
        return shorter_prompt(prompt)
    return repair_prompt(prompt, failed.text[:_MOST_REPAIRED_CHARACTERS], failed.error.reason)


def _cap(tokens: int, failed: Failed | None) -> int:
    """Return the limit of output tokens: twice as many where that was the trouble."""
    if failed and isinstance(failed.error, Truncated):
        return min(2 * tokens, _MOST_OUTPUT_TOKENS)
    return tokens
