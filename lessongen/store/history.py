"""What recent attempts tell about a part, a slot and its model: how well, how fast, how dear."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from lessongen.generation.events import Outcome, Reason
from lessongen.store.database import Database

RECENT_ATTEMPTS = 20_000
"""How many attempts count as recent: in a school of 50 lessons a day, those of about six weeks."""

ALL_REASONS: tuple[Reason, ...] = get_args(Reason)
_WRITTEN: Outcome = "written"
_FAILED: Outcome = "failed"
_MEASURES = ("seconds", "queue_seconds", "dollars", "score")


@dataclass(frozen=True, slots=True)
class Measured:
    """Numbers summed up: how many, their mean, and their sample variance (0 for a single one)."""

    n: int
    mean: float
    variance: float


@dataclass(frozen=True, slots=True)
class PartHistory:
    """What is known of one part, written by one model in one slot.

    `asked` counts the attempts that a model was really sent and that came to an end of their own,
    `written` those of them that gave a part. `seconds` are those of the model and `queue_seconds`
    those before it, both of written attempts; `dollars` are what an attempt cost, failed ones
    included, where it is known; `score` is what the checks gave, from 0 to 100; `stars` are those
    of teachers for sections that this model wrote in the end. None: nothing was measured.
    """

    part: str
    slot: str
    model: str
    asked: int
    written: int
    seconds: Measured | None = None
    queue_seconds: Measured | None = None
    dollars: Measured | None = None
    score: Measured | None = None
    stars: Measured | None = None


class History:
    """What attempts were like, over all lessons. Call it from any thread; it raises StoreError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def recent(
        self,
        *,
        sample: bool,
        limit: int = RECENT_ATTEMPTS,
        reasons: Sequence[Reason] = ALL_REASONS,
    ) -> list[PartHistory]:
        """Return what the newest attempts tell, in the order of part, slot and model.

        Samples, or real ones. Of the newest `limit` attempts, whatever their reason, those count
        that were made for one of the `reasons`. Times that a clock set back made negative are left
        out, and so are attempts that were refused or cancelled: nobody answered those.
        """
        named = {f"reason_{number}": reason for number, reason in enumerate(reasons)}
        asked: dict[str, object] = {**named, "sample": int(sample), "limit": limit}
        attempts = self._database.read(
            _ATTEMPTS.format(reasons=_among(named)), **asked, written=_WRITTEN, failed=_FAILED
        )
        rated = self._database.read(_STARS.format(reasons=_among(named)), **asked)
        stars = {_key(row): _measured(row, "stars") for row in rated}
        return [
            PartHistory(
                *_key(row),
                asked=row["asked"],
                written=row["written"],
                stars=stars.get(_key(row)),
                **{name: _measured(row, name) for name in _MEASURES},
            )
            for row in attempts
        ]


def _among(named: Mapping[str, object]) -> str:
    """Return a list of parameters; of none, a list that nothing is in."""
    return ", ".join(f":{name}" for name in named) or "NULL"


def _key(row: Mapping[str, Any]) -> tuple[str, str, str]:
    return row["part"], row["slot"], row["model"]


def _measured(row: Mapping[str, Any], name: str) -> Measured | None:
    n = row[f"{name}_n"]
    if not n:
        return None
    squares = row[f"{name}_squares"]
    return Measured(n, row[f"{name}_mean"], squares / (n - 1) if n > 1 else 0.0)


def _moments(*names: str) -> str:
    """Return columns for `_measured`; squares are of what is left when the mean is taken away.

    The short way, by the sum of all squares, loses its digits where values are large and alike.
    """
    return ", ".join(
        f"COUNT({name}) AS {name}_n, AVG({name}) AS {name}_mean, "
        f"SUM(({name} - mean_{name}) * ({name} - mean_{name})) AS {name}_squares"
        for name in names
    )


def _means(*names: str) -> str:
    by = "OVER (PARTITION BY part, slot, model)"
    return ", ".join(f"AVG({name}) {by} AS mean_{name}" for name in names)


_NEWEST = (
    "WITH newest AS (SELECT lesson_id, part, slot, model, reason, outcome, queue_ms, total_ms, "
    "cost_usd, score FROM attempts WHERE sample = :sample ORDER BY started_at DESC LIMIT :limit), "
)
_ATTEMPTS = (
    f"{_NEWEST} told AS (SELECT part, slot, model, "  # noqa: S608 (our own names)
    "CASE WHEN outcome = :written THEN 1 ELSE 0 END AS written, "
    "CASE WHEN outcome = :written AND queue_ms >= 0 AND total_ms >= queue_ms "
    "THEN (total_ms - queue_ms) / 1000 END AS seconds, "
    "CASE WHEN outcome = :written AND queue_ms >= 0 THEN queue_ms / 1000 END AS queue_seconds, "
    "cost_usd AS dollars, score FROM newest "
    "WHERE outcome IN (:written, :failed) AND reason IN ({reasons})), "
    f"centred AS (SELECT told.*, {_means(*_MEASURES)} FROM told) "
    f"SELECT part, slot, model, COUNT(*) AS asked, SUM(written) AS written, "
    f"{_moments(*_MEASURES)} FROM centred GROUP BY part, slot, model ORDER BY part, slot, model"
)
_STARS = (
    f"{_NEWEST} told AS (SELECT s.name AS part, s.slot AS slot, s.model AS model, "  # noqa: S608 (our own names)
    "CAST(r.stars AS FLOAT) AS stars FROM ratings r "
    "JOIN lessons l ON l.id = r.lesson_id AND l.version = r.version "
    "JOIN sections s ON s.lesson_id = r.lesson_id AND s.name = r.section "
    "WHERE r.lesson_id IN (SELECT lesson_id FROM newest) AND s.content IS NOT NULL "
    "AND s.reason IN ({reasons})), "
    f"centred AS (SELECT told.*, {_means('stars')} FROM told) "
    f"SELECT part, slot, model, {_moments('stars')} FROM centred GROUP BY part, slot, model"
)
