from tests.app.editing import (
    SAVE,
    assigned,
    box,
    in_force,
    read,
    saved,
    saved_elsewhere,
    shown,
)
from tests.app.screen import (
    field,
    labels,
    opened,
    pressed,
    text_of,
)


def test_a_version_saved_elsewhere_is_shown_where_nothing_was_edited():
    page = opened("assignments")
    saved_elsewhere("reading", deadline_seconds=33.0)

    page.run()

    assert shown(page, "reading", "deadline_seconds") == 33
    assert "You see version 2." in text_of(page)


def test_the_second_of_two_admins_is_told_who_saved_what_and_keeps_the_edits():
    page = assigned(opened("assignments"), deadline_seconds=30)
    saved_elsewhere("warmup", priority="high", why="warm-ups come late")

    saved(page)

    assert in_force().version == 2
    told = box(page, "assignments-conflict")
    assert "version 2 was saved" in told
    assert "ada@school.org" in read(told)
    assert "warm-ups come late" in read(told)
    assert "Warm-up: priority low → high" in told
    assert "Reading: deadline 20 s → 30 s" in box(page, "assignments-saving")
    assert SAVE not in labels(page)


def test_edits_redone_on_top_of_a_newer_version_lose_nothing_of_either():
    page = assigned(opened("assignments"), deadline_seconds=30)
    saved_elsewhere("warmup", priority="high")
    page.run()

    pressed(page, "Redo my edits on top of version 2")
    before_saving = in_force().version
    saved(page)

    assert before_saving == 2
    assert in_force().version == 3
    assert in_force().assignments["reading"].deadline_seconds == 30
    assert in_force().assignments["warmup"].priority == "high"


def test_where_both_changed_the_same_both_values_are_told_and_mine_is_taken_when_redone():
    page = assigned(opened("assignments"), deadline_seconds=30)
    saved_elsewhere("reading", deadline_seconds=40.0)
    page.run()
    told = box(page, "assignments-conflict")

    pressed(page, "Redo my edits on top of version 2")

    assert "You both changed one thing" in told
    assert "deadline 20 s → 40 s" in told
    assert "deadline 20 s → 30 s" in told
    assert "Reading: deadline 40 s → 30 s" in text_of(page)


def test_dropping_mine_after_a_conflict_takes_theirs():
    page = assigned(opened("assignments"), deadline_seconds=30)
    saved_elsewhere("warmup", priority="high")
    page.run()

    pressed(page, "Drop mine, take theirs")

    assert shown(page, "warmup", "priority") == "high"
    assert shown(page, "reading", "deadline_seconds") == 20
    assert "You see version 2. Nothing is changed." in text_of(page)


def test_of_two_pages_open_at_once_the_second_to_save_is_told():
    one, other = opened("assignments"), opened("assignments")
    saved(assigned(one, deadline_seconds=30), "the first")

    field(assigned(other, "warmup", priority="high").text_input, "Why").set_value("the second")
    other.run()

    assert "the first" in box(other, "assignments-conflict")
    assert SAVE not in labels(other)
    assert in_force().version == 2
