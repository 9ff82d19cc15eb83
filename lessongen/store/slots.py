"""How the slots are, as the runner last said: which are open, which are not and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lessongen.generation.places import GateState
from lessongen.store.database import Database
from lessongen.store.lessons import Now


@dataclass(frozen=True, slots=True)
class SlotRecord:
    """A slot as it was at `told_at`. Times are seconds since 1970.

    `breaker` is closed, open or half_open; before `opens_at` the slot is not asked, for `reason`.
    One that is closed `by_hand` is not asked until an admin opens it.
    """

    name: str
    model: str
    breaker: str
    opens_at: float | None
    reason: str | None
    under_way: int
    places: int
    waiting: int
    requests_this_minute: int
    told_at: float
    by_hand: bool = False

    def closed_for(self, now: float) -> float:
        """Return the seconds for which it is not asked, 0 where it is."""
        return max(0.0, self.opens_at - now) if self.opens_at else 0.0


class SlotBoard:
    """The state of every slot. Methods may be called from any thread; they raise StoreError."""

    def __init__(self, database: Database, now: Now) -> None:
        self._database = database
        self._now = now

    def tell(self, states: Mapping[str, GateState]) -> None:
        """Replace what was known by the states as they are now."""
        now = self._now()
        rows = [_row(name, state, now) for name, state in states.items()]
        with self._database.transaction():
            self._database.execute("DELETE FROM slots")
            self._database.insert("slots", rows)

    def all(self) -> list[SlotRecord]:
        """Return the slots in the order of their names; none before a runner has worked."""
        rows = self._database.read("SELECT * FROM slots ORDER BY name")
        return [_record(row) for row in rows]


def _record(row: dict[str, Any]) -> SlotRecord:
    row["by_hand"] = bool(row["by_hand"])
    return SlotRecord(**row)


def _row(name: str, state: GateState, now: float) -> dict[str, object]:
    return {
        "name": name,
        "model": state.model,
        "breaker": state.breaker.value,
        "opens_at": now + state.opens_in if state.opens_in else None,
        "reason": state.reason,
        "under_way": state.under_way,
        "places": state.places,
        "waiting": state.waiting,
        "requests_this_minute": state.requests_this_minute,
        "told_at": now,
        "by_hand": int(state.by_hand),
    }
