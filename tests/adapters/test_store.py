import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import count
from pathlib import Path
from threading import Barrier

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from lessongen.errors import StoreError, Throttled, UnreadableLessonError
from lessongen.gemini.messages import Usage
from lessongen.generation.breaker import BreakerState
from lessongen.generation.events import Attempt
from lessongen.generation.places import GateState
from lessongen.lesson.brief import local_brief
from lessongen.lesson.prompts import BRIEF
from lessongen.lesson.sections import SECTIONS
from lessongen.people import LOCAL
from lessongen.quality.findings import Finding
from lessongen.store.attempts import attempt_row
from lessongen.store.records import (
    AGAIN,
    LessonRecord,
    LessonStatus,
    SectionRecord,
    SectionStatus,
)
from lessongen.store.store import Store, opened_store
from tests.support.lessons import MARKETS, markets, request_on

WARMUP = markets().part("warmup", MARKETS)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Open an empty store whose clock counts 1, 2, 3, ..."""
    ticks = count(1)
    with opened_store(tmp_path / "lessons.db", now=lambda: float(next(ticks))) as opened:
        yield opened


def added(store: Store, topic: str = MARKETS) -> str:
    return store.lessons_of(LOCAL).add(request_on(topic), "parallel", sample=True)


def claimed(store: Store) -> str:
    lesson_id = added(store)
    assert store.lessons.claim(lesson_id)
    return lesson_id


def found(store: Store, lesson_id: str) -> LessonRecord:
    lesson = store.lessons.get(lesson_id)
    assert lesson is not None
    return lesson


def section(store: Store, lesson_id: str, name: str = "warmup") -> SectionRecord:
    return next(s for s in found(store, lesson_id).sections if s.name == name)


OTHER_WARMUP = json.dumps(json.loads(WARMUP) | {"task": "Talk to somebody else."})


def written(name: str = "warmup", content: str = WARMUP) -> SectionRecord:
    return SectionRecord(name, SectionStatus.WRITTEN, 0, content=content, finished_at=9.0)


def writing(name: str = "warmup", partial: str = '{"task": "Lo') -> SectionRecord:
    return SectionRecord(
        name, SectionStatus.WRITING, 0, partial, slot="primary", model="m", started_at=5.0
    )


def failed(name: str = "warmup") -> SectionRecord:
    return SectionRecord(name, SectionStatus.FAILED, 0, error="m: no", started_at=5.0)


def test_a_new_lesson_is_queued_and_its_sections_wait_in_lesson_order(store: Store):
    request = request_on("Pets", sections=["wrapup", "reading"], notes="Be kind.")

    lesson = found(store, store.lessons_of(LOCAL).add(request, "sequential", sample=False))

    assert (lesson.status, lesson.mode, lesson.sample) == (LessonStatus.QUEUED, "sequential", False)
    assert (lesson.request, lesson.title, lesson.created_at) == (request, "Pets", 1.0)
    assert lesson.sections == (
        SectionRecord("reading", SectionStatus.WAITING, 0),
        SectionRecord("wrapup", SectionStatus.WAITING, 0),
    )
    assert (lesson.started_at, lesson.finished_at, lesson.brief, lesson.lesson()) == (None,) * 4


def test_a_lesson_that_was_never_added_is_not_there(store: Store):
    assert store.lessons.get("nothing") is None
    assert not store.lessons.claim("nothing")


def test_the_oldest_lesson_is_claimed_first_and_only_once(store: Store):
    first, second = added(store), added(store)
    assert store.lessons.claimable() == [first, second]

    assert store.lessons.claim(first)
    assert not store.lessons.claim(first)

    assert store.lessons.claimable() == [second]
    assert found(store, first).status is LessonStatus.RUNNING
    assert found(store, first).started_at == 3.0


def test_of_many_claimers_at_the_same_moment_one_wins(store: Store):
    start = Barrier(8)

    def claim(lesson_id: str) -> bool:
        start.wait()
        return store.lessons.claim(lesson_id)

    with ThreadPoolExecutor(8) as threads:
        for _ in range(20):
            assert sum(threads.map(claim, [added(store)] * 8)) == 1


def test_each_save_raises_a_sections_revision_and_replaces_what_was_there(store: Store):
    lesson_id = claimed(store)

    store.lessons.save_section(lesson_id, writing())
    store.lessons.save_section(lesson_id, writing(partial='{"task": "Look'))
    saved = section(store, lesson_id)
    assert saved == replace(writing(partial='{"task": "Look'), revision=2)

    store.lessons.save_section(lesson_id, written())
    assert section(store, lesson_id) == replace(written(), revision=3)
    assert found(store, lesson_id).written == {"warmup"}
    assert section(store, lesson_id, "reading").revision == 0


@pytest.mark.parametrize("later", [writing(), failed()])
def test_a_written_section_is_never_unwritten(store: Store, later: SectionRecord):
    lesson_id = claimed(store)
    store.lessons.save_section(lesson_id, written())

    store.lessons.save_section(lesson_id, later)
    store.lessons.requeue_interrupted()
    store.lessons.finish(lesson_id, LessonStatus.CANCELLED)
    store.lessons_of(LOCAL).queue_again(lesson_id)

    assert section(store, lesson_id) == replace(written(), revision=1)


def test_a_section_that_is_written_again_is_there_all_the_time(store: Store):
    lesson_id = claimed(store)
    store.lessons.save_section(lesson_id, written())

    store.lessons.save_section(lesson_id, replace(written(), status=SectionStatus.REWRITING))
    assert found(store, lesson_id).written == {"warmup"}
    assert found(store, lesson_id).rewriting == "warmup"
    assert set(found(store, lesson_id).contents()) == {"warmup"}
    assert [summary.written for summary in store.lessons_of(LOCAL).recent()] == [1]

    store.lessons.save_section(lesson_id, written(content=OTHER_WARMUP))
    assert section(store, lesson_id) == replace(written(content=OTHER_WARMUP), revision=3)
    assert found(store, lesson_id).rewriting is None


@pytest.mark.parametrize("end", ["interrupted", "finished"])
def test_a_rewrite_that_never_ends_leaves_the_section_as_it_was(store: Store, end: str):
    lesson_id = claimed(store)
    store.lessons.save_section(lesson_id, replace(written(), status=SectionStatus.REWRITING))

    if end == "interrupted":
        store.lessons.requeue_interrupted()
    else:
        store.lessons.finish(lesson_id, LessonStatus.CANCELLED)

    assert section(store, lesson_id) == replace(written(), revision=2)


def test_a_section_has_its_second_pass_once_whatever_happens_in_the_middle(store: Store):
    lesson_id = claimed(store)
    rewriting = replace(
        written(), status=SectionStatus.REWRITING, reason=AGAIN, rewriting_since=8.0
    )
    store.lessons.save_section(lesson_id, rewriting)
    store.lessons.save_section(lesson_id, written("reading"))

    store.lessons.requeue_interrupted()

    lesson = found(store, lesson_id)
    assert lesson.settled == {"warmup"}
    assert lesson.written == {"warmup", "reading"}
    assert [s.rewriting_since for s in lesson.sections] == [None] * len(SECTIONS)


def test_a_lesson_stopped_in_its_second_pass_is_complete(store: Store):
    lesson_id = store.lessons_of(LOCAL).add(
        request_on(sections=["warmup"]), "parallel", sample=False
    )
    store.lessons.claim(lesson_id)
    store.lessons.save_section(lesson_id, replace(written(), status=SectionStatus.REWRITING))
    store.lessons_of(LOCAL).request_cancel(lesson_id)

    store.lessons.requeue_interrupted()

    assert found(store, lesson_id).status is LessonStatus.COMPLETE


def test_sections_of_another_version_are_left_out_of_what_can_be_read(store: Store):
    lesson_id = claimed(store)
    store.lessons.save_section(lesson_id, written())
    store.lessons.save_section(lesson_id, written("reading", content='{"of": "old"}'))

    assert set(found(store, lesson_id).readable()) == {"warmup"}


def test_a_lesson_queued_again_has_no_score_until_it_is_checked(store: Store):
    lesson_id = claimed(store)
    store.lessons.save_score(lesson_id, 50)
    store.lessons.finish(lesson_id, LessonStatus.INCOMPLETE)

    store.lessons_of(LOCAL).queue_again(lesson_id)

    assert found(store, lesson_id).score is None


def test_what_checks_found_and_the_scores_are_kept(store: Store):
    lesson_id = claimed(store)
    finding = Finding("warmup", "markup", "fault", "Links are in the text.", ("a.example", "“b”"))
    row = attempt_row(found(store, lesson_id), attempt(outcome="written"), 1.0)
    store.attempts.add([row])
    checked = replace(written(), findings=(finding,), score=75)
    store.lessons.save_section(lesson_id, checked)
    store.lessons.save_score(lesson_id, 97.2)
    store.attempts.score({row["id"]: 75, "an attempt that is not there": 1})

    assert section(store, lesson_id) == replace(checked, revision=1)
    assert found(store, lesson_id).score == 97.2
    assert [kept.score for kept in store.attempts.of_lesson(lesson_id)] == [75]


def test_the_brief_gives_the_lesson_its_title(store: Store):
    lesson_id = claimed(store)
    brief = local_brief(request_on()).model_copy(update={"title": "A Lamp"})

    store.lessons.save_brief(lesson_id, brief, local=True)
    store.lessons.save_section(lesson_id, written())

    lesson = found(store, lesson_id)
    assert (lesson.title, lesson.brief, lesson.brief_local) == ("A Lamp", brief, True)
    value = lesson.lesson()
    assert value is not None
    assert value.contents == {"warmup": SECTIONS["warmup"].parsed(WARMUP)}
    assert store.lessons_of(LOCAL).recent()[0].title == "A Lamp"


def test_a_finished_lesson_has_no_section_still_being_written(store: Store):
    lesson_id = claimed(store)
    store.lessons.save_section(lesson_id, writing("warmup"))
    store.lessons.save_section(lesson_id, failed("reading"))

    store.lessons.finish(lesson_id, LessonStatus.INCOMPLETE, "No model had time.")

    lesson = found(store, lesson_id)
    assert (lesson.status, lesson.error) == (LessonStatus.INCOMPLETE, "No model had time.")
    assert lesson.finished_at == 3.0
    waiting = section(store, lesson_id, "warmup")
    assert (waiting.status, waiting.partial, waiting.revision) == (SectionStatus.WAITING, "", 2)
    assert section(store, lesson_id, "reading").status is SectionStatus.FAILED


def test_finishing_one_lesson_leaves_the_others_alone(store: Store):
    one, other = claimed(store), claimed(store)
    store.lessons.save_section(other, writing())

    store.lessons.finish(one, LessonStatus.COMPLETE)

    assert found(store, other).status is LessonStatus.RUNNING
    assert section(store, other).status is SectionStatus.WRITING


def test_a_queued_lesson_is_cancelled_at_once(store: Store):
    lesson_id = added(store)

    store.lessons_of(LOCAL).request_cancel(lesson_id)

    assert found(store, lesson_id).status is LessonStatus.CANCELLED
    assert not store.lessons.claim(lesson_id)
    assert store.lessons.claimable() == []
    assert store.lessons.cancel_requests() == set()


def test_a_running_lesson_is_cancelled_by_its_runner(store: Store):
    lesson_id = claimed(store)

    store.lessons_of(LOCAL).request_cancel(lesson_id)

    assert found(store, lesson_id).status is LessonStatus.RUNNING
    assert found(store, lesson_id).cancel_requested
    assert store.lessons.cancel_requests() == {lesson_id}
    store.lessons.finish(lesson_id, LessonStatus.CANCELLED)
    assert store.lessons.cancel_requests() == set()


def test_a_lesson_whose_runner_died_is_queued_again_unless_somebody_wants_it_stopped(store: Store):
    resumed, unwanted = claimed(store), claimed(store)
    store.lessons.save_section(resumed, writing("warmup"))
    store.lessons.save_section(resumed, written("reading", markets().part("reading", MARKETS)))
    store.lessons_of(LOCAL).request_cancel(unwanted)

    assert store.lessons.requeue_interrupted() == 1

    assert store.lessons.claimable() == [resumed]
    assert found(store, unwanted).status is LessonStatus.CANCELLED
    assert found(store, unwanted).finished_at is not None
    assert section(store, resumed, "warmup").status is SectionStatus.WAITING
    assert section(store, resumed, "warmup").started_at is None
    assert found(store, resumed).written == {"reading"}


def test_a_finished_lesson_is_queued_again_for_what_is_missing(store: Store):
    lesson_id = claimed(store)
    store.lessons.save_section(lesson_id, written("warmup"))
    store.lessons.save_section(lesson_id, failed("reading"))
    store.lessons_of(LOCAL).request_cancel(lesson_id)
    store.lessons.finish(lesson_id, LessonStatus.INCOMPLETE, "No model had time.")

    store.lessons_of(LOCAL).queue_again(lesson_id)

    lesson = found(store, lesson_id)
    assert (lesson.status, lesson.error, lesson.finished_at) == (LessonStatus.QUEUED, None, None)
    assert not lesson.cancel_requested
    assert lesson.written == {"warmup"}
    waiting = section(store, lesson_id, "reading")
    assert (waiting.status, waiting.error) == (SectionStatus.WAITING, None)
    assert waiting.started_at is None
    assert store.lessons.claim(lesson_id)


def test_the_time_of_a_second_try_starts_with_it(store: Store):
    lesson_id = claimed(store)
    first = found(store, lesson_id).started_at
    store.lessons.finish(lesson_id, LessonStatus.FAILED)

    store.lessons_of(LOCAL).queue_again(lesson_id)
    store.lessons.claim(lesson_id)

    second = found(store, lesson_id).started_at
    assert first is not None
    assert second is not None
    assert second > first


def test_a_running_lesson_is_silent_since_it_was_taken_or_last_saved(store: Store):
    queued, finished, lesson_id = added(store), claimed(store), claimed(store)
    store.lessons.finish(finished, LessonStatus.COMPLETE)
    taken = found(store, lesson_id).saved_at

    store.lessons.note_saved()

    saved = found(store, lesson_id).saved_at
    assert taken
    assert saved
    assert saved > taken
    assert found(store, lesson_id).silent_seconds(saved + 12) == 12
    assert found(store, lesson_id).silent_seconds(saved - 12) == 0
    assert found(store, queued).silent_seconds(saved + 12) == 0
    assert found(store, finished).silent_seconds(saved + 12) == 0


def test_a_lesson_taken_again_is_not_silent_since_the_first_time(store: Store):
    lesson_id = claimed(store)
    store.lessons.requeue_interrupted()

    now = store.now()
    store.lessons.claim(lesson_id)

    assert found(store, lesson_id).silent_seconds(now + 2) == 1


def test_a_running_lesson_is_not_queued_again(store: Store):
    lesson_id = claimed(store)

    store.lessons_of(LOCAL).queue_again(lesson_id)

    assert found(store, lesson_id).status is LessonStatus.RUNNING


def test_a_deleted_lesson_is_gone_until_it_is_restored(store: Store):
    lesson_id, other = added(store), added(store)

    store.lessons_of(LOCAL).delete(lesson_id)
    assert store.lessons.get(lesson_id) is None
    assert [line.id for line in store.lessons_of(LOCAL).recent()] == [other]
    assert store.lessons.claimable() == [other]
    assert not store.lessons.claim(lesson_id)

    store.lessons_of(LOCAL).restore(lesson_id)
    assert found(store, lesson_id).status is LessonStatus.QUEUED
    assert store.lessons.claimable() == [lesson_id, other]


def test_a_deleted_running_lesson_is_to_be_stopped(store: Store):
    lesson_id = claimed(store)

    store.lessons_of(LOCAL).delete(lesson_id)

    assert store.lessons.cancel_requests() == {lesson_id}


def test_the_library_shows_the_newest_first_with_what_is_written(store: Store):
    old = added(store, "Pets")
    new = store.lessons_of(LOCAL).add(
        request_on("Trains", sections=["warmup"]), "parallel", sample=False
    )
    store.lessons.save_section(old, written("warmup"))
    store.lessons.save_section(old, failed("reading"))

    lines = store.lessons_of(LOCAL).recent()

    assert [line.id for line in lines] == [new, old]
    assert [(line.written, line.sections) for line in lines] == [(0, 1), (1, 9)]
    assert [(line.title, line.sample) for line in lines] == [("Trains", False), ("Pets", True)]
    assert lines[0].status is LessonStatus.QUEUED
    assert len(store.lessons_of(LOCAL).recent(limit=1)) == 1


def attempt(**changes: object) -> Attempt:
    return replace(Attempt("warmup", "primary", "m", "first", "v1", started=0.0), **changes)


def test_attempts_come_back_as_they_were_in_the_order_they_began(store: Store):
    lesson = found(store, claimed(store))
    full = attempt(
        reason="fallback",
        queue_seconds=0.25,
        first_text_seconds=0.5,
        total_seconds=2.0,
        usage=Usage(100, 200, 30, 40),
        model_version="m-001",
        cost=0.0125,
        outcome="written",
    )
    refused = attempt(part=BRIEF, outcome="failed", error=Throttled("m", "429: slow down"))
    store.attempts.add([attempt_row(lesson, full, 20.0), attempt_row(lesson, refused, 10.0)])
    store.attempts.add([])

    brief, warmup = store.attempts.of_lesson(lesson.id)

    assert (brief.part, brief.outcome, brief.error_class) == (BRIEF, "failed", "Throttled")
    assert brief.error == "429: slow down"
    assert (brief.input_tokens, brief.first_text_ms, brief.cost_usd) == (None, None, None)
    assert (warmup.reason, warmup.model_version, warmup.mode) == ("fallback", "m-001", "parallel")
    assert (warmup.queue_ms, warmup.first_text_ms, warmup.total_ms) == (250.0, 500.0, 2000.0)
    assert (warmup.input_tokens, warmup.output_tokens) == (100, 200)
    assert (warmup.thought_tokens, warmup.cached_tokens) == (30, 40)
    assert (warmup.cost_usd, warmup.sample, warmup.started_at) == (0.0125, True, 20.0)
    assert store.attempts.of_lesson("another") == []


def test_an_attempt_saved_twice_is_one_attempt(store: Store):
    row = attempt_row(found(store, claimed(store)), attempt(), 1.0)

    store.attempts.add([row])
    store.attempts.add([row])

    assert len(store.attempts.of_lesson(row["lesson_id"])) == 1


def test_a_count_that_no_column_can_hold_is_kept_as_the_largest_one(store: Store):
    lesson = found(store, claimed(store))

    store.attempts.add([attempt_row(lesson, attempt(usage=Usage(10**30, -(10**30))), 1.0)])

    [kept] = store.attempts.of_lesson(lesson.id)
    assert (kept.input_tokens, kept.output_tokens) == (2**63 - 1, -(2**63))


def test_an_attempt_of_a_lesson_that_was_deleted_meanwhile_is_kept(store: Store):
    lesson = found(store, claimed(store))
    store.lessons_of(LOCAL).delete(lesson.id)

    store.attempts.add([attempt_row(lesson, attempt(), 1.0)])

    assert len(store.attempts.of_lesson(lesson.id)) == 1


def test_an_attempt_of_no_lesson_is_refused(store: Store):
    row = attempt_row(found(store, claimed(store)), attempt(), 1.0)

    with pytest.raises(StoreError, match=r"lessons\.db"):
        store.attempts.add([{**row, "lesson_id": "nothing"}])


def test_only_requests_that_were_made_count_for_a_model(store: Store):
    lesson = found(store, claimed(store))
    for started, model, outcome, queued in [
        (10.0, "a", "written", 0.0),
        (20.0, "a", "failed", 0.0),
        (20.0, "a", "refused", 0.0),
        (20.0, "a", "cancelled", 1.0),  # in the queue
        (30.0, "b", "cancelled", 0.5),
    ]:
        times = {"queue_seconds": queued, "total_seconds": 1.0}
        made = attempt_row(lesson, attempt(model=model, outcome=outcome, **times), started)
        row = {**made, "sample": 0}
        store.attempts.add([row, {**row, "id": f"sample of {row['id']}", "sample": 1}])

    def asked(model: str, since: float) -> int:
        return store.attempts.requests_since(since, model, sample=False)

    assert [asked("a", 0), asked("a", 15), asked("a", 40), asked("b", 0)] == [2, 1, 0, 1]
    assert store.attempts.requests_since(0, "a", sample=True) == 2


def test_a_preference_is_kept_and_replaced(store: Store):
    assert store.preferences.get("rollout") is None

    store.preferences.set("rollout", "10")
    store.preferences.set("rollout", "50")

    assert store.preferences.get("rollout") == "50"


def test_the_slots_are_those_of_the_last_word(store: Store):
    closed = GateState("m", BreakerState.OPEN, 5.0, "503", 0, 24, 2, 7)
    store.slots.tell({"primary": closed, "gone": closed})
    store.slots.tell({"primary": closed})

    [slot] = store.slots.all()

    assert (slot.name, slot.model, slot.breaker, slot.reason) == ("primary", "m", "open", "503")
    assert (slot.under_way, slot.places, slot.waiting, slot.requests_this_minute) == (0, 24, 2, 7)
    assert slot.opens_at == slot.told_at + 5
    assert slot.closed_for(slot.told_at + 2) == 3
    assert slot.closed_for(slot.told_at + 6) == 0


def test_everything_is_there_after_the_store_was_closed(tmp_path: Path):
    with opened_store(tmp_path / "lessons.db") as store:
        lesson_id = claimed(store)
        store.lessons.save_section(lesson_id, written())
        before = found(store, lesson_id)

    with opened_store(tmp_path / "lessons.db") as store:
        assert found(store, lesson_id) == before


@pytest.mark.parametrize(
    "spoil",
    [
        "UPDATE lessons SET request = '{}' WHERE id = :id",
        "UPDATE lessons SET request = 'not JSON' WHERE id = :id",
        "UPDATE lessons SET brief = '{}' WHERE id = :id",
        "UPDATE lessons SET status = 'resting' WHERE id = :id",
        "UPDATE sections SET status = 'resting' WHERE lesson_id = :id",
    ],
)
def test_a_lesson_that_cannot_be_read_is_named_and_the_others_are_well(store: Store, spoil: str):
    broken, well = added(store), added(store)
    store.database.execute(spoil, id=broken)

    with pytest.raises(UnreadableLessonError, match=broken):
        store.lessons.get(broken)
    assert found(store, well).id == well


@given(st.text(st.characters(exclude_categories=()), max_size=30))
@hypothesis(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_a_model_sends_can_be_kept(store: Store, text: str):
    lesson_id = claimed(store)

    store.lessons.save_section(lesson_id, writing(partial=text))
    store.preferences.set(text, text)

    assert section(store, lesson_id).partial == text.encode(errors="replace").decode()
    assert store.preferences.get(text) == text.encode(errors="replace").decode()


def test_a_text_that_looks_like_sql_is_only_a_text(store: Store):
    lesson_id = added(store, "'); DROP TABLE lessons; --")

    assert store.lessons.get("' OR '1'='1") is None
    assert found(store, lesson_id).request.topic == "'); DROP TABLE lessons; --"
