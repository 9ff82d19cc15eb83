import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Barrier, Thread

import pytest
import sqlite_utils
from pydantic import ValidationError

from lessongen.analytics.figures import figures
from lessongen.analytics.values import Figures
from lessongen.benchmark.history import History, fill
from lessongen.people import LOCAL
from lessongen.store.database import Database
from lessongen.store.figures.filters import Filters, day_of
from lessongen.store.figures.lessons_behind import Mark
from lessongen.store.figures.retention import KeptDays, Retention
from lessongen.store.migrations import migrations
from lessongen.store.records import LessonStatus
from lessongen.store.store import Store, opened_store
from tests.support.flaky_database import FlakyDatabase
from tests.support.lessons import request_on
from tests.support.past_lessons import (
    DAY,
    NOON,
    TODAY,
    Past,
    PastAttempt,
    PastLesson,
    PastRating,
)

MONTH = Filters.of_days(30, day_of(TODAY))
PATIENCE = 30.0


@dataclass
class Clock:
    now: float = NOON

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def past(tmp_path: Path, clock: Clock) -> Iterator[Past]:
    with opened_store(tmp_path / "lessons.db", now=clock) as store:
        yield Past(store)


def found(store: Store, filters: Filters = MONTH) -> Figures:
    store.day_sums.refresh()
    return figures(store.readings, filters)


def attempts(past: Past) -> int:
    """Return how many attempts are kept."""
    return past.store.database.read("SELECT COUNT(*) AS many FROM attempts")[0]["many"]


def test_attempts_are_kept_for_ever_unless_somebody_decided_otherwise(past: Past):
    past.add(PastLesson(created=-400))
    found(past.store)

    assert past.store.day_sums.retention.kept_days is None
    assert attempts(past) == 2


def test_attempts_older_than_a_set_age_go_and_their_sums_stay(past: Past):
    past.add(PastLesson(created=-20), PastLesson(created=-2))
    before = found(past.store)
    past.store.day_sums.retention.keep(KeptDays(days=10), "an admin")

    assert found(past.store) == before
    assert attempts(past) == 2
    assert past.store.database.read("SELECT SUM(attempts) AS n FROM attempt_days") == [{"n": 4}]


