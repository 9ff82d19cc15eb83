"""A real database that fails when a test wants it to."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from threading import Event
from typing import Any

from lessongen.errors import StoreError
from lessongen.store.database import Database, Row

PATIENCE_SECONDS = 60.0


class FlakyDatabase:
    """A database that fails the next so many writes, reads or both, then works again.

    Attempts are kept only while `attempts_wait` is set; `attempts_came` says that some came.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self.failing_writes: float = 0
        self.failing_reads: float = 0
        self.failures = 0
        self.attempts_came, self.attempts_wait = Event(), Event()
        self.attempts_wait.set()

    def read(self, sql: str, **parameters: object) -> list[dict[str, Any]]:
        if self.failing_reads > 0:
            self.failing_reads -= 1
            self._fail()
        return self._database.read(sql, **parameters)

    def insert(self, table: str, rows: Sequence[Row]) -> None:
        self._write()
        self._database.insert(table, rows)

    def upsert(self, table: str, row: Row, key: Sequence[str]) -> None:
        self._write()
        self._database.upsert(table, row, key)

    def execute(self, sql: str, **parameters: object) -> int:
        if "INTO attempts" in sql:
            self.attempts_came.set()
            self.attempts_wait.wait(PATIENCE_SECONDS)
        self._write()
        return self._database.execute(sql, **parameters)

    def transaction(self) -> AbstractContextManager[None]:
        return self._database.transaction()

    def close(self) -> None:
        self._database.close()

    def _write(self) -> None:
        if self.failing_writes > 0:
            self.failing_writes -= 1
            self._fail()

    def _fail(self) -> None:
        self.failures += 1
        raise StoreError("The database lessons.db is busy.")
