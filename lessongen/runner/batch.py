"""What changed in one lesson since it was last saved, kept all at once or not at all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from lessongen.generation.events import BriefWritten
from lessongen.store.database import Row
from lessongen.store.records import LessonStatus, SectionRecord
from lessongen.store.store import Store


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
