"""The port to a database: what the store needs of one, and nothing of any particular one."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

Row = Mapping[str, Any]


class Database(Protocol):
    """A database. Every method may be called from any thread.

    SQL names its parameters `:like_this` and keeps to what SQLite and PostgreSQL both accept.
    All methods raise StoreError with a sentence when the database cannot do it.
    """

    def read(self, sql: str, **parameters: object) -> list[dict[str, Any]]:
        """Return the rows of a query."""
        ...

    def insert(self, table: str, rows: Sequence[Row]) -> None:
        """Add rows."""
        ...

    def upsert(self, table: str, row: Row, key: Sequence[str]) -> None:
        """Add a row, or change the one with the same key."""
        ...

    def execute(self, sql: str, **parameters: object) -> int:
        """Change rows; return how many."""
        ...

    def transaction(self) -> AbstractContextManager[None]:
        """All writes of this thread inside the context happen together or not at all."""
        ...

    def close(self) -> None:
        """Close every connection."""
        ...