def test_a_rating_of_a_lesson_whose_attempts_went_is_counted_and_its_cost_stays(past: Past):
    [lesson_id, _] = past.add(PastLesson(created=-20), PastLesson())
    past.store.day_sums.retention.keep(KeptDays(days=10), "an admin")
    found(past.store)
    [kept] = past.store.database.read("SELECT * FROM lessons WHERE id = :id", id=lesson_id)
    rating = {"lesson_id": lesson_id, "section": "", "version": 1, "person": "x", "stars": 4}
    past.store.database.insert("ratings", [rating | {"rated_at": NOON}])
    past.store.database.upsert("stale_days", {"day": int(kept["created_at"] // DAY)}, ["day"])

    told = found(past.store).headline

    assert attempts(past) == 2
    assert (told.stars.value, told.cost.value) == (4.0, pytest.approx(0.02))


def test_attempts_that_come_late_are_added_to_a_day_that_is_sealed(past: Past):
    [lesson_id, _] = past.add(PastLesson(created=-20), PastLesson())
    past.store.day_sums.retention.keep(KeptDays(days=10), "an admin")
    found(past.store)
    late = PastAttempt("reading", "lite", cost_usd=0.5, begins=20 * DAY)
    past.add_attempts(lesson_id, late)

    told = found(past.store)

    assert attempts(past) == 3
    assert {use.model: use.requests for use in told.models} == {"flash": 4, "lite": 1}
    assert told.headline.cost.value == pytest.approx((0.52 + 0.02) / 2)


def test_attempts_of_a_lesson_that_is_still_written_are_not_rolled_up(past: Past):
    past.add(PastLesson(created=-20, status="running"), PastLesson())
    past.store.day_sums.retention.keep(KeptDays(days=10), "an admin")
    found(past.store)

    assert attempts(past) == 4


def test_attempts_are_rolled_up_once_a_day(past: Past, clock: Clock):
    past.store.day_sums.retention.keep(KeptDays(days=10), "an admin")
    found(past.store)
    past.add(PastLesson(created=-20), PastLesson())
    found(past.store)
    same_day = attempts(past)
    clock.now += DAY

    found(past.store)

    assert (same_day, attempts(past)) == (4, 2)


def test_many_old_attempts_go_in_bites_and_nothing_changes_on_the_way(past: Past):
    many = tuple(PastAttempt("reading", begins=0.1 * n, cost_usd=0.25) for n in range(90))
    same_moment = tuple(PastAttempt("warmup", cost_usd=0.25) for _ in range(30))
    past.add(PastLesson(created=-20, attempts=many), PastLesson(created=-19, attempts=same_moment))
    past.add(PastLesson())
    before = found(past.store)
    retention = Retention(past.store.database, past.store.now, rows=10)
    retention.keep(KeptDays(days=10), "an admin")
    left = [attempts(past)]
    while left[-1] > 2:
        assert retention.roll_up() > 0
        left.append(attempts(past))
        assert figures(past.store.readings, MONTH).models == before.models

    assert left[:3] == [122, 78, 34]
    assert found(past.store).headline.cost == before.headline.cost
    sealed = past.store.database.read("SELECT COUNT(*) AS many FROM attempt_days WHERE sealed = 1")
    assert sealed == [{"many": 2}]


@pytest.mark.parametrize("days", [-1, 0, 6, 3651])
def test_attempts_of_this_week_cannot_be_rolled_up_and_no_age_is_absurd(days: int):
    with pytest.raises(ValidationError, match="days"):
        KeptDays(days=days)


def test_a_clock_far_ahead_rolls_up_nothing_that_is_new(past: Past, clock: Clock):
    past.add(PastLesson(created=-20), PastLesson(created=-2))
    past.store.day_sums.retention.keep(KeptDays(days=10), "an admin")
    clock.now += 4000 * DAY

    found(past.store)

    assert attempts(past) == 2


def test_what_would_go_is_counted_before_it_goes(past: Past):
    past.add(PastLesson(created=-20), PastLesson(created=-15, status="running"), PastLesson())
    retention = past.store.day_sums.retention
    told = [retention.too_old(KeptDays(days=days)) for days in (None, 10, 30)]

    retention.keep(KeptDays(days=10), "an admin")

    assert told == [0, 2, 0]
    assert retention.roll_up() == 2


class Interrupted(FlakyDatabase):
    """A database in which something else is done before the second transaction begins."""

    def __init__(self, database: Database, meanwhile: Callable[[], None]) -> None:
        super().__init__(database)
        self._meanwhile = meanwhile
        self._transactions = 0

    def transaction(self) -> AbstractContextManager[None]:
        self._transactions += 1
        if self._transactions == 2:
            self._meanwhile()
        return super().transaction()


def test_for_ever_holds_from_the_moment_it_is_pressed_while_attempts_are_rolled_up(past: Past):
    old = tuple(PastAttempt("reading", begins=float(n)) for n in range(30))
    past.add(PastLesson(created=-20, attempts=old), PastLesson())
    kept = past.store.day_sums.retention
    kept.keep(KeptDays(days=10), "an admin")
    database = Interrupted(past.store.database, lambda: kept.keep(KeptDays(), "an admin"))

    gone = Retention(database, past.store.now, rows=10).roll_up()

    assert gone == 11
    assert attempts(past) == 21


@pytest.mark.parametrize("written", ["", "soon", "-5", "3", "1e3", "²", "99999"])
def test_an_age_that_cannot_be_read_rolls_nothing_up(past: Past, written: str):
    past.store.preferences.set("attempts_kept_days", written)

    assert past.store.day_sums.retention.kept_days is None


def test_a_day_with_thousands_of_attempts_is_left_for_a_while_after_it_was_summed_up(
    past: Past, clock: Clock
):
    past.add(PastLesson(attempts=tuple(PastAttempt("reading") for _ in range(9000))))
    found(past.store)
    past.add(PastLesson())
    soon = found(past.store).headline.lessons.value
    clock.now += 4.0

    assert (soon, found(past.store).headline.lessons.value) == (1, 2)


def test_a_clock_set_back_keeps_no_day_waiting(past: Past, clock: Clock):
    past.add(PastLesson(attempts=tuple(PastAttempt("reading") for _ in range(9000))))
    found(past.store)
    clock.now -= DAY
    past.add(PastLesson())

    assert found(past.store).headline.lessons.value == 2


def test_many_who_refresh_at_once_count_everything_once(past: Past, tmp_path: Path):
    past.add(*(PastLesson(created=-day) for day in range(8) for _ in range(3)))
    together = Barrier(4)

    def refresh() -> None:
        with opened_store(tmp_path / "lessons.db", now=lambda: NOON) as store:
            together.wait(PATIENCE)
            store.day_sums.refresh()

    threads = [Thread(target=refresh) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)

    told = found(past.store)
    assert told.headline.lessons.value == 24
    assert sum(use.requests for use in told.models) == 48


def test_lessons_of_an_older_database_are_in_the_figures(tmp_path: Path):
    path = tmp_path / "lessons.db"
    connection = sqlite3.connect(path)
    with closing(sqlite_utils.Database(connection, execute_plugins=False)) as older:
        migrations.apply(older, stop_before="saved_at")
        request = request_on().model_dump_json()
        lesson = {"id": "old", "created_at": NOON, "started_at": NOON + 1, "topic": "Pets"}
        about = {"finished_at": NOON + 21, "status": "complete", "mode": "sequential"}
        older.table("lessons").insert(lesson | about | {"level": "B1", "request": request})
        section = {"lesson_id": "old", "name": "warmup", "status": "written", "revision": 1}
        older.table("sections").insert(section | {"started_at": NOON + 2, "finished_at": NOON + 9})
        attempt = {"id": "a", "lesson_id": "old", "part": "warmup", "slot": "primary"}
        how = {"model": "m", "reason": "first", "started_at": NOON + 2, "outcome": "written"}
        older.table("attempts").insert(attempt | how)

    with opened_store(path, now=lambda: NOON) as store:
        told = found(store)

    assert (told.headline.lessons.value, told.headline.seconds.value) == (1, 20.0)
    assert [(group.name, group.lessons) for group in told.versions] == [("not known", 1)]
    assert [group.name for group in told.cohorts] == ["not known"]
    assert [(use.model, use.requests, use.unpriced) for use in told.models] == [("m", 1, 1)]
    assert (told.waits, told.scores, told.headline.cost.value) == ((), (), None)


def test_a_lesson_that_ends_in_the_store_is_summed_up_by_its_day(tmp_path: Path):
    with opened_store(tmp_path / "lessons.db", now=lambda: NOON) as store:
        lesson_id = store.lessons_of(LOCAL).add(request_on(), "parallel", sample=False)
        store.lessons.claim(lesson_id)
        before = found(store).empty
        store.lessons.finish(lesson_id, LessonStatus.FAILED)

        told = found(store)

    assert before
    assert (told.headline.lessons.value, told.headline.completed.value) == (1, 0.0)


def test_a_made_up_history_is_the_same_for_a_seed_and_looks_like_lessons(tmp_path: Path):
    told: list[Figures] = []
    for name in ("one.db", "two.db"):
        with opened_store(tmp_path / name, now=lambda: NOON) as store:
            made = fill(store.database, History(3000, days=40, until=NOON))
            told.append(found(store, Filters.of_days(40, day_of(TODAY))))
        assert 2500 < made < 3500

    assert told[0] == told[1]
    [history, _] = told
    parallel, sequential = history.modes
    assert parallel.seconds
    assert sequential.seconds
    assert sequential.seconds > 2 * parallel.seconds
    assert len(history.versions) == 5
    assert len(history.cohorts) == 5
    assert {use.reason for use in history.reasons} == {"first", "retry", "fallback", "repair"}


def test_the_lessons_behind_a_mark_are_the_newest_first_and_say_nothing_of_their_content(
    past: Past,
):
    lite = PastAttempt("reading", "lite", outcome="failed", error_class="TimedOut")
    older, newer, other = past.add(
        PastLesson(
            created=-2,
            attempts=(lite,),
            ratings=(PastRating(4, section="reading", reason="boring"),),
        ),
        PastLesson(created=-1, attempts=(PastAttempt("warmup"), lite), ratings=(PastRating(2),)),
        PastLesson(level="A1"),
    )
    past.store.day_sums.refresh()
    behind = past.store.lessons_behind

    def ids(mark: Mark) -> list[str]:
        return [line.lesson_id for line in behind.newest(mark)]

    assert ids(Mark(MONTH)) == [other, newer, older]
    assert ids(Mark(MONTH, error="TimedOut")) == [newer, older]
    assert ids(Mark(replace(MONTH, model="lite"), day=day_of(TODAY - 1))) == [newer]
    assert ids(Mark(replace(MONTH, level="A1"))) == [other]
    assert ids(Mark(replace(MONTH, section="warmup"))) == [other, newer]
    assert ids(Mark(replace(MONTH, section="warmup"), error="TimedOut")) == []
    assert ids(Mark(MONTH, stars=2)) == [newer]
    assert ids(Mark(MONTH, complaint="boring")) == [older]
    assert ids(Mark(MONTH, complaint="too easy")) == []
    assert ids(Mark(MONTH, status="failed")) == []
    assert len(behind.newest(Mark(MONTH), limit=1)) == 1
    assert "secret" not in repr(behind.newest(Mark(MONTH)))


def test_the_timeline_of_a_lesson_has_its_requests_in_the_order_they_began(past: Past):
    [lesson_id] = past.add(
        PastLesson(
            attempts=(
                PastAttempt("reading", begins=4.0, queue_ms=500, total_ms=1500),
                PastAttempt("warmup", begins=2.0, queue_ms=-5, total_ms=-1),
            )
        )
    )
    past.store.day_sums.refresh()

    timeline = past.store.lessons_behind.timeline(lesson_id)

    assert timeline
    assert timeline.kept
    first, second = timeline.attempts
    assert (first.part, first.begins, first.admitted, first.ends) == ("warmup", 0.0, 0.0, 0.0)
    assert (second.begins, second.admitted, second.ends) == (2.0, 2.5, 3.5)
    assert past.store.lessons_behind.timeline("nothing") is None


def test_the_timeline_of_a_lesson_whose_attempts_went_says_so(past: Past):
    [lesson_id, _] = past.add(PastLesson(created=-20), PastLesson())
    past.store.day_sums.retention.keep(KeptDays(days=10), "an admin")
    past.store.day_sums.refresh()

    timeline = past.store.lessons_behind.timeline(lesson_id)

    assert timeline
    assert (timeline.attempts, timeline.kept) == ((), False)
