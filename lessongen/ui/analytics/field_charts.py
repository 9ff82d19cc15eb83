"""Charts of fields, one thing against models: the darker, the more, and the figure in each."""

from functools import lru_cache

import altair as alt

from lessongen.analytics.values import Figures
from lessongen.analytics.wording import error_words, with_unit
from lessongen.lesson.parts import part_title
from lessongen.ui.analytics.bar_charts import names
from lessongen.ui.analytics.marks import error_name, score_name
from lessongen.ui.analytics.specs import (
    MARK,
    Columns,
    Drawing,
    Spec,
    base,
    ink,
    picking,
    rows_height,
    tooltip,
    without_data,
)
from lessongen.wording import counted

_NAMES_PIXELS = 50
# A name is broken behind every second hyphen: several fit side by side on a phone.
_IN_LINES = "split(replace(datum.label, regexp('([^-]+-[^-]+-)', 'g'), '$1 '), ' ')"
_GREEN = "#3F8F7D"
_PALEST, _DARKEST = 0.08, 0.6


def _errors(found: Figures) -> Columns:
    rows = found.errors
    return {
        MARK: [error_name(row.model, row.error) for row in rows],
        "row": [error_words(row.error) for row in rows],
        "model": [row.model for row in rows],
        "value": [row.share for row in rows],
        "told": [with_unit(row.share, "share") for row in rows],
        "about": [f"{row.failed:,} of {counted(row.requests, 'request')}" for row in rows],
    }


def _scores(found: Figures) -> Columns:
    rows = found.scores
    return {
        MARK: [score_name(row.section, row.model) for row in rows],
        "row": [part_title(row.section) for row in rows],
        "model": [row.model for row in rows],
        "value": [row.score for row in rows],
        "told": [f"{row.score:.0f}" for row in rows],
        "about": [counted(row.answers, "answer") for row in rows],
    }


@lru_cache(maxsize=2)
def _fields(row: str, value: str) -> Spec:
    fields = base().encode(
        x=alt.X(
            "model:N",
            title=None,
            axis=alt.Axis(labelAngle=0, labelExpr=_IN_LINES, labelOverlap=False, labelFlush=False),
        ),
        y=names("row"),
        tooltip=tooltip(row=row, model="model", told=value, about="in all"),
    )
    shade = alt.Scale(range=[_PALEST, _DARKEST], zero=False)
    return without_data(
        alt.layer(
            fields.mark_rect(color=_GREEN, cursor="pointer", cornerRadius=3, stroke=None)
            .encode(opacity=alt.Opacity("value:Q", scale=shade, legend=None))
            .add_params(picking()),
            fields.mark_text(color=ink()).encode(text="told:N"),
        )
    )


def _height(columns: Columns) -> int:
    return rows_height(columns, "row") + _NAMES_PIXELS


ERRORS = Drawing(_errors, lambda: _fields("error", "share that failed"), _height)
SCORES = Drawing(_scores, lambda: _fields("section", "score"), _height)
