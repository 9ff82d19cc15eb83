import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lessongen.emulator.answers import TEST
from lessongen.emulator.config import SERVED_MODELS
from lessongen.emulator.faults import FaultKind, FaultRule
from lessongen.emulator.server import RunningEmulator
from lessongen.errors import (
    Malformed,
    ModelNotFound,
    ProviderError,
    Throttled,
    Unauthorized,
    Unavailable,
)
from lessongen.gemini.client import GeminiClient
from lessongen.gemini.endpoint import Endpoint
from lessongen.gemini.messages import ModelList, ModelRequest
from lessongen.generation.model_lists import ModelChecks
from lessongen.generation.slot_tests import SlotTest, SlotTests, asked_slots
from lessongen.generation.strategy import ModelSlot
from lessongen.runner.errands import ErrandTasks
from lessongen.runner.thread import background
from lessongen.store.errands import STALE_SECONDS, Errand, ErrandKind
from lessongen.store.records import LessonStatus
from lessongen.store.sqlite import open_sqlite
from lessongen.store.store import Store
from tests.support.gemini import KEY, StartEmulator, google_error, opened
from tests.support.generation import model_slot
from tests.support.raw_server import raw_server, response, sending
from tests.support.running import (
    STRATEGY,
    add,
    asked,
    eventually,
    finished,
    runner_on,
)

pytestmark = pytest.mark.usefixtures("without_google_variables")

ADMIN = "admin@school.example"


async def nobody(_: SlotTests) -> None:
    return


async def slot_test(url: str, slot: ModelSlot = STRATEGY.slots["primary"]) -> SlotTest:
    async with opened(url) as client:
        [found] = (await asked_slots(client, {"primary": slot}, nobody)).tests
    return found


# A test of a slot, over real connections


async def test_a_slot_that_works_is_told_so(emulator: StartEmulator):
    running = emulator(speed=20.0)

    found = await slot_test(running.url)

    assert (found.structured, found.error) == (True, None)
    assert found.seconds
    assert found.first_text_seconds
    assert 0 < found.first_text_seconds < found.seconds
    assert found.tokens_per_second is None or found.tokens_per_second > 0
    assert [record.part for record in running.requests] == [TEST]


@pytest.mark.parametrize(
    ("fault", "structured", "words"),
    [
        (FaultKind.THROTTLED, None, "Too many requests"),
        (FaultKind.QUOTA_PER_DAY, None, "requests of the day are used up"),
        (FaultKind.INTERNAL, None, "failed"),
        (FaultKind.BAD_KEY, None, "The key is not accepted"),
        (FaultKind.CONNECTION_CUT, None, "connection"),
        (FaultKind.BROKEN_JSON, False, "has not the form"),
        (FaultKind.EMPTY, False, "has not the form"),
        (FaultKind.SAFETY, None, "safety filter"),
        (FaultKind.MAX_TOKENS, None, "more output tokens"),
        (FaultKind.FENCED_JSON, True, ""),
        (FaultKind.NO_USAGE, True, ""),
    ],
)
async def test_whatever_is_wrong_with_a_slot_is_told_in_words(
    fault: FaultKind, *, structured: bool | None, words: str, emulator: StartEmulator
):
    found = await slot_test(emulator(fault).url)

    assert found.structured is structured
    assert words in (found.error or "")
    assert bool(found.error) is bool(words)
    assert KEY not in found.model_dump_json()


async def test_a_model_that_is_gone_is_told_as_gone(emulator: StartEmulator):
    found = await slot_test(emulator().url, model_slot("gemini-1.0-none"))

    assert found.structured is None
    assert found.error
    assert found.error.startswith("There is no model of this id.")


async def test_nobody_at_the_address_is_told_as_such():
    found = await slot_test("http://127.0.0.1:9")

    assert found.error
    assert found.error.startswith("It could not be reached")


# The list of models


async def list_from(url: str) -> ModelList:
    async with opened(url) as client:
        return await client.listed()


async def test_the_models_that_write_are_listed(emulator: StartEmulator):
    assert await list_from(emulator().url) == ModelList(frozenset(SERVED_MODELS))


async def test_a_list_of_many_pages_is_read_to_its_end(emulator: StartEmulator):
    many = tuple(f"gemini-{n}" for n in range(2345))

    assert (await list_from(emulator(models=many).url)).ids == frozenset(many)


