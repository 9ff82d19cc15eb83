"""A lesson belongs to its teacher: every method that is there is tried on somebody else's."""

from collections.abc import Callable, Generator, Mapping
from inspect import getmembers, isfunction
from pathlib import Path
from typing import Any

import pytest

from lessongen.store.own_lessons import OwnLessons
from lessongen.store.ratings import Rating, Ratings
from lessongen.store.records import LessonStatus, WaitingLine
from lessongen.store.store import Store, opened_store
from tests.app import kept
from tests.support.lessons import request_on

ANNA, BEN, NOBODY = "anna@school.org", "ben@school.org", ""
STRANGERS = [BEN, NOBODY, "local", "%", "anna@school.or_", "ANNA@SCHOOL.ORG", "' OR 1=1 --"]
STARS = Rating(5, "boring")

Try = Callable[[Store, str, str], object]


def added(store: Store, person: str, _lesson: str) -> object:
    own = store.lessons_of(person).add(request_on("My own"), "parallel", sample=True)
    store.lessons_of(person).delete(own)
    return None


def line(store: Store, person: str, lesson: str) -> object:
    """Ask what another's lesson waits for: that takes the lesson itself, which is not to be had."""
    found = store.lessons_of(person).get(lesson)
    return store.lessons_of(person).line_before(found) if found else None


LESSON_TRIES: Mapping[str, Try] = {
    "add": added,
    "get": lambda store, person, lesson: store.lessons_of(person).get(lesson),
    "count_since": lambda store, person, _: store.lessons_of(person).count_since(0),
    "recent": lambda store, person, _: store.lessons_of(person).recent(),
    "line_before": line,
    "request_cancel": lambda store, person, lesson: store.lessons_of(person).request_cancel(lesson),
    "queue_again": lambda store, person, lesson: store.lessons_of(person).queue_again(lesson),
    "delete": lambda store, person, lesson: store.lessons_of(person).delete(lesson),
    "restore": lambda store, person, lesson: store.lessons_of(person).restore(lesson),
}
RATING_TRIES: Mapping[str, Try] = {
    "rate": lambda store, person, lesson: store.ratings.rate(lesson, person, STARS, "reading"),
    "withdraw": lambda store, person, lesson: store.ratings.withdraw(lesson, person),
    "of": lambda store, person, lesson: store.ratings.of(lesson, person),
}
TRIES = {**LESSON_TRIES, **RATING_TRIES}
# What each of them gives or changes where the lesson is one's own, by the state of that lesson.
WORKS_ON = {
    "get": "complete",
    "count_since": "complete",
    "recent": "complete",
    "line_before": "queued",
    "request_cancel": "running",
    "queue_again": "failed",
    "delete": "complete",
    "restore": "deleted",
    "rate": "complete",
    "withdraw": "complete",
    "of": "complete",
}


def queued(store: Store) -> str:
    return kept.queued(store, owner=ANNA)


def running(store: Store) -> str:
    lesson = kept.planned(store, owner=ANNA)
    kept.begin(store, lesson, "reading", '{"task": "Read')
    return lesson


def complete(store: Store) -> str:
    return kept.complete(store, owner=ANNA, sections=("warmup", "reading"))


def failed(store: Store) -> str:
    lesson = kept.planned(store, owner=ANNA)
    kept.fail(store, lesson, "reading", "No model could write it.")
    return kept.finish(store, lesson, LessonStatus.FAILED)


def deleted(store: Store) -> str:
    lesson = complete(store)
    store.lessons_of(ANNA).delete(lesson)
    return lesson


STATES = {state.__name__: state for state in (queued, running, complete, failed, deleted)}


@pytest.fixture
def store(tmp_path: Path) -> Generator[Store]:
    with opened_store(tmp_path / "lessons.db") as opened:
        yield opened


def of_anna(store: Store, state: str) -> str:
    """Keep a lesson of Anna's, with her rating of it."""
    lesson = STATES[state](store)
    store.ratings.rate(lesson, ANNA, Rating(2, "too hard"))
    return lesson


def rows(store: Store, lesson: str) -> list[dict[str, Any]]:
    """Return everything that is kept of a lesson."""
    read = store.database.read
    return [
        *read("SELECT * FROM lessons WHERE id = :id", id=lesson),
        *read("SELECT * FROM sections WHERE lesson_id = :id ORDER BY name", id=lesson),
        *read("SELECT * FROM ratings WHERE lesson_id = :id ORDER BY person, section", id=lesson),
    ]


def methods(kind: type) -> set[str]:
    return {name for name, _ in getmembers(kind, isfunction) if not name.startswith("_")}


def test_every_method_that_a_page_has_of_lessons_is_tried_here():
    assert methods(OwnLessons) == LESSON_TRIES.keys()


def test_every_method_that_a_page_has_of_ratings_is_tried_here():
    assert methods(Ratings) == RATING_TRIES.keys()


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("name", TRIES)
def test_nothing_of_anothers_lesson_is_given_or_changed(store: Store, name: str, state: str):
    lesson = of_anna(store, state)
    before = rows(store, lesson)

    given = {stranger: TRIES[name](store, stranger, lesson) for stranger in STRANGERS}

    assert not any(given.values())
    assert rows(store, lesson) == before


@pytest.mark.parametrize(("name", "state"), WORKS_ON.items())
def test_the_same_gives_or_changes_something_where_the_lesson_is_ones_own(
    store: Store, name: str, state: str
):
    lesson = of_anna(store, state)
    before = rows(store, lesson)

    given = TRIES[name](store, ANNA, lesson)

    assert given or rows(store, lesson) != before


def test_all_that_is_told_of_others_is_how_many_lessons_come_first(store: Store):
    running(store)
    own = kept.queued(store, owner=BEN)
    mine = store.lessons_of(BEN).get(own)
    assert mine

    line = store.lessons_of(BEN).line_before(mine)

    assert line == WaitingLine(1, line.saved_at)


def test_a_lesson_is_its_teachers_alone_beside_lessons_of_others(store: Store):
    hers = [complete(store), running(store)]
    his = kept.queued(store, owner=BEN)

    assert {found.id for found in store.lessons_of(ANNA).recent()} == {*hers}
    assert [found.id for found in store.lessons_of(BEN).recent()] == [his]
    assert store.lessons_of(ANNA).count_since(0) == 2
    assert store.lessons_of(BEN).count_since(0) == 1
