"""What an admin is editing: the version it began from, what the tables hold, and what is wrong."""

from dataclasses import dataclass, replace
from typing import cast

import streamlit as st

from lessongen.administration.edits_on_top import Tables, redone, tables, written_by
from lessongen.generation.strategy import Strategy
from lessongen.generation.strategy_changes import Change, differences
from lessongen.generation.strategy_tables import CellFault, edited

_DRAFT = "assignments-draft"


@dataclass(frozen=True, slots=True)
class Draft:
    """A strategy that is being edited.

    `base` is the version that was edited; `rest` says what the tables do not hold. The tables on
    the page began as `start` and hold `now`. Streamlit's tables can only be filled anew under
    another name: `number` is a part of it. `why` is the reason so far.
    """

    base: Strategy
    rest: Strategy
    start: Tables
    now: Tables
    number: int
    why: str = ""

    @property
    def result(self) -> Strategy | tuple[CellFault, ...]:
        """The strategy that the tables describe, or everything that is wrong with them."""
        rest = replace(self.rest, hedging=self.now.hedging)
        return edited(rest, self.now.assignments, self.now.slots)

    @property
    def faults(self) -> tuple[CellFault, ...]:
        """What is wrong with the tables."""
        result = self.result
        return () if isinstance(result, Strategy) else result

    @property
    def changes(self) -> tuple[Change, ...]:
        """What would change by saving; nothing while there are faults."""
        result = self.result
        return differences(self.base, result) if isinstance(result, Strategy) else ()

    @property
    def changed(self) -> bool:
        """Say whether anything would be lost without saving."""
        return bool(self.faults or self.changes)

    @property
    def version(self) -> int:
        """The number of the version that was edited."""
        return self.base.version or 0

    def filled(self, filling: Tables, *, base: Strategy, rest: Strategy, why: str = "") -> "Draft":
        """Return a draft whose tables are filled anew."""
        return Draft(base, rest, filling, filling, self.number + 1, why)

    def filled_with(self, strategy: Strategy) -> "Draft":
        """Return a draft of a version, without an edit."""
        return self.filled(tables(strategy), base=strategy, rest=strategy)

    def on_top_of(self, newest: Strategy) -> "Draft":
        """Return the same edits, on top of another version."""
        rest = self.rest if self.rest is not self.base else newest
        filling = redone(tables(self.base), self.now, tables(newest))
        return self.filled(filling, base=newest, rest=rest, why=self.why)


def current_draft(in_force: Strategy) -> Draft:
    """Return what is being edited; what is in force, where nobody began to edit."""
    kept = cast("Draft | None", st.session_state.get(_DRAFT))
    filling = tables(in_force)
    return kept or keep_draft(Draft(in_force, in_force, filling, filling, 0))


def keep_draft(draft: Draft) -> Draft:
    """Keep what is being edited for the next run of the page, and return it."""
    st.session_state[_DRAFT] = draft
    return draft


def drop_edits(in_force: Strategy) -> None:
    """Fill the tables with the version in force."""
    keep_draft(current_draft(in_force).filled_with(in_force))


def put_strategy(in_force: Strategy, proposed: Strategy, why: str) -> None:
    """Fill the tables with a whole strategy, to be looked at and saved."""
    draft = current_draft(in_force)
    keep_draft(draft.filled(tables(proposed), base=in_force, rest=proposed, why=why))


def put_slot(in_force: Strategy, part: str, slot: str) -> None:
    """Put another slot for a part into the table; the one it had is the first to fall back to."""
    draft = current_draft(in_force)
    filling = written_by(draft.now, part, slot)
    keep_draft(draft.filled(filling, base=draft.base, rest=draft.rest, why=draft.why))
