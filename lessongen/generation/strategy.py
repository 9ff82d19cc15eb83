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
    """A named place in the pool. Limits are per minute or day, `concurrency` at one time."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: Annotated[str, Field(min_length=1)]
    thinking: Thinking | None = None
    timeout_seconds: _Seconds
    max_output_tokens: _Count
    concurrency: _Count
    requests_per_minute: _Count
    input_tokens_per_minute: _Count
    requests_per_day: _Count
    prices: Prices


class Assignment(BaseModel):
    """Who writes one part. The deadline counts waiting, retries and fallbacks."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    slot: str
    priority: Priority
    deadline_seconds: _Seconds
    fallbacks: tuple[str, ...] = ()


class Retired(BaseModel):
    """A model id that is gone or going, and what to type instead."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    replacement: str
    ends: date


@dataclass(frozen=True, slots=True)
class Strategy:
    """All slots by name, and one assignment for the brief and for every section."""

    slots: Mapping[str, ModelSlot]
    assignments: Mapping[str, Assignment]
    retired: Mapping[str, Retired]

    def warnings(self, today: date) -> list[str]:
        """Return a sentence for every slot whose model is gone or going."""
        return [
            _warning(name, slot.model, self.retired[slot.model], today)
            for name, slot in self.slots.items()
            if slot.model in self.retired
        ]


def _warning(slot: str, model: str, retired: Retired, today: date) -> str:
    verb = "was shut down" if retired.ends <= today else "will be shut down"
    return (
        f"The slot “{slot}” uses {model}, which {verb} on {retired.ends}. "
        f"Write {retired.replacement} instead, in data/models.toml."
    )
