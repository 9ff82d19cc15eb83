"""Lessons of the past, put straight into the tables that the runner fills."""

from dataclasses import asdict, dataclass, field
from itertools import count

from lessongen.store.database import Row
from lessongen.store.store import Store
from tests.support.lessons import request_on

DAY = 86400.0
TODAY = 20_000
"""A day long after 1970: 4 October 2024."""
NOON = TODAY * DAY + DAY / 2
NOBODY = "somebody@school.example"
_TABLES = (
    "attempts",
    "sections",
    "ratings",
    "lesson_facts",
    "sealed_lessons",
    "lessons",
    "attempt_days",
    "section_days",
    "rating_days",
    "summed_days",
    "stale_days",
    "settings",
)
_REQUEST = request_on().model_dump_json()


@dataclass(frozen=True, slots=True)
class PastSection:
    """A section; times in seconds since its lesson was asked for."""

    name: str
    status: str = "written"
    model: str | None = "flash"
    begins: float | None = 2.0
    ends: float | None = 10.0
    score: float | None = 90.0


@dataclass(frozen=True, slots=True)
class PastAttempt:
    """An attempt; `begins` in seconds since its lesson was asked for."""

    part: str
    model: str = "flash"
    reason: str = "first"
    outcome: str = "written"
    error_class: str | None = None
    begins: float = 2.0
    queue_ms: float = 100.0
    total_ms: float = 2100.0
    input_tokens: int | None = 1000
    output_tokens: int | None = 500
    cost_usd: float | None = 0.01
    score: float | None = 90.0


@dataclass(frozen=True, slots=True)
class PastRating:
    """A rating; "" is the whole lesson."""

    stars: int
    section: str = ""
    person: str = NOBODY
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class PastLesson:
    """A lesson; `created` in days and `begins` and `ends` in seconds after noon of TODAY."""

    created: float = 0.0
    status: str = "complete"
    level: str = "B1"
    mode: str = "parallel"
    cohort: str | None = "in the rollout to 50 %"
    version: int | None = 1
    sample: int = 0
    begins: float | None = 0.0
    ends: float | None = 12.0
    score: float | None = 88.0
    sections: tuple[PastSection, ...] = (PastSection("warmup"), PastSection("reading"))
    attempts: tuple[PastAttempt, ...] = (PastAttempt("warmup"), PastAttempt("reading"))
    ratings: tuple[PastRating, ...] = ()


@dataclass(slots=True)
class Past:
    """Puts lessons into a store."""

    store: Store
    newest_id: str = ""
    _numbers: "count[int]" = field(default_factory=count)

    def forget(self) -> None:
        """Empty every table, for the next example: making a database takes longer."""
        for table in _TABLES:
            self.store.database.execute(f"DELETE FROM {table}")

    def add(self, *lessons: PastLesson) -> list[str]:
        """Keep lessons, and note their days as changed; return their ids."""
        return [self._add(lesson) for lesson in lessons]

    def add_attempts(self, lesson_id: str, *attempts: PastAttempt) -> None:
        """Keep more attempts of a lesson."""
        [lesson] = self.store.database.read("SELECT * FROM lessons WHERE id = :id", id=lesson_id)
        rows = [self._attempt(lesson, attempt) for attempt in attempts]
        self.store.database.insert("attempts", rows)
        self._mark(lesson["created_at"])

    def _add(self, lesson: PastLesson) -> str:
        zero = NOON + lesson.created * DAY
        self.newest_id = lesson_id = f"lesson-{next(self._numbers)}"
        row = {
            "id": lesson_id,
            "owner": NOBODY,
            "created_at": zero,
            "started_at": _after(zero, lesson.begins),
            "finished_at": _after(zero, lesson.ends),
            "status": lesson.status,
            "mode": lesson.mode,
            "mode_reason": lesson.cohort,
            "strategy_version": lesson.version,
            "sample": lesson.sample,
            "topic": "A secret topic",
            "level": lesson.level,
            "request": _REQUEST,
            "score": lesson.score,
        }
        self.store.database.insert("lessons", [row])
        self.store.database.insert("sections", [_section(row, s) for s in lesson.sections])
        attempts = [self._attempt(row, attempt) for attempt in lesson.attempts]
        self.store.database.insert("attempts", attempts)
        ratings = [
            {"lesson_id": lesson_id, "version": 1, "rated_at": zero, **asdict(rating)}
            for rating in {(r.section, r.person): r for r in lesson.ratings}.values()
        ]
        self.store.database.insert("ratings", ratings)
        self._mark(zero)
        return lesson_id

    def _attempt(self, lesson: Row, attempt: PastAttempt) -> Row:
        fields = asdict(attempt)
        return {
            "id": f"attempt-{next(self._numbers)}",
            "lesson_id": lesson["id"],
            "slot": "primary",
            "mode": lesson["mode"],
            "sample": lesson["sample"],
            "started_at": lesson["created_at"] + fields.pop("begins"),
            **fields,
        }

    def _mark(self, moment: float) -> None:
        self.store.database.upsert("stale_days", {"day": int(moment // DAY)}, ["day"])


def _section(lesson: Row, section: PastSection) -> Row:
    return {
        "lesson_id": lesson["id"],
        "name": section.name,
        "status": section.status,
        "revision": 1,
        "slot": "primary",
        "model": section.model,
        "started_at": _after(lesson["created_at"], section.begins),
        "finished_at": _after(lesson["created_at"], section.ends),
        "score": section.score,
    }


def _after(zero: float, seconds: float | None) -> float | None:
    return None if seconds is None else zero + seconds
