from dataclasses import replace

import pytest

from lessongen.generation.events import Attempt
from lessongen.people import LOCAL
from lessongen.store.attempts import attempt_row
from lessongen.store.store import Store
from lessongen.ui.assignments.view import NOW, RULES, STRATEGY, SUGGESTIONS, TAB
from tests.app import kept
from tests.app.editing import (
    SAVE,
    assigned,
    box,
    in_force,
    read,
    saved,
    shown,
)
from tests.app.screen import (
    labels,
    opened,
    pressed,
    text_of,
)


def test_the_page_says_what_it_is_for_and_shows_what_is_in_force():
    page = opened("assignments")

    assert not page.exception
    assert "Which model writes which section of a lesson" in text_of(page)
    assert shown(page, "reading", "slot") == in_force().assignments["reading"].slot
    assert "You see version 1. Nothing is changed." in text_of(page)
    assert SAVE not in labels(page)


def test_without_a_key_the_page_says_that_the_models_are_samples():
    assert "an emulator answers in place of these models" in text_of(opened("assignments"))


def test_with_a_key_nothing_is_said_of_samples(key: str):
    assert key
    assert "emulator" not in text_of(opened("assignments"))


def answered(store: Store, part: str, slot: str, seconds: float, answers: int) -> None:
    """Keep answers of a slot in a sample lesson."""
    lesson = store.lessons_of(LOCAL).get(kept.queued(store))
    assert lesson is not None
    model = in_force().slots[slot].model
    attempt = Attempt(part, slot, model, "first", "p", 0.0, cost=0.01, outcome="written")
    for number in range(answers):
        one = replace(attempt, total_seconds=seconds + 0.1 * (number % 5))
        store.attempts.add([attempt_row(lesson, one, float(number))])


def test_a_suggestion_is_put_into_the_table_and_only_saved_by_a_person(store: Store):
    answered(store, "reading", "primary", 5.0, 120)
    answered(store, "reading", "secondary", 2.0, 60)
    page = assigned(opened("assignments"), "warmup", priority="high")
    page.session_state[TAB] = SUGGESTIONS
    pressed(page.run(), "Suggest")

    pressed(page, "Put into the table")
    in_table = shown(page, "reading", "slot"), shown(page, "reading", "fallbacks")
    before_saving = in_force().version
    saved(page)

    assert page.session_state[TAB] == STRATEGY
    assert in_table == ("secondary", ["primary", "experimental"])
    assert before_saving == 1
    assert in_force().assignments["reading"].slot == "secondary"
    assert in_force().assignments["warmup"].priority == "high"


@pytest.mark.parametrize(
    ("tab", "told"),
    [(NOW, "slots"), (RULES, "Parallel mode"), (SUGGESTIONS, "Compares what the models made")],
)
def test_every_part_of_the_page_is_there(tab: str, told: str):
    page = opened("assignments")

    page.session_state[TAB] = tab
    page.run()

    assert not page.exception
    assert told in text_of(page)
    assert page.data_editor


def test_before_anything_was_measured_the_preview_says_so():
    page = opened("assignments")

    assert "is not known yet" in box(page, "assignments-preview")


def test_what_was_measured_is_told_as_a_preview_of_a_whole_lesson(store: Store):
    answered(store, "reading", "primary", 5.0, 1)
    answered(store, "reading", "secondary", 2.0, 1)
    page = assigned(opened("assignments"), slot="secondary", fallbacks=[])

    told = read(box(page, "assignments-preview"))

    assert "Written in parallel, a whole lesson takes:" in told
    assert "as it is in force: about 5 s" in told
    assert "with your edits: about 2 s" in told
