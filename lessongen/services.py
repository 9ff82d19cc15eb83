"""The composition root: settings become a store, a pool and a runner."""

import asyncio
import gc
import logging
import time
from collections.abc import Callable, Coroutine, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from random import SystemRandom
from typing import Any

from filelock import FileLock
from pydantic import SecretStr

from lessongen.administration.decisions import Decisions
from lessongen.administration.rollout import ChosenMode, mode_for
from lessongen.administration.strategy_in_force import StrategyInForce
from lessongen.emulator.config import EmulatorConfig
from lessongen.emulator.server import running_emulator
from lessongen.errors import StoreError
from lessongen.gemini.endpoint import Endpoint
from lessongen.generation.lessons import LessonWriter
from lessongen.generation.parts import PartWriter
from lessongen.generation.places import GateOptions
from lessongen.generation.policy import Policy
from lessongen.generation.pool import Pool
from lessongen.generation.prices import load_list
from lessongen.generation.strategy import Mode, OwnAssignment, Strategy
from lessongen.generation.strategy_source import StrategySource
from lessongen.generation.windows import pacific_midnight
from lessongen.lesson.request import LessonRequest, require_followable
from lessongen.lesson.samples import SampleBank, load_samples
from lessongen.people import LOCAL
from lessongen.quality.reviewer import Reviewer
from lessongen.runner.errands import ErrandTasks
from lessongen.runner.following import Follower, Forgiven, Nobody
from lessongen.runner.runner import Runner
from lessongen.runner.thread import background
from lessongen.runner.upkeep import upkeep
from lessongen.settings import Settings
from lessongen.store.store import Store, opened_store

RUNNER = "lessongen-runner"
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Services:
    """What pages and commands ask for values."""

    settings: Settings
    store: Store
    strategies: StrategyInForce
    samples: SampleBank
    fixed: Strategy | None = None  # for a benchmark or a test: no version counts

    @property
    def decisions(self) -> Decisions:
        """What admins have decided."""
        return Decisions(self.store)

    @property
    def strategy(self) -> Strategy:
        """The strategy in force."""
        return self.fixed or self.strategies()

    def request_lesson(
        self,
        request: LessonRequest,
        mode: Mode | None = None,
        owner: str = LOCAL,
        own: Mapping[str, OwnAssignment] | None = None,
    ) -> str:
        """Queue a lesson for the runner and return its id.

        Without a mode, the rollout decides; `own` are assignments for this lesson alone.

        Raises:
            RequestError: where sample lessons cannot follow it, or a quota is used up.
            StoreError: where it could not be kept.
        """
        sample = self.settings.sample_mode
        require_followable(request, sample=sample)
        with self.store.database.transaction():  # so that two at once keep to a quota
            self.decisions.require_room(owner)
            chosen = ChosenMode(mode, "asked for") if mode else self._mode_for(owner)
            return self.store.lessons_of(owner).add(
                request, chosen.mode, sample=sample, mode_reason=chosen.reason, own=own
            )

    def write_again(self, lesson_id: str, owner: str) -> None:
        """Queue somebody's lesson once more, for the sections that are missing.

        Raises:
            QuotaReached: where the day may cost no more.
            StoreError: where it could not be kept.
        """
        with self.store.database.transaction():
            self.decisions.require_room(owner, again=True)
            self.store.lessons_of(owner).queue_again(lesson_id)

    def _mode_for(self, owner: str) -> ChosenMode:
        return mode_for(owner, self.decisions.rollout)


@dataclass(frozen=True, slots=True)
class Tuning:
    """What a benchmark or a test changes about the generation of lessons."""

    strategy: Strategy | None = None
    policy: Policy = field(default_factory=Policy)
    gates: GateOptions = field(default_factory=lambda: GateOptions(time.time))


@contextmanager
def opened_services(settings: Settings, tuning: Tuning | None = None) -> Generator[Services]:
    """Open what can be asked, without running anything.

    Raises:
        SettingsError, StoreError: a sentence that says what to mend.
    """
    files = StrategySource(settings.data)
    samples = load_samples(settings.data / "samples")
    with opened_store(settings.database) as store:
        strategies = StrategyInForce(files, store.strategies)
        strategies()  # where there is none, it is told now and not by a lesson
        yield Services(settings, store, strategies, samples, tuning.strategy if tuning else None)


@contextmanager
def running_services(settings: Settings, tuning: Tuning | None = None) -> Generator[Services]:
    """Open the services and run lessons in the background until the context is left.

    In sample mode the emulator runs too, on a free loopback port.

    Raises:
        SettingsError, StoreError: as `opened_services`.
    """
    with (
        opened_services(settings, tuning) as services,
        _endpoint(services) as endpoint,
        _follower(settings) as follower,
        background(RUNNER, _runner(services, endpoint, tuning or Tuning(), follower)),
    ):
        for warning in services.strategy.warnings(datetime.now(UTC).date()):
            _LOG.warning(warning)
        yield services


@contextmanager
def _endpoint(services: Services) -> Generator[Endpoint]:
    settings = services.settings
    if settings.sample_mode:
        config = EmulatorConfig(services.samples, speed=settings.sample_speed, controls=False)
        with running_emulator(config) as emulator:
            yield Endpoint(SecretStr("sample-mode"), emulator.url)
    else:
        yield Endpoint(
            settings.api_key, settings.base_url, settings.api_version, vertex=settings.vertex
        )


def _runner(
    services: Services, endpoint: Endpoint, tuning: Tuning, follower: Follower
) -> Callable[[], Coroutine[Any, Any, None]]:
    database = services.settings.database
    lock = FileLock(database.with_name(f"{database.name}-runner.lock"), thread_local=False)

    async def run() -> None:
        # The SDK takes a second to load; the server answers meanwhile.
        from lessongen.gemini.client import GeminiClient  # noqa: PLC0415

        async with GeminiClient.opened(endpoint) as client:
            used_today = partial(_used_today, services)
            pool = Pool(client, services.strategy.slots, tuning.gates, used_today)
            parts = PartWriter(pool, tuning.policy, SystemRandom())
            reviewer = Reviewer()
            await asyncio.to_thread(reviewer.prepare)
            await asyncio.to_thread(load_list)
            gc.freeze()  # the dictionaries stay: looking through them costs 60 ms each time
            writer = LessonWriter(parts, lambda: services.strategy, reviewer)
            sample = services.settings.sample_mode
            errands = ErrandTasks(
                services.store.errands, client, lambda: services.strategy, sample=sample
            )
            runner = Runner(services.store, writer, lock, errands, follower)
            async with asyncio.TaskGroup() as group:
                group.create_task(upkeep(services.store.day_sums.refresh))
                group.create_task(runner.run())

    return run


@contextmanager
def _follower(settings: Settings) -> Generator[Follower]:
    """Send telemetry where there is a collector to send it to."""
    if settings.otlp_endpoint is None:
        yield Nobody()
        return
    # Loaded where it is wanted: nothing of it costs time or memory while it is off.
    from lessongen.telemetry.sending import sending_telemetry  # noqa: PLC0415

    with sending_telemetry(settings.otlp_endpoint, vertex=settings.vertex) as telemetry:
        yield Forgiven(telemetry)


def _used_today(services: Services, model: str) -> int:
    """Return how often a model was asked since midnight Pacific: a restart is no new day."""
    midnight = pacific_midnight(time.time())
    try:
        return services.store.attempts.requests_since(
            midnight, model, sample=services.settings.sample_mode
        )
    except StoreError as error:
        _LOG.warning("The requests of today are not known: %s", error)
        return 0
