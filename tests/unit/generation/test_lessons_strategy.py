from collections.abc import Mapping
from dataclasses import replace

from lessongen.gemini.messages import ModelRequest
from lessongen.generation.events import SectionFailed, SectionWritten
from lessongen.generation.lessons import LessonWriter
from lessongen.generation.parts import PartWriter
from lessongen.generation.policy import Policy
from lessongen.generation.strategy import OwnAssignment, Strategy
from lessongen.lesson.levels import Level
from lessongen.lesson.prompts import BRIEF
from lessongen.lesson.request import LessonRequest
from lessongen.lesson.sections import SECTIONS
from tests.support.generation import (
    ASSIGNMENT,
    SLOTS,
    EasyReviewer,
    Steady,
    Told,
    part_asked,
    pool_of,
    valid_answer,
)
from tests.support.scripted_client import Answer, ScriptedClient
from tests.support.virtual_time import in_virtual_time

REQUEST = LessonRequest(topic="Weekend markets", level=Level.B1)
STRATEGY = Strategy(SLOTS, dict.fromkeys([BRIEF, *SECTIONS], ASSIGNMENT), {})


def without(*off: str) -> Strategy:
    slots = {
        name: slot.model_copy(update={"enabled": name not in off}) for name, slot in SLOTS.items()
    }
    return replace(STRATEGY, slots=slots)


def at_once(asked: ModelRequest) -> Answer:
    return (1.0, valid_answer(part_asked(asked.user)))


async def written(
    strategy: Strategy, client: ScriptedClient, own: Mapping[str, OwnAssignment] | None = None
) -> Told:
    told = Told()
    parts = PartWriter(pool_of(client), Policy(), Steady())
    writer = LessonWriter(parts, lambda: strategy, EasyReviewer())
    await writer.write("lesson", REQUEST, "parallel", told, own=own)
    return told


@in_virtual_time
async def test_a_slot_that_is_switched_off_is_never_asked_and_its_fallback_is_the_first_choice():
    client = ScriptedClient.answering(at_once)

    told = await written(without("first"), client)

    assert set(client.models) == {"second-model"}
    assert {reason for _, reason, _ in told.tries} == {"first"}
    assert len(told.of(SectionWritten)) == len(SECTIONS)


@in_virtual_time
async def test_where_every_slot_is_switched_off_nobody_is_asked_and_every_section_says_why():
    client = ScriptedClient.answering(at_once)

    told = await written(without(*SLOTS), client)

    assert client.asked == []
    assert {failed.section for failed in told.of(SectionFailed)} == {*SECTIONS}
    assert all("switched off" in failed.reason for failed in told.of(SectionFailed))


@in_virtual_time
async def test_what_a_teacher_chose_for_a_lesson_holds_for_that_part_alone():
    client = ScriptedClient.answering(at_once)
    own = {"reading": OwnAssignment(slot="third", priority="low", deadline_seconds=9)}

    told = await written(STRATEGY, client, own)

    writers = {section.section: section.slot for section in told.of(SectionWritten)}
    assert writers == dict.fromkeys(SECTIONS, "first") | {"reading": "third"}


@in_virtual_time
async def test_only_parts_that_are_to_be_hedged_are_hedged():
    late = {"reading", "dialogue"}

    def answer(asked: ModelRequest) -> Answer:
        part = part_asked(asked.user)
        first = asked.model == "first-model"
        return (9.0 if lessons == 3 and first and part in late else 1.0, valid_answer(part))

    client, told, lessons = ScriptedClient.answering(answer), Told(), 0
    reading = ASSIGNMENT.model_copy(update={"hedging": True})
    strategy = replace(STRATEGY, assignments={**STRATEGY.assignments, "reading": reading})
    parts = PartWriter(pool_of(client), Policy(), Steady())
    writer = LessonWriter(parts, lambda: strategy, EasyReviewer())
    for lessons in range(4):  # the first three teach how soon a model begins
        await writer.write(f"lesson {lessons}", REQUEST, "parallel", told)

    assert [a.part for a in told.attempts if a.reason == "hedge"] == ["reading"]
