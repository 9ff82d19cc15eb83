"""Corruptions of the plan: minutes that do not add up, questions of one kind only."""

from random import Random

from lessongen.benchmark.quality.corruption import Corruption
from lessongen.benchmark.quality.editing import changed, section_fields
from lessongen.lesson.lesson import Lesson
from lessongen.lesson.sections import SECTIONS

_LONGEST = 60


def one_stage_too_long(lesson: Lesson, rng: Random) -> Lesson | None:
    """Give one stage a quarter of the lesson more."""
    section = rng.choice(list(SECTIONS))
    longer = lesson.contents[section].minutes + max(4, lesson.request.minutes // 4)
    return changed(lesson, section, minutes=min(_LONGEST, longer))


def every_stage_longer(lesson: Lesson, rng: Random) -> Lesson | None:
    """Plan two minutes more for every stage, or half as much again."""
    factor, added = rng.choice([(1.0, 2), (1.5, 0), (2.0, 0)])
    for section, content in lesson.contents.items():
        longer = min(_LONGEST, round(content.minutes * factor) + added)
        lesson = changed(lesson, section, minutes=longer)
    return lesson


def every_stage_alike(lesson: Lesson, rng: Random) -> Lesson | None:
    """Plan the same round number for every stage, as models like to."""
    same = rng.choice([3, 4, 5, 10, 15])
    for section in lesson.contents:
        lesson = changed(lesson, section, minutes=same)
    return lesson


def no_inference(lesson: Lesson, rng: Random) -> Lesson | None:
    """Ask only what the text says."""
    items = section_fields(lesson, "comprehension")["items"]
    recalled = [
        {**i, "skill": rng.choice(["detail", "gist"])} if i["skill"] == "inference" else i
        for i in items
    ]
    return None if recalled == items else changed(lesson, "comprehension", items=recalled)


def no_opinion(lesson: Lesson, rng: Random) -> Lesson | None:
    """Ask for nobody's opinion in the discussion."""
    talks = section_fields(lesson, "discussion")["questions"]
    other = [
        {**t, "kind": rng.choice(["personal", "hypothetical"])} if t["kind"] == "opinion" else t
        for t in talks
    ]
    return None if other == talks else changed(lesson, "discussion", questions=other)


_ANY = tuple(SECTIONS)

PLAN = (
    Corruption("one stage too long", ("minutes",), _ANY, one_stage_too_long),
    Corruption("every stage longer", ("minutes",), _ANY, every_stage_longer),
    Corruption("every stage alike", ("minutes",), _ANY, every_stage_alike),
    Corruption("no inference", ("skills",), ("comprehension",), no_inference),
    Corruption("no opinion", ("skills",), ("discussion",), no_opinion),
)
