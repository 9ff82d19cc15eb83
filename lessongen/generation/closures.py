"""What closes a slot: its breaker, a wait the server asked for, a used-up day, or an admin."""

import logging
import math
from collections.abc import Callable

from lessongen.errors import (
    ModelNotFound,
    ProviderError,
    Refused,
    SwitchedOff,
    Throttled,
    Unauthorized,
)
from lessongen.generation.breaker import Breaker, BreakerPolicy, BreakerState, Verdict
from lessongen.generation.windows import DayQuota, next_pacific_midnight

_LOG = logging.getLogger(__name__)
_LONGEST_ASKED_SECONDS = 3600.0  # a server may name any wait
# Where it throttles and names none: twice as long each time, until an answer is good.
_FIRST_COOLING_SECONDS, _LONGEST_COOLING_SECONDS = 1.0, 32.0

_DISABLED = "switched off by an admin"


class Closures:
    """Whether a slot may be asked. `now` is the loop's clock, `wall_clock` seconds since 1970.

    `by_hand` is the reason for which an admin closed it, None where nobody did; `enabled` is what
    the strategy says.
    """

    def __init__(
        self, model: str, breaker: BreakerPolicy, today: DayQuota, wall_clock: Callable[[], float]
    ) -> None:
        self.today = today
        self.by_hand: str | None = None
        self.enabled = True
        self._model = model
        self._breaker_policy = breaker
        self._breaker = Breaker(breaker)
        self._wall_clock = wall_clock
        self._cold_until = -math.inf
        self._cooling_seconds = _FIRST_COOLING_SECONDS
        self._cause: ProviderError | None = None

    def opens_in(self, now: float) -> float:
        """Return the seconds until the slot may be asked, 0 where it may be now.

        Infinity where only an admin can open it.
        """
        if self._switched_off:
            return math.inf
        return max(self._closed_for(now), self.today.seconds_left(self._wall_clock()))

    def forgive(self) -> None:
        """Forget what the model's answers have closed; what was asked today stays counted."""
        self._breaker = Breaker(self._breaker_policy)
        self._cold_until = -math.inf
        self._cooling_seconds = _FIRST_COOLING_SECONDS

    def passing(self) -> bool:
        """Note that a request is sent; return whether it is the breaker's probe."""
        self.today.add(self._wall_clock())
        return self._breaker.passing()

    def record(
        self, now: float, verdict: Verdict, error: ProviderError | None, *, probe: bool
    ) -> None:
        """Learn from how a request ended; where that closes the slot, the log says so."""
        before = self._closed_for(now)
        self._learn(now, verdict, error, probe=probe)
        if self._closed_for(now) > before:
            self._cause = error
            if before == 0 and (refusal := self.refusal(now)):
                _LOG.warning("%s: %s.%s", self._model, refusal.reason, _advice(error))

    def _learn(
        self, now: float, verdict: Verdict, error: ProviderError | None, *, probe: bool
    ) -> None:
        self._breaker.record(now, verdict, probe=probe)
        match error:
            case Throttled(per_day=True):
                today = self._wall_clock()
                self._cool(now + next_pacific_midnight(today) - today)
            case Throttled(retry_after=float(asked)):
                self._cool(now + min(asked, _LONGEST_ASKED_SECONDS))
            case Throttled():
                self._cool(now + self._cooling_seconds)
                self._cooling_seconds = min(_LONGEST_COOLING_SECONDS, 2 * self._cooling_seconds)
            case None if verdict == "good":
                self._cooling_seconds = _FIRST_COOLING_SECONDS
            case Unauthorized() | ModelNotFound():
                self._breaker.trip(now)
            case _:
                pass

    def breaker_state(self, now: float) -> BreakerState:
        """Return the state of the breaker."""
        return self._breaker.state(now)

    def reason(self, now: float) -> str | None:
        """Return what closed the slot, None where it is open or nothing is known."""
        refusal = self.refusal(now)
        return refusal.closed_by.reason if refusal and refusal.closed_by else None

    def refusal(self, now: float) -> Refused | None:
        """Return why the slot is not asked, None where it may be."""
        if reason := self._switched_off:
            error = SwitchedOff(self._model, reason)
            return Refused(self._model, f"not asked: {reason}", error)
        seconds, today = self._closed_for(now), self.today.seconds_left(self._wall_clock())
        if today > seconds:
            reason = f"all {self.today.requests} requests of the day are used"
            return Refused(self._model, reason, Throttled(self._model, reason, per_day=True))
        if seconds <= 0:
            return None
        because = f": {self._cause.reason}" if self._cause else ""
        return Refused(self._model, f"not asked for {seconds:.3g} s{because}", self._cause)

    @property
    def _switched_off(self) -> str | None:
        return self.by_hand or (None if self.enabled else _DISABLED)

    def _closed_for(self, now: float) -> float:
        """Return the seconds for which a model's own answers have closed the slot."""
        return max(self._breaker.wait(now), self._cold_until - now, 0.0)

    def _cool(self, until: float) -> None:
        self._cold_until = max(self._cold_until, until)


def _advice(error: ProviderError | None) -> str:
    match error:
        case ModelNotFound(model=model):
            return f" Write another id in place of {model} on the page Assignments."
        case Unauthorized():
            return " Check the API key."
        case _:
            return ""
