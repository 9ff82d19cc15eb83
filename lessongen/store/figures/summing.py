"""Summing up: what stands in the rows of a day's lessons becomes the figures of that day.

A day is that of its lessons, in UTC, counted from 1970. Days are summed up anew from their rows:
doing it twice changes nothing. Only finished lessons count.
"""

# ruff: noqa: S608 (all that is put into the SQL here are constants of this module)

from lessongen.generation.events import Outcome
from lessongen.store.database import Database
from lessongen.store.lessons import Now
from lessongen.store.records import LessonStatus, SectionStatus

DAY_SECONDS = 86400.0
_BREAK_SECONDS = 60.0
"""A longer silence between two sections is a break, as after a restart, and no work."""
_LONGEST_SECONDS = DAY_SECONDS
"""Only a clock that was set anew says that something took longer, or less than nothing."""
_ATTEMPTS_A_SECOND = 2000
REFUSED: Outcome = "refused"
ENDED: dict[str, object] = {"queued": LessonStatus.QUEUED, "running": LessonStatus.RUNNING}
"""Values for the SQL that tells a lesson which has ended."""
HAS_ENDED = "l.status NOT IN (:queued, :running)"

_LESSON = (
    "l.level, l.mode, COALESCE(l.mode_reason, ''), COALESCE(l.strategy_version, 0), "
    "COALESCE(l.sample, 0)"
)
_LESSON_COLUMNS = "day, level, mode, cohort, version, sample"
_OF_DAY = f"l.created_at >= :day * 86400.0 AND l.created_at < (:day + 1) * 86400.0 AND {HAS_ENDED}"
_TABLES = ("lesson_facts", "section_days", "rating_days")


def _credible(seconds: str) -> str:
    """Return SQL for a duration, NULL where no clock that runs evenly can have measured it."""
    return f"CASE WHEN {seconds} BETWEEN 0 AND {_LONGEST_SECONDS} THEN {seconds} END"


ATTEMPT_DIMENSIONS = (_LESSON_COLUMNS, "part", "slot", "model", "reason", "outcome", "error_class")
ATTEMPT_SUMS = (
    "attempts",
    "timed",
    "queue_ms",
    "model_ms",
    "input_tokens",
    "output_tokens",
    "cost_usd",
    "unpriced",
    "scored",
    "score_sum",
)
ATTEMPT_COLUMNS = ", ".join((*ATTEMPT_DIMENSIONS, "sealed", *ATTEMPT_SUMS))
UNPRICED = f"CASE WHEN a.cost_usd IS NULL AND a.outcome <> '{REFUSED}' THEN 1 ELSE 0 END"
_TIMED = "a.queue_ms >= 0 AND a.total_ms >= a.queue_ms AND a.total_ms <= 86400000"
ATTEMPTS_BY_DAY = (
    f"{_LESSON}, a.part, a.slot, a.model, a.reason, a.outcome, COALESCE(a.error_class, ''), "
    "CAST(:sealed AS INTEGER), COUNT(*), "
    f"SUM(CASE WHEN {_TIMED} THEN 1 ELSE 0 END), "
    f"SUM(CASE WHEN {_TIMED} THEN a.queue_ms ELSE 0 END), "
    f"SUM(CASE WHEN {_TIMED} THEN a.total_ms - a.queue_ms ELSE 0 END), "
    "SUM(COALESCE(a.input_tokens, 0)), "
    "SUM(COALESCE(a.output_tokens, 0) + COALESCE(a.thought_tokens, 0)), "
    "SUM(COALESCE(a.cost_usd, 0)), "
    f"SUM({UNPRICED}), "
    "COUNT(a.score), SUM(COALESCE(a.score, 0)) "
    "FROM lessons l JOIN attempts a ON a.lesson_id = l.id "
)
ATTEMPT_GROUPS = (
    "l.level, l.mode, l.mode_reason, l.strategy_version, l.sample, "
    "a.part, a.slot, a.model, a.reason, a.outcome, a.error_class"
)

