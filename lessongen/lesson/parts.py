"""The parts of a lesson that are written: the brief first, then the sections."""

from lessongen.lesson.prompts import BRIEF
from lessongen.lesson.sections import SECTIONS

PLAN = "Plan"
"""What people call the brief."""
PARTS = (BRIEF, *SECTIONS)
"""By name, in lesson order."""


def part_title(part: str) -> str:
    """Return what people call a part; one that is no more keeps the name it was stored by."""
    if part == BRIEF:
        return PLAN
    return SECTIONS[part].title if part in SECTIONS else part
