"""The review of a lesson: every check at once, what they found, and a score."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from lessongen.lesson.lesson import Lesson
from lessongen.lesson.request import LessonRequest
from lessongen.lesson.section import SectionContent
from lessongen.quality.findings import Finding

Check = Callable[[Lesson], Iterable[Finding]]

CHECKS: tuple[Check, ...] = ()

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
        if section not in self.lesson.contents:
            return 0
        lost = sum(
            _FAULT_POINTS if finding.severity == "fault" else _NOTE_POINTS
            for finding in self.of(section)
        )
        return max(0, 100 - lost)

    @property
    def score(self) -> float:
        """The score of the lesson."""
        sections = self.lesson.request.sections
        return sum(map(self.section_score, sections)) / len(sections)


class Reviewer:
    """What generation asks of the checks."""

    def refusal(self, content: SectionContent) -> str | None:
        """Return why an answer cannot be a section at all, as a phrase, or None."""
        raise NotImplementedError

    def completed(
        self, section: str, content: SectionContent, request: LessonRequest
    ) -> SectionContent:
        """Return a section with what no model is asked for: sounds, and the teacher's own text."""
        raise NotImplementedError

    def review(self, lesson: Lesson) -> Review:
        """Check a lesson whole, and attach to its answers the sentences that prove them."""
        raise NotImplementedError