_SUM_ATTEMPTS = (
    f"INSERT INTO attempt_days ({ATTEMPT_COLUMNS}) SELECT CAST(:day AS INTEGER), {ATTEMPTS_BY_DAY}"
    f"WHERE {_OF_DAY} GROUP BY {ATTEMPT_GROUPS}"
)
_SUM_SECTIONS = (
    f"INSERT INTO section_days ({_LESSON_COLUMNS}, section, slot, model, asked, written, timed, "
    f"seconds_sum, scored, score_sum) SELECT CAST(:day AS INTEGER), {_LESSON}, s.name, "
    "COALESCE(s.slot, ''), COALESCE(s.model, ''), COUNT(*), "
    "SUM(CASE WHEN s.status IN (:written, :rewriting) THEN 1 ELSE 0 END), "
    f"COUNT({_credible('(s.finished_at - s.started_at)')}), "
    f"COALESCE(SUM({_credible('(s.finished_at - s.started_at)')}), 0), "
    "COUNT(s.score), COALESCE(SUM(s.score), 0) "
    "FROM lessons l JOIN sections s ON s.lesson_id = l.id "
    f"WHERE {_OF_DAY} AND l.status <> :cancelled "
    "GROUP BY l.level, l.mode, l.mode_reason, l.strategy_version, l.sample, s.name, s.slot, s.model"
)
_SUM_RATINGS = (
    f"INSERT INTO rating_days ({_LESSON_COLUMNS}, section, model, stars, reason, ratings) "
    f"SELECT CAST(:day AS INTEGER), {_LESSON}, r.section, COALESCE(s.model, ''), r.stars, "
    "COALESCE(r.reason, ''), COUNT(*) FROM lessons l JOIN ratings r ON r.lesson_id = l.id "
    "LEFT JOIN sections s ON s.lesson_id = r.lesson_id AND s.name = r.section "
    f"WHERE {_OF_DAY} GROUP BY l.level, l.mode, l.mode_reason, l.strategy_version, l.sample, "
    "r.section, s.model, r.stars, r.reason"
)
# One after another, the sections take the sum of their seconds instead of the time they span.
# Where a section began before its lesson, sections were asked for again: the time is not known.
_SUM_LESSONS = f"""
INSERT INTO lesson_facts ({_LESSON_COLUMNS}, lesson_id, created_at, status, seconds,
    saved_seconds, asked, written, score, cost_usd, unpriced)
WITH bars AS (
    SELECT s.lesson_id, s.status, s.started_at AS began,
        CASE WHEN s.finished_at < s.started_at THEN 1 ELSE 0 END AS torn,
        CASE WHEN s.finished_at >= s.started_at THEN s.started_at END AS begins,
        CASE WHEN s.finished_at >= s.started_at THEN s.finished_at END AS ends,
        MAX(CASE WHEN s.finished_at >= s.started_at THEN s.finished_at END) OVER (
            PARTITION BY s.lesson_id ORDER BY s.started_at, s.name
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS until
    FROM lessons l JOIN sections s ON s.lesson_id = l.id WHERE {_OF_DAY}
), spans AS (
    SELECT lesson_id, COUNT(*) AS asked, MIN(began) AS began, SUM(torn) AS torn,
        SUM(CASE WHEN status IN (:written, :rewriting) THEN 1 ELSE 0 END) AS written,
        SUM(CASE WHEN begins - until > {_BREAK_SECONDS} THEN begins - until ELSE 0 END) AS breaks,
        SUM(ends - begins) AS summed,
        MAX(ends) - MIN(begins)
            - SUM(CASE WHEN begins > until THEN begins - until ELSE 0 END) AS spanned
    FROM bars GROUP BY lesson_id
), costs AS (
    SELECT lesson_id, SUM(cost_usd) AS cost_usd, SUM(unpriced) AS unpriced FROM (
        SELECT a.lesson_id, a.cost_usd, {UNPRICED} AS unpriced
        FROM lessons l JOIN attempts a ON a.lesson_id = l.id WHERE {_OF_DAY}
        UNION ALL
        SELECT k.lesson_id, k.cost_usd, k.unpriced
        FROM lessons l JOIN sealed_lessons k ON k.lesson_id = l.id WHERE {_OF_DAY}
    ) AS paid GROUP BY lesson_id
), times AS (
    SELECT l.id, l.finished_at - l.started_at - COALESCE(p.breaks, 0) AS seconds,
        CASE WHEN p.torn = 0 THEN p.summed - p.spanned END AS saved
    FROM lessons l LEFT JOIN spans p ON p.lesson_id = l.id
    WHERE {_OF_DAY} AND (p.began IS NULL OR p.began >= l.started_at)
)
SELECT CAST(:day AS INTEGER), {_LESSON}, l.id, l.created_at, l.status,
    {_credible("t.seconds")}, {_credible("t.saved")},
    COALESCE(p.asked, 0), COALESCE(p.written, 0), l.score, c.cost_usd, COALESCE(c.unpriced, 0)
FROM lessons l LEFT JOIN spans p ON p.lesson_id = l.id
    LEFT JOIN costs c ON c.lesson_id = l.id LEFT JOIN times t ON t.id = l.id
WHERE {_OF_DAY}
"""


