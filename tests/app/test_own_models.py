import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from lessongen.administration.own_choices import OwnDefaults
from lessongen.administration.quotas import Quotas
from lessongen.administration.rollout import Rollout
from lessongen.generation.events import Attempt
from lessongen.generation.strategy import OwnAssignment
from lessongen.lesson.parts import PARTS
from lessongen.lesson.prompts import BRIEF
from lessongen.people import LOCAL
from lessongen.store.attempts import attempt_row
from lessongen.store.records import LessonRecord
from lessongen.store.store import Store
from lessongen.ui.resources import services
from tests.app import kept
from tests.app.screen import field, opened, pressed, sentences, text_of
from tests.support.lessons import MARKETS
from tests.support.running import STRATEGY

WRITE, KEEP, RESET = "Write the lesson", "Use as my default", "Reset"
with_a_key = pytest.mark.usefixtures("key")
CHOICE = OwnAssignment(slot="experimental", priority="low", deadline_seconds=60)
OWN = "Your own choice of models counts for"


def table(page: AppTest) -> list[tuple[object, ...]]:
    """Return the rows of the table, as the page draws it."""
    [editor] = page.data_editor
    return list(editor.value.itertuples(index=False, name=None))


def keep_default(store: Store, **choices: OwnAssignment) -> None:
    OwnDefaults(store.preferences).keep(LOCAL, choices)


def written(page: AppTest, store: Store) -> LessonRecord:
    """Press the button, and return the lesson that was asked for."""
    page.text_input(key="topic").input(MARKETS)
    pressed(page, WRITE)
    [line] = store.lessons_of(LOCAL).recent()
    lesson = store.lessons.get(line.id)
    assert lesson
    return lesson


def measure(store: Store, seconds: float, *, sample: bool = True) -> None:
    """Keep an attempt at every part, each of which took so many seconds and cost a cent."""
    lesson = store.lessons.get(kept.queued(store, sample=sample))
    assert lesson
    for part in PARTS:
        slot = STRATEGY.assignment(part).slot
        model = STRATEGY.slots[slot].model
        attempt = Attempt(part, slot, model, "first", "v1", 0.0, total_seconds=seconds)
        attempt = replace(attempt, outcome="written", cost=0.01)
        store.attempts.add([attempt_row(lesson, attempt, store.now())])


def test_the_table_shows_who_writes_what_as_the_strategy_says():
    rows = table(opened())

    assert len(rows) == len(PARTS)
    assert rows[0] == ("Plan", "secondary", "high", 10)
    assert ("Reading", "primary", "high", 20) in rows


def test_a_table_that_nobody_touched_passes_nothing_on(store: Store):
    page = opened()
    told = text_of(page)

    assert written(page, store).own_assignments == {}
    assert OWN not in told


def test_a_default_fills_the_table_is_told_and_goes_with_the_lesson(store: Store):
    keep_default(store, reading=CHOICE, **{BRIEF: CHOICE})
    page = opened()
    told = text_of(page)

    lesson = written(page, store)

    assert ("Reading", "experimental", "low", 60) in table(opened())
    assert f"{OWN}: Plan, Reading." in told.replace("\\", "")
    assert lesson.own_assignments == {BRIEF: CHOICE, "reading": CHOICE}


def test_what_is_chosen_for_a_section_that_is_left_out_stays_behind(store: Store):
    keep_default(store, reading=CHOICE, warmup=CHOICE)
    page = opened()
    field(page.button_group, "Sections").set_value(["warmup"])

    assert written(page, store).own_assignments == {"warmup": CHOICE}


def test_reset_shows_what_the_admin_has_set_and_the_default_stays_for_the_next_lesson(
    store: Store,
):
    keep_default(store, reading=CHOICE)
    page = opened()

    pressed(page, RESET)

    assert ("Reading", "primary", "high", 20) in table(page)
    assert OWN not in text_of(page)
    assert written(page, store).own_assignments == {}
    assert ("Reading", "experimental", "low", 60) in table(opened())


