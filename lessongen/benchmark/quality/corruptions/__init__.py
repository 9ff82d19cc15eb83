"""What goes wrong in lessons, made on purpose: a module for each part that can be wrong."""

from collections.abc import Sequence

from lessongen.benchmark.quality.corruption import Corruption
from lessongen.benchmark.quality.corruptions.answers import unsupported
from lessongen.benchmark.quality.corruptions.contradictions import CONTRADICTIONS
from lessongen.benchmark.quality.corruptions.leaks import LEAKS
from lessongen.benchmark.quality.corruptions.markup import MARKUP
from lessongen.benchmark.quality.corruptions.nonsense import NONSENSE
from lessongen.benchmark.quality.corruptions.options import OPTIONS
from lessongen.benchmark.quality.corruptions.people import PEOPLE
from lessongen.benchmark.quality.corruptions.plan import PLAN
from lessongen.benchmark.quality.corruptions.practice import PRACTICE
from lessongen.benchmark.quality.corruptions.repeats import REPEATS
from lessongen.benchmark.quality.corruptions.sounds import SOUNDS
from lessongen.benchmark.quality.corruptions.spelling import SPELLING
from lessongen.benchmark.quality.corruptions.texts import TEXTS, of_other_levels
from lessongen.benchmark.quality.corruptions.unseen import UNSEEN
from lessongen.benchmark.quality.specimens import Specimen

__all__ = ["UNSEEN", "corruptions"]


def corruptions(specimens: Sequence[Specimen]) -> tuple[Corruption, ...]:
    """Return every corruption that a check answers for; some borrow from these lessons."""
    return (
        *of_other_levels(specimens),
        *TEXTS,
        *CONTRADICTIONS,
        *PEOPLE,
        *OPTIONS,
        *unsupported([specimen.lesson for specimen in specimens]),
        *REPEATS,
        *PRACTICE,
        *LEAKS,
        *SOUNDS,
        *PLAN,
        *SPELLING,
        *NONSENSE,
        *MARKUP,
    )
