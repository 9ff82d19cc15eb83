"""The benchmark: corrupt the sample lessons, check them, and measure what checking costs."""

import time
from collections.abc import Iterator, Sequence

from lessongen.benchmark.quality.corruptions import UNSEEN, corruptions
from lessongen.benchmark.quality.result import Quality
from lessongen.benchmark.quality.reworded import right_in_other_words
from lessongen.benchmark.quality.specimens import Specimen, specimens
from lessongen.benchmark.quality.trials import alarms, trials
from lessongen.export.pdf import as_pdf
from lessongen.lesson.blocks import Copy
from lessongen.lesson.lesson import Lesson
from lessongen.lesson.samples import load_samples
from lessongen.quality.findings import Finding
from lessongen.quality.review import CHECKS
from lessongen.quality.reviewer import Reviewer
from lessongen.settings import Settings

CHANGES = (
    "Quality: the sample lessons are corrupted on purpose, each in one way; found is what a check "
    "finds that it did not find in the intact lesson. The checks were developed on these lessons "
    "and mended where they missed these corruptions: in what models write they will find less."
)
_PRINTED = 8
_COPIES: tuple[Copy, ...] = ("student", "teacher")


def of_checks(settings: Settings, lessons: int) -> Quality:
    """Measure the checks on so many sample lessons, spread evenly; on all where there are fewer."""
    every = specimens(load_samples(settings.data / "samples"))
    step = max(1, len(every) // lessons)
    chosen = every[::step]
    check_ms = tuple(_check_ms(every))  # first: nothing has read these texts yet
    return Quality(
        tuple(trials(chosen, corruptions(every), _findings)),
        tuple(trials(chosen, UNSEEN, _findings)),
        tuple(trials(chosen, tuple(right_in_other_words()), _findings)),
        tuple(alarms(chosen, _findings)),
        check_ms,
        tuple(_pdf_ms(every[:: max(1, len(every) // _PRINTED)])),
    )


def _findings(lesson: Lesson) -> tuple[Finding, ...]:
    """Return what a teacher would be told of this lesson."""
    return Reviewer(CHECKS).review(lesson).findings


def _check_ms(every: Sequence[Specimen]) -> Iterator[float]:
    """Yield how long the first check of each text takes; the first one loads the dictionaries."""
    once = {specimen.sample.brief["title"]: specimen for specimen in every}
    first, *rest = once.values()
    _findings(first.lesson)
    for specimen in rest:
        start = time.perf_counter()
        _findings(specimen.lesson)
        yield (time.perf_counter() - start) * 1000


def _pdf_ms(chosen: Sequence[Specimen]) -> Iterator[float]:
    """Yield how long both copies of a lesson take; the first lesson loads the fonts."""
    first, *rest = chosen
    _print(first.lesson)
    for specimen in rest:
        yield _print(specimen.lesson)


def _print(lesson: Lesson) -> float:
    """Return the milliseconds that both copies take."""
    start = time.perf_counter()
    for copy in _COPIES:
        as_pdf(lesson, copy)
    return (time.perf_counter() - start) * 1000
