"""What happens while a lesson is generated, as flat values; `part` is a section or "brief"."""

from dataclasses import dataclass, field
from typing import Literal

from lessongen.errors import ProviderError
from lessongen.gemini.messages import Usage
from lessongen.lesson.brief import Brief
from lessongen.quality.findings import Finding

Reason = Literal["first", "retry", "fallback", "hedge", "repair", "second_pass"]
Outcome = Literal["written", "failed", "cancelled", "refused"]
"""`refused`: the model was not asked, because its slot was closed or full."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One request to one model. Times in seconds; `started` is the event loop's clock."""

    part: str
    slot: str
    model: str
    reason: Reason
    prompt_version: str
    started: float
    queue_seconds: float = 0.0
    first_text_seconds: float | None = None
    total_seconds: float = 0.0
    usage: Usage = field(default_factory=Usage)
    model_version: str | None = None
    cost: float | None = None
    outcome: Outcome = "cancelled"
    error: ProviderError | None = None


@dataclass(frozen=True, slots=True)
class LessonBegun:
    """A lesson is taken up, by a version of the strategy; None where that has no versions."""

    strategy_version: int | None


@dataclass(frozen=True, slots=True)
class PartStarted:
    """A model is asked for a part."""

    part: str
    slot: str
    model: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class PartGrew:
    """The model wrote more; `text` is the whole answer so far."""

    part: str
    text: str


@dataclass(frozen=True, slots=True)
class PartReset:
    """The text so far is void: another attempt writes the part anew."""

    part: str


@dataclass(frozen=True, slots=True)
class BriefWritten:
    """The brief is there; `local` when it was made here because no model could."""

    brief: Brief
    local: bool


@dataclass(frozen=True, slots=True)
class SectionWritten:
    """A section is complete and valid; `content` is its JSON."""

    section: str
    content: str
    slot: str
    model: str


@dataclass(frozen=True, slots=True)
class SectionChecked:
    """Checks went over a section that is there; `content` is its JSON with evidence attached."""

    section: str
    content: str
    findings: tuple[Finding, ...]
    score: int


@dataclass(frozen=True, slots=True)
class SectionRewriting:
    """A section is written again because of what checks found; until then it stays as it is."""

    section: str


@dataclass(frozen=True, slots=True)
class LessonChecked:
    """Checks went over the lesson; `score` is from 0 to 100."""

    score: float


@dataclass(frozen=True, slots=True)
class AnswerScored:
    """Checks went over the newest usable answer to a section, whether or not it was kept."""

    part: str
    score: int


@dataclass(frozen=True, slots=True)
class SectionPutOff:
    """The section could not be written yet; it is tried again when the others are done."""

    section: str
    reason: str


@dataclass(frozen=True, slots=True)
class SectionFailed:
    """No model could write the section; `reason` is a sentence for the teacher."""

    section: str
    reason: str


@dataclass(frozen=True, slots=True)
class AttemptEnded:
    """An attempt is over, whatever came of it."""

    attempt: Attempt


Event = (
    LessonBegun
    | PartStarted
    | PartGrew
    | PartReset
    | BriefWritten
    | SectionWritten
    | SectionChecked
    | SectionRewriting
    | LessonChecked
    | AnswerScored
    | SectionPutOff
    | SectionFailed
    | AttemptEnded
)
