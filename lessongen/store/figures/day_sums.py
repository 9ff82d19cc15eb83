"""The day sums as others see them: brought up to date, and kept small."""

from lessongen.store.database import Database
from lessongen.store.figures.retention import Retention
from lessongen.store.figures.summing import Summing
from lessongen.store.lessons import Now


class DaySums:
    """What lessons came to by the day. Methods may be called from any thread."""

    def __init__(self, database: Database, now: Now) -> None:
        self._summing = Summing(database, now)
        self.retention = Retention(database, now)

    def refresh(self) -> int:
        """Bring the figures up to date before they are read; return how many days had changed.

        Attempts that are older than they are to be kept are rolled up on the way.

        Raises:
            StoreError: where the database cannot.
        """
        changed = self._summing.refresh()
        self.retention.roll_up()
        return changed