async def test_a_list_without_end_is_not_read_for_ever():
    page = {"models": [{"name": "models/m"}], "nextPageToken": "again"}
    answer = response("200 OK", json.dumps(page), "Content-Type: application/json")
    async with raw_server(sending(answer)) as server:
        listed = await asyncio.wait_for(list_from(server.url), 30)

    assert listed.ids == {"m"}


async def test_models_that_write_no_text_are_left_out():
    models = [
        {"name": "models/writer", "supportedGenerationMethods": ["generateContent"]},
        {"name": "models/embedder", "supportedGenerationMethods": ["embedContent"]},
        {"name": "models/unsaid"},
        {"displayName": "nameless"},
    ]
    answer = response("200 OK", json.dumps({"models": models}), "Content-Type: application/json")
    async with raw_server(sending(answer)) as server:
        assert (await list_from(server.url)).ids == {"writer", "unsaid"}


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (google_error(404, "NOT_FOUND", "no such path"), ModelNotFound),
        (google_error(403, "PERMISSION_DENIED", f"not for {KEY}"), Unauthorized),
        (google_error(429, "RESOURCE_EXHAUSTED", "slow down"), Throttled),
        (google_error(503, "UNAVAILABLE", "later"), Unavailable),
        (response("200 OK", "<html>", "Content-Type: text/html"), Malformed),
        (response("200 OK", "[1]", "Content-Type: application/json"), ProviderError),
        (response("200 OK", '{"models": 7}', "Content-Type: application/json"), ProviderError),
        (response("302 Found", "", "Location: http://127.0.0.1:9/"), ProviderError),
        (b"", Unavailable),
    ],
)
async def test_a_server_that_tells_no_list_is_an_error_of_ours(
    answer: bytes, error: type[ProviderError]
):
    async with raw_server(sending(answer)) as server:
        with pytest.raises(error) as raised:
            await asyncio.wait_for(list_from(server.url), 30)

    assert KEY not in str(raised.value)


async def test_an_empty_list_is_a_list():
    answer = response("200 OK", "{}", "Content-Type: application/json")
    async with raw_server(sending(answer)) as server:
        assert (await list_from(server.url)).ids == frozenset()


