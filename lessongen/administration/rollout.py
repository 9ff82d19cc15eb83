"""The rollout: which teachers have their lessons written in parallel, and which as before."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from lessongen.generation.strategy import Mode

_PLACES = 10_000


class Rollout(BaseModel):
    """The share of teachers, in percent, who get parallel mode; or sequential mode for all."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    share: Annotated[float, Field(ge=0, le=100)] = 100.0
    sequential_for_all: bool = False


@dataclass(frozen=True, slots=True)
class ChosenMode:
    """How a lesson is written, and why so."""

    mode: Mode
    reason: str


def mode_for(person: str, rollout: Rollout) -> ChosenMode:
    """Return how a person's lessons are written.

    The place of a person never changes, so who is in stays in while the share grows.
    """
    if rollout.sequential_for_all:
        return ChosenMode("sequential", "sequential for all")
    if place(person) < rollout.share:
        return ChosenMode("parallel", f"in the rollout to {rollout.share:g} %")
    return ChosenMode("sequential", f"not in the rollout to {rollout.share:g} %")


def place(person: str) -> float:
    """Return a person's place among all, from 0 to just below 100; the same on every server."""
    digest = sha256(f"rollout {person}".encode()).digest()
    return int.from_bytes(digest[:8], "big") % _PLACES * 100 / _PLACES
