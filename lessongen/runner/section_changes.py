"""What becomes of a section with each event about it."""

from dataclasses import replace
from typing import assert_never

from lessongen.generation.events import (
    PartGrew,
    PartReset,
    PartStarted,
    SectionChecked,
    SectionFailed,
    SectionPutOff,
    SectionRewriting,
    SectionWritten,
)
from lessongen.store.records import AGAIN, SectionRecord, SectionStatus

SectionEvent = (
    PartStarted
    | PartGrew
    | PartReset
    | SectionWritten
    | SectionChecked
    | SectionRewriting
    | SectionPutOff
    | SectionFailed
)


def changed_by(event: SectionEvent, section: SectionRecord, now: float) -> SectionRecord:
    """Return a section as it is after an event; `now` is in seconds since 1970."""
    match event:
        case PartStarted(slot=slot, model=model, reason=reason):
            return replace(
                section,
                status=SectionStatus.WRITING,
                slot=slot,
                model=model,
                reason=reason,
                started_at=section.started_at or now,
                error=None,
            )
        case PartGrew(text=text):
            return replace(section, partial=text)
        case PartReset():
            return replace(section, partial="")
        case SectionWritten(content=content, slot=slot, model=model):
            again = section.status is SectionStatus.REWRITING
            return replace(
                section,
                status=SectionStatus.WRITTEN,
                partial="",
                content=content,
                slot=slot,
                model=model,
                finished_at=section.finished_at if again else now,
            )
        case SectionChecked(content=content, findings=findings, score=score):
            since = section.rewriting_since
            return replace(
                section,
                status=SectionStatus.WRITTEN,
                content=content,
                findings=findings,
                score=score,
                rewriting_since=None,
                rewriting_seconds=section.rewriting_seconds + (now - since if since else 0.0),
            )
        case SectionRewriting():
            return replace(
                section, status=SectionStatus.REWRITING, reason=AGAIN, rewriting_since=now
            )
        case SectionPutOff(reason=why):
            return replace(section, status=SectionStatus.WAITING, partial="", error=why)
        case SectionFailed(reason=why):
            return replace(
                section, status=SectionStatus.FAILED, partial="", error=why, finished_at=now
            )
        case _:
            assert_never(event)
