"""The review of a lesson: every check at once, what they found, and a score."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import get_args

from lessongen.lesson.brief import Brief
from lessongen.lesson.lesson import Lesson
from lessongen.lesson.request import LessonRequest, Variant
from lessongen.lesson.section import SectionContent
from lessongen.lesson.sections.comprehension import Comprehension
from lessongen.lesson.sections.reading import Reading, as_paragraphs
from lessongen.quality.choices import choices
from lessongen.quality.dictionary import sound
from lessongen.quality.facts import facts
from lessongen.quality.findings import Finding
from lessongen.quality.gaps import gaps
from lessongen.quality.grammar_target import grammar
from lessongen.quality.grounding import grounded, grounding
from lessongen.quality.leaks import leaks
from lessongen.quality.level import level, rank
from lessongen.quality.markup import markup
from lessongen.quality.names import names
from lessongen.quality.nonsense import nonsense, reason_to_refuse
from lessongen.quality.parts import section_of
from lessongen.quality.plan import minutes, skills
from lessongen.quality.repetition import repetition
from lessongen.quality.sounds import sounds, with_sounds
from lessongen.quality.spelling import spelling
from lessongen.quality.target_words import practice, target_words
from lessongen.quality.text import lemmas

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

# What these checks find in the reading stands in its text.
_ABOUT_THE_TEXT = {"level", "words", "facts", "names", "spelling", "grammar", "nonsense", "markup"}
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

    def prepare(self) -> None:
        """Load the dictionaries, which takes up to a second, before a lesson waits for them."""
        for variant in get_args(Variant):
            sound("word", variant)
        lemmas("words")
        rank("word")

    def refusal(self, content: SectionContent, request: LessonRequest) -> str | None:
        """Return why an answer cannot be a section at all, as a phrase, or None."""
        if isinstance(content, Reading) and request.own_text:
            content = content.model_copy(update={"paragraphs": []})  # whatever a teacher may bring
        return reason_to_refuse(content)

    def completed(
        self, section: str, content: SectionContent, request: LessonRequest, brief: Brief
    ) -> SectionContent:
        """Return a section with what no model is asked for: sounds, and the teacher's own text."""
        kinds = {target.word: target.part_of_speech for target in brief.target_words}
        content = with_sounds(section, content, request.variant, kinds)
        if isinstance(content, Reading) and request.own_text:
            return content.model_copy(update={"paragraphs": as_paragraphs(request.own_text)})
        return content

    def review(self, lesson: Lesson) -> Review:
        """Check a lesson whole, and attach to its answers the sentences that prove them."""
        lesson = with_evidence(lesson)
        found = [finding for check in CHECKS for finding in check(lesson)]
        if lesson.request.own_text:
            found = [_about_own_text(finding) for finding in found]
        return Review(lesson, tuple(found))


def _about_own_text(finding: Finding) -> Finding:
    """Only tell what is found in the text that the teacher brought: no model may change it."""
    about_text = finding.section == "reading" and finding.check in _ABOUT_THE_TEXT
    return replace(finding, severity="note") if about_text else finding


def with_evidence(lesson: Lesson) -> Lesson:
    """Attach to each answer on the reading the sentence of the reading that proves it."""
    reading, comprehension = section_of(lesson, Reading), section_of(lesson, Comprehension)
    if not (reading and comprehension):
        return lesson
    proved = {"comprehension": grounded(comprehension, reading)}
    return replace(lesson, contents={**lesson.contents, **proved})
