from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from lessongen.errors import Malformed
from lessongen.generation.events import Attempt
from lessongen.people import LOCAL
from lessongen.store.attempts import attempt_row
from lessongen.store.store import Store
from tests.app.screen import PATIENCE_SECONDS, labels, pressed, text_of
from tests.support.lessons import request_on
from tests.support.running import STRATEGY

PUT = "Put into the table"


def page() -> None:
    import streamlit as st  # noqa: PLC0415 (AppTest runs this function's text alone)

    from lessongen.ui.resources import services  # noqa: PLC0415 (the same)
    from lessongen.ui.suggestions import suggestions_panel  # noqa: PLC0415 (the same)

    def put(suggestion: object) -> None:
        st.session_state["put"] = suggestion

    suggestions_panel(services(), put)


@pytest.fixture
def app(database: Path) -> AppTest:
    assert database
    return AppTest.from_function(page, default_timeout=PATIENCE_SECONDS).run()


def keep(store: Store, part: str, slot: str, answers: int, seconds: float, failed: int = 0) -> None:
    """Keep answers of a slot, some of them of no use, in a sample lesson."""
    own = store.lessons_of(LOCAL)
    lesson = own.get(own.add(request_on(), "parallel", sample=True))
    assert lesson is not None
    error = Malformed("m", "no JSON")
    for number in range(answers):
        attempt = Attempt(
            part,
            slot,
            STRATEGY.slots[slot].model,
            "first",
            "p",
            0.0,
            total_seconds=seconds + 0.1 * (number % 5),
            cost=0.002,
            outcome="failed" if number < failed else "written",
            error=error if number < failed else None,
        )
        store.attempts.add([attempt_row(lesson, attempt, float(number))])


def test_nothing_is_suggested_before_the_button_is_pressed(app: AppTest):
    assert not app.exception
    assert labels(app) == ["Suggest"]
    assert "It changes nothing by itself" in text_of(app)


def test_without_lessons_the_panel_says_what_is_missing_and_how_to_get_it(app: AppTest):
    pressed(app, "Suggest")

    assert not app.exception
    [told] = app.info
    assert "not enough data yet" in told.value
    assert [e.label for e in app.expander] == ["Not enough data yet: 10 parts"]
    assert labels(app) == ["Suggest"]


def test_a_suggestion_is_told_with_its_evidence_and_put_where_the_page_wants_it(
    app: AppTest, store: Store
):
    keep(store, "reading", "primary", 120, seconds=5.0)
    keep(store, "reading", "secondary", 60, seconds=2.0)

    pressed(app, "Suggest")

    assert not app.exception
    drawn = app.container(key="suggestion-reading")
    reason, table = (str(text.value).replace("\u2060", "") for text in drawn.markdown)
    assert reason.startswith("**Reading.** “secondary” instead of “primary”: time 2.2 s instead of")
    assert "| primary\u00a0(now) | 120 | 100\u00a0%\u00a0(97–100) |" in table
    assert "put" not in app.session_state
    pressed(app, PUT)
    assert not app.exception
    put = app.session_state["put"]
    assert (put.part, put.current, put.slot) == ("reading", "primary", "secondary")
    assert labels(app) == ["Suggest", PUT]


def test_what_is_better_in_one_thing_and_worse_in_another_is_left_to_people(
    app: AppTest, store: Store
):
    keep(store, "reading", "primary", 120, seconds=5.0)
    keep(store, "reading", "secondary", 60, seconds=2.0, failed=12)
    keep(store, "warmup", "primary", 60, seconds=2.0)
    keep(store, "warmup", "secondary", 60, seconds=2.0)

    pressed(app, "Suggest")

    assert [e.label for e in app.expander] == [
        "Better in one thing, worse in another, for you to weigh: 1 part",
        "Keep as it is: 1 part",
        "Not enough data yet: 8 parts",
    ]
    assert "worse in success (80 % instead of 100 %)." in app.expander[0].markdown[0].value
    assert "points\u00a0(" in app.expander[0].markdown[1].value
    assert "In brackets: the bounds" in text_of(app)
    assert "Stars: too few ratings to compare." in [c.value for c in app.expander[1].caption]
    assert labels(app) == ["Suggest"]


def test_a_store_that_cannot_be_read_is_told_in_a_sentence(app: AppTest, store: Store):
    store.database.execute("ALTER TABLE attempts RENAME TO elsewhere")

    pressed(app, "Suggest")

    assert not app.exception
    [toast] = app.toast
    assert "cannot be used" in toast.value
    assert labels(app) == ["Suggest"]


def test_nothing_is_suggested_to_somebody_who_is_no_admin_any_more(
    app: AppTest, store: Store, no_admin: Callable[[], None]
):
    keep(store, "reading", "primary", 120, seconds=5.0)
    no_admin()

    pressed(app, "Suggest")

    assert "suggestions" not in app.session_state
    assert not app.expander
