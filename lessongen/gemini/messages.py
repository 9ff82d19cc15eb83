"""What is asked of a model, and what comes back while it answers."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class ModelRequest:
    """One question to one model. `thinking` is a level name, None for the model's default."""

    model: str
    system: str
    user: str
    schema: Mapping[str, Any]
    thinking: str | None = None
    max_output_tokens: int | None = None


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens as the server counted them; None where it did not say.

    Billed output is `output` plus `thoughts`; `cached` is a part of `input`.
    """

    input: int | None = None
    output: int | None = None
    thoughts: int | None = None
    cached: int | None = None


@dataclass(frozen=True, slots=True)
class Delta:
    """A piece of an answer. `usage` counts the answer so far; `finished` comes with the last."""

    text: str = ""
    usage: Usage | None = None
    model_version: str | None = None
    finished: bool = False


@dataclass(frozen=True, slots=True)
class ModelList:
    """The ids of the models that write text; where not `complete`, others may answer too."""

    ids: frozenset[str]
    complete: bool = True


class ListingClient(Protocol):
    """Anything that knows which models there are."""

    async def listed(self) -> ModelList:
        """Return the models of the server.

        Raises:
            ProviderError: where it does not tell.
        """
        ...


class ModelClient(Protocol):
    """Anything that streams answers as Gemini does."""

    def stream(self, request: ModelRequest) -> AbstractAsyncContextManager[AsyncIterator[Delta]]:
        """Ask, and yield deltas; leaving the context stops the server's work at once.

        Raises:
            ProviderError: while iterating, when the model does not deliver.
        """
        ...
