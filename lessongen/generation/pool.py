"""The pool: every slot behind its gate; a question goes in, a stream of deltas comes out."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import asynccontextmanager

from lessongen.gemini.messages import Delta, ModelClient, ModelRequest
from lessongen.generation.strategy import ModelSlot
from lessongen.lesson.prompts import Prompt


class Pool:
    """All slots. Belongs to the event loop it is used on."""

    def __init__(self, client: ModelClient, slots: Mapping[str, ModelSlot]) -> None:
        self.slots = slots
        self._client = client
        self._gates = {name: asyncio.Semaphore(slot.concurrency) for name, slot in slots.items()}

    @asynccontextmanager
    async def admitted(self, slot: str) -> AsyncGenerator[None]:
        """Wait for a place at the slot's gate, and give it back."""
        async with self._gates[slot]:
            yield

    @asynccontextmanager
    async def stream(self, slot: str, prompt: Prompt) -> AsyncGenerator[AsyncIterator[Delta]]:
        """Ask the slot's model; leaving the context stops it.

        Raises:
            ProviderError: while iterating.
        """
        asked = self.slots[slot]
        request = ModelRequest(
            model=asked.model,
            system=prompt.system,
            user=prompt.user,
            schema=prompt.schema,
            thinking=asked.thinking,
            max_output_tokens=asked.max_output_tokens,
        )
        async with self._client.stream(request) as deltas:
            yield deltas
