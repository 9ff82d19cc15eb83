"""A race of two attempts: the first good one wins, the other is stopped."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Generic, Self, TypeVar

OutcomeT = TypeVar("OutcomeT")


class Race(Generic[OutcomeT]):
    """Runs coroutines side by side; whoever still runs when the context is left is stopped."""

    def __init__(self) -> None:
        self._runners: list[asyncio.Task[OutcomeT]] = []

    async def __aenter__(self) -> Self:
        """Begin."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop whoever still runs, and wait until they have."""
        running = [runner for runner in self._runners if not runner.done()]
        for runner in running:
            runner.cancel()
        if running:
            await asyncio.wait(running)

    def start(self, runner: Coroutine[Any, Any, OutcomeT]) -> None:
        """Let somebody run."""
        self._runners.append(asyncio.create_task(runner))

    @property
    def undecided(self) -> bool:
        """Say whether everybody is still running."""
        return not any(runner.done() for runner in self._runners)

    async def wait_for(self, signal: asyncio.Future[None]) -> None:
        """Wait until a signal is given, or somebody has finished."""
        await asyncio.wait([signal, *self._runners], return_when=asyncio.FIRST_COMPLETED)

    async def won_by(self, good: Callable[[OutcomeT], bool]) -> list[OutcomeT]:
        """Wait for a good outcome, or for everybody; return the outcomes there are by then."""
        running = set(self._runners)
        outcomes: list[OutcomeT] = []
        while running:
            done, running = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            outcomes += [runner.result() for runner in self._runners if runner in done]
            if any(map(good, outcomes)):
                break
        return outcomes
