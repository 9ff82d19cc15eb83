"""Requests to models: who was asked, what failed, why again, how long it took, how good it was.

A request that was refused reached no model: it counts nowhere here. One that was cancelled, such
as the slower one of two, reached one, and neither succeeded nor failed.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Literal

from lessongen.analytics.shares import place_of
from lessongen.analytics.values import (
    DayUse,
    Known,
    ModelErrors,
    ModelUse,
    ModelWaits,
    ReasonUse,
    SectionScore,
)
from lessongen.generation.events import Outcome, Reason
from lessongen.store.figures.filters import day_of
from lessongen.store.figures.sums import AttemptDay, AttemptSums

_REFUSED: Outcome = "refused"
_FAILED: Outcome = "failed"
_DECIDED: tuple[Outcome, ...] = ("written", "failed")
_MILLISECONDS = 1000.0


def error_share(rows: Sequence[AttemptSums]) -> Known:
    """Return the share of requests that failed, and of how many that were answered or failed."""
    decided = sum(row.attempts for row in rows if row.outcome in _DECIDED)
    failed = sum(row.attempts for row in rows if row.outcome == _FAILED)
    return Known.of(failed, decided)


def reason_share(rows: Sequence[AttemptSums], reason: Reason) -> Known:
    """Return the share of requests that were made for a reason, and of how many."""
    asked = _asked(rows)
    total = sum(row.attempts for row in asked)
    return Known.of(sum(row.attempts for row in asked if row.reason == reason), total)


def wait(rows: Sequence[AttemptSums], where: Literal["queue_ms", "model_ms"]) -> Known:
    """Return the seconds a request spent in the queue or with the model, and of how many."""
    asked = _asked(rows)
    timed = sum(row.timed for row in asked)
    return Known.of(sum(getattr(row, where) for row in asked) / _MILLISECONDS, timed)


def model_use(rows: Sequence[AttemptSums]) -> tuple[ModelUse, ...]:
    """Return what each model was asked, the most asked first."""
    asked = _asked(rows)
    total = sum(row.attempts for row in asked)
    found = [
        ModelUse(
            model,
            requests := sum(row.attempts for row in mine),
            requests / total,
            sum(row.input_tokens for row in mine),
            sum(row.output_tokens for row in mine),
            sum(row.cost_usd for row in mine),
            sum(row.unpriced for row in mine),
        )
        for model, mine in _by_model(asked).items()
    ]
    return tuple(sorted(found, key=lambda use: (-use.requests, use.model)))


def day_use(rows: Iterable[AttemptDay]) -> tuple[DayUse, ...]:
    """Return what each model was asked on each day."""
    requests, failed = (
        defaultdict[tuple[int, str], int](int),
        defaultdict[tuple[int, str], int](int),
    )
    for row in rows:
        if row.outcome != _REFUSED:
            requests[row.day, row.model] += row.attempts
        if row.outcome == _FAILED:
            failed[row.day, row.model] += row.attempts
    return tuple(
        DayUse(day_of(day), model, requests[day, model], failed[day, model])
        for day, model in sorted(requests)
    )


def model_errors(rows: Sequence[AttemptSums]) -> tuple[ModelErrors, ...]:
    """Return how often each model failed with which class of error, the most frequent first."""
    decided = defaultdict[str, int](int)
    failed = defaultdict[tuple[str, str], int](int)
    for row in rows:
        if row.outcome in _DECIDED:
            decided[row.model] += row.attempts
        if row.outcome == _FAILED:
            failed[row.model, row.error_class] += row.attempts
    ranked = sorted(failed, key=lambda key: (-failed[key], key))
    return tuple(
        ModelErrors(
            model,
            error,
            failed[model, error],
            decided[model],
            failed[model, error] / decided[model],
        )
        for model, error in ranked
    )


def reason_use(rows: Sequence[AttemptSums]) -> tuple[ReasonUse, ...]:
    """Return for which reasons requests were made, the most frequent first."""
    counts = defaultdict[str, int](int)
    for row in _asked(rows):
        counts[row.reason] += row.attempts
    total = sum(counts.values())
    ranked = sorted(counts, key=lambda reason: (-counts[reason], reason))
    return tuple(ReasonUse(reason, counts[reason], counts[reason] / total) for reason in ranked)


def model_waits(rows: Sequence[AttemptSums]) -> tuple[ModelWaits, ...]:
    """Return how long requests waited for each model, and then took."""
    found: list[ModelWaits] = []
    for model, mine in _by_model(_asked(rows)).items():
        queue, asked = wait(mine, "queue_ms"), wait(mine, "model_ms")
        if queue.value is not None and asked.value is not None:
            found.append(ModelWaits(model, queue.count, queue.value, asked.value))
    return tuple(sorted(found, key=lambda waits: waits.model))


def section_scores(rows: Sequence[AttemptSums]) -> tuple[SectionScore, ...]:
    """Return how good the answers of each model to each section were, in lesson order."""
    answers = defaultdict[tuple[str, str], int](int)
    scores = defaultdict[tuple[str, str], float](float)
    for row in rows:
        if row.scored:
            answers[row.part, row.model] += row.scored
            scores[row.part, row.model] += row.score_sum
    ordered = sorted(answers, key=lambda key: (place_of(key[0]), key[1]))
    return tuple(SectionScore(*key, answers[key], scores[key] / answers[key]) for key in ordered)


def _asked(rows: Iterable[AttemptSums]) -> list[AttemptSums]:
    return [row for row in rows if row.outcome != _REFUSED]


def _by_model(rows: Iterable[AttemptSums]) -> dict[str, list[AttemptSums]]:
    found = defaultdict[str, list[AttemptSums]](list)
    for row in rows:
        found[row.model].append(row)
    return found
