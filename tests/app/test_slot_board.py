from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from lessongen.generation.breaker import BreakerState
from lessongen.generation.model_lists import ModelCheck, ModelChecks
from lessongen.generation.places import GateState
from lessongen.generation.slot_tests import SlotTest, SlotTests
from lessongen.people import LOCAL
from lessongen.store.errands import STALE_SECONDS, ErrandKind
from lessongen.store.store import Store, opened_store
from tests.app.screen import PATIENCE_SECONDS, labels, pressed, text_of
from tests.support.running import STRATEGY

OPEN = GateState("gemini-test", BreakerState.CLOSED, 0.0, None, 2, 24, 0, 3)
WELL = SlotTest(
    slot="primary",
    model="m",
    first_text_seconds=0.61,
    seconds=1.24,
    tokens_per_second=151.2,
    structured=True,
)
NOBODY = "The server’s runner does not answer; is LessonGen running?"


def page() -> None:
    from lessongen.ui.resources import services  # noqa: PLC0415 (AppTest runs this text alone)
    from lessongen.ui.slot_board import slot_board  # noqa: PLC0415 (the same)

    slot_board(services())


def board() -> AppTest:
    app = AppTest.from_function(page, default_timeout=PATIENCE_SECONDS).run()
    assert not app.exception
    return app


def told(store: Store, **states: GateState) -> None:
    """Tell of the usual slots as the runner does, some of them in another state."""
    usual = {
        name: GateState(slot.model, OPEN.breaker, 0.0, None, 2, 24, 0, 3)
        for name, slot in STRATEGY.slots.items()
    }
    store.slots.tell(usual | states)


def earlier(database: Path, seconds: float, do: Callable[[Store], object]) -> None:
    """Have something happen to the store so many seconds ago."""
    with opened_store(database) as store:
        now = store.now() - seconds
    with opened_store(database, now=lambda: now) as store:
        do(store)


def begun(store: Store, kind: ErrandKind) -> str:
    """Ask for an errand, and have it begun."""
    errand = store.errands.ask(kind, "ann@school.example")
    store.errands.take()
    return errand


def tables(app: AppTest) -> list[dict[str, list[Any]]]:
    return [table.value.to_dict("list") for table in app.table]


def test_before_a_runner_has_told_anything_the_page_says_so(store: Store):
    assert store.slots.all() == []

    app = board()

    assert "Nothing is known of the slots yet" in text_of(app)
    assert labels(app) == ["Test models", "Check model list"]


def test_every_slot_is_there_in_the_order_of_the_strategy_with_its_state_and_its_work(
    store: Store,
):
    closed = GateState("m", BreakerState.OPEN, 30.0, "429: quota", 0, 24, 5, 60)
    told(store, secondary=closed)

    app = board()

    names = list(STRATEGY.slots)
    cards = [str(card.value) for card in app.markdown if str(card.value).startswith("**")]
    assert [card.split("**")[1] for card in cards] == names
    secondary = cards[names.index("secondary")]
    assert "closed for " in secondary
    assert "too many requests" in secondary
    assert "2 of 24 places in use · 0 waiting · 3 requests this minute" in text_of(app)
    assert "The server said: 429" in text_of(app)
    assert labels(app).count("Open") == 1


def test_a_slot_is_closed_and_opened_by_whoever_is_at_the_page(store: Store):
    told(store)

    app = pressed(board(), "Close primary")

    [order] = store.slot_orders.all()
    assert (order.slot, order.closed, order.given_by) == ("primary", True, LOCAL)
    assert "being closed" in text_of(app)
    assert "Close primary" not in labels(app)

    by_hand = GateState("m", OPEN.breaker, float("inf"), order.reason, 0, 24, 0, 0, by_hand=True)
    told(store, primary=by_hand)
    app = app.run()
    assert "closed by hand by the user of this computer since" in text_of(app)

    app = pressed(app, "Open")
    [order] = store.slot_orders.all()
    assert not order.closed
    assert "being opened" in text_of(app)
    told(store)
    assert "being" not in text_of(app.run())


def test_old_news_is_told_as_old(store: Store, database: Path):
    earlier(database, 180, told)
    app = board()
    assert "This is how the slots were 3 min ago." in text_of(app)

    told(store)
    assert "ago" not in text_of(app.run())


def test_a_slot_that_no_lesson_has_used_yet_is_named(store: Store):
    store.slots.tell({"primary": OPEN})

    assert "From the next lesson on: primary (" in text_of(board())


@pytest.mark.parametrize(
    ("label", "kind"), [("Test models", "test_slots"), ("Check model list", "list_models")]
)
def test_an_errand_is_asked_once_by_whoever_is_at_the_page(
    label: str, kind: ErrandKind, store: Store
):
    app = pressed(board(), label)

    errand = store.errands.newest(kind)
    assert errand
    assert (errand.asked_by, errand.begun_at) == (LOCAL, None)
    assert label not in labels(app)
    assert "Waiting for the server’s runner" in text_of(app)
    assert NOBODY not in text_of(app)


def test_where_no_runner_answers_the_page_says_so_after_some_seconds(database: Path):
    earlier(database, 10, lambda store: store.errands.ask("test_slots", LOCAL))

    assert f"Test models: {NOBODY}" in text_of(board())


def test_a_stale_errand_is_told_as_such_and_can_be_asked_again(store: Store, database: Path):
    earlier(database, STALE_SECONDS + 60, lambda store: begun(store, "test_slots"))
    app = board()
    assert "Nobody finished this in time" in text_of(app)

    pressed(app, "Test models")

    errand = store.errands.newest("test_slots")
    assert errand
    assert errand.begun_at is None


