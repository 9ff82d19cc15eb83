"""Lessons in the store, at every point of their path, put there as pages and runner do it."""

from dataclasses import replace
from typing import Any

from lessongen.lesson.brief import Brief
from lessongen.lesson.prompts import BRIEF
from lessongen.people import LOCAL
from lessongen.quality.findings import Finding
from lessongen.store.records import LessonStatus, SectionRecord, SectionStatus
from lessongen.store.store import Store
from tests.support.lessons import MARKETS, markets, request_on

TITLE = "A morning at the market"


def content(section: str, topic: str = MARKETS) -> str:
    """Return a section of the sample lesson, as it is stored."""
    return markets().part(section, topic)


def queued(
    store: Store,
    topic: str = MARKETS,
    *,
    sample: bool = True,
    owner: str = LOCAL,
    **fields: Any,
) -> str:
    """Ask for a lesson."""
    return store.lessons_of(owner).add(request_on(topic, **fields), "parallel", sample=sample)


def planned(
    store: Store, title: str = TITLE, *, local: bool = False, sample: bool = True, **fields: Any
) -> str:
    """Ask for a lesson, and begin it: its brief is there."""
    lesson = queued(store, sample=sample, **fields)
    assert store.lessons.claim(lesson)
    brief = Brief.model_validate_json(content(BRIEF)).model_copy(update={"title": title})
    store.lessons.save_brief(lesson, brief, local=local)
    return lesson


def begin(
    store: Store, lesson: str, section: str, partial: str = "", reason: str = "first"
) -> None:
    """Let a section be under way."""
    store.lessons.save_section(
        lesson,
        SectionRecord(
            section,
            SectionStatus.WRITING,
            revision=0,
            partial=partial,
            slot="primary",
            model="gemini-test",
            reason=reason,
            started_at=store.now(),
        ),
    )


def write(store: Store, lesson: str, section: str, text: str | None = None) -> None:
    """Let a section be written: that of the sample lesson, or what is given."""
    now = store.now()
    store.lessons.save_section(
        lesson,
        SectionRecord(
            section,
            SectionStatus.WRITTEN,
            revision=0,
            content=text or content(section),
            slot="primary",
            model="gemini-test",
            started_at=now - 2.5,
            finished_at=now,
        ),
    )


def check(
    store: Store,
    lesson: str,
    section: str,
    *findings: Finding,
    score: int = 95,
    status: SectionStatus = SectionStatus.WRITTEN,
) -> None:
    """Let checks go over a section that is written."""
    record = store.lessons.get(lesson)
    assert record
    [written] = [kept for kept in record.sections if kept.name == section]
    checked = replace(written, findings=findings, score=score, status=status)
    store.lessons.save_section(lesson, checked)


def fail(store: Store, lesson: str, section: str, reason: str) -> None:
    """Let a section fail."""
    failed = SectionRecord(section, SectionStatus.FAILED, revision=0, error=reason)
    now = store.now()
    store.lessons.save_section(lesson, replace(failed, started_at=now, finished_at=now))


def finish(store: Store, lesson: str, status: LessonStatus, error: str | None = None) -> str:
    """End a lesson, and return its id."""
    store.lessons.finish(lesson, status, error)
    return lesson


def complete(store: Store, title: str = TITLE, *, local: bool = False, **fields: Any) -> str:
    """Keep a whole lesson of the sections asked for, and return its id."""
    lesson = planned(store, title, local=local, **fields)
    record = store.lessons.get(lesson)
    assert record
    for section in record.sections:
        write(store, lesson, section.name)
    return finish(store, lesson, LessonStatus.COMPLETE)
