import json
import math
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from itertools import accumulate, pairwise
from pathlib import Path

import pytest

from lessongen.emulator.config import EmulatorConfig
from lessongen.emulator.server import RunningEmulator, running_emulator
from lessongen.lesson.prompts import BRIEF
from lessongen.lesson.samples import Sample, SampleBank
from lessongen.lesson.sections import SECTIONS
from lessongen.people import LOCAL
from lessongen.services import Services, Tuning, running_services
from lessongen.settings import ROOT, Settings
from lessongen.store.records import LessonRecord, LessonStatus, SectionStatus
from lessongen.store.store import opened_store
from tests.support.lessons import BANK, markets, request_on, stored_contents
from tests.support.running import (
    ALL_BUT_READING,
    PARTS,
    SLOW,
    STRATEGY,
    add,
    asked,
    asking,
    eventually,
    finished,
    hasty,
    hung_up,
    lesson_when,
    paced_emulator,
)


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    """Close what a test opened, whatever becomes of it."""
    with ExitStack() as opened:
        yield opened


@pytest.fixture
def slow_reading() -> Iterator[RunningEmulator]:
    """Serve all but the reading at once."""
    with paced_emulator({"reading": SLOW}) as emulator:
        yield emulator


def section_status(lesson: LessonRecord, name: str) -> SectionStatus:
    return next(section.status for section in lesson.sections if section.name == name)


def all_but_reading_written(lesson: LessonRecord) -> bool:
    return lesson.written == ALL_BUT_READING and "reading" in growing(lesson)


def growing(lesson: LessonRecord) -> list[str]:
    return [section.name for section in lesson.sections if section.partial]


def test_a_lesson_is_written_whole_with_one_attempt_for_each_part(
    quick: RunningEmulator, database: Path
):
    with running_services(asking(quick.url, database)) as services:
        lesson = finished(services.store, services.request_lesson(request_on()))
        attempts = services.store.attempts.of_lesson(lesson.id)

    assert (lesson.status, lesson.error) == (LessonStatus.COMPLETE, None)
    assert lesson.contents() == stored_contents(markets())
    assert (lesson.score, {section.score for section in lesson.sections}) == (100, {100})
    assert {a.part: a.score for a in attempts} == {BRIEF: None, **dict.fromkeys(SECTIONS, 100)}
    assert lesson.brief
    assert not lesson.brief_local
    assert not lesson.sample
    assert lesson.started_at
    assert lesson.finished_at
    assert lesson.created_at <= lesson.started_at < lesson.finished_at
    assert sorted(a.part for a in attempts) == sorted(PARTS)
    assert {(a.outcome, a.reason, a.mode) for a in attempts} == {("written", "first", "parallel")}
    assert all(a.input_tokens and a.output_tokens and a.cost_usd for a in attempts)
    assert all(lesson.started_at <= a.started_at <= lesson.finished_at for a in attempts)
    assert growing(lesson) == []


def test_without_a_key_the_sample_server_inside_writes_a_sample(database: Path):
    with running_services(Settings(ROOT, database, sample_speed=1000.0)) as services:
        lesson = finished(services.store, services.request_lesson(request_on()))

    assert (lesson.status, lesson.sample) == (LessonStatus.COMPLETE, True)


def test_a_sequential_lesson_asks_for_one_section_after_the_other(
    quick: RunningEmulator, database: Path
):
    with running_services(asking(quick.url, database)) as services:
        lesson_id = services.request_lesson(request_on(), mode="sequential")
        assert finished(services.store, lesson_id).status is LessonStatus.COMPLETE

    assert [request.part for request in quick.requests] == list(PARTS)


def test_what_a_model_has_written_so_far_is_seen_before_the_end(database: Path):
    with (
        paced_emulator({"reading": 1.2}) as emulator,
        running_services(asking(emulator.url, database)) as services,
    ):
        lesson_id = services.request_lesson(request_on())
        seen: list[str] = []

        def look() -> bool:
            lesson = services.store.lessons.get(lesson_id)
            assert lesson
            reading = next(section for section in lesson.sections if section.name == "reading")
            if reading.partial and reading.partial not in seen:
                seen.append(reading.partial)
            return lesson.status.finished

        eventually(look, "a finished lesson")

    assert len(seen) >= 3
    assert all(later.startswith(sooner) for sooner, later in pairwise(seen))


