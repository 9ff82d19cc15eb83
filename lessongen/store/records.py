"""What the store gives back: lessons, sections and attempts as values."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum

from lessongen.errors import UnreadableLessonError
from lessongen.generation.events import Reason
from lessongen.generation.strategy import OwnAssignment
from lessongen.lesson.brief import Brief
from lessongen.lesson.lesson import Lesson
from lessongen.lesson.request import LessonRequest
from lessongen.lesson.section import SectionContent
from lessongen.lesson.sections import SECTIONS
from lessongen.people import LOCAL
from lessongen.quality.findings import Finding

AGAIN: Reason = "second_pass"
_STANDSTILL_SECONDS = 30.0


class LessonStatus(StrEnum):
    """Where a lesson is. `complete` has every section; `incomplete` lacks some, not all."""

    QUEUED = "queued"
    RUNNING = "running"
    COMPLETE = "complete"
    INCOMPLETE = "incomplete"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def finished(self) -> bool:
        """Say whether nothing more will happen by itself."""
        return self not in {LessonStatus.QUEUED, LessonStatus.RUNNING}


class SectionStatus(StrEnum):
    """Where a section is. One that is `rewriting` is there, and may get better."""

    WAITING = "waiting"
    WRITING = "writing"
    WRITTEN = "written"
    REWRITING = "rewriting"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class SectionRecord:
    """A section as stored. Times in seconds since 1970; `partial` is JSON still growing.

    Without a score, no checks have gone over it. `rewriting_seconds` are those of all its rewrites
    that are over, whatever came of them.
    """

    name: str
    status: SectionStatus
    revision: int
    partial: str = ""
    content: str | None = None
    slot: str | None = None
    model: str | None = None
    reason: str | None = None
    started_at: float | None = None
    finished_at: float | None = None
    error: str | None = None
    findings: tuple[Finding, ...] = ()
    score: int | None = None
    rewriting_since: float | None = None
    rewriting_seconds: float = 0.0

    @property
    def there(self) -> bool:
        """Say whether the section can be read and used."""
        return self.status in {SectionStatus.WRITTEN, SectionStatus.REWRITING}


@dataclass(frozen=True, slots=True)
class LessonRecord:
    """A lesson as stored, with its sections in lesson order.

    `version` rises each time its missing sections are asked for again. `own_assignments` are what
    its teacher chose for it, by part; `strategy_version` is the strategy it was last written by.
    """

    id: str
    status: LessonStatus
    mode: str
    sample: bool
    request: LessonRequest
    created_at: float
    owner: str = LOCAL
    version: int = 1
    mode_reason: str | None = None
    strategy_version: int | None = None
    own_assignments: Mapping[str, OwnAssignment] = field(default_factory=dict[str, OwnAssignment])
    started_at: float | None = None
    finished_at: float | None = None
    saved_at: float | None = None
    cancel_requested: bool = False
    brief: Brief | None = None
    brief_local: bool = False
    error: str | None = None
    score: float | None = None
    sections: tuple[SectionRecord, ...] = ()

    @property
    def title(self) -> str:
        """The brief's title, the topic until there is one."""
        return self.brief.title if self.brief else self.request.topic

    @property
    def written(self) -> frozenset[str]:
        """The names of the sections that are complete."""
        return frozenset(section.name for section in self.sections if section.there)

    @property
    def settled(self) -> frozenset[str]:
        """The names of the sections that have had their second pass."""
        return frozenset(s.name for s in self.sections if s.reason == AGAIN)

    @property
    def rewriting(self) -> str | None:
        """The name of the section that is written again, None where there is none."""
        again = (s.name for s in self.sections if s.status is SectionStatus.REWRITING)
        return next(again, None)

    def silent_seconds(self, now: float) -> float:
        """Return how long ago a running lesson was last saved; 0 for one that is not running."""
        if self.status is not LessonStatus.RUNNING or self.saved_at is None:
            return 0.0
        return max(0.0, now - self.saved_at)

    def contents(self) -> dict[str, SectionContent]:
        """Return the complete sections, parsed.

        Raises:
            UnreadableLessonError: where one was stored in a form this version cannot read.
        """
        try:
            return {
                s.name: SECTIONS[s.name].parsed(s.content)
                for s in self.sections
                if s.there and s.content
            }
        except ValueError as error:
            raise UnreadableLessonError(self.id) from error

    def readable(self) -> dict[str, SectionContent]:
        """Return the complete sections, parsed, without those that this version cannot read."""
        found: dict[str, SectionContent] = {}
        for section in self.sections:
            with suppress(ValueError):
                if section.there and section.content:
                    found[section.name] = SECTIONS[section.name].parsed(section.content)
        return found

    def lesson(self) -> Lesson | None:
        """Return the lesson as a value, None while there is no brief yet."""
        return Lesson(self.request, self.brief, self.contents()) if self.brief else None


@dataclass(frozen=True, slots=True)
class LessonSummary:
    """A line of the library."""

    id: str
    title: str
    topic: str
    level: str
    status: LessonStatus
    sample: bool
    created_at: float
    written: int
    sections: int


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """The lessons that come before one that waits, and when one of them was last saved."""

    lessons: int
    saved_at: float | None

    def moves(self, now: float) -> bool:
        """Say whether lessons are being written, so that waiting will have an end."""
        return self.saved_at is not None and now - self.saved_at < _STANDSTILL_SECONDS


@dataclass(frozen=True, slots=True)
class AttemptRecord:
    """An attempt as stored. Durations in milliseconds, cost in US dollars, score from 0 to 100."""

    id: str
    lesson_id: str
    part: str
    slot: str
    model: str
    model_version: str | None
    reason: str
    prompt_version: str
    mode: str
    sample: bool
    started_at: float
    queue_ms: float
    first_text_ms: float | None
    total_ms: float
    input_tokens: int | None
    output_tokens: int | None
    thought_tokens: int | None
    cached_tokens: int | None
    cost_usd: float | None
    outcome: str
    error_class: str | None
    error: str | None
    score: int | None = None
