"""Suggests which slot should write a part, from what was measured; nothing is changed by it.

For each part, every other slot that is switched on is compared with the one that writes now, as
`comparisons` says, in this order: success, quality score, stars of teachers, time, cost.

- Enough: a slot is compared from 30 answers on, and a measure from 30 values on each side.
- Better: a slot is suggested where it is better in something that matters, by a difference worth
  a change (2 points of success or score, 0.2 stars, 5 % of time or cost) whose interval excludes
  zero; and where nothing else is worse by more than is tolerated (2 points, 0.2 stars, 20 %), nor
  may be far worse (95 %: 10 points of success, 5 of score). A slower slot must still leave the
  fallbacks their share of the deadline. What is known of the slot that writes now, stars apart,
  must be known of the other too: a model of unknown cost is not suggested.
- Many comparisons: parts times slots times measures, so that at 95 % each some would come out by
  chance. All of them share 5 % (Bonferroni): with 60 comparisons each interval has 99.92 %. That
  is stricter than Holm's order, which gives no intervals to show. It holds for pressing once;
  who presses daily until something comes up is more often misled.
- Fair: fallback, hedge and retry answers come in hard moments and have less time. Where a slot has
  30 answers that were asked first, these alone count; otherwise its others do, and the suggestion
  says so. They are never added together. Repairs and second passes answer another question and
  never count. With hedging on, an attempt that lost the race is neither success nor failure.
- No experiment: slots were asked at other times and for other lessons, so a bad day of one of them
  can look like a bad slot. A suggestion is a reason to try, for people to weigh.
- Changed: only answers by the model that the slot has now count. That a slot's level of thinking
  was changed is not known of an attempt.
- Switched off: such slots are no candidates. Slots that a part does not list are, where teachers'
  own choices, or an earlier strategy, gave them answers.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from lessongen.analytics.comparisons import (
    ENOUGH,
    RULES,
    Evidence,
    comparable,
    compared,
    known_measures,
    lacking,
)
from lessongen.analytics.suggestion_words import kept_sentence, proposed_sentence
from lessongen.generation.events import Reason
from lessongen.generation.strategy import Strategy, reserve_seconds
from lessongen.store.history import History, PartHistory

SHARED_ERROR = 0.05
"""The probability that any comparison at all finds a difference where there is none."""

_FIRST: tuple[Reason, ...] = ("first",)
_SECOND_CHOICE: tuple[Reason, ...] = ("retry", "fallback", "hedge")


@dataclass(frozen=True, slots=True)
class RecentHistory:
    """What attempts tell: those asked first, and those asked for when another was late or failed.

    Both ask the same question; a repair or a second pass asks another.
    """

    first: Sequence[PartHistory]
    second_choice: Sequence[PartHistory]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A slot for a part, why, and on what evidence; the slot that writes now comes first there."""

    part: str
    current: str
    slot: str
    reason: str
    evidence: tuple[Evidence, ...]

    @property
    def keeps(self) -> bool:
        """Say whether all should stay as it is."""
        return self.slot == self.current

    @property
    def to_weigh(self) -> bool:
        """Say whether a slot is better in one thing and worse in another: people must decide."""
        return self.keeps and any(e.found("better") for e in self.evidence)


@dataclass(frozen=True, slots=True)
class NotEnough:
    """Too few answers to compare anything for a part: those of a slot, and what there is."""

    part: str
    slot: str
    answers: int
    evidence: tuple[Evidence, ...]

    @property
    def reason(self) -> str:
        """Return what is missing."""
        return f"Not enough data yet: {self.answers} of at least {ENOUGH} answers by “{self.slot}”."


@dataclass(frozen=True, slots=True)
class _Seen:
    """A slot and what it made of a part."""

    slot: str
    history: PartHistory
    second_choice: bool

    @property
    def enough(self) -> bool:
        return self.history.asked >= ENOUGH

    @property
    def evidence(self) -> Evidence:
        return Evidence(
            self.slot,
            self.history.model,
            self.history.asked,
            self.second_choice,
            known_measures(self.history),
        )


