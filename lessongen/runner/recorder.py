"""Turns a lesson's events into what the store keeps, in batches."""

from collections.abc import Callable
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
from lessongen.runner.batch import Batch, Ending
from lessongen.runner.following import Following, Nobody
from lessongen.runner.section_changes import SectionEvent, changed_by
from lessongen.store.attempts import attempt_row
from lessongen.store.database import Row
from lessongen.store.lessons import Now
from lessongen.store.records import LessonRecord, LessonStatus


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

    def _change(self, name: str, event: SectionEvent) -> None:
        self._sections[name] = changed_by(event, self._sections[name], self._now())
        self._changed.add(name)

    def _row(self, attempt: Attempt) -> Row:
        ago = self._loop_time() - attempt.started
        return attempt_row(self._lesson, attempt, self._now() - ago)
