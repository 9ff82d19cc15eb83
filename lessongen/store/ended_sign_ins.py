"""Sign-ins that were ended by hand: a copy of their cookie opens nothing, on any server."""

from hashlib import sha256

from lessongen.store.database import Database
from lessongen.store.lessons import Now


class EndedSignIns:
    """Marks of sign-ins, kept as digests only. Methods may be called from any thread.

    A mark is a text that no two sign-ins have in common. Methods raise StoreError.
    """

    def __init__(self, database: Database, now: Now) -> None:
        self._database = database
        self._now = now

    def add(self, mark: str, until: float) -> None:
        """Keep that a sign-in has ended, until a moment in seconds since 1970.

        Those whose moment has passed are forgotten.
        """
        with self._database.transaction():
            self._database.execute("DELETE FROM ended_sign_ins WHERE until < :now", now=self._now())
            self._database.upsert(
                "ended_sign_ins", {"mark": _digest(mark), "until": until}, ["mark"]
            )

    def has(self, mark: str) -> bool:
        """Say whether a sign-in was ended."""
        return bool(
            self._database.read(
                "SELECT 1 FROM ended_sign_ins WHERE mark = :mark", mark=_digest(mark)
            )
        )


def _digest(mark: str) -> str:
    return sha256(mark.encode()).hexdigest()
