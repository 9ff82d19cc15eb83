"""Configuration: what an emulator serves, how quickly, and what goes wrong."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from lessongen.emulator.delays import Delays, Pace
from lessongen.emulator.faults import FaultPlan, FaultRule
from lessongen.emulator.limits import RateLimit
from lessongen.lesson.samples import SampleBank

SERVED_MODELS = (
    "gemini-3.8-flash",
    "gemini-3.5-flash-lite",
    "gemini-4-hydrogen",
    "gemini-3.6-flash",
    "gemini-3.1-flash-lite",
)


@dataclass(frozen=True, slots=True)
class EmulatorConfig:
    """What an emulator is started with.

    `paces`, `speed`, `seed` and `part_seconds` are those of `Delays`; `faults` and `seed` those
    of `FaultPlan`; `limits` those of `RateLimiter`. With an `accepted_key`, other keys are refused;
    otherwise any key will do. Without `controls`, nothing about it can be asked or changed over
    HTTP. `clock` returns monotonic seconds for the request log and the limits.
    """

    bank: SampleBank
    models: tuple[str, ...] = SERVED_MODELS
    faults: tuple[FaultRule, ...] = ()
    limits: tuple[RateLimit, ...] = ()
    speed: float = 1.0
    seed: int = 0
    paces: Mapping[str, Pace] = field(default_factory=dict[str, Pace])
    part_seconds: Mapping[str, float] = field(default_factory=dict[str, float])
    accepted_key: str | None = field(default=None, repr=False)
    controls: bool = True
    clock: Callable[[], float] = time.monotonic

    def delays(self) -> Delays:
        """Return the delays asked for.

        Raises:
            SettingsError: where they cannot be used.
        """
        return Delays(self.paces, self.speed, self.seed, self.part_seconds)

    def fault_plan(self) -> FaultPlan:
        """Return a plan of the faults asked for, with nothing counted yet."""
        return FaultPlan(self.faults, self.seed)
