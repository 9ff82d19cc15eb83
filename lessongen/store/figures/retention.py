"""Retention: attempts older than a set age go, their sums stay, and no figure changes.

Their age is counted from the newest of them on, not by the clock alone: one look at a time when
the clock is far ahead must not cost every attempt there is.

Sums of attempts that went are sealed: rows that are never summed up again. Attempts that come
late to such a day are summed up beside them. Lessons, sections and ratings are kept.
"""

# ruff: noqa: S608 (all that is put into the SQL here are constants of these modules)

from math import inf, nextafter
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from lessongen.store.database import Database
from lessongen.store.figures.summing import (
    ATTEMPT_COLUMNS,
    ATTEMPT_DIMENSIONS,
    ATTEMPT_GROUPS,
    ATTEMPT_SUMS,
    ATTEMPTS_BY_DAY,
    DAY_SECONDS,
    ENDED,
    HAS_ENDED,
    UNPRICED,
    Summing,
)
from lessongen.store.lessons import Now
from lessongen.store.preferences import LastChange, Preferences

KEPT_DAYS = "attempts_kept_days"
"""The preference that says how many days attempts are kept; without it, for ever."""
_DONE_ON = "attempts_rolled_up_on"
_ROWS = 5000
"""So few at a time that nobody who writes meanwhile has to wait for long."""
_BITES = 4
"""So few times that nobody who wants to read figures has to wait for long."""

_GONE = f"a.started_at < :until AND {HAS_ENDED}"
_DAY = "CAST(l.created_at / 86400 AS INTEGER)"
_SEAL = (
    f"INSERT INTO attempt_days ({ATTEMPT_COLUMNS}) SELECT {_DAY}, {ATTEMPTS_BY_DAY} "
    f"WHERE {_GONE} GROUP BY {_DAY}, {ATTEMPT_GROUPS}"
)
_SEAL_COSTS = (
    "INSERT INTO sealed_lessons (lesson_id, cost_usd, unpriced) "
    f"SELECT a.lesson_id, SUM(a.cost_usd), SUM({UNPRICED}) "
    f"FROM lessons l JOIN attempts a ON a.lesson_id = l.id WHERE {_GONE} GROUP BY a.lesson_id "
    "ON CONFLICT (lesson_id) DO UPDATE SET unpriced = sealed_lessons.unpriced + excluded.unpriced, "
    "cost_usd = CASE WHEN sealed_lessons.cost_usd IS NULL THEN excluded.cost_usd "
    "ELSE sealed_lessons.cost_usd + COALESCE(excluded.cost_usd, 0) END"
)
_FORGET = (
    "DELETE FROM attempts WHERE started_at < :until AND lesson_id IN "
    f"(SELECT l.id FROM lessons l WHERE {HAS_ENDED})"
)
_MERGE = (
    f"INSERT INTO attempt_days ({ATTEMPT_COLUMNS}) SELECT {', '.join(ATTEMPT_DIMENSIONS)}, 2, "
    f"{', '.join(f'SUM({name})' for name in ATTEMPT_SUMS)} FROM attempt_days "
    f"WHERE day = :day AND sealed = 1 GROUP BY {', '.join(ATTEMPT_DIMENSIONS)}"
)


