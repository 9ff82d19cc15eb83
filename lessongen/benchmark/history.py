"""A history: months of lessons as a school could have had them, made up, the same for a seed.

It fills the tables that the runner fills. Nothing of it is a measurement.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

from lessongen.benchmark.made_up_requests import Ended, MadeUpRequests
from lessongen.lesson.levels import Level
from lessongen.lesson.prompts import BRIEF
from lessongen.lesson.request import LessonRequest
from lessongen.lesson.sections import SECTIONS
from lessongen.store.database import Database, Row
from lessongen.store.figures.summing import DAY_SECONDS
from lessongen.store.ratings import MOST_STARS, REASONS

_ATTEMPTS_A_LESSON = 10.6
_TEACHERS = 400
_SHARES = (10, 50, 100)
_VERSIONS = 5
_WORKDAYS = 5
_WEEKEND = 0.35
_WEEK_AVERAGE = (5 + 2 * _WEEKEND) / 7
# How often things happen, from 0 to 1.
_SAMPLES, _CANCELLED, _RATED, _SECTION_RATED, _COMPLAINED = 0.03, 0.01, 0.2, 0.3, 0.5
_CONTENT = 4
_TOPIC = "Weekend markets"
_LEVELS = ("A1", "A2", "B1", "B1", "B2", "B2", "C1", "C2")
_REQUESTS = {
    level: LessonRequest(topic=_TOPIC, level=Level(level)).model_dump_json() for level in _LEVELS
}


@dataclass(frozen=True, slots=True)
class History:
    """About so many attempts, spread over so many days, the last of which is that of `until`."""

    attempts: int
    days: int = 120
    until: float = 1_795_500_000.0
    seed: int = 5


def fill(database: Database, history: History) -> int:
    """Add a history to a database, marked to be summed up; return how many attempts it has.

    Raises:
        StoreError: where the database cannot.
    """
    last = int(history.until // DAY_SECONDS)
    made = 0
    for place in range(history.days):
        day = last - history.days + 1 + place
        rows = _Day(history, day, place).rows()
        made += len(rows.attempts)
        with database.transaction():
            database.insert("lessons", rows.lessons)
            database.insert("sections", rows.sections)
            database.insert("attempts", rows.attempts)
            database.insert("ratings", rows.ratings)
            database.upsert("stale_days", {"day": day}, ["day"])
    return made


@dataclass(frozen=True, slots=True)
class _Rows:
    lessons: list[Row] = field(default_factory=list[Row])
    sections: list[Row] = field(default_factory=list[Row])
    attempts: list[Row] = field(default_factory=list[Row])
    ratings: list[Row] = field(default_factory=list[Row])


class _Day:
    """Makes the lessons of one day."""

    def __init__(self, history: History, day: int, place: int) -> None:
        self._day, self._place = day, place
        self._days = history.days
        self._random = Random(f"{history.seed} {day}")  # noqa: S311 (made-up lessons)
        # More lessons as the months go by, fewer at weekends.
        growth = 0.6 + 0.8 * place / history.days
        weekend = _WEEKEND if (day + 3) % 7 >= _WORKDAYS else 1.0  # day 0 was a Thursday
        average = history.attempts / _ATTEMPTS_A_LESSON / history.days / _WEEK_AVERAGE
        self._lessons = max(1, round(average * growth * weekend))
        self._requests = MadeUpRequests(self._random, 1.1 - 0.05 * self._version)
        self._out = _Rows()

    def rows(self) -> _Rows:
        for number in range(self._lessons):
            self._lesson(number)
        return self._out

    @property
    def _share(self) -> int:
        """How far the rollout was, in percent."""
        return _SHARES[min(len(_SHARES) - 1, self._place * len(_SHARES) // self._days)]

    @property
    def _version(self) -> int:
        """The version of the strategy; each is a little quicker."""
        return 1 + self._place * _VERSIONS // self._days

    def _lesson(self, number: int) -> None:
        draw = self._random
        teacher, created = draw.randrange(_TEACHERS), 6 * 3600 + draw.random() * 14 * 3600
        lesson = _Lesson(
            id=f"made-{self._day}-{number}",
            owner=f"teacher-{teacher}",
            level=draw.choice(_LEVELS),
            parallel=teacher * 100 < self._share * _TEACHERS,
            sample=int(draw.random() < _SAMPLES),
            created=self._day * DAY_SECONDS + created,
        )
        ended = self._sections(lesson)
        scores = [part.score for part in ended if part.score is not None]
        self._keep(lesson, ended, sum(scores) / len(scores) if scores else None)
        if draw.random() < _RATED:
            self._rate(lesson, scores)

    def _sections(self, lesson: "_Lesson") -> list[Ended]:
        """Write the plan and then the sections, side by side or one after another."""
        plan = self._part(lesson, BRIEF, lesson.created + 0.2)
        begins, found = plan.ends, list[Ended]()
        for name in SECTIONS:
            ended = self._part(lesson, name, begins)
            self._section(lesson, name, begins, ended)
            found.append(ended)
            begins = plan.ends if lesson.parallel else ended.ends
        return found

    def _keep(self, lesson: "_Lesson", ended: Sequence[Ended], score: float | None) -> None:
        status = self._status(sum(part.written for part in ended))
        within = "in" if lesson.parallel else "not in"
        row = {
            "id": lesson.id,
            "owner": lesson.owner,
            "created_at": lesson.created,
            "started_at": lesson.created + 0.2,
            "finished_at": max(part.ends for part in ended) + 0.4,
            "status": status,
            "cancel_requested": int(status == "cancelled"),
            "mode": lesson.mode,
            "mode_reason": f"{within} the rollout to {self._share} %",
            "strategy_version": self._version,
            "sample": lesson.sample,
            "topic": _TOPIC,
            "level": lesson.level,
            "request": _REQUESTS[lesson.level],
            "brief_local": 0,
            "version": 1,
            "score": score,
        }
        self._out.lessons.append(row)

    def _status(self, written: int) -> str:
        if self._random.random() < _CANCELLED:
            return "cancelled"
        if not written:
            return "failed"
        return "complete" if written == len(SECTIONS) else "incomplete"

    def _part(self, lesson: "_Lesson", part: str, begins: float) -> Ended:
        answered = self._requests.asked(part, begins)
        for row in answered.requests:
            about = {"id": f"{lesson.id}-{len(self._out.attempts)}", "lesson_id": lesson.id}
            how = {"mode": lesson.mode, "sample": lesson.sample}
            self._out.attempts.append({**about, **how, **row})
        return answered.ended

    def _section(self, lesson: "_Lesson", name: str, begins: float, ended: Ended) -> None:
        self._out.sections.append(
            {
                "lesson_id": lesson.id,
                "name": name,
                "status": "written" if ended.written else "failed",
                "revision": 3,
                "slot": ended.model.slot,
                "model": ended.model.model,
                "reason": ended.reason,
                "started_at": begins,
                "finished_at": ended.ends,
                "score": None if ended.score is None else round(ended.score),
            }
        )

    def _rate(self, lesson: "_Lesson", scores: Sequence[float]) -> None:
        draw = self._random
        liked = 3.2 + (sum(scores) / len(scores) - 85) / 8 if scores else 2.0
        parts = ["", draw.choice(list(SECTIONS))] if draw.random() < _SECTION_RATED else [""]
        for part in parts:
            stars = min(MOST_STARS, max(1, round(draw.gauss(liked, 0.9))))
            complains = stars < _CONTENT and draw.random() < _COMPLAINED
            self._out.ratings.append(
                {
                    "lesson_id": lesson.id,
                    "section": part,
                    "version": 1,
                    "person": lesson.owner,
                    "stars": stars,
                    "reason": draw.choice(REASONS) if complains else None,
                    "rated_at": lesson.created + 3600,
                }
            )


@dataclass(frozen=True, slots=True)
class _Lesson:
    id: str
    owner: str
    level: str
    parallel: bool
    sample: int
    created: float

    @property
    def mode(self) -> str:
        return "parallel" if self.parallel else "sequential"
