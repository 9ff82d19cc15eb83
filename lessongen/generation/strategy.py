"""Model slots and assignments: which model writes which part of a lesson, and within what time."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from lessongen.gemini.messages import Usage
from lessongen.generation.prices import NO_SWITCH, Prices, list_prices

Priority = Literal["high", "medium", "low"]
Thinking = Literal["minimal", "low", "medium", "high", "xhigh"]
Mode = Literal["parallel", "sequential"]

SHORTEST_ATTEMPT_SECONDS = 1.0
_RESERVED_SHARE = 0.4
"""The share of a deadline that the first slot leaves to a fallback."""
SHORTEST_DEADLINE_SECONDS = 2.0
"""Below this the first slot would have no time of its own."""

_MODEL_ID = re.compile(r"[\w.:@/-]+", re.ASCII)


def _model_id(text: str) -> str:
    if not _MODEL_ID.fullmatch(text):
        raise ValueError("should have letters, digits and . - _ : @ / only")
    return text


# What a database can count, and more than any account allows.
_Count = Annotated[int, Field(gt=0, le=1_000_000_000), NO_SWITCH]
_Seconds = Annotated[float, Field(gt=0, le=600, allow_inf_nan=False), NO_SWITCH]
_Deadline = Annotated[
    float, Field(ge=SHORTEST_DEADLINE_SECONDS, le=600, allow_inf_nan=False), NO_SWITCH
]
ModelId = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_model_id)]


class ModelSlot(BaseModel):
    """A named place in the pool. Limits are per minute or day, `concurrency` at one time.

    A model may be silent for `first_event_seconds` before its first sign of life, and for
    `idle_seconds` between two; a whole answer may take `timeout_seconds`. Without `prices` those
    of the list hold. A slot that is not `enabled` is never asked.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: ModelId
    enabled: bool = True
    thinking: Thinking | None = None
    timeout_seconds: _Seconds
    first_event_seconds: _Seconds = 10.0
    idle_seconds: _Seconds = 5.0
    max_output_tokens: _Count
    concurrency: _Count
    requests_per_minute: _Count
    input_tokens_per_minute: _Count
    requests_per_day: _Count
    prices: Prices | None = None

    @property
    def pricing(self) -> Prices | None:
        """The slot's own prices or those of the list; None where neither knows."""
        return self.prices or list_prices(self.model)

    def cost(self, usage: Usage) -> float | None:
        """Return US dollars for one answer, None where prices or tokens are unknown."""
        pricing = self.pricing
        return pricing.cost(usage) if pricing else None


class Assignment(BaseModel):
    """Who writes one part. The deadline counts waiting, retries and fallbacks.

    A part that waits for sections is written when they are done, with them in view; its deadline
    counts from then. Where `hedging` is None, the strategy says whether late models are hedged.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    slot: str
    priority: Priority
    deadline_seconds: _Deadline
    fallbacks: tuple[str, ...] = ()
    waits_for: tuple[str, ...] = ()
    hedging: bool | None = None

    @property
    def slots(self) -> tuple[str, ...]:
        """The slot and its fallbacks, in the order in which they are asked."""
        return self.slot, *self.fallbacks

    def among(self, slots: Iterable[str]) -> "Assignment":
        """Return the same assignment with other slots: the first writes, the others help out."""
        slot, *fallbacks = slots
        return self.model_copy(update={"slot": slot, "fallbacks": tuple(fallbacks)})


class OwnAssignment(BaseModel):
    """What a teacher chose for one part of a lesson; fallbacks stay those of the strategy."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    slot: str
    priority: Priority
    deadline_seconds: _Deadline


class Retired(BaseModel):
    """A model id that is gone or going, and what to type instead."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    replacement: ModelId
    ends: date


@dataclass(frozen=True, slots=True)
class Strategy:
    """All slots by name, and one assignment for the brief and for every section.

    With `hedging`, a model that is late with its first sign of life has another asked besides,
    except where an assignment says otherwise. `version` is the one it is stored under, None where
    it comes from files; it is no part of what a strategy says.
    """

    slots: Mapping[str, ModelSlot]
    assignments: Mapping[str, Assignment]
    retired: Mapping[str, Retired]
    hedging: bool = False
    version: int | None = field(default=None, compare=False)

    def assignment(self, part: str) -> Assignment:
        """Return who writes a part, without slots that are switched off: fallbacks take over.

        Where all of them are, the assignment stays as it is; their gates refuse, and say why.
        """
        assigned = self.assignments[part]
        enabled = [slot for slot in assigned.slots if not self._switched_off(slot)]
        return assigned.among(enabled) if enabled else assigned

    def hedges(self, part: str) -> bool:
        """Say whether late models are hedged for a part."""
        own = self.assignments[part].hedging
        return self.hedging if own is None else own

    def with_own(self, own: Mapping[str, OwnAssignment]) -> "Strategy":
        """Return the strategy for one lesson, with what its teacher chose for some parts.

        The slots that were assigned stay as fallbacks, and a part waits for the same sections.
        What cannot be used is left out; `unusable` says what and why.
        """
        usable = {p: chosen for p, chosen in own.items() if not self._why_not(p, chosen)}
        changed = {p: _with_choice(self.assignments[p], chosen) for p, chosen in usable.items()}
        return replace(self, assignments={**self.assignments, **changed})

    def unusable(self, own: Mapping[str, OwnAssignment]) -> list[str]:
        """Return a sentence for everything a teacher chose that this strategy cannot do."""
        told = (self._why_not(part, chosen) for part, chosen in own.items())
        return [sentence for sentence in told if sentence]

    def warnings(self, today: date) -> list[str]:
        """Return a sentence for every slot whose model is gone or going."""
        where = "in data/models.toml" if not self.version else "on the page Assignments"
        return [
            _warning(name, slot.model, self.retired[slot.model], today, where)
            for name, slot in self.slots.items()
            if slot.model in self.retired
        ]

    def _switched_off(self, slot: str) -> bool:
        return slot in self.slots and not self.slots[slot].enabled

    def _why_not(self, part: str, chosen: OwnAssignment) -> str | None:
        if part not in self.assignments:
            return f"No part of a lesson is called “{part}”; what was chosen for it is left out."
        if chosen.slot not in self.slots:
            return f"{part}: the slot “{chosen.slot}” is gone, so the usual one writes it."
        if self._switched_off(chosen.slot):
            return f"{part}: the slot “{chosen.slot}” is switched off, so the usual one writes it."
        return None


def _with_choice(assigned: Assignment, choice: OwnAssignment) -> Assignment:
    """Return an assignment as a teacher wants it; the slot it had comes first to fall back to."""
    others = (slot for slot in assigned.slots if slot != choice.slot)
    own = {"priority": choice.priority, "deadline_seconds": choice.deadline_seconds}
    return assigned.among((choice.slot, *others)).model_copy(update=own)


def reserve_seconds(assignment: Assignment, slot: str) -> float:
    """Return the seconds that an attempt at a slot leaves for one fallback."""
    if slot != assignment.slot or not assignment.fallbacks:
        return 0.0
    return assignment.deadline_seconds * _RESERVED_SHARE


def _warning(slot: str, model: str, retired: Retired, today: date, where: str) -> str:
    verb = "was shut down" if retired.ends <= today else "will be shut down"
    return (
        f"The slot “{slot}” uses {model}, which {verb} on {retired.ends}. "
        f"Write {retired.replacement} instead, {where}."
    )
