"""Model slots and assignments: which model writes which part of a lesson, and within what time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from lessongen.gemini.messages import Usage

Priority = Literal["high", "medium", "low"]
Thinking = Literal["minimal", "low", "medium", "high", "xhigh"]
Mode = Literal["parallel", "sequential"]

SHORTEST_ATTEMPT_SECONDS = 1.0
_RESERVED_SHARE = 0.4
"""The share of a deadline that the first slot leaves to a fallback."""
SHORTEST_DEADLINE_SECONDS = 2.0
"""Below this the first slot would have no time of its own."""

_Count = Annotated[int, Field(gt=0)]
_Seconds = Annotated[float, Field(gt=0, le=600)]
_Price = Annotated[float, Field(ge=0)]


class Prices(BaseModel):
    """US dollars per million tokens."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    input: _Price
    output: _Price
    cached: _Price

    def cost(self, usage: Usage) -> float | None:
        """Return US dollars for one answer, None where the server counted nothing."""
        if usage.input is None and usage.output is None:
            return None
        cached = usage.cached or 0
        fresh = max(0, (usage.input or 0) - cached)
        written = (usage.output or 0) + (usage.thoughts or 0)
        return (fresh * self.input + cached * self.cached + written * self.output) / 1_000_000


class ModelSlot(BaseModel):
    """A named place in the pool. Limits are per minute or day, `concurrency` at one time.

    A model may be silent for `first_event_seconds` before its first sign of life, and for
    `idle_seconds` between two; a whole answer may take `timeout_seconds`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: Annotated[str, Field(min_length=1)]
    thinking: Thinking | None = None
    timeout_seconds: _Seconds
    first_event_seconds: _Seconds = 10.0
    idle_seconds: _Seconds = 5.0
    max_output_tokens: _Count
    concurrency: _Count
    requests_per_minute: _Count
    input_tokens_per_minute: _Count
    requests_per_day: _Count
    prices: Prices


class Assignment(BaseModel):
    """Who writes one part. The deadline counts waiting, retries and fallbacks.

    A part that waits for sections is written when they are done, with them in view; its deadline
    counts from then.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    slot: str
    priority: Priority
    deadline_seconds: Annotated[float, Field(ge=SHORTEST_DEADLINE_SECONDS, le=600)]
    fallbacks: tuple[str, ...] = ()
    waits_for: tuple[str, ...] = ()


class Retired(BaseModel):
    """A model id that is gone or going, and what to type instead."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    replacement: str
    ends: date


@dataclass(frozen=True, slots=True)
class Strategy:
    """All slots by name, and one assignment for the brief and for every section.

    With `hedging`, a model that is late with its first sign of life has another asked besides.
    """

    slots: Mapping[str, ModelSlot]
    assignments: Mapping[str, Assignment]
    retired: Mapping[str, Retired]
    hedging: bool = False

    def warnings(self, today: date) -> list[str]:
        """Return a sentence for every slot whose model is gone or going."""
        return [
            _warning(name, slot.model, self.retired[slot.model], today)
            for name, slot in self.slots.items()
            if slot.model in self.retired
        ]


def reserve_seconds(assignment: Assignment, slot: str) -> float:
    """Return the seconds that an attempt at a slot leaves for one fallback."""
    if slot != assignment.slot or not assignment.fallbacks:
        return 0.0
    return assignment.deadline_seconds * _RESERVED_SHARE


def _warning(slot: str, model: str, retired: Retired, today: date) -> str:
    verb = "was shut down" if retired.ends <= today else "will be shut down"
    return (
        f"The slot “{slot}” uses {model}, which {verb} on {retired.ends}. "
        f"Write {retired.replacement} instead, in data/models.toml."
    )
