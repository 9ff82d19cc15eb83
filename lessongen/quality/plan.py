"""Checks `minutes` and `skills`: the plan fits the time, asks more than recall, has one focus."""

from collections.abc import Iterator

from lessongen.lesson.lesson import Lesson
from lessongen.lesson.request import planned_minutes
from lessongen.lesson.sections.comprehension import Comprehension
from lessongen.lesson.sections.discussion import Discussion
from lessongen.lesson.sections.pronunciation import Pronunciation
from lessongen.quality.findings import Finding
from lessongen.quality.focus import other_focus

_LEEWAY = 0.1
"""A plan may be a tenth shorter or longer than the lesson: what teachers even out in class."""


def minutes(lesson: Lesson) -> Iterator[Finding]:
    """Find stages that together take clearly more or less time than the lesson has."""
    planned = planned_minutes(lesson.request)
    given = {name: c.minutes for name, c in lesson.contents.items() if name in planned}
    wanted = sum(planned[name] for name in given)
    total = sum(given.values())
    if not given or abs(total - wanted) <= _LEEWAY * wanted:
        return
    sign = 1 if total > wanted else -1
    furthest = max(given, key=lambda name: sign * (given[name] - planned[name]))
    sentence = (
        f"The stages take {total} minutes together, but the lesson has {wanted} for them. "
        f"Please plan this one with about {planned[furthest]} minutes instead of {given[furthest]}."
    )
    yield Finding(furthest, "minutes", "fault", sentence)


def skills(lesson: Lesson) -> Iterator[Finding]:
    """Find questions without an inference, talk without an opinion, and a stage with two aims."""
    match lesson.contents.get("comprehension"):
        case Comprehension(items=items) if all(item.skill != "inference" for item in items):
            sentence = (
                "Every question asks for what the text says; at least one should ask what it means."
            )
            yield Finding("comprehension", "skills", "fault", sentence)
        case _:
            pass
    match lesson.contents.get("discussion"):
        case Discussion(questions=talks) if all(talk.kind != "opinion" for talk in talks):
            sentence = (
                "No question asks for an opinion; at least one should, so that learners give "
                "reasons."
            )
            yield Finding("discussion", "skills", "fault", sentence)
        case _:
            pass
    match lesson.contents.get("pronunciation"):
        case Pronunciation() as pronunciation:
            yield from other_focus(pronunciation)
        case _:
            pass
