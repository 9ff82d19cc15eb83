"""What generation needs around it: slots, an assignment, a small part to write, valid answers."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, TypeVar

from pydantic import BaseModel

from lessongen.emulator.instances import minimal_instance
from lessongen.errors import ProviderError
from lessongen.generation.attempts import Question, Task, Written, attempted
from lessongen.generation.events import Attempt, AttemptEnded, Event
from lessongen.generation.parts import PartWriter, Terms
from lessongen.generation.places import GateOptions
from lessongen.generation.policy import Failed, Policy
from lessongen.generation.pool import Pool
from lessongen.generation.strategy import Assignment, ModelSlot, Prices
from lessongen.lesson.brief import Brief
from lessongen.lesson.lesson import Lesson
from lessongen.lesson.prompts import BRIEF, Prompt, brief_schema, read_back
from lessongen.lesson.request import LessonRequest
from lessongen.lesson.section import SectionContent
from lessongen.lesson.sections import SECTIONS
from lessongen.quality.findings import Finding, Severity
from lessongen.quality.review import Review
from lessongen.quality.reviewer import Reviewer
from tests.support.scripted_client import ScriptedClient

EventT = TypeVar("EventT")


class Note(BaseModel):
    """A part that is quickly written."""

    text: str


GOOD = '{"text": "Good morning"}'
NOTE = Task("note", Prompt("system", "user", {"type": "object"}, "version1"), Note)
ASSIGNMENT = Assignment(
    slot="first", priority="high", deadline_seconds=20, fallbacks=("second", "third")
)


# A Tuesday in November, ten in the morning in California.
WALL_CLOCK = 1_795_543_200.0


def model_slot(model: str, timeout: float = 60, concurrency: int = 20, **limits: Any) -> ModelSlot:
    """Return a slot with wide limits; a million tokens cost 1, 2 and 0.5 dollars."""
    wide: dict[str, Any] = {
        "thinking": "low",
        "first_event_seconds": 60,
        "idle_seconds": 60,
        "max_output_tokens": 500,
        "requests_per_minute": 100,
        "input_tokens_per_minute": 100_000,
        "requests_per_day": 1000,
    }
    return ModelSlot(
        model=model,
        timeout_seconds=timeout,
        concurrency=concurrency,
        prices=Prices(input=1.0, output=2.0, cached=0.5),
        **(wide | limits),
    )


SLOTS = {name: model_slot(f"{name}-model") for name in ("first", "second", "third")}


class Steady(Random):
    """Chance that always falls on the same number."""

    def __init__(self, number: float = 0.0) -> None:
        super().__init__()
        self._number = number

    def random(self) -> float:
        return self._number


@dataclass
class Told:
    """Every event, in order; call it as an `Emit`."""

    events: list[Event] = field(default_factory=list[Event])

    def __call__(self, event: Event) -> None:
        self.events.append(event)

    def of(self, kind: type[EventT]) -> list[EventT]:
        return [event for event in self.events if isinstance(event, kind)]

    @property
    def attempts(self) -> list[Attempt]:
        return [ended.attempt for ended in self.of(AttemptEnded)]

    @property
    def tries(self) -> list[tuple[str, str, str]]:
        """Slot, reason and outcome of every attempt, in the order they ended."""
        return [(attempt.slot, attempt.reason, attempt.outcome) for attempt in self.attempts]


def pool_of(client: ScriptedClient, **slots: ModelSlot) -> Pool:
    """Return a pool of three slots, those given in place of the usual ones."""
    return Pool(client, SLOTS | slots, GateOptions(lambda: WALL_CLOCK))


async def asked_once(
    pool: Pool, told: Told, seconds: float = 10, latest: float | None = None
) -> Written[Note] | Failed:
    """Make one attempt at the first slot, given up after some seconds."""
    ends = asyncio.get_running_loop().time() + seconds
    question = Question(
        task=NOTE,
        prompt=NOTE.prompt,
        slot="first",
        reason="first",
        priority="high",
        max_output_tokens=500,
        latest=ends if latest is None else latest,
        ends=ends,
    )
    return await attempted(pool, question, told)


async def written_note(
    client: ScriptedClient,
    told: Told,
    assignment: Assignment = ASSIGNMENT,
    **slots: ModelSlot,
) -> Written[Note] | ProviderError:
    """Write a note with three slots, those given in place of the usual ones."""
    writer = PartWriter(pool_of(client, **slots), Policy(), Steady())
    return await writer.write(NOTE, Terms(assignment), told)


def part_asked(user: str) -> str:
    """Return which part of a lesson a prompt's data asks for."""
    found = read_back(user)
    assert found, f"not a prompt of ours: {user}"
    return found.part


def valid_answer(part: str) -> str:
    """Return the least a part of a lesson accepts, as JSON."""
    schema: dict[str, Any] = brief_schema() if part == BRIEF else SECTIONS[part].schema
    return json.dumps(minimal_instance(schema))


Found = Mapping[str, Severity] | Sequence[tuple[str, Severity]]


class EasyReviewer(Reviewer):
    """A reviewer that takes everything, and finds what a test says: by section, in each review."""

    def __init__(self, *reviews: Found) -> None:
        super().__init__()
        self._reviews = list(reviews)

    def refusal(
        self,
        content: SectionContent,  # noqa: ARG002 - as its base has it
        request: LessonRequest,  # noqa: ARG002 - as its base has it
    ) -> str | None:
        return None

    def completed(
        self,
        section: str,  # noqa: ARG002 - as its base has it
        content: SectionContent,
        request: LessonRequest,  # noqa: ARG002 - as its base has it
        brief: Brief,  # noqa: ARG002 - as its base has it
    ) -> SectionContent:
        return content

    def review(self, lesson: Lesson) -> Review:
        found = self._reviews.pop(0) if self._reviews else ()
        pairs = found.items() if isinstance(found, Mapping) else found
        return Review(
            lesson,
            tuple(
                Finding(section, "test", severity, f"Mend the {section}.")
                for section, severity in pairs
            ),
        )