def test_what_is_asked_is_there_while_it_is_asked(store: Store):
    asking = SlotTest(slot="secondary", model="n")
    errand = begun(store, "test_slots")
    app = board()
    assert "Asking every slot one small question, since" in text_of(app)
    assert not app.table

    store.errands.note(errand, SlotTests(tests=(WELL, asking)).model_dump_json())

    [table] = tables(app.run())
    assert table["First text"] == ["0.6\N{NO-BREAK SPACE}s", ":gray[asking …]"]
    assert "Asking every slot" in text_of(app)
    assert "Every slot answers" not in text_of(app)


def test_what_tests_found_is_side_by_side_with_its_time_and_who_asked(store: Store):
    ill = SlotTest(
        slot="secondary", model="n", enabled=False, seconds=0.1, error="Too many requests."
    )
    shapeless = WELL.model_copy(update={"slot": "x", "structured": False, "error": "No form."})
    result = SlotTests(tests=(WELL, ill, shapeless))
    store.errands.finish(begun(store, "test_slots"), result.model_dump_json())

    app = board()

    [table] = tables(app)
    on_a_phone = ["Slot", "Structured", "First text", "Whole answer"]
    assert list(table)[: len(on_a_phone)] == on_a_phone
    assert table["Slot"] == ["primary", "secondary :gray[(switched off)]", "x"]
    assert table["Whole answer"] == ["1.2\N{NO-BREAK SPACE}s", "–", "1.2\N{NO-BREAK SPACE}s"]
    assert table["Tokens a second"] == ["151", "–", "151"]
    assert [cell.split()[-1] for cell in table["Structured"]] == ["yes", "–", "no"]
    assert [cell.split()[-1] for cell in table["Answer"]] == ["good", "trouble", "trouble"]
    assert "**secondary**: Too many requests." in text_of(app)
    assert "asked by ann" in text_of(app)
    assert "Test models" in labels(app)


def test_where_all_is_well_the_page_says_so(store: Store):
    store.errands.finish(begun(store, "test_slots"), SlotTests(tests=(WELL,)).model_dump_json())
    listed = ModelChecks(models=7, checks=(ModelCheck(slot="primary", model="m", listed=True),))
    store.errands.finish(begun(store, "list_models"), listed.model_dump_json())

    text = text_of(board())

    assert "Every slot answers as it should." in text
    assert "Every slot’s model is listed" in text
    assert "7 models on the server’s list" in text


@pytest.mark.parametrize("kind", ["test_slots", "list_models"])
def test_what_the_emulator_answered_is_shown_only_while_no_key_is_set(
    kind: ErrandKind, store: Store, key: str
):
    assert key
    listed = ModelCheck(slot="primary", model="m", listed=True)
    for sample in (True, False, None):
        result = {
            "test_slots": SlotTests(tests=(WELL,), sample=sample),
            "list_models": ModelChecks(models=7, checks=(listed,), sample=sample),
        }[kind]
        store.errands.finish(begun(store, kind), result.model_dump_json())

        app = board()

        of_old = "These answers came from the emulator, before a key was set" in text_of(app)
        assert (of_old, bool(app.table)) == (sample is True, sample is not True)


def test_what_a_server_answered_is_not_shown_once_the_emulator_answers(store: Store):
    result = SlotTests(tests=(WELL,), sample=False)
    store.errands.finish(begun(store, "test_slots"), result.model_dump_json())

    app = board()

    assert "came from a server that is not asked any more" in text_of(app)
    assert not app.table


def test_a_model_that_is_not_listed_is_told_with_what_to_do(store: Store):
    checks = (
        ModelCheck(slot="primary", model="m", listed=False, sentence="Gone."),
        ModelCheck(slot="secondary", model="n", sentence="Who knows."),
    )
    result = ModelChecks(models=7, checks=checks).model_dump_json()
    store.errands.finish(begun(store, "list_models"), result)

    app = board()

    [table] = tables(app)
    assert [cell.split()[-1] for cell in table["On the list"]] == ["no", "unknown"]
    assert "- **primary**: Gone.\n- **secondary**: Who knows." in text_of(app)


def test_what_a_server_says_is_read_and_never_acted_on(store: Store):
    nasty = "![x](http://203.0.113.7/p.png) <b>**x**</b> :red[x]"
    bad = GateState(nasty, BreakerState.OPEN, 30.0, f"429: {nasty}", 0, 24, 0, 0)
    store.slots.tell({nasty: bad})
    test = SlotTest(slot=nasty, model=nasty, seconds=1.0, error=nasty)
    store.errands.finish(begun(store, "test_slots"), SlotTests(tests=(test,)).model_dump_json())
    store.errands.finish(begun(store, "list_models"), None, nasty)

    app = board()

    drawn = [*app.markdown, *app.caption, *app.error]
    for text in (*(str(element.value) for element in drawn), *tables(app)[0]["Model"]):
        assert "![x]" not in text
        assert ":red[x" not in text


@pytest.mark.parametrize("result", ["{}", "no JSON", '{"tests": [{}]}'])
def test_a_result_of_another_version_is_no_broken_page(result: str, store: Store):
    store.errands.finish(begun(store, "test_slots"), result)

    assert "kept by another version" in text_of(board())


def test_an_errand_that_failed_says_why(store: Store):
    store.errands.finish(begun(store, "list_models"), None, "This server has no list.")

    assert "Check model list: This server has no list." in text_of(board()).replace("\\", "")


def test_a_store_in_trouble_is_a_sentence(store: Store):
    store.database.execute("DROP TABLE slots")

    app = board()

    assert len(app.error) == 1