class KeptDays(BaseModel):
    """How many days attempts are kept; None where they are kept for ever.

    At least a week: quotas of a day, and whoever looks for what went wrong lately, need them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    days: Annotated[int, Field(ge=7, le=3650)] | None = None


class Retention:
    """Rolls attempts up that are old enough, `rows` or a few more at a time.

    Methods may be called from any thread.
    """

    def __init__(self, database: Database, now: Now, rows: int = _ROWS) -> None:
        self._database = database
        self._now = now
        self._rows = rows
        self._preferences = Preferences(database, now)
        self._summing = Summing(database, now)

    @property
    def kept_days(self) -> int | None:
        """How many days attempts are kept; None where they are kept for ever."""
        try:
            return KeptDays.model_validate({"days": self._preferences.get(KEPT_DAYS)}).days
        except ValidationError:
            return None

    @property
    def last_change(self) -> LastChange | None:
        """Who set that last, and when; None where nobody did."""
        return self._preferences.last_change(KEPT_DAYS)

    def keep(self, kept: KeptDays, by: str) -> None:
        """Set for how many days attempts are kept, from now on."""
        with self._database.transaction():
            days = "" if kept.days is None else str(kept.days)
            self._preferences.set(KEPT_DAYS, days, by)
            self._preferences.set(_DONE_ON, "", by)

    def too_old(self, kept: KeptDays) -> int:
        """Return how many attempts would go at once if they were kept so long."""
        if kept.days is None:
            return 0
        rows = self._database.read(
            "SELECT COUNT(*) AS many FROM attempts a JOIN lessons l ON l.id = a.lesson_id "
            f"WHERE {_GONE}",
            **ENDED,
            until=self._before(kept.days),
        )
        return rows[0]["many"]

    def roll_up(self) -> int:
        """Roll up what is old enough, once a day; return how many attempts went.

        What is too much for one call is left to the next ones.

        Raises:
            StoreError: where the database cannot.
        """
        today = str(int(self._now() // DAY_SECONDS))
        if self.kept_days is None or self._preferences.get(_DONE_ON) == today:
            return 0
        gone = 0
        for _ in range(_BITES):
            bite = self._bite(today)
            gone += bite
            if bite < self._rows:
                break
        return gone

    def _bite(self, today: str) -> int:
        """Roll up the oldest attempts; return how many went. What is decided until then counts."""
        with self._database.transaction():
            kept = self.kept_days
            gone = 0 if kept is None else self._rolled_up(self._until(self._before(kept)))
            if gone < self._rows:
                self._preferences.set(_DONE_ON, today)
        return gone

    def _rolled_up(self, until: float) -> int:
        days = self._days_until(until)
        if not days:
            return 0
        self._database.execute(_SEAL, **ENDED, until=until, sealed=1)
        self._database.execute(_SEAL_COSTS, **ENDED, until=until)
        gone = self._database.execute(_FORGET, **ENDED, until=until)
        for day in days:
            self._merge(day)
            self._summing.sum_attempts(day)
        return gone

    def _before(self, days: int) -> float:
        """Return before when attempts began that are older than so many days."""
        newest = self._database.read("SELECT MAX(started_at) AS at FROM attempts")[0]["at"]
        now = self._now() if newest is None else min(self._now(), newest + DAY_SECONDS)
        return now - days * DAY_SECONDS

    def _until(self, before: float) -> float:
        """Return before when the attempts of a bite began. Nothing else is written meanwhile."""
        rows = self._database.read(
            "SELECT a.started_at FROM attempts a JOIN lessons l ON l.id = a.lesson_id "
            f"WHERE {_GONE} ORDER BY a.started_at LIMIT 1 OFFSET :rows",
            **ENDED,
            until=before,
            rows=self._rows,
        )
        return min(before, nextafter(rows[0]["started_at"], inf)) if rows else before

    def _days_until(self, until: float) -> list[int]:
        rows = self._database.read(
            f"SELECT DISTINCT {_DAY} AS day FROM attempts a JOIN lessons l ON l.id = a.lesson_id "
            f"WHERE {_GONE}",
            **ENDED,
            until=until,
        )
        return [row["day"] for row in rows]

    def _merge(self, day: int) -> None:
        """Make one row again of the sealed rows that tell the same things apart."""
        self._database.execute(_MERGE, day=day)
        self._database.execute("DELETE FROM attempt_days WHERE day = :day AND sealed = 1", day=day)
        self._database.execute(
            "UPDATE attempt_days SET sealed = 1 WHERE day = :day AND sealed = 2", day=day
        )
