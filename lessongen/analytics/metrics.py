"""What every figure means: its name, its unit, and a sentence that defines it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from lessongen.analytics.wording import Unit
from lessongen.store.figures.filters import Filters

NOT_NARROWED = (
    "A model or a section is chosen. Figures of whole lessons – times, cost of a lesson, stars of "
    "a lesson, modes, cohorts and versions – are still those of all lessons that the other "
    "filters leave in: every lesson has many sections and models."
)

NOTHING_PAID = "Nothing is paid for samples: this is what they would cost."


@dataclass(frozen=True, slots=True)
class Metric:
    """A figure of the headline; `better` says which way is good, None where neither is."""

    key: str
    title: str
    unit: Unit
    definition: str
    better: Literal["more", "less"] | None = None
    of: str = "lesson"
    """What its count counts."""


METRICS: Mapping[str, Metric] = {
    metric.key: metric
    for metric in (
        Metric(
            "lessons",
            "Lessons",
            "lessons",
            "Lessons asked for in the period that have ended, whatever came of them.",
        ),
        Metric(
            "completed",
            "Complete lessons",
            "share",
            "The share of lessons with every section, of all that nobody cancelled.",
            "more",
        ),
        Metric(
            "seconds",
            "Average generation time",
            "seconds",
            "From the moment a lesson is begun until it is finished, on average over complete "
            "lessons. Breaks of more than a minute, as after a restart, and lessons whose missing "
            "sections were asked for again are left out.",
            "less",
        ),
        Metric(
            "p50",
            "Median time",
            "seconds",
            "Half of the complete lessons took no longer than this.",
            "less",
        ),
        Metric(
            "p95",
            "95 % are done within",
            "seconds",
            "95 of 100 complete lessons took no longer than this.",
            "less",
        ),
        Metric(
            "success",
            "Sections written",
            "share",
            "The share of sections that were written, of all that were asked for in lessons that "
            "nobody cancelled.",
            "more",
            "section",
        ),
        Metric(
            "errors",
            "Error rate",
            "share",
            "The share of requests to models that failed, of all that were answered or failed. "
            "Another request may have mended it.",
            "less",
            "request",
        ),
        Metric(
            "cost",
            "Cost per lesson",
            "dollars",
            "What the requests for a lesson cost, in US dollars, on average over lessons whose "
            "cost is known, whatever came of them.",
            "less",
        ),
        Metric(
            "stars",
            "Satisfaction",
            "stars",
            "The stars teachers gave to whole lessons, one to five, on average.",
            "more",
            "rating",
        ),
        Metric(
            "score",
            "Quality score",
            "points",
            "What our own checks think of a lesson, from 0 to 100, on average.",
            "more",
        ),
        Metric(
            "saved",
            "Time saved per lesson",
            "seconds",
            "How much longer the same sections take one after another: the sum of their times "
            "less the time they took side by side, on average over complete parallel lessons.",
            "more",
        ),
        Metric(
            "fallbacks",
            "Fallbacks",
            "share",
            "The share of requests that went to another model because the first one could not.",
            "less",
            "request",
        ),
        Metric(
            "repairs",
            "Repairs",
            "share",
            "The share of requests that asked a model to mend an answer that could not be used.",
            "less",
            "request",
        ),
        Metric(
            "queue",
            "Time in the queue",
            "seconds",
            "How long a request waits for its turn, within the limits of a slot, on average.",
            "less",
            "request",
        ),
        Metric(
            "model",
            "Time with the model",
            "seconds",
            "How long a request takes from its turn to the end of its answer, on average.",
            "less",
            "request",
        ),
    )
}


def metric_of(key: str, filters: Filters) -> Metric:
    """Return a figure as it is called among lessons or samples: those cost nothing."""
    metric = METRICS[key]
    if not filters.sample or metric.unit != "dollars":
        return metric
    told = f"{metric.definition} {NOTHING_PAID}"
    return replace(metric, title="A lesson would cost", definition=told)
