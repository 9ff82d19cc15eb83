"""The tables of a strategy as an admin edits and saves them, and what they are filled with."""

from dataclasses import replace
from typing import Any, cast

from streamlit.testing.v1 import AppTest

from lessongen.administration.strategy_in_force import StrategyInForce
from lessongen.generation.strategy import Strategy
from lessongen.lesson.parts import PARTS
from lessongen.ui.assignments.view import TAB, VERSIONS
from lessongen.ui.resources import services
from tests.app.screen import (
    field,
    pressed,
    text_of,
)

ADA = "ada@school.org"
SAVE = "Save as a new version"
READING = PARTS.index("reading")
ASSIGNMENTS, SLOTS, HEDGING = "assignments-table-", "slots-table-", "assignments-hedging-"


def strategies() -> StrategyInForce:
    return services().strategies


def in_force() -> Strategy:
    return services().strategy


def tables(page: AppTest) -> tuple[str, str]:
    """Return the keys of the table of assignments and of that of slots."""
    keys = [str(table.key) for table in page.data_editor]
    [assignments] = [key for key in keys if key.startswith(ASSIGNMENTS)]
    [slots] = [key for key in keys if key.startswith(SLOTS)]
    return assignments, slots


def typed(
    page: AppTest,
    table: str,
    *,
    rows: dict[int, Any] | None = None,
    added: Any = (),
    gone: Any = (),
) -> AppTest:
    """Edit a table as the browser tells it: cells by row, rows that were added, rows gone."""
    before = page.session_state[table]
    page.session_state[table] = {
        "edited_rows": {**before["edited_rows"], **(rows or {})},
        "added_rows": [*before["added_rows"], *added],
        "deleted_rows": [*before["deleted_rows"], *gone],
    }
    return page.run()


def assigned(page: AppTest, part: str = "reading", **cells: object) -> AppTest:
    """Edit the row of a part in the table of assignments."""
    return typed(page, tables(page)[0], rows={PARTS.index(part): cells})


def saved(page: AppTest, why: str = "a try") -> AppTest:
    field(page.text_input, "Why").set_value(why)
    return pressed(page, SAVE)


def shown(page: AppTest, part: str, column: str) -> object:
    """Return what the table of assignments was filled with."""
    frame = page.data_editor(key=tables(page)[0]).value
    value = cast("list[Any]", frame[column].tolist())[PARTS.index(part)]
    return list(value) if column in {"fallbacks", "waits_for"} else value


def saved_elsewhere(part: str, by: str = ADA, why: str = "quicker", **fields: object) -> int:
    """Save a version as another admin does at the same time."""
    newest = in_force()
    changed = newest.assignments[part].model_copy(update=fields)
    strategy = replace(newest, assignments={**newest.assignments, part: changed})
    number = strategies().save(strategy, by=by, why=why, after=newest.version or 0)
    assert isinstance(number, int)
    return number


def box(page: AppTest, key: str) -> str:
    return str(text_of(page.container(key=key)))  # pyright: ignore[reportArgumentType] - has the same lists


def read(text: str) -> str:
    """Return text as it is read: without what keeps it from acting."""
    return text.replace("\\", "").replace("\u2060", "")


def to_versions(page: AppTest) -> AppTest:
    page.session_state[TAB] = VERSIONS
    return page.run()