def test_cancelling_keeps_what_is_done_and_hangs_up_within_a_second(
    slow_reading: RunningEmulator, database: Path
):
    with running_services(asking(slow_reading.url, database)) as services:
        store, lesson_id = services.store, services.request_lesson(request_on())
        lesson_when(store, lesson_id, all_but_reading_written, "all but the reading")

        asked_at = time.monotonic()
        store.lessons_of(LOCAL).request_cancel(lesson_id)

        lesson = finished(store, lesson_id)
        outcomes = {a.part: a.outcome for a in store.attempts.of_lesson(lesson_id)}
        eventually(lambda: hung_up(slow_reading, "reading"), "a closed connection")

    assert ended(slow_reading, "reading") - asked_at < 1.0
    assert lesson.status is LessonStatus.CANCELLED
    assert lesson.written == ALL_BUT_READING
    assert section_status(lesson, "reading") is SectionStatus.WAITING
    assert outcomes == dict.fromkeys(PARTS, "written") | {"reading": "cancelled"}


def ended(emulator: RunningEmulator, part: str) -> float:
    """Return when the only request for a part ended; the emulator's clock is time.monotonic."""
    [moment] = [request.ended for request in emulator.requests if request.part == part]
    assert moment
    return moment


def test_a_cancelled_lesson_can_be_taken_up_again(database: Path, stack: ExitStack):
    emulator = stack.enter_context(paced_emulator({"reading": 1.5}))
    with running_services(asking(emulator.url, database)) as services:
        store, lesson_id = services.store, services.request_lesson(request_on())
        lesson_when(store, lesson_id, all_but_reading_written, "all but the reading")
        store.lessons_of(LOCAL).request_cancel(lesson_id)
        finished(store, lesson_id)

        store.lessons_of(LOCAL).queue_again(lesson_id)

        assert finished(store, lesson_id).status is LessonStatus.COMPLETE
    assert {part: asked(emulator, part) for part in PARTS} == dict.fromkeys(PARTS, 1) | {
        "reading": 2
    }


def test_deleting_a_running_lesson_stops_it(slow_reading: RunningEmulator, database: Path):
    with running_services(asking(slow_reading.url, database)) as services:
        store, lesson_id = services.store, services.request_lesson(request_on())
        lesson_when(store, lesson_id, all_but_reading_written, "all but the reading")

        store.lessons_of(LOCAL).delete(lesson_id)

        eventually(lambda: hung_up(slow_reading, "reading"), "a closed connection")
        eventually(lambda: not store.lessons.cancel_requests(), "the lesson to be closed")
        attempts = store.attempts.of_lesson(lesson_id)
        store.lessons_of(LOCAL).restore(lesson_id)
        lesson = store.lessons.get(lesson_id)

    outcomes = {attempt.part: attempt.outcome for attempt in attempts}
    assert outcomes == dict.fromkeys(PARTS, "written") | {"reading": "cancelled"}
    assert lesson
    assert lesson.status is LessonStatus.CANCELLED
    assert lesson.written == ALL_BUT_READING


def test_a_stopped_lesson_is_finished_by_the_next_runner_without_asking_again(
    database: Path, stack: ExitStack
):
    first = stack.enter_context(paced_emulator({"reading": SLOW}))
    with running_services(asking(first.url, database)) as services:
        lesson_id = services.request_lesson(request_on())
        before = lesson_when(
            services.store, lesson_id, all_but_reading_written, "all but the reading"
        )
    second = stack.enter_context(paced_emulator())
    with running_services(asking(second.url, database)) as services:
        after = finished(services.store, lesson_id)
        attempts = services.store.attempts.of_lesson(lesson_id)

    assert [request.part for request in second.requests] == ["reading"]
    assert after.status is LessonStatus.COMPLETE
    assert after.brief == before.brief
    assert after.started_at == before.started_at
    assert [a.outcome for a in attempts if a.part == "reading"] == ["cancelled", "written"]
    assert len(attempts) == len(PARTS) + 1


def test_a_second_runner_stands_by_and_takes_over(database: Path, stack: ExitStack):
    slow = stack.enter_context(paced_emulator({"reading": SLOW}))
    quick = stack.enter_context(paced_emulator())
    leading = ExitStack()
    leader = leading.enter_context(running_services(asking(slow.url, database)))
    lesson_id = leader.request_lesson(request_on())
    lesson_when(leader.store, lesson_id, all_but_reading_written, "all but the reading")

    other = stack.enter_context(running_services(asking(quick.url, database)))
    assert quick.requests == ()
    leading.close()

    assert finished(other.store, lesson_id).status is LessonStatus.COMPLETE
    assert [request.part for request in quick.requests] == ["reading"]


def test_lessons_wait_their_turn_where_the_models_have_no_room_for_more(database: Path):
    strategy = replace(
        STRATEGY,
        slots={n: s.model_copy(update={"concurrency": 8}) for n, s in STRATEGY.slots.items()},
    )
    with (
        paced_emulator() as emulator,
        running_services(asking(emulator.url, database), Tuning(strategy)) as services,
    ):
        ids = [add(services.store) for _ in range(12)]
        lessons = [finished(services.store, lesson) for lesson in ids]

    assert {lesson.status for lesson in lessons} == {LessonStatus.COMPLETE}
    begun = [(lesson.started_at or 0, 1) for lesson in lessons]
    ended = [(lesson.finished_at or 0, -1) for lesson in lessons]
    under_way = list(accumulate(step for _, step in sorted([*begun, *ended])))
    assert max(under_way) == 4
    assert [lesson.id for lesson in sorted(lessons, key=lambda one: one.started_at or 0)] == ids