class Summing:
    """Keeps the sums of all days up to date. Safe to use from any thread, and in many processes."""

    def __init__(self, database: Database, now: Now) -> None:
        self._database = database
        self._now = now

    def refresh(self) -> int:
        """Sum up the days whose lessons changed, newest first; return how many there were.

        A day with thousands of attempts is left for some seconds after it was summed up: lessons
        that are written all the time must not make every reader wait.

        Raises:
            StoreError: where the database cannot.
        """
        return sum(self._taken_up(day) for day in self._due())

    def _due(self) -> list[int]:
        rows = self._database.read(
            "SELECT s.day FROM stale_days s LEFT JOIN summed_days d ON d.day = s.day "
            "WHERE d.day IS NULL OR d.summed_at > :now "
            "OR d.summed_at + d.attempts / :pace <= :now + 1 ORDER BY s.day DESC",
            now=self._now(),
            pace=float(_ATTEMPTS_A_SECOND),
        )
        return [row["day"] for row in rows]

    def _taken_up(self, day: int) -> bool:
        """Sum up a day, unless another process was first."""
        with self._database.transaction():
            if not self._database.execute("DELETE FROM stale_days WHERE day = :day", day=day):
                return False
            self.sum_up(day)
        return True

    def sum_up(self, day: int) -> None:
        """Sum up a day from its rows, inside a transaction; what is sealed stays."""
        for table in _TABLES:
            self._database.execute(f"DELETE FROM {table} WHERE day = :day", day=day)
        about = ENDED | {"day": day}
        there = {"written": SectionStatus.WRITTEN, "rewriting": SectionStatus.REWRITING}
        self._database.execute(_SUM_LESSONS, **about, **there)
        self._database.execute(_SUM_SECTIONS, **about, **there, cancelled=LessonStatus.CANCELLED)
        self._database.execute(_SUM_RATINGS, **about)
        self.sum_attempts(day)
        self._note(day)

    def sum_attempts(self, day: int) -> None:
        """Sum up the attempts of a day that are kept."""
        self._database.execute("DELETE FROM attempt_days WHERE day = :day AND sealed = 0", day=day)
        self._database.execute(_SUM_ATTEMPTS, **ENDED, day=day, sealed=0)

    def _note(self, day: int) -> None:
        """Note when a day was summed up, and how much work that was."""
        self._database.execute(
            "INSERT INTO summed_days (day, attempts, summed_at) SELECT CAST(:day AS INTEGER), "
            "COALESCE(SUM(attempts), 0), :now FROM attempt_days WHERE day = :day AND sealed = 0 "
            "ON CONFLICT (day) DO UPDATE SET attempts = excluded.attempts, "
            "summed_at = excluded.summed_at",
            day=day,
            now=self._now(),
        )
