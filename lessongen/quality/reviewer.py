"""The reviewer: what generation asks of the checks, none of which can cost a lesson."""

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TypeVar, get_args

from lessongen.lesson.brief import Brief
from lessongen.lesson.lesson import Lesson
from lessongen.lesson.request import LessonRequest, Variant
from lessongen.lesson.section import SectionContent
from lessongen.lesson.sections.comprehension import Comprehension
from lessongen.lesson.sections.reading import Reading, as_paragraphs
from lessongen.quality.dictionary import sound
from lessongen.quality.findings import Finding
from lessongen.quality.grounding import grounded
from lessongen.quality.level import rank
from lessongen.quality.nonsense import reason_to_refuse
from lessongen.quality.parts import section_of
from lessongen.quality.review import LATER, Check, Review
from lessongen.quality.sounds import with_sounds
from lessongen.quality.text import lemmas

_LOG = logging.getLogger(__name__)
_MOST_EVIDENCE, _LONGEST_EVIDENCE, _LONGEST_SENTENCE = 12, 400, 1000

ValueT = TypeVar("ValueT")


class Reviewer:
    """Checks sections and lessons. A mistake in a check is logged, and finds nothing."""

    def __init__(self, checks: Sequence[Check] = LATER) -> None:
        self._checks = checks

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
        return _tried(lambda: reason_to_refuse(content), None)

    def completed(
        self, section: str, content: SectionContent, request: LessonRequest, brief: Brief
    ) -> SectionContent:
        """Return a section with what no model is asked for: sounds, and the teacher's own text."""
        if isinstance(content, Reading) and request.own_text:
            return content.model_copy(update={"paragraphs": as_paragraphs(request.own_text)})
        kinds = {target.word: target.part_of_speech for target in brief.target_words}
        return _tried(lambda: with_sounds(section, content, request.variant, kinds), content)

    def review(self, lesson: Lesson) -> Review:
        """Check a lesson whole, and attach to its answers the sentences that prove them."""
        lesson = _tried(lambda: with_evidence(lesson), lesson)
        found = [finding for check in self._checks for finding in _found(check, lesson)]
        return Review(lesson, tuple(found))


def with_evidence(lesson: Lesson) -> Lesson:
    """Attach to each answer on the reading the sentence of the reading that proves it."""
    reading, comprehension = section_of(lesson, Reading), section_of(lesson, Comprehension)
    if not (reading and comprehension):
        return lesson
    proved = {"comprehension": grounded(comprehension, reading)}
    return replace(lesson, contents={**lesson.contents, **proved})


def _found(check: Check, lesson: Lesson) -> Iterable[Finding]:
    nothing: list[Finding] = []
    for finding in _tried(lambda: list(check(lesson)), nothing):
        # No model may change the text that the teacher brought.
        own = finding.section == "reading" and bool(lesson.request.own_text)
        yield replace(
            finding,
            severity="note" if own else finding.severity,
            sentence=finding.sentence[:_LONGEST_SENTENCE],
            evidence=tuple(text[:_LONGEST_EVIDENCE] for text in finding.evidence[:_MOST_EVIDENCE]),
        )


def _tried(work: Callable[[], ValueT], otherwise: ValueT) -> ValueT:
    try:
        return work()
    except Exception:  # noqa: BLE001 - a mistake of ours in a check must not cost a whole lesson
        _LOG.exception("A check failed")
        return otherwise
