"""The pool: every slot behind its gate and its breaker, and the client that asks the models."""

import math
from collections.abc import Callable, Mapping

from lessongen.gemini.messages import ModelClient
from lessongen.generation.estimates import FirstEventTimes, TokenEstimate
from lessongen.generation.gate import Gate
from lessongen.generation.places import GateOptions, GateState
from lessongen.generation.strategy import ModelSlot

_BY_HAND = "closed by an admin"


class GatedSlot:
    """A slot at work: its settings, its gate, and what its answers have taught."""

    def __init__(self, model: ModelSlot, options: GateOptions, used_today: int) -> None:
        self.model = model
        self.gate = Gate(model, options, used_today)
        self.tokens = TokenEstimate()
        self.first_events = FirstEventTimes()
        self._shortest_patience = options.shortest_patience

    @property
    def patience(self) -> float:
        """Seconds to wait for the first event of an answer."""
        return self.first_events.patience(self._shortest_patience, self.model.first_event_seconds)


class Pool:
    """All slots by name. Belongs to the event loop it is used on.

    `used_today` returns how many requests a model has had since midnight Pacific.
    """

    def __init__(
        self,
        client: ModelClient,
        slots: Mapping[str, ModelSlot],
        options: GateOptions,
        used_today: Callable[[str], int] = lambda _: 0,
    ) -> None:
        self.client = client
        self._options = options
        self._used_today = used_today
        self._slots: dict[str, GatedSlot] = {}
        self._settings: Mapping[str, ModelSlot] = {}
        self._closed: dict[str, str] = {}
        self.adopt(slots)

    def __getitem__(self, slot: str) -> GatedSlot:
        """Return a slot by name."""
        return self._slots[slot]

    def adopt(self, slots: Mapping[str, ModelSlot]) -> None:
        """Take other settings. A slot that keeps its model keeps its gate, queue and counts.

        A slot that is gone is still there for lessons that began with it.
        """
        if slots is self._settings:
            return
        self._slots |= {name: self._adopted(name, model) for name, model in slots.items()}
        self._settings = slots

    def _adopted(self, name: str, model: ModelSlot) -> GatedSlot:
        known = self._slots.get(name)
        if known is None or known.model.model != model.model:
            return self._begun(name, model)
        if known.model != model:
            known.model = model
            known.gate.change(model)
        return known

    def _begun(self, name: str, model: ModelSlot) -> GatedSlot:
        slot = GatedSlot(model, self._options, self._used_today(model.model))
        if reason := self._closed.get(name):
            slot.gate.close(reason)
        return slot

    def close(self, slot: str, reason: str) -> None:
        """Close a slot by hand, for a reason in plain words; whoever waits for it is refused.

        It stays closed whatever model it is given, and a slot that is not there yet will be too.
        """
        reason = reason.strip() or _BY_HAND
        self._closed[slot] = reason
        if known := self._slots.get(slot):
            known.gate.close(reason)

    def open(self, slot: str) -> None:
        """Open a slot by hand, also where failures or a wait that the server named closed it."""
        self._closed.pop(slot, None)
        if known := self._slots.get(slot):
            known.gate.open()

    def opens_in(self) -> dict[str, float]:
        """Return the seconds until each slot may be asked, 0 where it may be now.

        Infinity where only an admin can open it.
        """
        return {name: slot.gate.opens_in() for name, slot in self._slots.items()}

    def places(self) -> int:
        """Return how many requests all slots together may have under way now."""
        open_again = (s for s in self.states().values() if s.opens_in < math.inf)
        return sum(state.places for state in open_again)

    def doubtful(self) -> list[str]:
        """Return the slots that are not asked as usual, because they kept failing."""
        return [name for name, slot in self._slots.items() if slot.gate.doubtful]

    def needs(self) -> dict[str, float]:
        """Return the seconds an answer of each slot takes, as far as is known."""
        return {name: slot.gate.expected_seconds or 0.0 for name, slot in self._slots.items()}

    def has_spare(self, slot: str) -> bool:
        """Say whether a slot can take one request more without making others wait."""
        return self._slots[slot].gate.spare()

    def states(self) -> dict[str, GateState]:
        """Return what an admin can see of each slot."""
        return {name: self._slots[name].gate.state() for name in self._settings}
