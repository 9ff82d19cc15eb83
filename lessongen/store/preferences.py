"""Settings that are changed while running, by name."""

from dataclasses import dataclass

from lessongen.store.database import Database
from lessongen.store.lessons import Now


@dataclass(frozen=True, slots=True)
class LastChange:
    """When a setting was last set, in seconds since 1970, and by whom where that is known."""

    at: float
    by: str | None


class Preferences:
    """Named settings as text. Methods may be called from any thread; they raise StoreError."""

    def __init__(self, database: Database, now: Now) -> None:
        self._database = database
        self._now = now

    def get(self, name: str) -> str | None:
        """Return a setting, None where it was never set."""
        rows = self._database.read("SELECT value FROM settings WHERE name = :name", name=name)
        return rows[0]["value"] if rows else None

    def set(self, name: str, value: str, by: str | None = None) -> None:
        """Set it, and note when, and by whom."""
        row = {"name": name, "value": value, "changed_at": self._now(), "changed_by": by}
        self._database.upsert("settings", row, ["name"])

    def last_change(self, name: str) -> LastChange | None:
        """Return who set it last, and when; None where it was never set."""
        rows = self._database.read(
            "SELECT changed_at, changed_by FROM settings WHERE name = :name", name=name
        )
        return LastChange(rows[0]["changed_at"], rows[0]["changed_by"]) if rows else None
