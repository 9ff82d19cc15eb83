import time
from collections.abc import Callable, Generator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, example, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st
from pydantic import ValidationError

from lessongen.administration.quotas import Quotas, Spent, midnight, next_midnight, require_room
from lessongen.errors import QuotaReached

Zone = Callable[[str], None]
NOTHING = Spent(0, 0.0)
LONDON = "Europe/London"
# In Santiago clocks go forward at midnight: one day of the year begins at 01:00.
ZONES = ["Etc/GMT", LONDON, "America/New_York", "America/Santiago", "Asia/Kathmandu"]
SPRING, AUTUMN = datetime(2026, 3, 29), datetime(2026, 10, 25)  # noqa: DTZ001 - days, no moments


@pytest.fixture
def zone(monkeypatch: pytest.MonkeyPatch) -> Generator[Zone]:
    """Return what puts the server into another time zone."""

    def put(name: str) -> None:
        monkeypatch.setenv("TZ", name)
        time.tzset()

    yield put
    monkeypatch.undo()
    time.tzset()


def at(day: datetime, hour: int, minute: int = 0, name: str = LONDON) -> float:
    """Return a time of a day as seconds since 1970."""
    return day.replace(hour=hour, minute=minute, tzinfo=ZoneInfo(name)).timestamp()


def refusal(quotas: Quotas, spent: Spent, now: float) -> str:
    with pytest.raises(QuotaReached) as refused:
        require_room(quotas, spent, now)
    return str(refused.value)


def test_without_quotas_nothing_is_refused():
    spent = Spent(10_000, 10_000.0)

    require_room(Quotas(), spent, 0.0)

    assert refusal(Quotas(lessons_per_teacher=10_000), spent, 0.0)
    assert refusal(Quotas(dollars=10_000), spent, 0.0)


def test_the_last_lesson_of_a_day_may_be_asked_for_and_no_other():
    quotas = Quotas(lessons_per_teacher=3)

    require_room(quotas, Spent(2, 0.0), 0.0)

    assert "You may ask for 3 lessons a day" in refusal(quotas, Spent(3, 0.0), 0.0)


def test_a_single_lesson_a_day_is_told_as_one():
    assert "for 1 lesson a day," in refusal(Quotas(lessons_per_teacher=1), Spent(1, 0.0), 0.0)


def test_what_a_day_costs_may_reach_its_limit_and_not_go_on():
    quotas = Quotas(dollars=2.5)

    require_room(quotas, Spent(0, 2.49), 0.0)

    assert "$2.50 is what a day may cost here" in refusal(quotas, Spent(0, 2.5), 0.0)


def test_the_sentence_says_when_a_quota_lifts(zone: Zone):
    zone(LONDON)
    quotas, five_to_midnight = Quotas(lessons_per_teacher=1), at(AUTUMN, 23, 55)

    told = refusal(quotas, Spent(1, 0.0), five_to_midnight)

    assert told == (
        "You may ask for 1 lesson a day, and have asked for all today. "
        "You can go on tomorrow, 26 October 2026, at 00:00."
    )


@pytest.mark.parametrize("closed", [Quotas(lessons_per_teacher=0), Quotas(dollars=0)])
def test_a_limit_of_none_at_all_promises_nothing_for_tomorrow(closed: Quotas):
    told = refusal(closed, NOTHING, 0.0)

    assert told == "An admin has closed LessonGen for new lessons, until they open it."


@pytest.mark.parametrize(("day", "hours"), [(SPRING, 23), (AUTUMN, 25)])
def test_a_day_on_which_the_clocks_change_is_an_hour_shorter_or_longer(
    zone: Zone, day: datetime, hours: int
):
    zone(LONDON)

    began, ends = midnight(at(day, 12)), next_midnight(at(day, 12)).timestamp()

    assert (began, ends) == (at(day, 0), at(day + timedelta(days=1), 0))
    assert ends - began == hours * 3600


@pytest.mark.parametrize("hour", [0, 1, 2, 3, 12, 23])
@pytest.mark.parametrize("day", [SPRING, AUTUMN])
def test_every_hour_of_such_a_day_belongs_to_it(zone: Zone, day: datetime, hour: int):
    zone(LONDON)

    assert midnight(at(day, hour, 59)) == at(day, 0)
    assert next_midnight(at(day, hour, 59)).timestamp() == at(day + timedelta(days=1), 0)


def test_a_day_begins_at_midnight_and_not_before(zone: Zone):
    zone(LONDON)
    began = at(AUTUMN, 0)

    assert midnight(began) == began
    assert midnight(began - 0.001) == at(AUTUMN - timedelta(days=1), 0)


@pytest.mark.parametrize("name", ZONES)
@hypothesis(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(now=st.floats(0, 4e9))
@example(now=1_002_945_600.0)  # in Santiago the midnight before a day that begins at 01:00
def test_any_moment_lies_in_a_day_that_ends_where_the_next_begins(
    zone: Zone, name: str, now: float
):
    zone(name)

    began, ends = midnight(now), next_midnight(now).timestamp()

    assert began <= now < ends
    assert 22 * 3600 <= ends - began <= 26 * 3600
    assert midnight(ends) == ends


@pytest.mark.parametrize(
    "given_quotas",
    [
        {"lessons_per_teacher": -1},
        {"lessons_per_teacher": 2.5},
        {"lessons_per_teacher": 10**9},
        {"dollars": -0.01},
        {"dollars": float("nan")},
        {"dollars": float("inf")},
        {"euros": 3},
    ],
)
def test_quotas_that_cannot_be_meant_are_refused(given_quotas: dict[str, object]):
    with pytest.raises(ValidationError):
        Quotas.model_validate(given_quotas)
