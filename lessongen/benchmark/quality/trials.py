"""Trials: corrupted lessons, and what the checks find in them that is not in the intact ones."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from random import Random

from lessongen.benchmark.quality.corruption import Corruption
from lessongen.benchmark.quality.specimens import Specimen
from lessongen.benchmark.quality.variants import variants
from lessongen.lesson.lesson import Lesson
from lessongen.quality.findings import Finding

Findings = Callable[[Lesson], Iterable[Finding]]
"""Returns what the checks find in a lesson."""

_SEED = 20_261


@dataclass(frozen=True, slots=True)
class Trial:
    """One corrupted lesson. `new` is what was found in it and not in the intact lesson."""

    corruption: Corruption
    specimen: str
    lesson: Lesson
    new: tuple[Finding, ...]

    @property
    def found(self) -> bool:
        """Say whether a check that should find it did; where no check should, whether any did."""
        checks = self.corruption.checks
        return any(
            (not checks or finding.check in checks) and finding.section in self.corruption.sections
            for finding in self.new
        )


@dataclass(frozen=True, slots=True)
class Alarms:
    """What was found in one lesson that is as it should be."""

    specimen: str
    findings: tuple[Finding, ...]


def trials(
    specimens: Sequence[Specimen], kinds: Sequence[Corruption], findings: Findings
) -> Iterator[Trial]:
    """Corrupt every lesson in every way that applies to it, and check it."""
    for specimen in specimens:
        known = set(findings(specimen.lesson))
        for kind in kinds:
            for lesson in corrupted(specimen, kind):
                new = (f for f in findings(lesson) if f not in known)
                yield Trial(kind, specimen.name, lesson, tuple(new))


def corrupted(specimen: Specimen, kind: Corruption) -> Iterator[Lesson]:
    """Yield what a kind of corruption makes of a lesson, the same at every call, none twice."""
    seen = [specimen.lesson]
    for draw in range(kind.draws):
        rng = Random(f"{_SEED} {kind.name} {specimen.name} {draw}")  # noqa: S311 - no secret
        lesson = kind.corrupt(specimen.lesson, rng)
        if lesson is not None and lesson not in seen:
            seen.append(lesson)
            yield lesson


def alarms(specimens: Sequence[Specimen], findings: Findings) -> Iterator[Alarms]:
    """Check every lesson as it is, and in its harmless variants."""
    for specimen in specimens:
        rng = Random(f"{_SEED} {specimen.name}")  # noqa: S311 - no secret
        for lesson in (specimen.lesson, *variants(specimen, rng)):
            yield Alarms(specimen.name, tuple(findings(lesson)))
