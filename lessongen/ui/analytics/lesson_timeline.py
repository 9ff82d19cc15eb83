"""The timeline of one lesson: every request to a model, its queue, its first text, its end."""

from functools import lru_cache

import altair as alt
import streamlit as st

from lessongen.analytics.wording import error_words, reason_name, with_unit
from lessongen.lesson.parts import part_title
from lessongen.store.figures.lessons_behind import LessonTimeline, TimelineAttempt
from lessongen.ui.analytics.bar_charts import names
from lessongen.ui.analytics.specs import (
    Columns,
    Spec,
    base,
    legend,
    rows_height,
    table,
    tooltip,
    without_data,
)
from lessongen.ui.analytics.unbroken import unbroken
from lessongen.wording import counted

_QUEUE, _THINKING, _WRITING = "in the queue", "until the first text", "writing"
_SHADES = {_QUEUE: 0.22, _THINKING: 0.55, _WRITING: 1.0}
_USUAL = ("first", "written")
_LEGEND_PIXELS = 90


def lesson_timeline(found: LessonTimeline) -> None:
    """Draw the requests of a lesson side by side, and say which did not go as usual."""
    if not found.kept:
        st.markdown("Single requests of this lesson are not kept any more, only their sums.")
    if not found.attempts:
        return
    told = _sentence(found)
    st.caption(unbroken(told))
    columns = _columns(found.attempts)
    with st.container(key="lesson-timeline"):
        st.vega_lite_chart(
            table(columns),
            _spec(),
            height=rows_height(columns, "row") + _LEGEND_PIXELS,
            alt=f"Timeline of a lesson. {told}",
        )
    unusual = [a for a in found.attempts if (a.reason, a.outcome) != _USUAL]
    st.markdown("\n".join(f"- {unbroken(_told(attempt))}" for attempt in unusual))


def _sentence(found: LessonTimeline) -> str:
    attempts = found.attempts
    ends = max(attempt.ends for attempt in attempts)
    queued = max(attempt.admitted - attempt.begins for attempt in attempts)
    texts = [attempt.first_text for attempt in attempts if attempt.first_text is not None]
    first = f" The first text came after {with_unit(min(texts), 'seconds')}." if texts else ""
    return (
        f"{counted(len(attempts), 'request')} in {with_unit(ends, 'seconds')}; the longest wait "
        f"in a queue was {with_unit(queued, 'seconds')}.{first}"
    )


def _told(attempt: TimelineAttempt) -> str:
    """Say what came of a request that was not the first, or was not written."""
    error = f" ({error_words(attempt.error_class)})" if attempt.error_class else ""
    taken = with_unit(attempt.ends - attempt.begins, "seconds")
    return (
        f"{part_title(attempt.part)}: {reason_name(attempt.reason)} request to {attempt.model}, "
        f"{attempt.outcome}{error} after {taken}"
    )


def _columns(attempts: tuple[TimelineAttempt, ...]) -> Columns:
    """Return up to three rows for each request: queue, until the first text, writing."""
    together = _part_by_part(attempts)
    rows = [
        (attempt, name, stage, begins, ends)
        for attempt, name in zip(together, _row_names(together), strict=True)
        for stage, begins, ends in _stages(attempt)
        if ends > begins or stage == _WRITING
    ]
    return {
        "row": [name for _, name, _, _, _ in rows],
        "stage": [stage for _, _, stage, _, _ in rows],
        "begins": [begins for _, _, _, begins, _ in rows],
        "ends": [ends for _, _, _, _, ends in rows],
        "took": [with_unit(ends - begins, "seconds") for _, _, _, begins, ends in rows],
        "model": [attempt.model for attempt, *_ in rows],
        "slot": [attempt.slot for attempt, *_ in rows],
        "reason": [reason_name(attempt.reason) for attempt, *_ in rows],
        "outcome": [_outcome(attempt) for attempt, *_ in rows],
        "total": [with_unit(attempt.ends - attempt.begins, "seconds") for attempt, *_ in rows],
    }


def _stages(attempt: TimelineAttempt) -> tuple[tuple[str, float, float], ...]:
    """Return when each stage began and ended; without any text there is no writing."""
    end = attempt.ends
    admitted = min(attempt.admitted, end)
    first = end if attempt.first_text is None else min(max(attempt.first_text, admitted), end)
    return (
        (_QUEUE, attempt.begins, admitted),
        (_THINKING, admitted, first),
        (_WRITING, first, end),
    )


def _part_by_part(attempts: tuple[TimelineAttempt, ...]) -> list[TimelineAttempt]:
    """Return requests for one part beside each other, the parts as they were begun."""
    places = list(dict.fromkeys(attempt.part for attempt in attempts))
    return sorted(attempts, key=lambda attempt: places.index(attempt.part))


def _row_names(attempts: list[TimelineAttempt]) -> list[str]:
    """Return a name of its own for every request."""
    seen: dict[str, int] = {}
    found: list[str] = []
    for attempt in attempts:
        part, reason = part_title(attempt.part), reason_name(attempt.reason)
        name = part if attempt.reason == "first" else f"{part}, {reason}"
        seen[name] = seen.get(name, 0) + 1
        found.append(name if seen[name] == 1 else f"{name} {seen[name]}")
    return found


def _outcome(attempt: TimelineAttempt) -> str:
    return error_words(attempt.error_class) if attempt.error_class else attempt.outcome


@lru_cache(maxsize=1)
def _spec() -> Spec:
    # Of the type “ordinal”: the usual one for opacity knows only a first and a last shade.
    stages = alt.Scale(type="ordinal", domain=[*_SHADES], range=[*_SHADES.values()])
    told = tooltip(
        row="part",
        reason="reason",
        model="model",
        slot="slot",
        outcome="outcome",
        stage="stage",
        took="stage took",
        total="in all",
    )
    scale = alt.Scale(domainMin=0, nice=False)
    bars = (
        base()
        .mark_bar(height={"band": 0.62})
        .encode(
            x=alt.X("begins:Q", title="seconds", scale=scale, axis=alt.Axis(tickCount=6)),
            x2="ends:Q",
            y=names("row"),
            opacity=alt.Opacity("stage:N", title=None, scale=stages, legend=legend(1)),
            tooltip=told,
        )
    )
    return without_data(bars)
