import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from lessongen.administration.decisions import Decisions
from lessongen.administration.quotas import Quotas
from lessongen.administration.rollout import Rollout
from lessongen.generation.events import Attempt
from lessongen.people import LOCAL
from lessongen.store.attempts import attempt_row
from lessongen.store.figures.retention import KeptDays
from lessongen.store.store import Store
from lessongen.ui.house_rules import quotas_sentence, rollout_sentence
from tests.app import kept
from tests.app.screen import PATIENCE_SECONDS, labels, pressed, sentences, text_of

SCRIPT = """
from lessongen.ui.house_rules import house_rules
from lessongen.ui.resources import services

house_rules(services())
"""
SAVED = "Saved. It counts from the next lesson on."
ANNA = "anna@school.org"


def drawn() -> AppTest:
    return AppTest.from_string(SCRIPT, default_timeout=PATIENCE_SECONDS).run()


def saved(page: AppTest, rule: str) -> AppTest:
    return page.button(key=f"{rule}-save").click().run()


def test_at_first_everybody_gets_parallel_mode_and_there_is_no_limit():
    told = text_of(drawn())

    assert "Every teacher has their lessons written in parallel." in told
    assert "There is no limit. Today: $0.00." in told.replace("\\", "")
    assert "Every request to a model is kept for ever." in told
    assert told.count("Nobody has changed this yet.") == 3


def test_how_long_requests_are_kept_is_saved_and_told(store: Store):
    page = drawn()
    page.number_input(key="kept-days").set_value(90)

    saved(page, "retention")

    assert not page.exception
    assert store.day_sums.retention.kept_days == 90
    assert "Requests to models are kept for 90 days" in text_of(page)
    assert "Saved. It counts from now on." in text_of(page)
    assert labels(page).count("Leave it as it is") == 0


def kept_requests(store: Store, *days_ago: float) -> None:
    """Keep a request of a lesson that has ended, for each of some days ago."""
    lesson_id = kept.complete(store)
    lesson = store.lessons_of(LOCAL).get(lesson_id)
    assert lesson
    for days in days_ago:
        attempt = Attempt("reading", "primary", "m", "first", "p", 0.0, outcome="written")
        store.attempts.add([attempt_row(lesson, attempt, store.now() - days * 86_400)])


def shortened(store: Store, days: int = 30) -> AppTest:
    """Ask to keep requests for fewer days than there are requests of."""
    kept_requests(store, 0, 40, 50)
    page = drawn()
    page.number_input(key="kept-days").set_value(days)
    return saved(page, "retention")


def test_before_requests_are_deleted_it_is_asked_and_told_how_many_and_what_goes_with_them(
    store: Store,
):
    page = shortened(store)
    told, kept_before = sentences(page.warning), store.day_sums.retention.kept_days

    pressed(page, "Delete 2 requests older than 30 days")

    assert not page.exception
    assert len(told) == 1
    assert told[0].startswith("Nothing is saved yet.")
    assert "deleted for good" in told[0]
    assert kept_before is None
    assert store.day_sums.retention.kept_days == 30
    assert "Saved. Deleting begins within an hour" in text_of(page)
    assert not page.warning
    assert store.day_sums.retention.roll_up() == 2


def test_deleting_can_be_left(store: Store):
    page = shortened(store)

    pressed(page, "Leave it as it is")

    assert store.day_sums.retention.kept_days is None
    assert labels(page).count("Save") == 3
    assert not page.warning


def test_another_number_is_asked_about_anew_and_what_was_asked_is_what_is_done(store: Store):
    page = shortened(store)
    page.number_input(key="kept-days").set_value(45)
    saved(page, "retention")
    page.number_input(key="kept-days").set_value(7)

    pressed(page, "Delete 1 request older than 45 days")

    assert store.day_sums.retention.kept_days == 45
    assert page.number_input(key="kept-days").value == 45


@pytest.mark.parametrize("days", [None, 60, 45])
def test_to_keep_requests_longer_or_for_ever_needs_no_second_press(store: Store, days: int | None):
    store.day_sums.retention.keep(KeptDays(days=45), ANNA)
    kept_requests(store, 0, 50, 70)
    page = drawn()
    page.number_input(key="kept-days").set_value(days)

    saved(page, "retention")

    assert store.day_sums.retention.kept_days == days
    assert "Saved. It counts from now on." in text_of(page)


def test_nothing_is_deleted_by_somebody_who_is_no_admin_any_more(
    store: Store, no_admin: Callable[[], None]
):
    page = shortened(store)
    no_admin()

    pressed(page, "Delete 2 requests older than 30 days")

    assert store.day_sums.retention.kept_days is None


@pytest.mark.parametrize("days", [0, 6, -1, 100_000])
def test_an_absurd_number_of_days_is_refused_in_place(store: Store, days: int):
    page = drawn()
    page.number_input(key="kept-days").set_value(days)

    saved(page, "retention")

    assert sentences(page.warning) == ["The days have to be from 7 to 3,650, or left empty."]
    assert store.day_sums.retention.kept_days is None


def test_a_share_is_saved_with_who_did_it_and_told_at_once(store: Store):
    page = drawn()
    page.number_input(key="rollout-share").set_value(60.0)

    saved(page, "rollout")

    told = text_of(page)
    assert not page.exception
    assert Decisions(store).rollout == Rollout(share=60)
    assert "60 % of teachers have their lessons written in parallel. You are among them." in told
    assert "Changed on " in told
    assert SAVED in told
    change = Decisions(store).rollout_change
    assert change
    assert change.by == LOCAL


