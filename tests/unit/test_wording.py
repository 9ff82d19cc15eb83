from datetime import date, datetime

import pytest

from lessongen.people import LOCAL
from lessongen.wording import counted, day_name, moment_name, who


def test_a_day_is_said_without_a_zero_before_it():
    assert day_name(date(2026, 11, 5)) == "5 November 2026"


def test_a_moment_is_said_by_the_clock_of_this_computer():
    at = datetime(2026, 11, 5, 9, 3)  # noqa: DTZ001 - by the clock of whoever runs the test

    assert moment_name(at.timestamp()) == "5 November 2026, 09:03"


@pytest.mark.parametrize(
    ("number", "words"), [(0, "0 lessons"), (1, "1 lesson"), (1200, "1,200 lessons")]
)
def test_a_number_of_things_is_counted(number: int, words: str):
    assert counted(number, "lesson") == words


def test_things_may_have_a_plural_of_their_own():
    assert counted(2, "category", "categories") == "2 categories"


def test_whoever_did_not_sign_in_is_told_as_the_user_of_this_computer():
    assert who(LOCAL) == "the user of this computer"
    assert who("ann@school.example") == "ann@school.example"
