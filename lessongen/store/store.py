"""The store: one database, and what is kept in it."""

import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from lessongen.store.attempts import AttemptLog
from lessongen.store.database import Database
from lessongen.store.ended_sign_ins import EndedSignIns
from lessongen.store.errands import Errands
from lessongen.store.figures.day_sums import DaySums
from lessongen.store.figures.lessons_behind import LessonsBehind
from lessongen.store.figures.readings import Readings
from lessongen.store.history import History
from lessongen.store.lessons import LessonStore, Now
from lessongen.store.own_lessons import OwnLessons
from lessongen.store.preferences import Preferences
from lessongen.store.ratings import Ratings
from lessongen.store.slot_orders import SlotOrders
from lessongen.store.slots import SlotBoard
from lessongen.store.sqlite import open_sqlite
from lessongen.store.strategies import StrategyVersions


class Store:
    """Everything that is kept. Safe to use from any thread."""

    def __init__(self, database: Database, now: Now = time.time) -> None:
        self.database = database
        self.now = now
        self.lessons = LessonStore(database, now)
        self.attempts = AttemptLog(database)
        self.history = History(database)
        self.preferences = Preferences(database, now)
        self.strategies = StrategyVersions(database, now)
        self.ratings = Ratings(database, now)
        self.slot_orders = SlotOrders(database, now)
        self.errands = Errands(database, now)
        self.slots = SlotBoard(database, now)
        self.ended_sign_ins = EndedSignIns(database, now)
        self.day_sums = DaySums(database, now)
        self.readings = Readings(database)
        self.lessons_behind = LessonsBehind(database)

    def lessons_of(self, owner: str) -> OwnLessons:
        """Return the lessons of one person."""
        return OwnLessons(self.database, self.now, owner)

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
