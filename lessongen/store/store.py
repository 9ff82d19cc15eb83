"""The store: one database, and what is kept in it."""

import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from lessongen.store.attempts import AttemptLog
from lessongen.store.database import Database
from lessongen.store.lessons import LessonStore, Now
from lessongen.store.preferences import Preferences
from lessongen.store.slots import SlotBoard
from lessongen.store.sqlite import open_sqlite


class Store:
    """Everything that is kept. Safe to use from any thread."""

    def __init__(self, database: Database, now: Now = time.time) -> None:
        self.database = database
        self.now = now
        self.lessons = LessonStore(database, now)
        self.attempts = AttemptLog(database)
        self.preferences = Preferences(database, now)
        self.slots = SlotBoard(database, now)

    def close(self) -> None:
        """Close the database."""
        self.database.close()


@contextmanager
def opened_store(path: Path, now: Now = time.time) -> Generator[Store]:
    """Open the store on a file, and close it with the context.

    Raises:
        StoreError: where the file cannot be used; see `open_sqlite`.
    """
    store = Store(open_sqlite(path), now)
    try:
        yield store
    finally:
        store.close()
