"""The SQLite adapter: one writer behind a lock, readers of their own, foreign errors ours."""

import sqlite3
import threading
from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, LifoQueue
from typing import Any, cast

import sqlite_utils
from filelock import FileLock, Timeout

from lessongen.errors import NewerDatabaseError, StoreError
from lessongen.store.database import Row
from lessongen.store.migrations import migrations

BUSY_SECONDS = 5.0
PREPARING_SECONDS = 30.0
_LARGEST = 2**63 - 1


def open_sqlite(
    path: Path,
    busy_seconds: float = BUSY_SECONDS,
    preparing_seconds: float = PREPARING_SECONDS,
) -> "SqliteDatabase":
    """Open a database, make it if it is not there, and bring it up to date.

    Safe when several processes start at once: they migrate one after another, and each waits up
    to `preparing_seconds` for its turn. A write waits up to `busy_seconds` for another program.

    Raises:
        StoreError: where the file cannot be opened, is no database, or is from the future.
    """
    with _translated(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        with _one_at_a_time(path, preparing_seconds):
            writer = _connected(path, busy_seconds)
            try:
                _refuse_newer(writer, path)
                writer.enable_wal()
                migrations.apply(writer)
            except BaseException:
                writer.close()
                raise
    return SqliteDatabase(path, writer, busy_seconds)


class SqliteDatabase:
    """A `Database` on one SQLite file."""

    def __init__(self, path: Path, writer: sqlite_utils.Database, busy_seconds: float) -> None:
        self._path = path
        self._writer = writer
        self._busy_seconds = busy_seconds
        self._writing = threading.RLock()
        self._readers = LifoQueue[sqlite_utils.Database]()
        self._closed = False

    def read(self, sql: str, **parameters: object) -> list[dict[str, Any]]:
        """Return the rows of a query; see `Database`."""
        with _translated(self._path), self._reader() as reader:
            return list(cast("Iterable[dict[str, Any]]", reader.query(sql, _storable(parameters))))

    def insert(self, table: str, rows: Sequence[Row]) -> None:
        """Add rows, all with the columns of the first; see `Database`.

        Not by sqlite-utils: it looks at every value, which takes three times as long.
        """
        if not rows:
            return
        columns, values = ", ".join(rows[0]), ", ".join(f":{column}" for column in rows[0])
        sql = f"INSERT INTO {table} ({columns}) VALUES ({values})"  # noqa: S608 (our names)
        with self.transaction():
            self._writer.conn.executemany(sql, map(_storable, rows))

    def upsert(self, table: str, row: Row, key: Sequence[str]) -> None:
        """Add a row or change it; see `Database`."""
        with self.transaction():
            self._table(table).upsert(_storable(row), pk=tuple(key))

    def execute(self, sql: str, **parameters: object) -> int:
        """Change rows; see `Database`."""
        with self.transaction():
            return self._writer.execute(sql, _storable(parameters)).rowcount

    @contextmanager
    def transaction(self) -> Generator[None]:
        """Make all writes inside happen together; see `Database`.

        The write lock is taken at the start: a transaction that reads first and writes later
        would fail at once, without waiting, whenever another process wrote in between.
        """
        with self._writing, _translated(self._path):
            if self._writer.conn.in_transaction:
                yield
                return
            self._writer.conn.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._writer.commit()
            except BaseException:
                self._writer.rollback()
                raise

    def close(self) -> None:
        """Close every connection; see `Database`."""
        self._closed = True
        with self._writing:
            self._writer.close()
        while True:
            try:
                self._readers.get_nowait().close()
            except Empty:
                return

    def _table(self, name: str) -> sqlite_utils.db.Table:
        return self._writer.table(name)

    @contextmanager
    def _reader(self) -> Generator[sqlite_utils.Database]:
        try:
            reader = self._readers.get_nowait()
        except Empty:
            reader = _connected(self._path, self._busy_seconds)
        try:
            yield reader
        finally:
            if self._closed:
                reader.close()
            else:
                self._readers.put(reader)


def _connected(path: Path, busy_seconds: float) -> sqlite_utils.Database:
    connection = sqlite3.connect(path, timeout=busy_seconds, check_same_thread=False)
    database = sqlite_utils.Database(connection, execute_plugins=False)
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA foreign_keys = ON")
    return database


def _refuse_newer(database: sqlite_utils.Database, path: Path) -> None:
    known = {step.name for step in migrations.pending(sqlite_utils.Database(memory=True))}
    applied = {step.name for step in migrations.applied(database)}
    if unknown := applied - known:
        raise NewerDatabaseError(
            f"The database {path.name} was written by a newer version of LessonGen "
            f"({', '.join(sorted(unknown))}). It was left as it is; please update LessonGen."
        )


def _storable(row: Row) -> dict[str, Any]:
    """Replace what no file keeps, so that nothing a server sends keeps the rest from being saved.

    A text cut within a character has lone surrogates; a count can have more than 64 bits.
    """
    return {name: _kept(value) for name, value in row.items()}


def _kept(value: object) -> object:
    match value:
        case str():
            return value.encode(errors="replace").decode()
        case int():
            return max(-_LARGEST - 1, min(value, _LARGEST))
        case _:
            return value


@contextmanager
def _one_at_a_time(path: Path, seconds: float) -> Generator[None]:
    """Keep other processes out: two migrations at once would both create the same tables."""
    with FileLock(path.with_name(f"{path.name}-migrating.lock"), timeout=seconds):
        yield


@contextmanager
def _translated(path: Path) -> Generator[None]:
    try:
        yield
    except (sqlite3.Error, OSError, Timeout) as error:
        raise StoreError(_sentence(error, path)) from error


def _sentence(error: Exception, path: Path) -> str:
    name = path.name
    if isinstance(error, Timeout):
        return f"The database {name} is being prepared by another process. Please try again."
    # The whole text of an OSError names the file, whose name can hold any of the signs.
    cause = error.strerror or "" if isinstance(error, OSError) else str(error)
    for sign, meaning in _MEANINGS.items():
        if sign in cause.lower():
            return f"The database {name} {meaning}"
    return f"The database {name} cannot be used ({type(error).__name__}: {cause})."


_NO_FOLDER = "cannot be opened. Please check that its folder exists and may be written."


_MEANINGS = {
    "locked": "is busy: another program is writing to it. Please try again in a moment.",
    "readonly": "may only be read. Please allow LessonGen to write to its folder.",
    "read-only": "is on a read-only disk. Please choose another place in LESSONGEN_DATABASE.",
    "full": "cannot grow: the disk is full. Please make room; nothing stored was lost.",
    "no space": "cannot grow: the disk is full. Please make room; nothing stored was lost.",
    "i/o error": "cannot be used: its disk reports an error. Please check the disk.",
    "not a database": "is not a database. Please move the file away; a new one will be made.",
    "malformed": "is damaged. Please restore a backup, or move it away; a new one will be made.",
    "unable to open": _NO_FOLDER,
    "not a directory": _NO_FOLDER,
    "file exists": _NO_FOLDER,
    "permission": "cannot be opened: permission denied. Please check who may use its folder.",
}
