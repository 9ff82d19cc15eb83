from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest

from lessongen.errors import StoreError
from lessongen.generation.breaker import BreakerState
from lessongen.generation.events import (
    AnswerScored,
    Attempt,
    AttemptEnded,
    Event,
    LessonChecked,
    PartGrew,
    PartStarted,
    SectionChecked,
    SectionRewriting,
    SectionWritten,
)
from lessongen.generation.places import GateState
from lessongen.people import LOCAL
from lessongen.runner.batch import Batch
from lessongen.runner.exchange import Exchange
from lessongen.runner.recorder import LessonRecorder
from lessongen.store.records import AGAIN, LessonRecord, LessonStatus, SectionStatus
from lessongen.store.sqlite import open_sqlite
from lessongen.store.store import Store
from tests.support.flaky_database import FlakyDatabase
from tests.support.running import add

STARTED = PartStarted("warmup", "primary", "m", "first")
WRITTEN = SectionWritten("warmup", "{}", "primary", "m")
ATTEMPT = Attempt("warmup", "primary", "m", "first", "v1", started=0.0, outcome="written")
FIRST, SECOND = AttemptEnded(ATTEMPT), AttemptEnded(replace(ATTEMPT, reason="retry"))


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


class Presses:
    """Counts how often a recorder asked to be saved soon."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self) -> None:
        self.count += 1


def taken(store: Store) -> LessonRecord:
    [lesson] = Exchange(store).claimed([add(store)])
    return lesson


def recorder(
    store: Store, lesson: LessonRecord | None = None, hurry: Presses | None = None
) -> LessonRecorder:
    return LessonRecorder(lesson or taken(store), store.now, lambda: 0.0, hurry or Presses())


def news(store: Store) -> Batch:
    """Return a batch of a lesson of its own."""
    following = recorder(store)
    following.emit(FIRST)
    return following.batch()


def unsavable(batch: Batch) -> Batch:
    return replace(batch, attempts=[{**batch.attempts[0], "part": None}])


def grown(following: LessonRecorder, times: int) -> None:
    following.emit(STARTED)
    for length in range(times):
        following.emit(PartGrew("warmup", "x" * length))


def test_a_batch_saved_twice_is_there_once(store: Store):
    following = recorder(store)
    for event in (STARTED, FIRST, WRITTEN):
        following.emit(event)
    batch = following.batch()

    assert batch.save(store)
    assert batch.save(store)

    lesson = store.lessons.get(batch.lesson_id)
    assert lesson
    assert lesson.written == {"warmup"}
    assert len(store.attempts.of_lesson(batch.lesson_id)) == 1


def test_a_batch_that_was_not_saved_comes_again_with_the_same_attempts_and_newer_ones(store: Store):
    following = recorder(store)
    following.emit(FIRST)
    first = following.batch()
    following.emit(SECOND)

    following.take_back(first)

    second = following.batch()
    assert [row["reason"] for row in second.attempts] == ["first", "retry"]
    assert second.attempts[0] == first.attempts[0]
    assert following.batch().empty


def test_what_waits_to_be_saved_does_not_grow_with_the_time_it_waits(store: Store):
    following = recorder(store)
    for _ in range(100):
        grown(following, times=10)
        following.take_back(following.batch())

    [section] = following.batch().sections

    assert (section.status, section.partial) == (SectionStatus.WRITING, "x" * 9)


def test_only_what_was_paid_for_or_is_the_end_cannot_wait(store: Store):
    hurry = Presses()
    following = recorder(store, hurry=hurry)
    grown(following, times=3)
    waits = not following.urgent and hurry.count == 0
    following.emit(FIRST)
    pressed = following.urgent and hurry.count == 1
    failed = following.batch()
    following.take_back(failed)
    rests = not following.urgent
    following.end()

    assert (waits, pressed, rests, following.urgent) == (True, True, True, True)


def test_a_batch_that_cannot_be_saved_holds_up_no_other_but_nothing_new_is_begun(store: Store):
    good, bad, also_good = news(store), unsavable(news(store)), news(store)
    add(store)

    found = Exchange(store).exchange([good, bad, also_good], {})

    assert found.saved == {good.lesson_id, also_good.lesson_id}
    assert found.queued == ()
    assert len(store.attempts.of_lesson(also_good.lesson_id)) == 1


def test_where_nothing_can_be_saved_it_is_still_heard_what_nobody_wants(
    store: Store, flaky: FlakyDatabase
):
    batch = news(store)
    store.lessons_of(LOCAL).request_cancel(batch.lesson_id)
    flaky.failing_writes = 1

    found = Exchange(store).exchange([batch], {})

    assert (found.saved, found.unwanted) == (set(), {batch.lesson_id})


def test_a_lesson_whose_row_is_gone_is_not_wanted_and_holds_up_nothing(store: Store):
    gone, there = news(store), news(store)
    store.database.execute("DELETE FROM sections WHERE lesson_id = :id", id=gone.lesson_id)
    store.database.execute("DELETE FROM lessons WHERE id = :id", id=gone.lesson_id)
    queued = add(store)

    found = Exchange(store).exchange([gone, there], {})

    assert found.saved == {gone.lesson_id, there.lesson_id}
    assert found.unwanted == {gone.lesson_id}
    assert found.queued == [queued]
    assert store.attempts.of_lesson(gone.lesson_id) == []


def test_the_time_of_saving_is_noted_with_the_first_exchange_and_not_with_each(store: Store):
    exchange, following = Exchange(store), recorder(store)
    exchange.exchange([following.batch()], {})
    first = saved_at(store)

    exchange.exchange([following.batch()], {})

    assert saved_at(store) == first


def test_while_something_cannot_be_saved_no_time_is_noted(store: Store):
    bad = unsavable(news(store))
    before = saved_at(store)

    Exchange(store).exchange([bad], {})

    assert saved_at(store) == before


def saved_at(store: Store) -> float:
    [row] = store.database.read("SELECT saved_at FROM lessons")
    return row["saved_at"]


def test_a_lesson_that_cannot_be_read_is_closed_and_its_trouble_is_the_stores(
    store: Store, flaky: FlakyDatabase
):
    lesson_id = add(store)
    store.database.execute("UPDATE lessons SET request = '{}'")
    flaky.failing_writes = 1

    with pytest.raises(StoreError):
        Exchange(store).claimed([lesson_id])
    assert Exchange(store).claimed([lesson_id]) == []

    assert [line.status for line in store.lessons_of(LOCAL).recent()] == [LessonStatus.FAILED]


OPEN = GateState("m", BreakerState.CLOSED, 0.0, None, 1, 24, 0, 3)
CLOSED = replace(OPEN, breaker=BreakerState.OPEN, opens_in=5.0, reason="503")


def test_the_slots_are_told_when_they_change_and_not_with_each_exchange(store: Store):
    exchange = Exchange(store)
    exchange.exchange([], {"primary": OPEN})
    [told] = store.slots.all()

    exchange.exchange([], {"primary": OPEN})
    exchange.exchange([], {"primary": CLOSED})  # a moment later: it waits its turn

    assert store.slots.all() == [told]
    assert (told.name, told.model, told.breaker, told.opens_at) == ("primary", "m", "closed", None)


def test_lessons_are_taken_together_or_where_the_store_fails_not_at_all(
    store: Store, flaky: FlakyDatabase
):
    queued = [add(store) for _ in range(3)]
    flaky.failing_writes = 1

    with pytest.raises(StoreError):
        Exchange(store).claimed(queued)

    assert store.lessons.claimable() == queued
    assert [lesson.id for lesson in Exchange(store).claimed(queued)] == queued
    assert Exchange(store).claimed(queued) == []


def test_scores_are_kept_with_the_newest_usable_answer(store: Store):
    following = recorder(store)
    events: list[Event] = [
        STARTED,
        FIRST,
        AnswerScored("warmup", 40),
        WRITTEN,
        SectionRewriting("warmup"),
        SECOND,
        AnswerScored("warmup", 90),
        SectionChecked("warmup", WRITTEN.content, (), 40),
        LessonChecked(88.5),
    ]
    for event in events:
        following.emit(event)

    batch = following.batch()

    assert batch.save(store)
    lesson = store.lessons.get(batch.lesson_id)
    assert lesson
    assert (lesson.score, lesson.sections[0].score) == (88.5, 40)
    scores = {row.reason: row.score for row in store.attempts.of_lesson(batch.lesson_id)}
    assert scores == {"first": 40, "retry": 90}


def test_scores_that_were_not_saved_come_again(store: Store):
    following = recorder(store)
    following.emit(FIRST)
    following.emit(AnswerScored("warmup", 40))
    following.emit(LessonChecked(40))
    first = following.batch()
    following.emit(LessonChecked(60))

    following.take_back(first)

    again = following.batch()
    assert (list(again.scores.values()), again.score) == ([40], 60)


def test_the_time_of_a_rewrite_is_kept_whatever_comes_of_it(store: Store):
    following = recorder(store)
    for event in (STARTED, WRITTEN, SectionRewriting("warmup")):
        following.emit(event)
    [under_way] = following.batch().sections
    following.emit(SectionChecked("warmup", WRITTEN.content, (), 40))

    [over] = following.batch().sections

    assert under_way.rewriting_since
    assert (over.rewriting_since, over.reason) == (None, AGAIN)
    assert over.rewriting_seconds == 1.0  # the clock of the store counts
    assert over.finished_at == under_way.finished_at
