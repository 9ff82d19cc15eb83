"""Errands: what an admin wants asked of the models, and what came of it.

A page writes an errand down, the runner carries it out: pages ask no model themselves.
"""

import secrets
from dataclasses import dataclass
from typing import Any, Literal

from lessongen.store.database import Database
from lessongen.store.lessons import Now

ErrandKind = Literal["test_slots", "list_models"]
STALE_SECONDS = 300.0
"""An errand that nobody finished for so long is not carried out any more."""


@dataclass(frozen=True, slots=True)
class Errand:
    """An errand. Times are seconds since 1970; `result` is JSON of a form its kind decides."""

    id: str
    kind: ErrandKind
    asked_at: float
    asked_by: str
    begun_at: float | None = None
    finished_at: float | None = None
    result: str | None = None
    error: str | None = None

    @property
    def over(self) -> bool:
        """Say whether nothing more will come of it."""
        return self.finished_at is not None


class Errands:
    """All errands. Methods may be called from any thread; they raise StoreError."""

    def __init__(self, database: Database, now: Now) -> None:
        self._database = database
        self._now = now

    def ask(self, kind: ErrandKind, by: str) -> str:
        """Write an errand down and return its id; one of its kind that waits already is enough."""
        with self._database.transaction():
            if waiting := self._rows("kind = :kind AND finished_at IS NULL", kind=kind):
                return waiting[0]["id"]
            errand_id = secrets.token_hex(8)
            row = {"id": errand_id, "kind": kind, "asked_at": self._now(), "asked_by": by}
            self._database.insert("errands", [row])
        return errand_id

    def newest(self, kind: ErrandKind) -> Errand | None:
        """Return the newest errand of a kind."""
        rows = self._rows("kind = :kind", kind=kind)
        return Errand(**rows[0]) if rows else None

    def take(self) -> list[Errand]:
        """Return the errands that wait, and note that they are begun."""
        with self._database.transaction():
            rows = self._rows("begun_at IS NULL AND finished_at IS NULL")
            self._database.execute(
                "UPDATE errands SET begun_at = :now WHERE begun_at IS NULL", now=self._now()
            )
        return [Errand(**row) for row in rows]

    def finish(self, errand_id: str, result: str | None, error: str | None = None) -> None:
        """Keep what came of an errand."""
        self._database.execute(
            "UPDATE errands SET finished_at = :now, result = :result, error = :error "
            "WHERE id = :id",
            now=self._now(),
            result=result,
            error=error,
            id=errand_id,
        )

    def abandon(self) -> None:
        """End what was begun and not finished: whoever began it is gone."""
        self._database.execute(
            "UPDATE errands SET finished_at = :now, error = :error "
            "WHERE begun_at IS NOT NULL AND finished_at IS NULL",
            now=self._now(),
            error="The server stopped meanwhile. Please ask again.",
        )

    def _rows(self, condition: str, **values: object) -> list[dict[str, Any]]:
        return self._database.read(
            f"SELECT * FROM errands WHERE {condition} ORDER BY asked_at DESC, id",  # noqa: S608 (ours)
            **values,
        )
