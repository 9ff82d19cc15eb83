"""Lessons to test with: requests, and contents from the sample files."""

from lessongen.lesson.brief import Brief
from lessongen.lesson.levels import Level
from lessongen.lesson.prompts import BRIEF
from lessongen.lesson.request import LessonRequest, lesson_request
from lessongen.lesson.samples import Sample, load_samples
from lessongen.lesson.section import SectionContent
from lessongen.lesson.sections import SECTIONS
from lessongen.quality.reviewer import Reviewer
from lessongen.settings import ROOT

BANK = load_samples(ROOT / "data" / "samples")
MARKETS = "Weekend markets"


def request_on(topic: str = MARKETS, level: Level = Level.B1, **fields: object) -> LessonRequest:
    """Return a request for a lesson."""
    return lesson_request(topic=topic, level=level, **fields)


def markets(level: Level = Level.B1) -> Sample:
    """Return the sample lesson on weekend markets."""
    return BANK.lesson_for(request_on(level=level))


def contents(sample: Sample, topic: str = MARKETS) -> dict[str, SectionContent]:
    """Return every section of a sample, in lesson order."""
    return {name: section.parsed(sample.part(name, topic)) for name, section in SECTIONS.items()}


def stored_contents(sample: Sample) -> dict[str, SectionContent]:
    """Return every section of a sample as the runner stores it: with sounds."""
    brief = Brief.model_validate_json(sample.part(BRIEF, MARKETS))
    return {
        name: Reviewer().completed(name, content, request_on(), brief)
        for name, content in contents(sample).items()
    }
