"""What makes a strategy whole: the rules that concern more than one of its values."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import Literal

from lessongen.generation.strategy import Assignment
from lessongen.lesson.parts import PARTS
from lessongen.lesson.prompts import BRIEF
from lessongen.lesson.sections import SECTIONS

Table = Literal["slots", "assignments"]

MOST_SLOTS = 50
_SLOT_NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}")
_LONGEST_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Fault:
    """A rule that is broken: in which table, row and field, and how.

    `row` and `field` are empty where the table or the row as a whole is meant.
    """

    table: Table
    row: str
    field: str
    reason: str


def faults(
    assignments: Mapping[str, Assignment],
    slots: Mapping[str, bool],
    slots_in: str,
    called: Callable[[str], str] = str,
) -> Iterator[Fault]:
    """Find every rule that is broken.

    Args:
        assignments: by part.
        slots: whether each is enabled, by name.
        slots_in: what holds the slots, as a person knows it.
        called: returns the name by which a person knows a part.
    """
    yield from _name_faults(slots)
    if missing := sorted({*PARTS} - {*assignments}):
        yield Fault("assignments", "", "", f"no assignment for {', '.join(map(called, missing))}")
    for part, assignment in assignments.items():
        if part not in PARTS:
            reason = f"no section is called {as_one_line(part)}"
            yield Fault("assignments", part, "", reason)
        else:
            yield from _slot_faults(part, called(part), assignment, slots, slots_in)
            yield from _waiting_faults(part, assignment, called)
    yield from _circles(assignments, called)


def brought_up_to_date(
    assignments: Mapping[str, Assignment],
    slots: Collection[str],
    usual: Mapping[str, Assignment],
) -> dict[str, Assignment]:
    """Return the assignments of an older release for the parts that lessons have today.

    A part that they lack is written as usual, by slots there are: those of the brief, where none
    of the usual ones is.
    """
    fallen_back = assignments[BRIEF].slots if BRIEF in assignments else tuple(slots)[:1]
    kept: dict[str, Assignment] = {}
    for part in PARTS:
        if part in assignments:
            assigned = assignments[part]
        else:
            assigned = usual[part].among(
                [s for s in usual[part].slots if s in slots] or fallen_back
            )
        waits_for = tuple(other for other in assigned.waits_for if other in SECTIONS)
        kept[part] = assigned.model_copy(update={"waits_for": waits_for})
    return kept


def as_one_line(name: str) -> str:
    """Return a name that somebody typed as it can stand in a sentence: one line, not too long."""
    line = " ".join("".join(c if c.isprintable() else " " for c in name).split())
    return line if len(line) <= _LONGEST_SHOWN else f"{line[:_LONGEST_SHOWN]}…"


def _name_faults(slots: Mapping[str, bool]) -> Iterator[Fault]:
    if len(slots) > MOST_SLOTS:
        yield Fault("slots", "", "", f"there are more than {MOST_SLOTS} slots")
    for slot in slots:
        if not _SLOT_NAME.fullmatch(slot):
            yield Fault(
                "slots",
                slot,
                "name",
                f"“{as_one_line(slot)}” is no name for a slot: it should begin with a small "
                "letter, and have small letters, digits, - and _ only, 40 in all",
            )


def _slot_faults(
    part: str, name: str, assignment: Assignment, slots: Mapping[str, bool], slots_in: str
) -> Iterator[Fault]:
    def named(field: str, slot: str) -> Iterator[Fault]:
        if slot not in slots:
            reason = f"{name} names the slot “{as_one_line(slot)}”, which {slots_in} does not have"
            yield Fault("assignments", part, field, reason)

    yield from named("slot", assignment.slot)
    for slot in dict.fromkeys(assignment.fallbacks):
        yield from named("fallbacks", slot)
        if slot == assignment.slot:
            reason = f"{name} falls back to its own slot"
            yield Fault("assignments", part, "fallbacks", reason)
        if assignment.fallbacks.count(slot) > 1:
            reason = f"{name} falls back to “{as_one_line(slot)}” twice"
            yield Fault("assignments", part, "fallbacks", reason)
    if not any(slots.get(slot, True) for slot in assignment.slots):
        reason = f"{name} has no model left: its slots are all switched off"
        yield Fault("assignments", part, "slot", reason)


def _waiting_faults(
    part: str, assignment: Assignment, called: Callable[[str], str]
) -> Iterator[Fault]:
    def fault(reason: str) -> Fault:
        return Fault("assignments", part, "waits_for", reason)

    if part == BRIEF and assignment.waits_for:
        yield fault(f"{called(part)} comes first and can wait for nothing")
    for other in dict.fromkeys(assignment.waits_for):
        if other not in SECTIONS:
            yield fault(
                f"{called(part)} waits for {as_one_line(other)}, and no section is called so"
            )
        elif assignment.waits_for.count(other) > 1:
            yield fault(f"{called(part)} waits for {called(other)} twice")


def _circles(
    assignments: Mapping[str, Assignment], called: Callable[[str], str]
) -> Iterator[Fault]:
    """Find circles that have no section in common."""
    waits = {part: set(assignment.waits_for) for part, assignment in assignments.items()}
    while circle := _circle(waits):
        told = " waits for ".join(as_one_line(called(part)) for part in circle)
        reason = f"these sections wait for each other in a circle: {told}"
        yield Fault("assignments", circle[0], "waits_for", reason)
        waits = {part: waits[part] - {*circle} for part in waits if part not in circle}


def _circle(waits: Mapping[str, Collection[str]]) -> list[str]:
    try:
        TopologicalSorter(waits).prepare()
    except CycleError as error:
        circle: list[str] = error.args[1][::-1]
        return circle
    return []
