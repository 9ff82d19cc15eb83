"""A model client that answers from a script, in the time the script says."""

import asyncio
import math
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

from lessongen.errors import ProviderError
from lessongen.gemini.messages import Delta, ModelRequest

Step = str | float | Delta | ProviderError
"""A text to send, seconds to wait, a delta as it is, or the error that ends the answer."""

Answer = tuple[Step, ...]
SILENCE: Answer = (math.inf,)


@dataclass
class Asked:
    """A request and what became of its stream; times are the event loop's."""

    request: ModelRequest
    opened: float
    closed: float | None = None


class ScriptedClient:
    """Answers each model's questions from its script, in turn; keeps what it was asked."""

    def __init__(self, scripts: Mapping[str, Iterable[Answer]]) -> None:
        turns = {model: iter(answers) for model, answers in scripts.items()}
        self._answer: Callable[[ModelRequest], Answer] = lambda asked: next(turns[asked.model])
        self.asked: list[Asked] = []

    @classmethod
    def answering(cls, answer: Callable[[ModelRequest], Answer]) -> "ScriptedClient":
        """Return a client that makes up each answer from the request."""
        client = cls({})
        client._answer = answer
        return client

    @property
    def models(self) -> list[str]:
        """The models that were asked, in order."""
        return [asked.request.model for asked in self.asked]

    @property
    def all_closed(self) -> bool:
        """Say whether no stream is open any more."""
        return all(asked.closed is not None for asked in self.asked)

    @asynccontextmanager
    async def stream(self, request: ModelRequest) -> AsyncGenerator[AsyncIterator[Delta]]:
        """Play the next answer; see `ModelClient`."""
        now = asyncio.get_running_loop().time
        asked = Asked(request, opened=now())
        self.asked.append(asked)
        try:
            yield _played(self._answer(request))
        finally:
            asked.closed = now()


async def _played(answer: Answer) -> AsyncIterator[Delta]:
    for step in answer:
        match step:
            case ProviderError():
                raise step
            case Delta():
                yield step
            case str():
                yield Delta(step)
            case math.inf:
                await asyncio.get_running_loop().create_future()
            case _:
                await asyncio.sleep(step)
