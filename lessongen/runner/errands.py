"""Errands carried out: what admins want asked of the models, each as a task beside the lessons."""

import asyncio
import logging
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Protocol

from pydantic import BaseModel

from lessongen.errors import LessonGenError, ProviderError, StoreError
from lessongen.gemini.messages import ListingClient, ModelClient
from lessongen.generation.model_lists import ModelChecks, checked_models, list_trouble
from lessongen.generation.slot_tests import SlotTests, asked_slots
from lessongen.generation.strategy import Strategy
from lessongen.store.errands import Errand, Errands

_LOG = logging.getLogger(__name__)
_LIST_SECONDS = 20.0
_EMPTY_LIST = "The server’s list of models is empty. “Test models” tells which of them answer."
_NO_LIST = f"The server did not send its list of models within {_LIST_SECONDS:g} s."


class Client(ModelClient, ListingClient, Protocol):
    """Asks models, and knows which there are."""


class ErrandTasks:
    """The errands that are under way. Lives on the runner's loop; what fails costs no lesson.

    What comes of them says whether it is of samples: whether the client asks our own emulator.
    """

    def __init__(
        self,
        errands: Errands,
        client: Client,
        strategy: Callable[[], Strategy],
        *,
        sample: bool = False,
    ) -> None:
        self._errands = errands
        self._client = client
        self._strategy = strategy
        self._sample = sample
        self._under_way = set[asyncio.Task[None]]()

    def begin(self, errands: Iterable[Errand]) -> None:
        """Carry errands out, each for itself; this does not wait for them."""
        for errand in errands:
            task = asyncio.create_task(self._carry_out(errand), name=f"errand {errand.kind}")
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)

    async def abandon(self) -> None:
        """Stop what is under way, and tell of everything begun that nobody will finish it."""
        under_way = [*self._under_way]
        for task in under_way:
            task.cancel()
        if under_way:
            await asyncio.wait(under_way)
        try:
            await asyncio.to_thread(self._errands.abandon)
        except StoreError as error:
            _LOG.warning("Errands that nobody will finish could not be ended: %s", error)

    async def _carry_out(self, errand: Errand) -> None:
        result, trouble = None, None
        try:
            result = self._marked(await self._result(errand))
        except LessonGenError as error:
            trouble = str(error)
        except Exception:  # noqa: BLE001 - outermost: logs, and tells whoever asked
            trouble = "Something went wrong inside LessonGen; the log says what."
            _LOG.exception("The errand %s failed", errand.kind)
        await self._keep(self._errands.finish, errand.id, result, trouble)

    def _marked(self, result: BaseModel) -> str:
        return result.model_copy(update={"sample": self._sample}).model_dump_json()

    async def _result(self, errand: Errand) -> BaseModel:
        match errand.kind:
            case "test_slots":
                return await self._tests(errand)
            case "list_models":
                return await self._checks()

    async def _tests(self, errand: Errand) -> SlotTests:
        slots = (await asyncio.to_thread(self._strategy)).slots

        async def note(known: SlotTests) -> None:
            await self._keep(self._errands.note, errand.id, self._marked(known))

        return await asked_slots(self._client, slots, note)

    async def _checks(self) -> ModelChecks:
        try:
            async with asyncio.timeout(_LIST_SECONDS):
                listed = await self._client.listed()
        except TimeoutError as error:
            raise LessonGenError(_NO_LIST) from error
        except ProviderError as error:
            raise LessonGenError(list_trouble(error)) from error
        if not listed.ids:
            raise LessonGenError(_EMPTY_LIST)
        strategy = await asyncio.to_thread(self._strategy)
        return checked_models(listed, strategy, datetime.now(UTC).date())

    async def _keep(self, keep: Callable[..., None], *what: str | None) -> None:
        """Have the store keep something, on another thread; what cannot be kept is logged."""
        try:
            await asyncio.to_thread(keep, *what)
        except StoreError as error:
            _LOG.warning("What came of an errand could not be kept: %s", error)
