"""The review of a lesson: every check at once, what they found, and a score."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from lessongen.lesson.lesson import Lesson
from lessongen.quality.choices import choices
from lessongen.quality.facts import facts
from lessongen.quality.findings import Finding
from lessongen.quality.gaps import gaps
from lessongen.quality.grammar_target import grammar
from lessongen.quality.grounding import grounding
from lessongen.quality.leaks import leaks
from lessongen.quality.level import level
from lessongen.quality.markup import markup
from lessongen.quality.names import names
from lessongen.quality.nonsense import nonsense
from lessongen.quality.plan import minutes, skills
from lessongen.quality.repetition import repetition
from lessongen.quality.sounds import sounds
from lessongen.quality.spelling import spelling
from lessongen.quality.target_words import practice, target_words

Check = Callable[[Lesson], Iterable[Finding]]

CHECKS: tuple[Check, ...] = (
    nonsense,
    markup,
    leaks,
    level,
    target_words,
    practice,
    facts,
    grammar,
    names,
    grounding,
    choices,
    gaps,
    repetition,
    sounds,
    skills,
    minutes,
    spelling,
)

LATER = tuple(check for check in CHECKS if check is not nonsense)
"""The checks that have work left once an answer was taken: what is no lesson is refused before."""

# A fault is what a teacher has to mend before class; a note is worth a look.
_FAULT_POINTS, _NOTE_POINTS = 25, 5


@dataclass(frozen=True, slots=True)
class Review:
    """A lesson with its evidence attached, and what was found in it.

    Scores go from 0 to 100: a section loses 25 points for each fault and 5 for each note; the
    lesson's score is the mean of its sections', those that could not be written counting 0.
    """

    lesson: Lesson
    findings: tuple[Finding, ...] = ()

    def of(self, section: str) -> tuple[Finding, ...]:
        """Return what was found in one section."""
        return tuple(finding for finding in self.findings if finding.section == section)

    def faults(self, section: str) -> tuple[Finding, ...]:
        """Return what a rewrite of a section should mend."""
        return tuple(finding for finding in self.of(section) if finding.severity == "fault")

    def section_score(self, section: str) -> int:
        """Return the score of one section."""
        return max(0, 100 - _points(self.of(section))) if section in self.lesson.contents else 0

    @property
    def score(self) -> float:
        """The score of the lesson."""
        sections = self.lesson.request.sections
        return sum(map(self.section_score, sections)) / len(sections)

    @property
    def lost(self) -> int:
        """The points that everything found costs; unlike the score, it has no end."""
        return _points(self.findings)


def _points(findings: Iterable[Finding]) -> int:
    return sum(_FAULT_POINTS if f.severity == "fault" else _NOTE_POINTS for f in findings)
