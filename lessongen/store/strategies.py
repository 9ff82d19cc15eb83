"""The versions of the strategy: who saved which, when, what changed and why."""

from dataclasses import dataclass

from lessongen.store.database import Database
from lessongen.store.lessons import Now

FILES = "files"
"""Who saved a version that was read from the data folder."""


@dataclass(frozen=True, slots=True)
class StrategyVersion:
    """A version as stored: `strategy` is its TOML, `changes` sentences, one a line.

    `fingerprint` tells the files it was read from; None where a person saved it.
    """

    version: int
    saved_at: float
    saved_by: str
    why: str
    changes: str
    fingerprint: str | None
    strategy: str


class StrategyVersions:
    """Every version there was. Methods may be called from any thread; they raise StoreError."""

    def __init__(self, database: Database, now: Now) -> None:
        self._database = database
        self._now = now

    def add(
        self,
        strategy: str,
        *,
        by: str,
        why: str,
        changes: str,
        after: int,
        fingerprint: str | None = None,
    ) -> int | None:
        """Save a version and return its number; None where a newer one than `after` is there.

        `after` is the version that was edited, 0 where there was none.
        """
        with self._database.transaction():
            if self.newest_number() != after:
                return None
            row = {
                "version": after + 1,
                "saved_at": self._now(),
                "saved_by": by,
                "why": why,
                "changes": changes,
                "fingerprint": fingerprint,
                "strategy": strategy,
            }
            self._database.insert("strategies", [row])
        return after + 1

    def newest_number(self) -> int:
        """Return the number of the newest version, 0 where there is none."""
        rows = self._database.read("SELECT MAX(version) AS newest FROM strategies")
        return rows[0]["newest"] or 0

    def get(self, version: int) -> StrategyVersion | None:
        """Return a version, None where there is none of this number."""
        rows = self._database.read(
            "SELECT * FROM strategies WHERE version = :version", version=version
        )
        return StrategyVersion(**rows[0]) if rows else None

    def recent(self, limit: int = 50) -> list[StrategyVersion]:
        """Return the newest versions first."""
        rows = self._database.read(
            "SELECT * FROM strategies ORDER BY version DESC LIMIT :limit", limit=limit
        )
        return [StrategyVersion(**row) for row in rows]
