"""Turns a lesson's events into what the store keeps, in batches."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import assert_never

from lessongen.generation.attempts import Emit
from lessongen.generation.events import (
    AnswerScored,
    Attempt,
    AttemptEnded,
    BriefWritten,
    Event,
    LessonBegun,
    LessonChecked,
    PartGrew,
    PartReset,
    PartStarted,
    SectionChecked,
    SectionFailed,
    SectionPutOff,
    SectionRewriting,
    SectionWritten,
)
from lessongen.lesson.prompts import BRIEF
from lessongen.runner.following import Following, Nobody
from lessongen.store.attempts import attempt_row
from lessongen.store.database import Row
from lessongen.store.lessons import Now
from lessongen.store.records import (
    AGAIN,
    LessonRecord,
    LessonStatus,
    SectionRecord,
    SectionStatus,
)
from lessongen.store.store import Store

_SectionEvent = (
    PartStarted
    | PartGrew
    | PartReset
    | SectionWritten
    | SectionChecked
    | SectionRewriting
    | SectionPutOff
    | SectionFailed
)


@dataclass(frozen=True, slots=True)
class Ending:
    """How a lesson ended."""

    status: LessonStatus
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """What changed in one lesson since the last batch."""

    lesson_id: str
    brief: BriefWritten | None
    sections: Sequence[SectionRecord]
    attempts: Sequence[Row]
    ending: Ending | None
    scores: Mapping[str, int] = field(default_factory=dict[str, int])
    score: float | None = None
    strategy_version: int | None = None

    @property
    def empty(self) -> bool:
        """Say whether there is nothing to keep."""
        noted = self.scores or self.score is not None or self.strategy_version is not None
        return not (self.brief or self.sections or self.attempts or self.ending or noted)

    def save(self, store: Store) -> bool:
        """Keep it, all or nothing; False where the lesson is not there any more.

        A batch can be saved twice: what is there already stays as it is.

        Raises:
            StoreError: where the database cannot; the batch can be saved again later.
        """
        with store.database.transaction():
            if not store.lessons.exists(self.lesson_id):
                return False
            if self.strategy_version is not None:
                store.lessons.save_strategy(self.lesson_id, self.strategy_version)
            if self.brief:
                store.lessons.save_brief(self.lesson_id, self.brief.brief, local=self.brief.local)
            for section in self.sections:
                store.lessons.save_section(self.lesson_id, section)
            store.attempts.add(self.attempts)
            store.attempts.score(self.scores)
            if self.score is not None:
                store.lessons.save_score(self.lesson_id, self.score)
            if self.ending:
                store.lessons.finish(self.lesson_id, self.ending.status, self.ending.error)
        return True


class LessonRecorder:
    """Follows one lesson. Lives on the runner's loop; batches may be saved on another thread.

    Calls `hurry` when there is something that was paid for, or that somebody waits for. Whoever
    else follows the lesson hears everything too.
    """

    def __init__(
        self,
        lesson: LessonRecord,
        now: Now,
        loop_time: Now,
        hurry: Callable[[], None],
        following: Following | None = None,
    ) -> None:
        self._lesson = lesson
        self._now = now
        self._loop_time = loop_time
        self._hurry = hurry
        self._following = following or Nobody()
        self._urgent = False
        self._sections = {section.name: section for section in lesson.sections}
        self._changed: set[str] = set()
        self._attempts: list[Row] = []
        self._answers: dict[str, str] = {}  # the newest usable answer: part to id of its attempt
        self._scores: dict[str, int] = {}
        self._score: float | None = None
        self._strategy_version: int | None = None
        self._brief: BriefWritten | None = None
        self._ending: Ending | None = None

    @property
    def emit(self) -> Emit:
        """Where the lesson's events go."""
        return self._take

    def end(self, error: str | None = None, *, cancelled: bool = False) -> None:
        """Close the lesson: by what was written, or as cancelled, or as failed with a reason.

        Where no section could be written, the first section's reason is the lesson's.
        """
        sections = self._sections.values()
        written = [section.there for section in sections]
        if all(written):
            self._ending = Ending(LessonStatus.COMPLETE, error)
        elif cancelled:
            self._ending = Ending(LessonStatus.CANCELLED, error)
        elif any(written):
            self._ending = Ending(LessonStatus.INCOMPLETE, error)
        else:
            reasons = (section.error for section in sections if section.error)
            self._ending = Ending(LessonStatus.FAILED, error or next(reasons, None))
        self._following.end(self._ending.status)
        self._press()

    @property
    def ended(self) -> bool:
        """Say whether the lesson is closed, so that the next batch is its last."""
        return self._ending is not None

    @property
    def urgent(self) -> bool:
        """Say whether the next batch should not wait. One that failed waits its turn."""
        return self._urgent

    def batch(self) -> Batch:
        """Return what changed since the last batch, and begin a new one."""
        batch = Batch(
            self._lesson.id,
            self._brief,
            [self._sections[name] for name in self._changed],
            self._attempts,
            self._ending,
            self._scores,
            self._score,
            self._strategy_version,
        )
        self._brief, self._changed, self._attempts = None, set(), []
        self._scores, self._score, self._strategy_version = {}, None, None
        self._urgent = False
        return batch

    def take_back(self, batch: Batch) -> None:
        """Put a batch that could not be saved into the next one."""
        self._brief = self._brief or batch.brief
        self._changed |= {section.name for section in batch.sections}
        self._attempts = [*batch.attempts, *self._attempts]
        self._scores = {**batch.scores, **self._scores}
        self._score = batch.score if self._score is None else self._score
        self._strategy_version = self._strategy_version or batch.strategy_version

    def _take(self, event: Event) -> None:
        self._following.take(event)
        match event:
            case PartStarted(part=part) | PartGrew(part=part) | PartReset(part=part):
                if part != BRIEF:
                    self._change(part, event)
            case SectionPutOff() | SectionChecked() | SectionRewriting():
                self._change(event.section, event)
            case AnswerScored():
                self._score_answer(event)
            case SectionWritten(section=name) | SectionFailed(section=name):
                self._change(name, event)
                self._press()
            case LessonBegun() | LessonChecked():
                self._note(event)
            case BriefWritten():
                self._brief = event
                self._press()
            case AttemptEnded(attempt=attempt):
                row = self._row(attempt)
                self._attempts.append(row)
                if attempt.outcome == "written":
                    self._answers[attempt.part] = row["id"]
                self._press()
            case _:
                assert_never(event)

    def _note(self, event: LessonBegun | LessonChecked) -> None:
        match event:
            case LessonBegun(strategy_version=version):
                self._strategy_version = version
            case LessonChecked(score=score):
                self._score = score

    def _score_answer(self, event: AnswerScored) -> None:
        """Note a score, where the answer is of this run."""
        if attempt_id := self._answers.get(event.part):
            self._scores[attempt_id] = event.score

    def _press(self) -> None:
        self._urgent = True
        self._hurry()

    def _change(
        self,
        name: str,
        event: _SectionEvent,
    ) -> None:
        self._sections[name] = _after(self._sections[name], event, self._now())
        self._changed.add(name)

    def _row(self, attempt: Attempt) -> Row:
        ago = self._loop_time() - attempt.started
        return attempt_row(self._lesson, attempt, self._now() - ago)


def _after(
    section: SectionRecord,
    event: _SectionEvent,
    now: float,
) -> SectionRecord:
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
