"""How much room a learner gets to write an answer in; the same on every paper."""

import re

from lessongen.lesson.blocks import Questions
from lessongen.lesson.lesson import Lesson

BLANK_PATTERN = re.compile("_{3,}")

_SHORT_ANSWER = 40  # characters; a longer one gets a second line


def lines_to_write_on(lesson: Lesson) -> dict[str, int]:
    """Give lines to open questions that have a key; the others are there to talk about."""
    blocks = (block for laid_out in lesson.laid_out("teacher") for block in laid_out.blocks)
    asked = (item for block in blocks if isinstance(block, Questions) for item in block.items)
    return {
        item.stem: 1 if len(item.answer) <= _SHORT_ANSWER else 2
        for item in asked
        if item.answer and not item.options
    }
