"""Charts of seconds side by side: modes, queue and model, cohorts, versions."""

from collections.abc import Callable
from functools import lru_cache

import altair as alt

from lessongen.analytics.values import Figures, GroupFigures
from lessongen.analytics.wording import with_unit
from lessongen.ui.analytics.bar_charts import (
    ROOM,
    bars,
    bars_with_figures,
    drawing,
    lengths,
    names,
    room_of,
)
from lessongen.ui.analytics.specs import (
    MARK,
    Columns,
    Drawing,
    Spec,
    base,
    ink,
    legend,
    parameter,
    picking,
    rows_height,
    tooltip,
    without_data,
)
from lessongen.wording import counted

_LEGEND_PIXELS = 30
_SECONDS = "seconds on average"
_QUEUE, _MODEL = "in the queue", "with the model"
_TAKEN, _RECKONED = "taken", "reckoned from parallel ones"
_IN_TURN = "one after another"


def _groups(field: str) -> Callable[[Figures], Columns]:
    """Return what gives the average times of groups."""

    def columns(found: Figures) -> Columns:
        groups: tuple[GroupFigures, ...] = getattr(found, field)
        timed = [group for group in groups if group.seconds is not None]
        return bars(
            [group.name for group in timed],
            [group.seconds or 0.0 for group in timed],
            "seconds",
            [counted(group.lessons, "lesson") for group in timed],
        ) | {
            "half": [with_unit(group.p50, "seconds") for group in timed],
            "nearly": [with_unit(group.p95, "seconds") for group in timed],
        }

    return columns


def _modes(found: Figures) -> Columns:
    """Return a bar for each mode, and one for what parallel lessons take one after another."""
    rows = [
        (group, name, seconds, kind)
        for group in found.modes
        for name, seconds, kind in (
            (group.name, group.seconds, _TAKEN),
            (_IN_TURN, group.in_turn, _RECKONED),
        )
        if seconds is not None and (kind == _TAKEN or group.key == "parallel")
    ]
    drawn = bars(
        [name for _, name, _, _ in rows],
        [seconds for _, _, seconds, _ in rows],
        "seconds",
        [counted(group.lessons, "lesson") for group, _, _, _ in rows],
    )
    return drawn | {
        "name": drawn[MARK],
        MARK: [group.name for group, _, _, _ in rows],
        "kind": [kind for _, _, _, kind in rows],
    }


def _waits(found: Figures) -> Columns:
    """Return two rows for each model: its queue, and itself."""
    twice = [row for row in found.waits for _ in range(2)]
    return {
        MARK: [row.model for row in twice],
        "place": [0, 1] * len(found.waits),
        "kind": [_QUEUE, _MODEL] * len(found.waits),
        "value": [s for row in found.waits for s in (row.queue, row.model_seconds)],
        "total": [row.queue + row.model_seconds for row in twice],
        "told": [
            f"{with_unit(row.queue, 'seconds')} + {with_unit(row.model_seconds, 'seconds')}"
            for row in twice
        ],
        "about": [counted(row.requests, "request") for row in twice],
    }


@lru_cache(maxsize=1)
def _groups_spec() -> Spec:
    told = tooltip(mark="lessons", about="in all", told="average", half="p50", nearly="p95")
    return bars_with_figures(base().encode(y=names(), x=lengths(_SECONDS), tooltip=told))


@lru_cache(maxsize=1)
def _modes_spec() -> Spec:
    told = tooltip(name="lessons", told="average", kind="how", about="in all")
    kinds = alt.Scale(domain=[_TAKEN, _RECKONED])
    return bars_with_figures(
        base().encode(y=names("name"), x=lengths(_SECONDS), tooltip=told),
        color=alt.Color("kind:N", title=None, scale=kinds, legend=legend(1)),
    )


@lru_cache(maxsize=1)
def _waits_spec() -> Spec:
    told = tooltip(mark="model", told="queue + model", about="in all")
    kinds = alt.Scale(domain=[_QUEUE, _MODEL])
    rows = base().encode(y=names(), tooltip=told)
    stacked = rows.mark_bar(height={"band": 0.62}, cursor="pointer").encode(
        x=lengths(_SECONDS, stack="zero"),
        color=alt.Color("kind:N", title=None, scale=kinds, legend=legend()),
        order=alt.Order("place:Q"),
    )
    figures = (
        rows.transform_filter("datum.place == 1")
        .mark_text(align="left", dx=6, color=ink())
        .encode(x="total:Q", text="told:N")
    )
    layers = alt.layer(stacked.add_params(picking()), figures)
    return without_data(layers.add_params(parameter(ROOM)))


def _modes_height(columns: Columns) -> int:
    return rows_height(columns, "name") + 2 * _LEGEND_PIXELS


def _waits_height(columns: Columns) -> int:
    return rows_height(columns) + _LEGEND_PIXELS


COHORTS = drawing(_groups("cohorts"), _groups_spec)
VERSIONS = drawing(_groups("versions"), _groups_spec)
MODES = Drawing(_modes, _modes_spec, _modes_height, room_of(_modes))
WAITS = Drawing(_waits, _waits_spec, _waits_height, room_of(_waits, "total"))