async def test_the_list_of_vertex_is_read_and_does_not_count_as_whole(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setenv("GOOGLE_API_KEY", KEY)
    models = {"publisherModels": [{"name": "publishers/google/models/gemini-3.8-flash"}]}
    answer = response("200 OK", json.dumps(models), "Content-Type: application/json")
    async with (
        raw_server(sending(answer)) as server,
        GeminiClient.opened(Endpoint(None, server.url, vertex=True)) as client,
    ):
        listed = await client.listed()

    assert listed == ModelList(frozenset({"gemini-3.8-flash"}), complete=False)
    assert "publishers/google/models" in server.connections[0].head


# Errands in the store


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(database: Path, clock: Clock) -> Iterator[Store]:
    opened_database = open_sqlite(database)
    yield Store(opened_database, clock)
    opened_database.close()


def newest(store: Store, kind: ErrandKind = "test_slots") -> Errand:
    errand = store.errands.newest(kind)
    assert errand
    return errand


def test_an_errand_that_waits_already_is_enough(store: Store):
    first = store.errands.ask("test_slots", ADMIN)

    assert store.errands.ask("test_slots", "another") == first
    assert store.errands.ask("list_models", ADMIN) != first
    assert newest(store).asked_by == ADMIN


def test_an_errand_is_taken_once(store: Store, clock: Clock):
    store.errands.ask("test_slots", ADMIN)
    clock.seconds = 1002.0

    [taken] = store.errands.take()

    assert (taken.kind, taken.asked_by, taken.asked_at) == ("test_slots", ADMIN, 1000.0)
    assert store.errands.take() == []
    assert newest(store).begun_at == 1002.0


def test_what_is_known_so_far_is_there_before_the_end_and_not_changed_after_it(store: Store):
    errand = store.errands.ask("test_slots", ADMIN)
    store.errands.note(errand, "half")
    half = newest(store)
    store.errands.finish(errand, "whole")
    store.errands.note(errand, "too late")
    store.errands.finish(errand, None, "too late")

    assert (half.result, half.over) == ("half", False)
    assert (newest(store).result, newest(store).error, newest(store).over) == ("whole", None, True)


def test_only_the_newest_errand_of_a_kind_is_kept(store: Store):
    for _ in range(5):
        store.errands.finish(store.errands.ask("test_slots", ADMIN), "{}")

    assert len(store.database.read("SELECT id FROM errands")) == 1


def test_an_errand_that_nobody_began_in_time_is_not_carried_out(store: Store, clock: Clock):
    store.errands.ask("test_slots", ADMIN)
    clock.seconds += STALE_SECONDS + 1
    assert newest(store).stale(clock())

    assert store.errands.take() == []

    assert newest(store).error == "Nobody carried it out in time. Please ask again."
    assert newest(store).over


def test_a_stale_errand_does_not_stand_in_the_way_of_a_new_one(store: Store, clock: Clock):
    old = store.errands.ask("test_slots", ADMIN)
    clock.seconds += STALE_SECONDS + 1

    new = store.errands.ask("test_slots", "another")

    assert new != old
    assert [errand.id for errand in store.errands.take()] == [new]


def test_what_was_begun_and_not_finished_is_ended_and_what_waits_still_waits(store: Store):
    store.errands.ask("test_slots", ADMIN)
    store.errands.take()
    store.errands.note(newest(store).id, "half")
    waiting = store.errands.ask("list_models", ADMIN)

    store.errands.abandon()

    begun = newest(store)
    assert (begun.result, begun.error) == (None, "The server stopped meanwhile. Please ask again.")
    assert [errand.id for errand in store.errands.take()] == [waiting]


# Errands that a runner carries out


@pytest.fixture
def kept(database: Path) -> Iterator[Store]:
    """Open a store with the usual clock: a real runner works on it."""
    opened_database = open_sqlite(database)
    yield Store(opened_database)
    opened_database.close()


def over(store: Store, kind: ErrandKind) -> Errand:
    """Return the newest errand of a kind as soon as nothing more will come of it."""
    return eventually(lambda: errand if (errand := newest(store, kind)).over else None, kind)


def found_by(errand: Errand) -> dict[str, SlotTest]:
    assert errand.result, errand.error
    return {found.slot: found for found in SlotTests.model_validate_json(errand.result).tests}


def test_a_runner_tests_every_slot_and_keeps_what_came_of_it(
    kept: Store, quick: RunningEmulator, database: Path
):
    with background("runner", runner_on(kept, quick.url, database.with_suffix(".lock"))):
        kept.errands.ask("test_slots", ADMIN)
        found = found_by(over(kept, "test_slots"))

    assert list(found) == list(STRATEGY.slots)
    assert {(test.structured, test.error) for test in found.values()} == {(True, None)}
    assert asked(quick, TEST) == len(STRATEGY.slots)
    assert kept.database.read("SELECT id FROM attempts") == []  # no lesson's, so none's statistics


def test_a_closed_slot_is_tested_too_and_stays_closed(
    kept: Store, quick: RunningEmulator, database: Path
):
    kept.slot_orders.give("primary", closed=True, by=ADMIN)
    with background("runner", runner_on(kept, quick.url, database.with_suffix(".lock"))):
        kept.errands.ask("test_slots", ADMIN)
        found = found_by(over(kept, "test_slots"))
        eventually(
            lambda: [slot.name for slot in kept.slots.all() if slot.by_hand] == ["primary"],
            "a slot that is closed by hand",
        )

    assert found["primary"].error is None


def test_a_runner_checks_the_list_of_models(kept: Store, quick: RunningEmulator, database: Path):
    with background("runner", runner_on(kept, quick.url, database.with_suffix(".lock"))):
        kept.errands.ask("list_models", ADMIN)
        errand = over(kept, "list_models")

    assert errand.result, errand.error
    checks = ModelChecks.model_validate_json(errand.result)
    assert [(check.slot, check.listed) for check in checks.checks] == [
        (name, True) for name in STRATEGY.slots
    ]
    assert checks.models == len(SERVED_MODELS)


def test_an_errand_that_fails_ends_with_a_sentence(kept: Store, database: Path):
    lock = database.with_suffix(".lock")
    with background("runner", runner_on(kept, "http://127.0.0.1:9", lock)):
        kept.errands.ask("list_models", ADMIN)
        errand = over(kept, "list_models")

    assert errand.result is None
    assert errand.error
    assert errand.error.startswith("The list of models could not be read. It could not be reached")


@pytest.mark.parametrize("sample", [True, False])
async def test_what_came_of_an_errand_says_whether_the_emulator_answered(
    sample: bool,  # noqa: FBT001 - pytest's argument
    kept: Store,
    emulator: StartEmulator,
):
    async with opened(emulator().url) as client:
        errands = ErrandTasks(kept.errands, client, lambda: STRATEGY, sample=sample)
        kept.errands.ask("list_models", ADMIN)
        kept.errands.ask("test_slots", ADMIN)
        errands.begin(kept.errands.take())
        listed = await asyncio.to_thread(over, kept, "list_models")
        tested = await asyncio.to_thread(over, kept, "test_slots")

    assert ModelChecks.model_validate_json(listed.result or "").sample is sample
    assert SlotTests.model_validate_json(tested.result or "").sample is sample


async def test_a_list_without_any_model_is_told_as_such_and_calls_no_model_gone(
    kept: Store, emulator: StartEmulator
):
    async with opened(emulator(models=()).url) as client:
        errands = ErrandTasks(kept.errands, client, lambda: STRATEGY)
        kept.errands.ask("list_models", ADMIN)
        errands.begin(kept.errands.take())
        errand = await asyncio.to_thread(over, kept, "list_models")

    assert (errand.result, errand.error) == (
        None,
        "The server’s list of models is empty. “Test models” tells which of them answer.",
    )


class Broken:
    """A client with a mistake in it."""

    def stream(self, request: ModelRequest) -> Any:
        raise RuntimeError(request.model)

    async def listed(self) -> ModelList:
        raise RuntimeError


@pytest.mark.parametrize("kind", ["test_slots", "list_models"])
async def test_a_mistake_of_ours_is_a_sentence_and_a_line_in_the_log(
    kind: ErrandKind, kept: Store, caplog: pytest.LogCaptureFixture
):
    errands = ErrandTasks(kept.errands, Broken(), lambda: STRATEGY)
    kept.errands.ask(kind, ADMIN)

    errands.begin(kept.errands.take())
    errand = await asyncio.to_thread(over, kept, kind)

    assert errand.error == "Something went wrong inside LessonGen; the log says what."
    assert any("RuntimeError" in (record.exc_text or "") for record in caplog.records)


async def test_a_store_in_trouble_ends_no_runner(kept: Store, caplog: pytest.LogCaptureFixture):
    errands = ErrandTasks(kept.errands, Broken(), lambda: STRATEGY)
    kept.errands.ask("list_models", ADMIN)
    errands.begin(kept.errands.take())
    await asyncio.to_thread(over, kept, "list_models")

    kept.database.execute("DROP TABLE errands")
    await errands.abandon()

    assert any("could not be ended" in record.message for record in caplog.records)


def test_an_errand_that_hangs_delays_no_lesson_and_is_given_up_when_the_server_stops(
    kept: Store, database: Path, emulator: StartEmulator
):
    hanging = FaultRule(FaultKind.HANG, part=TEST)
    running = emulator(hanging)
    with background("runner", runner_on(kept, running.url, database.with_suffix(".lock"))):
        kept.errands.ask("test_slots", ADMIN)
        eventually(lambda: asked(running, TEST) == len(STRATEGY.slots), "the tests")
        lesson = finished(kept, add(kept))
        under_way = newest(kept)

    assert lesson.status is LessonStatus.COMPLETE
    assert not under_way.over
    assert under_way.result
    stopped = newest(kept)
    assert (stopped.result, stopped.error) == (
        None,
        "The server stopped meanwhile. Please ask again.",
    )


def test_what_a_killed_server_left_is_ended_by_the_next_one(
    kept: Store, quick: RunningEmulator, database: Path
):
    kept.errands.ask("test_slots", ADMIN)
    kept.errands.take()

    with background("runner", runner_on(kept, quick.url, database.with_suffix(".lock"))):
        errand = over(kept, "test_slots")

    assert errand.error == "The server stopped meanwhile. Please ask again."
    assert asked(quick, TEST) == 0


def test_a_runner_that_stands_by_ends_no_errand_of_the_one_that_works(
    kept: Store, database: Path, emulator: StartEmulator
):
    running = emulator(FaultRule(FaultKind.HANG, part=TEST))
    lock = database.with_suffix(".lock")
    with background("first", runner_on(kept, running.url, lock)):
        kept.errands.ask("test_slots", ADMIN)
        eventually(lambda: asked(running, TEST) == len(STRATEGY.slots), "the tests")
        with background("second", runner_on(kept, running.url, lock)):
            pass

        assert not newest(kept).over
