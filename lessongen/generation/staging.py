"""What is shown of a part while one or two attempts write it: never two texts at once."""

from collections.abc import Callable
from itertools import count

from lessongen.generation.events import AttemptEnded, Event, PartGrew, PartReset, PartStarted


class Stage:
    """Passes on the events of a part's attempts.

    The first attempt with text has the stage until it fails; what another writes meanwhile is
    not shown. Text that was shown is void before an attempt shows its own, and stays until then.
    """

    def __init__(self, part: str, emit: Callable[[Event], None]) -> None:
        self._part = part
        self._emit = emit
        self._shown = ""
        self._holder: int | None = None
        self._numbers = count()

    def entrance(self) -> Callable[[Event], None]:
        """Return where one attempt's events go."""
        attempt = next(self._numbers)
        started: PartStarted | None = None

        def take(event: Event) -> None:
            nonlocal started
            match event:
                case PartStarted(reason="hedge"):
                    started = event  # told when it has something to show
                case PartGrew() if self._holder in {None, attempt}:
                    if self._holder is None and started:
                        self._emit(started)
                    self._holder = attempt
                    self._show(event)
                case PartGrew():
                    pass
                case AttemptEnded():
                    if self._holder == attempt:
                        self._holder = None
                    self._emit(event)
                case _:
                    self._emit(event)

        return take

    def _show(self, event: PartGrew) -> None:
        if not event.text.startswith(self._shown):
            self._emit(PartReset(self._part))
        self._shown = event.text
        self._emit(event)