@pytest.mark.parametrize("share", [10, 50, 100])
def test_a_quick_choice_fills_the_field_and_saves_nothing_yet(store: Store, share: int):
    page = drawn()

    page.button(key=f"rollout-{share}").click().run()

    assert page.number_input(key="rollout-share").value == share
    assert Decisions(store).rollout_change is None
    saved(page, "rollout")
    assert Decisions(store).rollout == Rollout(share=share)


def test_sequential_for_all_is_switched_on_and_off_and_the_share_stays(store: Store):
    page = drawn()
    page.number_input(key="rollout-share").set_value(25.0)
    page.toggle(key="rollout-sequential").set_value(True)
    saved(page, "rollout")
    on = Decisions(store).rollout, text_of(page)

    page.toggle(key="rollout-sequential").set_value(False)
    saved(page, "rollout")

    assert on[0] == Rollout(share=25, sequential_for_all=True)
    assert "All lessons are written one section after another." in on[1]
    assert Decisions(store).rollout == Rollout(share=25)


@pytest.mark.parametrize("share", [-1.0, 100.1, None])
def test_a_share_that_cannot_be_is_refused_in_place(store: Store, share: float | None):
    page = drawn()
    page.number_input(key="rollout-share").set_value(share)

    saved(page, "rollout")

    assert sentences(page.container(key="rollout-card").warning) == [
        "The share has to be from 0 to 100 %."
    ]
    assert page.number_input(key="rollout-share").value == share
    assert Decisions(store).rollout_change is None


def test_quotas_are_saved_and_taken_away_again(store: Store):
    page = drawn()
    page.number_input(key="quota-lessons").set_value(5)
    page.number_input(key="quota-dollars").set_value(2.5)
    saved(page, "quotas")
    given, told = Decisions(store).quotas, text_of(page).replace("\\", "")

    page.number_input(key="quota-lessons").set_value(None)
    page.number_input(key="quota-dollars").set_value(None)
    saved(page, "quotas")

    assert given == Quotas(lessons_per_teacher=5, dollars=2.5)
    assert "A teacher may ask for 5 lessons a day. All lessons of a day together may cost" in told
    assert Decisions(store).quotas == Quotas()
    assert "There is no limit." in text_of(page)


@pytest.mark.parametrize(
    ("lessons", "dollars", "told"),
    [
        (-1, None, ["lessons"]),
        (100_001, 3.0, ["lessons"]),
        (3, -0.5, ["dollars"]),
        (-3, 2e6, ["lessons", "dollars"]),
    ],
)
def test_quotas_that_cannot_be_are_refused_in_place_and_nothing_is_half_saved(
    store: Store, lessons: int | None, dollars: float | None, told: list[str]
):
    page = drawn()
    page.number_input(key="quota-lessons").set_value(lessons)
    page.number_input(key="quota-dollars").set_value(dollars)

    saved(page, "quotas")

    [sentence] = sentences(page.container(key="quotas-card").warning)
    assert [word for word in ("lessons", "dollars") if f"The {word} have to be" in sentence] == told
    assert Decisions(store).quotas_change is None


def test_what_was_decided_before_fills_the_fields_and_is_signed(store: Store):
    Decisions(store).decide_rollout(Rollout(share=30), ANNA)
    Decisions(store).decide_quotas(Quotas(dollars=4), ANNA)

    page = drawn()

    assert page.number_input(key="rollout-share").value == 30
    assert page.number_input(key="quota-lessons").value is None
    assert page.number_input(key="quota-dollars").value == 4
    assert text_of(page).count("Changed by anna") == 2


def test_a_rule_that_could_not_be_saved_is_told_in_place(database: Path):
    page = drawn()
    with closing(sqlite3.connect(database)) as connection:
        connection.execute(
            "CREATE TRIGGER full BEFORE INSERT ON settings "
            "BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"
        )

    saved(page, "quotas")

    assert not page.exception
    assert "the disk is full" in sentences(page.container(key="quotas-card").error)[0]
    assert SAVED not in text_of(page)


@pytest.mark.parametrize(
    ("rollout", "sentence"),
    [
        (Rollout(), "Every teacher has their lessons written in parallel."),
        (Rollout(share=0), "No teacher has their lessons written in parallel."),
        (
            Rollout(share=12.5),
            "12.5 % of teachers have their lessons written in parallel. You are not among them.",
        ),
        (
            Rollout(share=60),
            "60 % of teachers have their lessons written in parallel. You are among them.",
        ),
        (
            Rollout(share=60, sequential_for_all=True),
            "All lessons are written one section after another.",
        ),
    ],
)
def test_a_rollout_is_told_in_a_sentence(rollout: Rollout, sentence: str):
    assert rollout_sentence(rollout, LOCAL) == sentence


@pytest.mark.parametrize(
    ("quotas", "sentence"),
    [
        (Quotas(), "There is no limit. Today: $0.50."),
        (Quotas(lessons_per_teacher=1), "A teacher may ask for 1 lesson a day. Today: $0.50."),
        (
            Quotas(dollars=1200),
            "All lessons of a day together may cost $1,200.00. Today: $0.50.",
        ),
        (Quotas(dollars=0), "Nobody can ask for a lesson until you raise the limit."),
    ],
)
def test_quotas_are_told_in_a_sentence(quotas: Quotas, sentence: str):
    assert quotas_sentence(quotas, 0.5) == sentence
