"""What a corruption is: one thing wrong with a lesson, and the checks that should find it."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from lessongen.lesson.lesson import Lesson

Corrupt = Callable[[Lesson, Random], Lesson | None]
"""Return a lesson with something wrong in it, or None where that cannot be done to it.

The lesson has all nine sections. The same lesson and the same state of the random numbers give
the same result.
"""


@dataclass(frozen=True, slots=True)
class Corruption:
    """Something that goes wrong in lessons.

    One of `checks` should find it in one of `sections`; the first is the one that answers for it.
    It is done to each lesson `draws` times, in another place if there is one.
    """

    name: str
    checks: tuple[str, ...]
    sections: tuple[str, ...]
    corrupt: Corrupt
    draws: int = 1
