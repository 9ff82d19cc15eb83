"""Places at a gate: what a gate is told, what it gives, what it takes back, what it shows."""

from collections.abc import Callable
from dataclasses import dataclass, field

from lessongen.errors import ProviderError
from lessongen.generation.breaker import BreakerPolicy, BreakerState, Verdict
from lessongen.generation.windows import Entry

# A little longer than the server's minute: requests do not all take the same time to get there.
MINUTE_SECONDS = 60.5
MOST_WAITING = 500


@dataclass(frozen=True, slots=True)
class GateOptions:
    """What a gate needs besides its slot; `wall_clock` returns seconds since 1970.

    However quickly a model usually answers, it has `shortest_patience` seconds for its first event.
    """

    wall_clock: Callable[[], float]
    minute_seconds: float = MINUTE_SECONDS
    most_waiting: int = MOST_WAITING
    shortest_patience: float = 2.0
    breaker: BreakerPolicy = field(default_factory=BreakerPolicy)


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """A request that was let in; to be given back with `Gate.leave`, once."""

    entered: float
    entry: Entry
    probe: bool


@dataclass(frozen=True, slots=True)
class Leaving:
    """How a request ended: what it says of its model, and what the server counted, if it did."""

    verdict: Verdict
    error: ProviderError | None = None
    input_tokens: int | None = None


@dataclass(frozen=True, slots=True)
class GateState:
    """A gate as an admin sees it.

    `opens_in` is in seconds, 0 where it is open and infinity where only an admin can open it;
    `reason` is what closed it, where that is known. `by_hand` says that an admin closed it while
    the server ran; a slot that its strategy switches off is closed too, and not by hand.
    """

    model: str
    breaker: BreakerState
    opens_in: float
    reason: str | None
    under_way: int
    places: int
    waiting: int
    requests_this_minute: int
    by_hand: bool = False
