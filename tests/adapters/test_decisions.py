from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from threading import Barrier

import pytest

from lessongen.administration.quotas import Quotas, next_midnight
from lessongen.administration.rollout import Rollout
from lessongen.administration.strategy_in_force import StrategyInForce
from lessongen.errors import QuotaReached
from lessongen.generation.events import Attempt
from lessongen.generation.strategy_source import StrategySource
from lessongen.people import LOCAL
from lessongen.services import Services
from lessongen.settings import ROOT, Settings
from lessongen.store.attempts import attempt_row
from lessongen.store.store import Store, opened_store
from tests.support.lessons import BANK, request_on

ADMIN, OTHER = "admin@school.org", "other@school.org"
TOGETHER, ROUNDS = 8, 20
NOON = datetime(2026, 11, 24, 12).timestamp()  # noqa: DTZ001 - the server's own clock


@dataclass
class Clock:
    """A clock that a test sets."""

    now: float = NOON

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Generator[Store]:
    with opened_store(tmp_path / "lessons.db", clock) as opened:
        yield opened


@pytest.fixture
def services(store: Store, tmp_path: Path) -> Services:
    return on(store, tmp_path)


def on(store: Store, folder: Path) -> Services:
    """Return services on a store, with samples only."""
    strategies = StrategyInForce(StrategySource(ROOT / "data"), store.strategies)
    return Services(Settings(folder, folder / "lessons.db"), store, strategies, BANK)


def spend(store: Store, lesson: str, dollars: float, *, sample: bool = False) -> None:
    """Keep an attempt at a lesson that cost something."""
    record = store.lessons.get(lesson)
    assert record
    attempt = Attempt("warmup", "primary", "m", "first", "v1", started=0.0, cost=dollars)
    row = attempt_row(record, attempt, store.now())
    store.attempts.add([{**row, "sample": int(sample)}])


def test_nobody_decided_means_parallel_for_all_and_no_quotas(services: Services):
    assert services.decisions.rollout == Rollout()
    assert services.decisions.quotas == Quotas()


def test_what_was_decided_counts_from_the_next_lesson_on(services: Services):
    first = services.request_lesson(request_on())
    services.decisions.decide_rollout(Rollout(share=0), ADMIN)

    second = services.request_lesson(request_on())

    lessons = [services.store.lessons.get(lesson) for lesson in (first, second)]
    assert [(kept.mode, kept.mode_reason) for kept in lessons if kept] == [
        ("parallel", "in the rollout to 100 %"),
        ("sequential", "not in the rollout to 0 %"),
    ]


def test_a_mode_that_was_asked_for_is_not_decided_by_the_rollout(services: Services):
    services.decisions.decide_rollout(Rollout(sequential_for_all=True), ADMIN)

    lesson = services.store.lessons.get(services.request_lesson(request_on(), "parallel"))

    assert lesson
    assert (lesson.mode, lesson.mode_reason) == ("parallel", "asked for")


def test_a_decision_that_cannot_be_read_counts_as_none(services: Services):
    services.store.preferences.set("rollout", '{"share": 300}')
    services.store.preferences.set("quotas", "Dear diary")

    assert services.decisions.rollout == Rollout()
    assert services.decisions.quotas == Quotas()


def test_a_quota_of_lessons_counts_each_teacher_alone_and_deleted_lessons_too(services: Services):
    services.decisions.decide_quotas(Quotas(lessons_per_teacher=1), ADMIN)
    lesson = services.request_lesson(request_on())
    services.store.lessons_of(LOCAL).delete(lesson)

    services.request_lesson(request_on(), owner=OTHER)

    with pytest.raises(QuotaReached):
        services.request_lesson(request_on())


def test_a_quota_lifts_at_midnight_and_not_before(services: Services, clock: Clock):
    services.decisions.decide_quotas(Quotas(lessons_per_teacher=1), ADMIN)
    services.request_lesson(request_on())
    midnight = next_midnight(clock.now)

    clock.now = (midnight - timedelta(seconds=1)).timestamp()
    with pytest.raises(QuotaReached):
        services.request_lesson(request_on())
    clock.now = midnight.timestamp()

    assert services.request_lesson(request_on())


def test_a_clock_that_went_back_gives_no_lessons_away(services: Services, clock: Clock):
    services.decisions.decide_quotas(Quotas(lessons_per_teacher=1), ADMIN)
    services.request_lesson(request_on())

    clock.now -= timedelta(days=2).total_seconds()

    with pytest.raises(QuotaReached):
        services.request_lesson(request_on())


def test_a_quota_of_dollars_is_used_up_by_all_teachers_together(services: Services):
    services.decisions.decide_quotas(Quotas(dollars=0.5), ADMIN)
    for owner in (LOCAL, OTHER):
        spend(services.store, services.request_lesson(request_on(), owner=owner), 0.25)

    with pytest.raises(QuotaReached, match=r"have cost \$0\.50"):
        services.request_lesson(request_on(), owner="third@school.org")


def test_samples_and_yesterday_use_up_no_dollars(services: Services, clock: Clock):
    services.decisions.decide_quotas(Quotas(dollars=0.5), ADMIN)
    lesson = services.request_lesson(request_on())
    clock.now -= timedelta(days=1).total_seconds()
    spend(services.store, lesson, 9.0)
    clock.now = NOON
    spend(services.store, lesson, 9.0, sample=True)

    assert services.request_lesson(request_on())


def test_a_stopped_lesson_is_not_written_on_when_the_day_may_cost_no_more(services: Services):
    lesson = services.request_lesson(request_on())
    services.store.lessons_of(LOCAL).request_cancel(lesson)
    spend(services.store, lesson, 0.5)
    services.decisions.decide_quotas(Quotas(lessons_per_teacher=1, dollars=0.5), ADMIN)

    with pytest.raises(QuotaReached, match=r"have cost \$0\.50"):
        services.write_again(lesson, LOCAL)
    assert services.store.lessons.claimable() == []

    # It was counted when it was asked for: the quota of lessons does not keep it from its end.
    services.decisions.decide_quotas(Quotas(lessons_per_teacher=1), ADMIN)
    services.write_again(lesson, LOCAL)
    assert services.store.lessons.claimable() == [lesson]


def test_nothing_is_kept_of_a_lesson_that_a_quota_refused(services: Services):
    services.decisions.decide_quotas(Quotas(lessons_per_teacher=0), ADMIN)

    with pytest.raises(QuotaReached):
        services.request_lesson(request_on())

    assert services.store.lessons_of(LOCAL).recent() == []


def test_of_many_lessons_asked_for_at_once_only_so_many_are_kept_as_a_quota_allows(
    services: Services, tmp_path: Path, clock: Clock
):
    services.decisions.decide_quotas(Quotas(lessons_per_teacher=3), ADMIN)
    start = Barrier(TOGETHER)

    def ask(asked: Services, owner: str) -> bool:
        start.wait()
        try:
            asked.request_lesson(request_on(), owner=owner)
        except QuotaReached:
            return False
        return True

    # Half of them through a second connection, as from a second server.
    with (
        opened_store(tmp_path / "lessons.db", clock) as second,
        ThreadPoolExecutor(TOGETHER) as threads,
    ):
        servers = [services, on(second, tmp_path)] * (TOGETHER // 2)
        kept = [
            sum(threads.map(ask, servers, [f"teacher{n}@school.org"] * TOGETHER))
            for n in range(ROUNDS)
        ]

    assert kept == [3] * ROUNDS
