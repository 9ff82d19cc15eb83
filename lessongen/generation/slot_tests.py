"""Tests of slots: each is asked one small question, whether its gate lets anybody in or not."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from pydantic import BaseModel, ConfigDict, Field

from lessongen.errors import ProviderError, TimedOut
from lessongen.gemini.answers import parsed_answer
from lessongen.gemini.messages import ModelClient, ModelRequest
from lessongen.generation.clock import loop_time
from lessongen.generation.explanations import explained_to_admin
from lessongen.generation.strategy import ModelSlot
from lessongen.lesson.schema import json_schema

PATIENCE_SECONDS = 20.0
SYSTEM: Final = "You are being tested. Answer with one JSON object that follows the given schema."
QUESTION: Final = (
    "Choose an everyday English word. Say how many letters it has, and tell in about sixty words "
    "what it means and where it is used."
)
# Closer together than this, what came is one piece: how quickly it was written cannot be told.
_SHORTEST_WRITING_SECONDS = 0.05


class WordNote(BaseModel):
    """What a tested model answers: a note on a word."""

    word: str = Field(min_length=1)
    number: int
    text: str = Field(min_length=1)


class SlotTest(BaseModel):
    """What came of asking one slot. It is asked for `seconds` until it was over, None before.

    `tokens_per_second` counts from the first text to the last, thoughts left out; None where the
    server counted nothing, or all came at once. `structured` says whether the answer follows the
    schema, None where there is none; `error` is a sentence for an admin.
    """

    model_config = ConfigDict(frozen=True)

    slot: str
    model: str
    enabled: bool = True
    first_text_seconds: float | None = None
    seconds: float | None = None
    tokens_per_second: float | None = None
    structured: bool | None = None
    error: str | None = None

    @property
    def over(self) -> bool:
        """Say whether nothing more is waited for."""
        return self.seconds is not None


class SlotTests(BaseModel):
    """The tests of all slots, in their order.

    `sample` says whether the emulator answered in place of the models, None where nobody noted it.
    """

    model_config = ConfigDict(frozen=True)

    tests: tuple[SlotTest, ...]
    sample: bool | None = None


async def asked_slots(
    client: ModelClient,
    slots: Mapping[str, ModelSlot],
    note: Callable[[SlotTests], Awaitable[None]],
) -> SlotTests:
    """Ask every slot side by side, those that are switched off too; `note` hears what is known.

    Gates are passed by: whether a closed slot works again is what is to be found out. Each is
    asked once, and given up after PATIENCE_SECONDS. The server counts the question among the
    requests of the day; our own limits, which are there for lessons, do not.
    """
    known = {name: _begun(name, slot) for name, slot in slots.items()}
    one_at_a_time = asyncio.Lock()

    async def tell() -> None:
        async with one_at_a_time:
            await note(SlotTests(tests=tuple(known.values())))

    async def test(name: str) -> None:
        known[name] = await _Testing(client, slots[name], known[name]).result()
        await tell()

    await tell()
    async with asyncio.TaskGroup() as tasks:
        for name in slots:
            tasks.create_task(test(name), name=f"test of {name}")
    return SlotTests(tests=tuple(known.values()))


def _begun(name: str, slot: ModelSlot) -> SlotTest:
    return SlotTest(slot=name, model=slot.model, enabled=slot.enabled)


class _Testing:
    """One slot's answer as it arrives."""

    def __init__(self, client: ModelClient, slot: ModelSlot, begun: SlotTest) -> None:
        self._client = client
        self._slot = slot
        self._begun = begun
        self._asked = loop_time()
        self._first_text: float | None = None
        self._text = ""
        self._output: int | None = None

    async def result(self) -> SlotTest:
        """Ask, listen to the end, and return how it went."""
        undelivered = await self._answered()
        ended, first = loop_time(), self._first_text
        error = undelivered or self._misshapen()
        return self._begun.model_copy(
            update={
                "seconds": ended - self._asked,
                "first_text_seconds": None if first is None else first - self._asked,
                "tokens_per_second": None if first is None else self._rate(ended - first),
                "structured": None if undelivered else error is None,
                "error": explained_to_admin(error) if error else None,
            }
        )

    async def _answered(self) -> ProviderError | None:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await self._streamed()
        except TimeoutError:
            return TimedOut(self._slot.model, f"no complete answer within {PATIENCE_SECONDS:g} s")
        except ProviderError as error:
            return error
        return None

    async def _streamed(self) -> None:
        slot = self._slot
        request = ModelRequest(
            slot.model,
            SYSTEM,
            QUESTION,
            json_schema(WordNote),
            slot.thinking,
            slot.max_output_tokens,
        )
        async with self._client.stream(request) as deltas:
            async for delta in deltas:
                if delta.text and self._first_text is None:
                    self._first_text = loop_time()
                self._text += delta.text
                if delta.usage and delta.usage.output:
                    self._output = delta.usage.output

    def _misshapen(self) -> ProviderError | None:
        try:
            parsed_answer(self._text, WordNote, self._slot.model)
        except ProviderError as error:
            return error
        return None

    def _rate(self, writing: float) -> float | None:
        if self._output is None or writing < _SHORTEST_WRITING_SECONDS:
            return None
        return self._output / writing
