"""One attempt: a question to one slot, its answer streamed, validated and timed."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from pydantic import BaseModel

from lessongen.errors import Malformed, ProviderError, Refused, TimedOut
from lessongen.gemini.answers import parsed_answer
from lessongen.gemini.messages import Delta, ModelClient, ModelRequest, Usage
from lessongen.generation.clock import loop_time
from lessongen.generation.estimates import CHARACTERS_A_TOKEN
from lessongen.generation.events import (
    Attempt,
    AttemptEnded,
    Event,
    PartGrew,
    PartStarted,
    Reason,
)
from lessongen.generation.patience import Patience, Watch
from lessongen.generation.places import Leaving
from lessongen.generation.policy import Failed, verdict
from lessongen.generation.pool import GatedSlot, Pool
from lessongen.generation.queueing import Ticket
from lessongen.generation.strategy import Priority
from lessongen.lesson.prompts import Prompt

Emit = Callable[[Event], None]
ContentT = TypeVar("ContentT", bound=BaseModel)


def _never(_: BaseModel) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Task(Generic[ContentT]):
    """A part to write: its name, its prompt, the content its answer must be, and whose it is.

    `refusal` says why content cannot be used although it has the right form, or None.
    """

    part: str
    prompt: Prompt
    content: type[ContentT]
    lesson: str = ""
    refusal: Callable[[ContentT], str | None] = _never


@dataclass(frozen=True, slots=True)
class Question(Generic[ContentT]):
    """An attempt to be made. Times are the event loop's.

    It waits at the gate until `latest` at most, and is given up at `ends`, or earlier by the
    slot's own limits. `prompt` may differ from the task's where an answer is to be repaired.
    """

    task: Task[ContentT]
    prompt: Prompt
    slot: str
    reason: Reason
    priority: Priority
    max_output_tokens: int
    latest: float
    ends: float


@dataclass(frozen=True, slots=True)
class Written(Generic[ContentT]):
    """A part that was written, and by whom."""

    content: ContentT
    slot: str
    model: str


async def attempted(
    pool: Pool, question: Question[ContentT], emit: Emit, watch: Watch | None = None
) -> Written[ContentT] | Failed:
    """Ask one slot once; return valid content, or what prevented it.

    Emits PartStarted when the model is asked, PartGrew as text arrives, and AttemptEnded in
    every case, cancellation included. `watch` is told when the model is late.
    """
    slot = pool[question.slot]
    return await _Attempting(pool.client, slot, question, emit, watch).result()


class _Attempting(Generic[ContentT]):
    """An attempt as it stands, kept up to date so that even a cancelled one is told."""

    def __init__(
        self,
        client: ModelClient,
        slot: GatedSlot,
        question: Question[ContentT],
        emit: Emit,
        watch: Watch | None,
    ) -> None:
        self._client = client
        self._slot = slot
        self._question = question
        self._emit = emit
        self._watch = watch
        self._started = loop_time()
        self._admitted: float | None = None
        self._first_event: float | None = None
        self._first_text: float | None = None
        self._text = ""
        self._finished = False
        self._usage = Usage()
        self._model_version: str | None = None

    async def result(self) -> Written[ContentT] | Failed:
        """Wait for a place, ask, and tell how it ended."""
        question, model = self._question, self._slot.model
        characters = len(question.prompt.system) + len(question.prompt.user)
        tokens = self._slot.tokens.tokens(characters)
        ended: ContentT | ProviderError | None = None
        try:
            ticket = Ticket(question.task.lesson, question.priority, tokens, question.latest)
            place = await self._slot.gate.enter(ticket)
            if isinstance(place, Refused):
                ended = place
                return Failed(question.slot, question.reason, place)
            self._admitted = loop_time()
            try:
                ended = answer = await self._answered()
            finally:
                self._slot.gate.leave(place, self._leaving(ended, characters))
            if isinstance(answer, ProviderError):
                seconds = loop_time() - self._admitted
                return Failed(question.slot, question.reason, answer, seconds, self._text)
            return Written(answer, question.slot, model.model)
        finally:
            self._tell(ended, tokens)

    async def _answered(self) -> ContentT | ProviderError:
        """Return the content, or the error that prevented it; only cancellation is raised."""
        question, model = self._question, self._slot.model
        self._emit(PartStarted(question.task.part, question.slot, model.model, question.reason))
        patience = Patience(model, self._slot.patience, loop_time(), question.ends)
        if self._watch:
            self._watch.begin()
        try:
            async with patience:
                await self._streamed(patience)
            return self._parsed()
        except TimeoutError:
            if not self._finished:
                return TimedOut(model.model, patience.exhausted())
            # The server has said that this is all, and merely kept the connection.
            return self._parsed()
        except ProviderError as error:
            return error
        finally:
            if self._watch:
                self._watch.end()

    def _parsed(self) -> ContentT | ProviderError:
        task, model = self._question.task, self._slot.model.model
        if not self._text.strip():
            return Malformed(model, "the answer is empty")
        try:
            content = parsed_answer(self._text, task.content, model)
        except ProviderError as error:
            return error
        refusal = task.refusal(content)
        return Malformed(model, refusal) if refusal else content

    async def _streamed(self, patience: Patience) -> None:
        question, model, part = self._question, self._slot.model, self._question.task.part
        request = ModelRequest(
            model=model.model,
            system=question.prompt.system,
            user=question.prompt.user,
            schema=question.prompt.schema,
            thinking=model.thinking,
            max_output_tokens=question.max_output_tokens,
        )
        async with self._client.stream(request) as deltas:
            async for delta in deltas:
                patience.renew(now := loop_time())
                self._take(delta, now)
                if delta.text:
                    self._emit(PartGrew(part, self._text))

    def _take(self, delta: Delta, now: float) -> None:
        if self._first_event is None:
            self._first_event = now
            if self._watch:
                self._watch.end()
        if delta.text:
            self._first_text = now if self._first_text is None else self._first_text
            self._text += delta.text
        if delta.usage:
            self._usage = _merged(self._usage, delta.usage)
        self._model_version = delta.model_version or self._model_version
        self._finished = self._finished or delta.finished

    @property
    def _heard(self) -> bool:
        return self._first_event is not None

    def _leaving(self, ended: BaseModel | ProviderError | None, characters: int) -> Leaving:
        counted = self._usage.input
        if counted is not None:
            self._slot.tokens.learn(characters, counted)
        admitted = self._admitted or self._started
        self._slot.first_events.learn((self._first_event or loop_time()) - admitted, self._heard)
        if ended is None:  # cancelled
            return Leaving("ignored", None, counted)
        error = ended if isinstance(ended, ProviderError) else None
        hurried = self._question.ends - admitted < self._slot.model.timeout_seconds / 2
        return Leaving(verdict(error, hurried=hurried), error, counted)

    def _tell(self, ended: BaseModel | ProviderError | None, tokens: int) -> None:
        question, now, first = self._question, loop_time(), self._first_text
        attempt = Attempt(
            part=question.task.part,
            slot=question.slot,
            model=self._slot.model.model,
            reason=question.reason,
            prompt_version=question.prompt.version,
            started=self._started,
            queue_seconds=(now if self._admitted is None else self._admitted) - self._started,
            first_text_seconds=None if first is None else first - self._started,
            total_seconds=now - self._started,
            usage=self._usage,
            model_version=self._model_version,
            cost=self._slot.model.cost(self._billed(ended, tokens)),
        )
        match ended:
            case Refused():
                attempt = replace(attempt, outcome="refused", error=ended)
            case ProviderError():
                attempt = replace(attempt, outcome="failed", error=ended)
            case BaseModel():
                attempt = replace(attempt, outcome="written")
            case None:
                pass
        self._emit(AttemptEnded(attempt))

    def _billed(self, ended: BaseModel | ProviderError | None, tokens: int) -> Usage:
        """Return the tokens to pay for; where the server was cut short, as far as can be told."""
        cut_short = ended is None or isinstance(ended, TimedOut)
        if self._usage.input is not None or self._admitted is None or not cut_short:
            return self._usage
        return Usage(input=tokens, output=len(self._text) // CHARACTERS_A_TOKEN)


def _merged(before: Usage, now: Usage) -> Usage:
    """Keep what an earlier chunk counted where a later one is silent."""
    return Usage(
        input=now.input if now.input is not None else before.input,
        output=now.output if now.output is not None else before.output,
        thoughts=now.thoughts if now.thoughts is not None else before.thoughts,
        cached=now.cached if now.cached is not None else before.cached,
    )
