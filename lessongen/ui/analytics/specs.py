"""Specs: what all charts share.

They are built once, without data: Altair takes far longer than drawing does. What depends on the
data comes as parameters of the spec.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import altair as alt
import pyarrow as pa

from lessongen.analytics.values import Figures

PICKED = "picked"
MARK = "mark"
ROWS = "rows"
_ROOM_FOR_LABELS = 1.32
_ROW_PIXELS, _AXIS_PIXELS = 32, 60

Columns = Mapping[str, Sequence[object]]
Spec = dict[str, Any]
Parameters = Mapping[str, float]


def no_parameters(_found: Figures) -> Parameters:
    """Return none: most charts need no more than their rows."""
    return {}


@dataclass(frozen=True, slots=True)
class Drawing:
    """How a chart is drawn: its rows, its spec, and how many pixels high these rows are.

    Every row has a `mark`: what is picked when somebody clicks it.
    """

    columns: Callable[[Figures], Columns]
    spec: Callable[[], Spec]
    height: Callable[[Columns], int]
    parameters: Callable[[Figures], Parameters] = field(default=no_parameters)


def table(columns: Columns) -> Any:
    """Return rows as Streamlit sends them; from a pandas frame it takes ten times as long."""
    return cast("Any", pa).table({name: list(values) for name, values in columns.items()})


def without_data(chart: Any) -> Spec:
    """Return the spec of a chart that gets its rows later."""
    spec: Spec = chart.to_dict()
    return {key: value for key, value in spec.items() if key not in {"data", "datasets", "config"}}


def with_parameters(spec: Spec, values: Parameters) -> Spec:
    """Return a spec with other values for its parameters."""
    if not values:
        return spec
    params = [
        {**param, "value": values[param["name"]]} if param["name"] in values else param
        for param in spec["params"]
    ]
    return {**spec, "params": params}


def base() -> Any:
    """Return a chart of rows that are given later."""
    return alt.Chart(alt.NamedData(name=ROWS))


def picking(**options: Any) -> Any:
    """Return the selection that tells which mark was clicked."""
    return alt.selection_point(name=PICKED, fields=[MARK], **options)


def parameter(name: str) -> Any:
    """Return a parameter whose value is given with the rows."""
    return alt.param(name=name, value=1.0)


def given(name: str) -> Any:
    """Return a reference to such a parameter."""
    return alt.ExprRef(name)


def room(values: Sequence[float]) -> float:
    """Return where an axis must end so that a label has room behind the longest bar."""
    return max(values, default=0.0) * _ROOM_FOR_LABELS or 1.0


def ink() -> Any:
    """Return the colour of words in a chart, on a light page and on a dark one.

    Streamlit gives its theme's colour to axes and legends only. Vega knows the background.
    """
    return alt.ExprRef("luminance(background) > 0.4 ? '#2B2A27' : '#ECE7DC'")


def tooltip(**fields: str) -> list[Any]:
    """Return lines of a tooltip: a column, and what it is called."""
    return [alt.Tooltip(f"{name}:N", title=title) for name, title in fields.items()]


def legend(columns: int = 2, **more: Any) -> Any:
    """Return a legend below the chart, where it takes no width on a phone."""
    return alt.Legend(orient="bottom", columns=columns, offset=4, labelLimit=260, **more)


def rows_height(columns: Columns, names: str = MARK) -> int:
    """Return the height of a chart with a row for each name."""
    return _ROW_PIXELS * len(set(columns[names])) + _AXIS_PIXELS
