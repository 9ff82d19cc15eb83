"""Slots that an admin opened or closed by hand; the runner carries it out."""

from dataclasses import dataclass

from lessongen.people import LOCAL
from lessongen.store.database import Database
from lessongen.store.lessons import Now


@dataclass(frozen=True, slots=True)
class SlotOrder:
    """An order for a slot, `given_at` seconds since 1970. A newer one replaces it."""

    slot: str
    closed: bool
    given_at: float
    given_by: str

    @property
    def reason(self) -> str:
        """Why the slot is not asked, for whoever meets it closed."""
        by = "" if self.given_by == LOCAL else f" by {self.given_by}"
        return f"closed by hand{by}"


class SlotOrders:
    """The newest order for each slot. Methods may be called from any thread; they raise StoreError.

    An order to close holds until the slot is opened, over a restart too.
    """

    def __init__(self, database: Database, now: Now) -> None:
        self._database = database
        self._now = now

    def give(self, slot: str, *, closed: bool, by: str) -> None:
        """Order a slot to be closed or opened."""
        row = {"slot": slot, "closed": int(closed), "given_at": self._now(), "given_by": by}
        self._database.upsert("slot_orders", row, ["slot"])

    def all(self) -> list[SlotOrder]:
        """Return the orders in the order of their slots."""
        rows = self._database.read("SELECT * FROM slot_orders ORDER BY slot")
        return [
            SlotOrder(row["slot"], bool(row["closed"]), row["given_at"], row["given_by"])
            for row in rows
        ]
