from itertools import product
from pathlib import Path

import pytest
from pydantic import BaseModel, ValidationError

from lessongen.generation.complaints import complaints
from lessongen.generation.strategy import Assignment, ModelSlot, Retired
from lessongen.generation.strategy_files import load_strategy

STRATEGY = load_strategy(Path(__file__).parents[3] / "data")
# Whatever TOML can say: a text, numbers, a switch, a list, a table.
VALUES = ["", "a b", "x" * 300, -1, 0, 10**30, 1.5, 1e12, float("nan"), True, [1], ["a"], {"a": 1}]
FILLED = [
    STRATEGY.slots["primary"],
    STRATEGY.assignments["reading"],
    next(iter(STRATEGY.retired.values())),
]
CASES = [
    (filled, field, value)
    for filled in FILLED
    for field, value in product(type(filled).model_fields, VALUES)
]
PYDANTICS_WORDS = ("Input", "valid", "Value", "String", "constraint", "cannot be used")


def reasons(model: type[BaseModel], values: object) -> list[str]:
    try:
        model.model_validate(values)
    except ValidationError as error:
        return [complaint.reason for complaint in complaints(model, error)]
    return []


@pytest.mark.parametrize(("filled", "field", "value"), CASES)
def test_no_value_is_refused_in_the_words_of_a_library(
    filled: BaseModel, field: str, value: object
):
    told = reasons(type(filled), filled.model_dump() | {field: value})

    assert [reason for reason in told for word in PYDANTICS_WORDS if word in reason] == []


@pytest.mark.parametrize("model", [ModelSlot, Assignment, Retired])
def test_values_that_are_no_table_are_told_as_that(model: type[BaseModel]):
    assert reasons(model, "text") == ["should be a table"]


def test_a_name_that_is_misspelt_is_told_before_the_one_that_is_missing():
    values = STRATEGY.assignments["reading"].model_dump()
    values["solt"] = values.pop("slot")

    with pytest.raises(ValidationError) as caught:
        Assignment.model_validate(values)

    first, second = complaints(Assignment, caught.value)
    assert (first.place, first.reason, first.missing) == (
        ("solt",),
        "is no setting that LessonGen knows",
        False,
    )
    assert (second.place, second.reason, second.missing) == (("slot",), "is missing", True)
