"""Made-up requests to made-up models: some are slow, some fail, some answers are better."""

from dataclasses import dataclass, field
from random import Random

from lessongen.lesson.prompts import BRIEF
from lessongen.store.database import Row

_TRIES = 3
# How often things happen, from 0 to 1.
_QUEUED, _FAILS_AGAIN = 0.3, 0.25
_ERRORS = ("Throttled", "Unavailable", "TimedOut", "Malformed", "Malformed", "Truncated", "Blocked")
_AGAIN = {"Malformed": "repair", "Truncated": "retry", "Unavailable": "retry"}


@dataclass(frozen=True, slots=True)
class Model:
    """How a made-up model is: seconds for an answer, how often it fails, dollars, how good."""

    slot: str
    model: str
    seconds: float
    fails: float
    cost: float
    score: float


_MODELS = {
    model.slot: model
    for model in (
        Model("primary", "gemini-3.8-flash", 5.5, 0.05, 0.0031, 92.0),
        Model("secondary", "gemini-3.5-flash-lite", 2.4, 0.03, 0.0006, 86.0),
        Model("experimental", "gemini-4-hydrogen", 7.0, 0.12, 0.0052, 89.0),
    )
}
_SLOTS = {
    BRIEF: "secondary",
    "reading": "primary",
    "discussion": "primary",
    "grammar": "primary",
    "dialogue": "experimental",
}
_FALLBACKS = {"primary": "secondary", "secondary": "primary", "experimental": "secondary"}


@dataclass(frozen=True, slots=True)
class Ended:
    """What came of a part: `written` is 1 or 0, `ends` in seconds since 1970."""

    model: Model
    reason: str
    ends: float
    written: int
    score: float | None


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of a part, and its requests as rows without their lesson."""

    ended: Ended
    requests: list[Row] = field(default_factory=list[Row])


@dataclass(frozen=True, slots=True)
class _Try:
    part: str
    model: Model
    reason: str
    begins: float
    queue: float
    seconds: float
    error: str | None
    score: float | None


class MadeUpRequests:
    """Asks made-up models; `pace` is how long they take, 1 for as long as they are said to."""

    def __init__(self, draw: Random, pace: float) -> None:
        self._draw = draw
        self._pace = pace

    def asked(self, part: str, begins: float) -> Answered:
        """Ask for a part until it is written, a few times at most."""
        slot, reason, now = _SLOTS.get(part, "secondary"), "first", begins
        rows: list[Row] = []
        for number in range(_TRIES):
            tried = self._tried(part, slot, reason, now, number)
            rows.append(self._row(tried))
            now += tried.queue + tried.seconds
            if tried.error is None:
                return Answered(Ended(tried.model, reason, now, 1, tried.score), rows)
            reason = _AGAIN.get(tried.error, "fallback")
            slot = _FALLBACKS[slot] if reason == "fallback" else slot
        return Answered(Ended(_MODELS[slot], reason, now, 0, None), rows)

    def _tried(self, part: str, slot: str, reason: str, now: float, number: int) -> _Try:
        draw, model = self._draw, _MODELS[slot]
        queue = draw.expovariate(4.0) if draw.random() < _QUEUED else 0.01
        seconds = draw.lognormvariate(0.0, 0.35) * model.seconds * self._pace
        fails = _FAILS_AGAIN if number else model.fails
        error = draw.choice(_ERRORS) if draw.random() < fails else None
        score = None if error or part == BRIEF else min(100.0, draw.gauss(model.score, 6.0))
        return _Try(part, model, reason, now, queue, seconds, error, score)

    def _row(self, tried: _Try) -> Row:
        draw, model = self._draw, tried.model
        counted = tried.error not in {"Throttled", "Unavailable"}
        return {
            "part": tried.part,
            "slot": model.slot,
            "model": model.model,
            "model_version": model.model,
            "reason": tried.reason,
            "prompt_version": "made-up",
            "started_at": tried.begins,
            "queue_ms": tried.queue * 1000,
            "first_text_ms": (tried.queue + tried.seconds * 0.3) * 1000 if counted else None,
            "total_ms": (tried.queue + tried.seconds) * 1000,
            "input_tokens": draw.randrange(600, 1800) if counted else None,
            "output_tokens": draw.randrange(200, 900) if counted else None,
            "thought_tokens": draw.randrange(0, 200) if counted else None,
            "cached_tokens": None,
            "cost_usd": model.cost * draw.uniform(0.7, 1.4) if counted else None,
            "outcome": "failed" if tried.error else "written",
            "error_class": tried.error,
            "error": None,
            "score": None if tried.score is None else round(tried.score),
        }
