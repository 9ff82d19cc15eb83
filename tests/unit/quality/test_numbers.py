import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessongen.quality.numbers import numbers, values


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("two twenty-year-olds paid 1,300 rand", ["2", "20", "1300"]),
        ("one thousand three hundred and five", ["1305"]),
        ("a hundred and fifty or two hundred", ["150", "200"]),
        ("3.50 and 1,300.00 at 5:30", ["3.5", "1300", "5:30"]),
        ("twelve and thirteen, twenty-three", ["12", "13", "23"]),
        ("the twenty-first of May", []),
        ("one of them", []),
        ("eleven million", ["11000000"]),
    ],
)
def test_a_number_has_a_value_however_it_is_written(text: str, expected: list[str]):
    assert [number.value for number in numbers(text)] == expected


def test_a_number_keeps_its_words():
    assert [number.words for number in numbers("She has Twenty-five jars.")] == ["Twenty five"]


def test_the_parts_of_a_number_are_values_of_a_text_too():
    assert values("two hundred people") == {"2", "100", "200"}


@given(st.integers(min_value=0, max_value=10**15))
def test_a_number_with_and_without_commas_is_one_number(number: int):
    assert [n.value for n in numbers(f"{number:,}")] == [n.value for n in numbers(str(number))]


@given(st.text(alphabet="0123456789.,: onethousandmillionhundred"))
def test_no_figures_are_too_odd(text: str):
    assert len(numbers(text)) <= len(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("at half past seven", "7:30"),
        ("at quarter to 9", "8:45"),
        ("Quarter past twelve!", "12:15"),
        ("at 7:30", "7"),
        ("at 8.45", "9"),
    ],
)
def test_a_time_is_the_same_in_words_and_in_figures(text: str, value: str):
    assert value in values(text)
