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
"""An errand that nobody began for so long is not carried out any more."""

_TOO_LATE = "Nobody carried it out in time. Please ask again."
_STOPPED = "The server stopped meanwhile. Please ask again."


@dataclass(frozen=True, slots=True)
class Errand:
    """An errand. Times are seconds since 1970; `result` is JSON of a form its kind decides.

    Before it is over, the result is what is known so far.
    """

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

    def stale(self, now: float) -> bool:
        """Say whether it is too late for anybody to carry it out."""
        return not self.over and now - self.asked_at > STALE_SECONDS


class Errands:
    """The newest errand of each kind. Methods may be called from any thread; raise StoreError."""

    def __init__(self, database: Database, now: Now) -> None:
        self._database = database
        self._now = now

    def ask(self, kind: ErrandKind, by: str) -> str:
        """Write an errand down and return its id; one of its kind that waits already is enough.

        What came of the one before is forgotten.
        """
        now = self._now()
        with self._database.transaction():
            newest = self.newest(kind)
            if newest and not newest.over and not newest.stale(now):
                return newest.id
            self._database.execute("DELETE FROM errands WHERE kind = :kind", kind=kind)
            errand_id = secrets.token_hex(8)
            row = {"id": errand_id, "kind": kind, "asked_at": now, "asked_by": by}
            self._database.insert("errands", [row])
        return errand_id

    def newest(self, kind: ErrandKind) -> Errand | None:
        """Return the newest errand of a kind."""
        found = self._found("kind = :kind", kind=kind)
        return found[0] if found else None

    def take(self) -> list[Errand]:
        """Return the errands that wait, and note that they are begun; stale ones are ended.

        Where none waits, nothing is written: a runner asks many times a second.
        """
        now = self._now()
        waiting = "begun_at IS NULL AND finished_at IS NULL"
        if not self._found(waiting):
            return []
        with self._database.transaction():
            found = self._found(waiting)
            self._database.execute(f"UPDATE errands SET begun_at = :now WHERE {waiting}", now=now)  # noqa: S608 (ours)
            for errand in found:
                if errand.stale(now):
                    self.finish(errand.id, None, _TOO_LATE)
        return [errand for errand in found if not errand.stale(now)]

    def note(self, errand_id: str, result: str) -> None:
        """Keep what is known so far."""
        self._database.execute(
            "UPDATE errands SET result = :result WHERE id = :id AND finished_at IS NULL",
            result=result,
            id=errand_id,
        )

    def finish(self, errand_id: str, result: str | None, error: str | None = None) -> None:
        """Keep what came of an errand; of one that is over, nothing more is kept."""
        self._database.execute(
            "UPDATE errands SET finished_at = :now, result = :result, error = :error "
            "WHERE id = :id AND finished_at IS NULL",
            now=self._now(),
            result=result,
            error=error,
            id=errand_id,
        )

    def abandon(self) -> None:
        """End what was begun and not finished: whoever began it is gone."""
        self._database.execute(
            "UPDATE errands SET finished_at = :now, result = NULL, error = :error "
            "WHERE begun_at IS NOT NULL AND finished_at IS NULL",
            now=self._now(),
            error=_STOPPED,
        )

    def _found(self, condition: str, **values: object) -> list[Errand]:
        rows: list[dict[str, Any]] = self._database.read(
            f"SELECT * FROM errands WHERE {condition} ORDER BY asked_at DESC, id",  # noqa: S608 (ours)
            **values,
        )
        return [Errand(**row) for row in rows]