@dataclass(frozen=True, slots=True)
class _Field:
    """A part: the slot that writes it now, the candidates, and the seconds each would have."""

    part: str
    current: _Seen
    candidates: tuple[_Seen, ...]
    seconds_allowed: float

    @property
    def able(self) -> tuple[_Seen, ...]:
        """The candidates that can be compared."""
        return tuple(c for c in self.candidates if c.enough) if self.current.enough else ()


def recent_history(history: History, *, sample: bool) -> RecentHistory:
    """Return what the newest attempts tell, samples or real ones.

    Raises:
        StoreError: where the database cannot.
    """
    return RecentHistory(
        history.recent(sample=sample, reasons=_FIRST),
        history.recent(sample=sample, reasons=_SECOND_CHOICE),
    )


def suggestions(strategy: Strategy, history: RecentHistory) -> tuple[Suggestion | NotEnough, ...]:
    """Return what is suggested for every part, in the order of the strategy."""
    fields = [_field(strategy, part, history) for part in strategy.assignments]
    pairs = [(f.current.history, c.history) for f in fields for c in f.able]
    comparisons = sum(comparable(*pair) for pair in pairs)
    confidence = 1 - SHARED_ERROR / max(1, comparisons)
    return tuple(_suggested(field, confidence) for field in fields)


def _field(strategy: Strategy, part: str, history: RecentHistory) -> _Field:
    assigned = strategy.assignment(part)
    enabled = [name for name, slot in strategy.slots.items() if slot.enabled]
    others = [name for name in enabled if name != assigned.slot]
    seen = [_seen(strategy, part, name, history) for name in others]
    candidates = [s for s in seen if s.history.asked or s.slot in assigned.fallbacks]
    allowed = assigned.among((assigned.slot, *others))
    return _Field(
        part,
        _seen(strategy, part, assigned.slot, history, first_only=True),
        tuple(candidates),
        assigned.deadline_seconds - reserve_seconds(allowed, assigned.slot),
    )


def _seen(
    strategy: Strategy, part: str, slot: str, history: RecentHistory, *, first_only: bool = False
) -> _Seen:
    """Return what a slot's present model made of a part: asked first, if that is enough."""
    model = strategy.slots[slot].model
    first = _of(history.first, part, slot, model)
    second = _of(history.second_choice, part, slot, model)
    if first_only or first.asked >= ENOUGH or first.asked >= second.asked:
        return _Seen(slot, first, second_choice=False)
    return _Seen(slot, second, second_choice=True)


def _of(histories: Iterable[PartHistory], part: str, slot: str, model: str) -> PartHistory:
    key = (part, slot, model)
    none = PartHistory(part, slot, model, 0, 0)
    return next((h for h in histories if (h.part, h.slot, h.model) == key), none)


def _suggested(field: _Field, confidence: float) -> Suggestion | NotEnough:
    current = field.current
    candidates = [_judged(field, candidate, confidence) for candidate in field.candidates]
    evidence = (current.evidence, *candidates)
    if few := _too_few(field):
        return NotEnough(field.part, few.slot, few.history.asked, evidence)
    best = min((c for c in candidates if c.suggests), key=_rank, default=None)
    if best is None:
        reason = kept_sentence(current.evidence, candidates)
        return Suggestion(field.part, current.slot, current.slot, reason, evidence)
    reason = proposed_sentence(current.evidence, best)
    return Suggestion(field.part, current.slot, best.slot, reason, evidence)


def _judged(field: _Field, candidate: _Seen, confidence: float) -> Evidence:
    if candidate not in field.able:
        return candidate.evidence
    pair = (field.current.history, candidate.history)
    return replace(
        candidate.evidence,
        comparisons=compared(*pair, confidence, field.seconds_allowed),
        lacking=lacking(*pair),
    )


def _too_few(field: _Field) -> _Seen | None:
    """Return whose answers are missing: of the slot that writes now, or of all others the first."""
    if field.able or not field.candidates:
        return None
    if not field.current.enough:
        return field.current
    return max(field.candidates, key=lambda candidate: candidate.history.asked)


def _rank(evidence: Evidence) -> tuple[int, float]:
    """Return what to order by: better in what matters most, then by the most."""
    first = evidence.found("better")[0]
    gained = first.gain.low if first.gain else 0.0
    return list(RULES).index(first.measure), -gained