def test_two_runners_in_one_process_never_double_a_lesson(
    quick: RunningEmulator, database: Path, stack: ExitStack
):
    runners = [stack.enter_context(running_services(asking(quick.url, database))) for _ in range(2)]
    lessons = [one.request_lesson(request_on()) for one in runners for _ in range(4)]

    statuses = {finished(runners[0].store, lesson_id).status for lesson_id in lessons}

    assert statuses == {LessonStatus.COMPLETE}
    assert len(quick.requests) == len(lessons) * len(PARTS)


def test_a_lesson_that_cannot_be_read_is_marked_and_the_next_one_is_written(
    quick: RunningEmulator, database: Path
):
    with opened_store(database) as store:
        broken, well = add(store), add(store)
        store.database.execute("UPDATE lessons SET request = '{}' WHERE id = :id", id=broken)

    with running_services(asking(quick.url, database)) as services:
        assert finished(services.store, well).status is LessonStatus.COMPLETE
        lines = {line.id: line.status for line in services.store.lessons_of(LOCAL).recent()}

    assert lines[broken] is LessonStatus.FAILED
    assert len(quick.requests) == len(PARTS)


def assert_failed_with(sentence: str, reason: str, services: Services) -> None:
    """Ask for a lesson, and check that it fails in words, every attempt on record."""
    lesson = finished(services.store, services.request_lesson(request_on()))
    attempts = services.store.attempts.of_lesson(lesson.id)

    assert lesson.status is LessonStatus.FAILED
    assert sentence in (lesson.error or "")
    assert lesson.brief_local
    assert {section.status for section in lesson.sections} == {SectionStatus.FAILED}
    assert {section.error for section in lesson.sections} == {lesson.error}
    assert {a.part for a in attempts} == set(PARTS)
    assert {a.outcome for a in attempts} <= {"failed", "refused"}
    assert all(reason in (a.error or "") for a in attempts)
    assert "not-a-real-key" not in f"{lesson}{attempts}"


def test_a_lesson_with_a_wrong_key_fails_and_says_why(database: Path, stack: ExitStack):
    emulator = stack.enter_context(paced_emulator(accepted_key="another"))

    assert_failed_with(
        "did not accept the key",
        "API key not valid",
        stack.enter_context(running_services(asking(emulator.url, database))),
    )


def test_a_lesson_without_a_server_fails_and_says_why(database: Path, stack: ExitStack):
    nobody = "http://127.0.0.1:9"

    assert_failed_with(
        "could not be reached",
        "could not be reached",
        stack.enter_context(running_services(asking(nobody, database), hasty())),
    )


def test_a_lesson_queued_before_the_runner_came_is_written(quick: RunningEmulator, database: Path):
    with opened_store(database) as store:
        lesson_id = add(store, request_on(sections=["warmup"]))

    with running_services(asking(quick.url, database)) as services:
        assert finished(services.store, lesson_id).status is LessonStatus.COMPLETE
    assert [request.part for request in quick.requests] == [BRIEF, "warmup"]


def without_a_word(sample: Sample, word: str) -> Sample:
    """Return a sample whose reading does not use one of its target words."""
    reading = json.dumps(sample.sections["reading"]).replace(word, "talk")
    return sample.model_copy(
        update={"sections": {**sample.sections, "reading": json.loads(reading)}}
    )


def test_what_checks_find_is_tried_again_once_and_told_where_it_stays(database: Path):
    bank = SampleBank((without_a_word(markets(), "haggle"), *BANK.samples))

    with (
        running_emulator(EmulatorConfig(bank, speed=math.inf)) as emulator,
        running_services(asking(emulator.url, database)) as services,
    ):
        lesson = finished(services.store, services.request_lesson(request_on()))
        attempts = services.store.attempts.of_lesson(lesson.id)

    [reading] = [section for section in lesson.sections if section.name == "reading"]
    tries = [(a.reason, a.outcome, a.score) for a in attempts if a.part == "reading"]
    assert lesson.status is LessonStatus.COMPLETE
    assert ("words", "fault") in {(found.check, found.severity) for found in reading.findings}
    assert any("haggle" in finding.sentence for finding in reading.findings)
    assert [(reason, outcome) for reason, outcome, _ in tries] == [
        ("first", "written"),
        ("second_pass", "written"),
    ]
    assert {score for _, _, score in tries} == {reading.score}
    assert len(attempts) == len(PARTS) + 1
    assert lesson.score
    assert lesson.score < 100
