from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest

from lessongen.emulator.server import RunningEmulator
from lessongen.generation.breaker import BreakerState
from lessongen.generation.places import GateState
from lessongen.people import LOCAL
from lessongen.runner.exchange import TELL_AGAIN_SECONDS, Exchange
from lessongen.services import Services, running_services
from lessongen.store.records import LessonRecord, LessonStatus
from lessongen.store.slots import SlotRecord
from lessongen.store.sqlite import open_sqlite
from lessongen.store.store import Store
from tests.support.flaky_database import FlakyDatabase
from tests.support.lessons import request_on
from tests.support.running import (
    STRATEGY,
    asked,
    asking,
    eventually,
    finished,
    paced_emulator,
)

ADMIN = "admin@school.example"
OPEN = GateState("m", BreakerState.CLOSED, 0.0, None, 1, 24, 0, 3)


def slot_when(services: Services, name: str, *, by_hand: bool) -> SlotRecord:
    """Return a slot as soon as it is known to be closed by hand, or not to be."""

    def look() -> SlotRecord | None:
        found = (slot for slot in services.store.slots.all() if slot.name == name)
        return next((slot for slot in found if slot.by_hand is by_hand), None)

    return eventually(look, f"the slot {name}")


def written(services: Services) -> LessonRecord:
    """Return a new lesson as soon as it is finished."""
    return finished(services.store, services.request_lesson(request_on()))


def writers(lesson: LessonRecord) -> dict[str, str | None]:
    return {section.name: section.slot for section in lesson.sections}


def test_a_slot_that_is_closed_by_hand_writes_nothing_until_it_is_opened_again(
    quick: RunningEmulator, database: Path
):
    with running_services(asking(quick.url, database)) as services:
        before = written(services)
        services.store.slot_orders.give("primary", closed=True, by=ADMIN)
        closed = slot_when(services, "primary", by_hand=True)
        meanwhile = written(services)

    with running_services(asking(quick.url, database)) as services:
        after_restart = written(services)
        slot_when(services, "primary", by_hand=True)
        services.store.slot_orders.give("primary", closed=False, by=ADMIN)
        opened = slot_when(services, "primary", by_hand=False)
        afterwards = written(services)

    assert closed.reason == "closed by hand by admin@school.example"
    assert closed.closed_for(0) == float("inf")
    assert (opened.reason, opened.opens_at) == (None, None)
    lessons = (before, meanwhile, after_restart, afterwards)
    assert {lesson.status for lesson in lessons} == {LessonStatus.COMPLETE}
    assert ["primary" in writers(lesson).values() for lesson in lessons] == [
        True,
        False,
        False,
        True,
    ]
    assert writers(meanwhile)["reading"] == STRATEGY.assignments["reading"].fallbacks[0]


def test_who_is_being_asked_when_a_slot_is_closed_may_finish(database: Path):
    with (
        paced_emulator({"reading": 1.0}) as emulator,
        running_services(asking(emulator.url, database)) as services,
    ):
        lesson = services.request_lesson(request_on())
        eventually(lambda: asked(emulator, "reading"), "the reading")
        services.store.slot_orders.give("primary", closed=True, by=ADMIN)
        slot_when(services, "primary", by_hand=True)
        found = finished(services.store, lesson)

    assert found.status is LessonStatus.COMPLETE
    assert writers(found)["reading"] == "primary"
    assert asked(emulator, "reading") == 1


def test_an_order_for_a_slot_that_nobody_knows_costs_nothing(
    quick: RunningEmulator, database: Path
):
    with running_services(asking(quick.url, database)) as services:
        services.store.slot_orders.give("no such slot", closed=True, by=ADMIN)
        services.store.slot_orders.give("nor this", closed=False, by=ADMIN)
        lesson = written(services)
        names = [slot.name for slot in services.store.slots.all()]

    assert lesson.status is LessonStatus.COMPLETE
    assert names == sorted(STRATEGY.slots)


# What the exchange hears of orders, and tells


@pytest.fixture
def flaky(tmp_path: Path) -> Iterator[FlakyDatabase]:
    wrapped = FlakyDatabase(open_sqlite(tmp_path / "lessons.db"))
    yield wrapped
    wrapped.close()


@pytest.fixture
def store(flaky: FlakyDatabase) -> Store:
    """Return an empty store whose clock counts 1, 2, 3, ..."""
    ticks = count(1)
    return Store(flaky, now=lambda: float(next(ticks)))


def heard(exchange: Exchange) -> list[tuple[str, bool]]:
    return [(order.slot, order.closed) for order in exchange.exchange([], {}).orders]


def test_an_order_is_heard_once_and_the_next_one_too(store: Store):
    exchange = Exchange(store)
    store.slot_orders.give("primary", closed=True, by=ADMIN)
    store.slot_orders.give("secondary", closed=True, by=ADMIN)

    assert heard(exchange) == [("primary", True), ("secondary", True)]
    assert heard(exchange) == []
    store.slot_orders.give("primary", closed=False, by=ADMIN)
    assert heard(exchange) == [("primary", False)]
    store.slot_orders.give("primary", closed=False, by=ADMIN)  # to forget new failures as well
    assert heard(exchange) == [("primary", False)]


def test_an_order_that_came_with_trouble_is_heard_afterwards(store: Store, flaky: FlakyDatabase):
    exchange = Exchange(store)
    store.slot_orders.give("primary", closed=True, by=ADMIN)
    store.errands.ask("test_slots", ADMIN)
    flaky.failing_writes = 1  # the one that says the errand is begun

    assert heard(exchange) == []

    news = exchange.exchange([], {})
    assert [order.slot for order in news.orders] == ["primary"]
    assert [errand.kind for errand in news.errands] == ["test_slots"]


def test_where_nobody_wants_anything_an_exchange_writes_nothing(store: Store, flaky: FlakyDatabase):
    exchange = Exchange(store)
    exchange.exchange([], {"primary": OPEN})
    flaky.failing_writes = 1

    for _ in range(5):
        exchange.exchange([], {"primary": OPEN})

    assert flaky.failures == 0


def test_how_the_slots_are_is_told_again_though_nothing_changed(store: Store):
    seconds = [0.0]
    exchange = Exchange(store, lambda: seconds[0])
    exchange.exchange([], {"primary": OPEN})
    [first] = store.slots.all()

    seconds[0] = TELL_AGAIN_SECONDS - 0.1
    exchange.exchange([], {"primary": OPEN})
    assert store.slots.all() == [first]

    seconds[0] = TELL_AGAIN_SECONDS
    exchange.exchange([], {"primary": OPEN})
    [again] = store.slots.all()
    assert again.told_at > first.told_at
    assert replace(again, told_at=0) == replace(first, told_at=0)


def test_that_a_slot_was_closed_by_hand_is_told(store: Store):
    closed = replace(OPEN, opens_in=float("inf"), reason="closed by hand", by_hand=True)

    store.slots.tell({"primary": closed, "secondary": OPEN})

    primary, secondary = store.slots.all()
    assert (primary.by_hand, primary.reason) == (True, "closed by hand")
    assert primary.closed_for(1e12) == float("inf")
    assert not secondary.by_hand


def test_the_reason_names_who_closed_it_where_people_sign_in(store: Store):
    store.slot_orders.give("a", closed=True, by=ADMIN)
    store.slot_orders.give("b", closed=True, by=LOCAL)

    assert [order.reason for order in store.slot_orders.all()] == [
        "closed by hand by admin@school.example",
        "closed by hand",
    ]
