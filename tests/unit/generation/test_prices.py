import math
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from pydantic import ValidationError

from lessongen.gemini.messages import Usage
from lessongen.generation.prices import Prices, list_prices
from lessongen.generation.strategy import ModelSlot
from lessongen.generation.strategy_files import load_strategy
from tests.support.generation import model_slot

DATA = Path(__file__).parents[3] / "data"
TODAY = date(2026, 11, 24)
MILLION = Usage(input=1_000_000, output=1_000_000)


def slot_of(model: str, prices: Prices | None = None) -> ModelSlot:
    return model_slot(model).model_copy(update={"prices": prices})


def test_the_list_knows_what_a_model_costs():
    assert list_prices("gemini-3.8-flash", TODAY) == Prices(input=0.75, output=3.75, cached=0.075)
    assert list_prices("gemini-3.5-flash-lite", TODAY) == Prices(
        input=0.30, output=2.50, cached=0.03
    )


def test_a_price_that_is_to_rise_rises_on_its_day():
    assert list_prices("gemini-3.8-flash", date(2026, 12, 31)) == Prices(
        input=0.75, output=3.75, cached=0.075
    )
    assert list_prices("gemini-3.8-flash", date(2027, 1, 1)) == Prices(
        input=1.50, output=7.50, cached=0.15
    )


@pytest.mark.parametrize("day", [date.min, date.max])
def test_a_clock_that_is_wrong_stops_nothing(day: date):
    assert list_prices("gemini-3.8-flash", day)


def test_a_model_may_be_named_with_its_folder():
    assert list_prices("models/gemini-3.8-flash", TODAY) == list_prices("gemini-3.8-flash", TODAY)


@pytest.mark.parametrize("model", ["gemini-4-hydrogen", "gemma-3", "no-such-model", "/"])
def test_what_the_list_does_not_price_has_no_price_rather_than_none_to_pay(model: str):
    assert list_prices(model, TODAY) is None
    assert slot_of(model).pricing is None
    assert slot_of(model).cost(MILLION) is None


def test_a_slot_without_prices_of_its_own_has_those_of_the_list():
    slot = slot_of("gemini-3.5-flash-lite")

    assert slot.pricing == list_prices("gemini-3.5-flash-lite")
    assert slot.cost(MILLION) == pytest.approx(2.80)
    assert slot.cost(Usage()) is None


def test_a_slots_own_prices_hold_instead_of_the_list():
    own = Prices(input=1.0, output=2.0, cached=0.5)

    assert slot_of("gemini-3.5-flash-lite", own).pricing == own
    assert slot_of("gemini-3.5-flash-lite", own).cost(MILLION) == pytest.approx(3.0)
    assert slot_of("no-such-model", own).cost(MILLION) == pytest.approx(3.0)


def test_prices_of_nothing_are_prices_too():
    free = Prices(input=0, output=0, cached=0)

    assert slot_of("gemini-3.8-flash", free).cost(MILLION) == 0


def test_every_shipped_slot_has_a_price_and_none_repeats_the_list():
    for slot in load_strategy(DATA).slots.values():
        assert slot.pricing
        assert slot.prices is None or list_prices(slot.model) is None


@pytest.mark.parametrize("price", [-0.01, math.nan, math.inf, -math.inf, 1e9])
def test_a_price_is_a_number_that_can_be_paid(price: float):
    with pytest.raises(ValidationError):
        Prices(input=price, output=1, cached=1)


@pytest.mark.parametrize("seconds", [-1, 0, math.nan, math.inf, 1e9])
@pytest.mark.parametrize("field", ["timeout_seconds", "first_event_seconds", "idle_seconds"])
def test_a_time_is_a_number_of_seconds_that_can_be_waited(field: str, seconds: float):
    with pytest.raises(ValidationError):
        ModelSlot.model_validate(model_slot("m").model_dump() | {field: seconds})


def test_whoever_needs_no_price_does_not_load_the_list():
    looked = "import sys, lessongen.generation.lessons; print('genai_prices' in sys.modules)"
    told = subprocess.run(
        [sys.executable, "-c", looked], capture_output=True, text=True, check=True, timeout=60
    )

    assert told.stdout.strip() == "False"
