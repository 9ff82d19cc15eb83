import re
from collections.abc import Callable

from lessongen.people import LOCAL
from lessongen.store.store import Store
from lessongen.ui.drawing import plain
from tests.app.editing import (
    ADA,
    assigned,
    box,
    in_force,
    read,
    saved,
    saved_elsewhere,
    to_versions,
)
from tests.app.screen import (
    labels,
    opened,
    pressed,
    sentences,
    text_of,
)


def test_versions_are_listed_newest_first_with_who_when_what_and_why():
    saved_elsewhere("reading", deadline_seconds=33.0, why="<b>slow</b> :smile:")
    page = to_versions(opened("assignments"))

    told = box(page, "version-2")
    assert "Version 2 · in force" in told
    assert "&lt;b&gt;slow" in told
    assert ":smile:" not in told
    assert "ada@school.org" in read(told)
    assert "Reading: deadline 20 s → 33 s" in told
    assert "the files in data/" in read(box(page, "version-1"))


def test_any_two_versions_can_be_compared():
    saved_elsewhere("reading", deadline_seconds=33.0)
    saved_elsewhere("warmup", priority="high")
    page = to_versions(opened("assignments"))

    page.selectbox(key="compare-from").set_value(1)
    page.selectbox(key="compare-to").set_value(3).run()

    told = text_of(page)
    assert "Reading: deadline 20 s → 33 s" in told
    assert "Warm-up: priority low → high" in told


def test_whoever_saved_a_version_is_read_in_the_menus_as_they_are_called():
    saved_elsewhere("reading", by="ada_b@school.org", deadline_seconds=33.0)
    page = to_versions(opened("assignments"))

    newest, first = page.selectbox(key="compare-to").options

    assert re.fullmatch(r"2 · \d+ \w+ \d{4}, \d\d:\d\d · ada_b@school\.org", newest)
    assert first.endswith(" · the files in data/")


def test_going_back_shows_what_changes_and_is_a_new_version_when_confirmed(store: Store):
    first = in_force()
    saved_elsewhere("reading", deadline_seconds=33.0)
    page = to_versions(opened("assignments"))

    page.button(key="back-1").click().run()
    asked = box(page, "assignments-back")
    before_confirming = in_force().version
    pressed(page, "Go back to version 1")

    assert "Reading: deadline 33 s → 20 s" in asked
    assert before_confirming == 2
    assert in_force() == first
    newest = store.strategies.recent()[0]
    assert (newest.version, newest.saved_by, newest.why) == (3, LOCAL, "Back to version 1")
    assert "Go back to version 1" not in labels(page)
    assert sentences(page.success) == ["Saved. Version 3 counts from the next lesson on."]
    assert not page.run().success


def test_going_back_can_be_left():
    saved_elsewhere("reading", deadline_seconds=33.0)
    page = to_versions(opened("assignments"))
    page.button(key="back-1").click().run()

    pressed(page, "Leave it as it is")

    assert in_force().version == 2
    assert "Go back to version 1" not in labels(page)


def test_going_back_is_asked_again_where_somebody_saved_meanwhile():
    saved_elsewhere("reading", deadline_seconds=33.0)
    page = to_versions(opened("assignments"))
    page.button(key="back-1").click().run()
    saved_elsewhere("warmup", priority="high")

    pressed(page, "Go back to version 1")

    assert in_force().version == 3
    assert "Warm-up: priority high → low" in box(page, "assignments-back")
    assert any("just before you" in warning for warning in sentences(page.warning))


def test_a_version_that_cannot_be_read_is_named_and_the_others_stay(store: Store):
    assert in_force().version == 1
    store.strategies.add("slots = 7", by=ADA, why="broken", changes="", after=1)
    page = to_versions(opened("assignments"))

    assert not page.exception
    assert any("version 2" in error for error in sentences(page.error))
    assert "broken" in box(page, "version-2")


def test_a_version_that_cannot_be_read_stops_nobody_from_saving_another(store: Store):
    assert in_force().version == 1
    store.strategies.add("slots = 7", by=ADA, why="broken", changes="", after=1)
    page = assigned(opened("assignments"), deadline_seconds=30)

    saved(page)

    assert in_force().version == 3
    assert in_force().assignments["reading"].deadline_seconds == 30
    assert not page.error


def test_nobody_goes_back_who_is_no_admin_any_more(no_admin: Callable[[], None]):
    saved_elsewhere("reading", deadline_seconds=33.0)
    page = to_versions(opened("assignments"))
    page.button(key="back-1").click().run()
    no_admin()

    pressed(page, "Go back to version 1")

    assert in_force().version == 2


def test_whatever_somebody_wrote_is_shown_as_text():
    hostile = "![x](http://attacker.example) <b>x</b> :red[x]"
    saved_elsewhere("reading", by=hostile, why=hostile, deadline_seconds=33.0)
    page = to_versions(opened("assignments"))

    told = box(page, "version-2")

    assert plain(hostile) in told
    assert hostile not in told