def test_a_table_that_was_reset_can_be_kept_and_the_default_is_gone(store: Store):
    keep_default(store, reading=CHOICE)
    page = opened()
    pressed(page, RESET)

    pressed(page, KEEP)

    assert sentences(page.toast) == ["This is your default now."]
    assert OwnDefaults(store.preferences).of(LOCAL, STRATEGY) == {}
    assert ("Reading", "primary", "high", 20) in table(opened())


def test_the_page_says_for_which_lessons_the_table_counts(store: Store):
    default = "The table shows your default, which counts for all your new lessons."
    this = "What you change here counts for this lesson only"
    fresh = text_of(opened())
    keep_default(store, reading=CHOICE)
    page = opened()
    as_kept = text_of(page)
    changed = text_of(pressed(page, RESET))

    assert default not in fresh
    assert default in as_kept
    assert default not in changed
    assert all(this in told for told in (fresh, as_kept, changed))


def test_there_is_nothing_to_reset_where_nothing_was_chosen():
    [reset] = [button for button in opened().button if button.label == RESET]

    assert reset.disabled


def test_a_default_that_cannot_be_used_any_more_is_left_out_calmly(store: Store):
    keep_default(store, reading=CHOICE.model_copy(update={"slot": "gone"}), warmup=CHOICE)

    page = opened()

    assert not page.exception
    assert not page.error
    assert ("Reading", "primary", "high", 20) in table(page)
    assert ("Warm-up", "experimental", "low", 60) in table(page)


def test_a_default_that_cannot_be_kept_is_told(database: Path):
    page = opened()
    with closing(sqlite3.connect(database)) as connection:
        connection.execute(
            "CREATE TRIGGER full BEFORE INSERT ON settings "
            "BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"
        )

    pressed(page, KEEP)

    assert not page.exception
    assert "the disk is full" in sentences(page.toast)[0]


def test_without_any_history_nothing_is_promised():
    assert "nothing was measured so far. Samples cost nothing." in text_of(opened())


def test_with_history_the_page_says_how_long_a_sample_will_take(store: Store):
    measure(store, 7.0)

    assert "About 14 s, going by 10 answers so far. Samples cost nothing." in text_of(opened())


@with_a_key
def test_with_history_the_page_says_what_a_lesson_will_take_and_cost(store: Store):
    measure(store, 7.0, sample=False)

    told = text_of(opened()).replace("\\", "")

    assert "About 14 s and $0.10, going by 10 answers so far." in told


def test_samples_say_nothing_of_real_lessons(store: Store):
    measure(store, 7.0, sample=False)

    assert "nothing was measured so far" in text_of(opened())


def test_the_estimate_follows_the_rollout_and_the_sections(store: Store):
    measure(store, 7.0)
    services().decisions.decide_rollout(Rollout(share=0), "admin@school.org")
    page = opened()
    whole = text_of(page)

    field(page.button_group, "Sections").set_value(["warmup", "reading"]).run()

    assert "About 70 s, one section after another, going by" in whole
    assert "About 21 s, one section after another, going by 3 answers" in text_of(page)


def test_a_quota_that_is_used_up_is_told_with_the_time_when_it_lifts(store: Store):
    services().decisions.decide_quotas(Quotas(lessons_per_teacher=1), "admin@school.org")
    kept.queued(store)
    page = opened()
    page.text_input(key="topic").input(MARKETS)

    pressed(page, WRITE)

    assert not page.exception
    [sentence] = sentences(page.warning)
    assert sentence.startswith(
        "You may ask for 1 lesson a day, and have asked for all today. You can go on tomorrow, "
    )
    assert sentence.endswith(", at 00:00.")
    assert page.text_input(key="topic").value == MARKETS
    assert len(store.lessons_of(LOCAL).recent()) == 1
