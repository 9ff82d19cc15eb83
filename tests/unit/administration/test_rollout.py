from statistics import mean

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from lessongen.administration.rollout import ChosenMode, Rollout, mode_for, place

SHARES = st.floats(0, 100)
PEOPLE = st.text(max_size=60)
MANY = [f"teacher{number}@school.org" for number in range(20_000)]


@given(PEOPLE)
def test_a_person_has_one_place_which_any_share_of_all_can_hold(person: str):
    assert 0 <= place(person) < 100
    assert place(person) == place(person)


def test_places_are_the_same_on_every_server_and_after_every_start():
    known = {"local": 51.81, "anna@school.org": 57.76, "": 16.89}

    assert {person: place(person) for person in known} == known


@pytest.mark.parametrize("share", [0, 1, 10, 33.3, 50, 90, 100])
def test_of_many_people_about_the_share_that_was_decided_gets_parallel_mode(share: float):
    chosen = [mode_for(person, Rollout(share=share)).mode for person in MANY]

    in_percent = mean(mode == "parallel" for mode in chosen) * 100

    assert in_percent == pytest.approx(share, abs=1)


@given(PEOPLE, SHARES, SHARES)
def test_who_is_in_stays_in_while_the_share_grows(person: str, one: float, other: float):
    fewer, more = sorted([one, other])

    if mode_for(person, Rollout(share=fewer)).mode == "parallel":
        assert mode_for(person, Rollout(share=more)).mode == "parallel"


@given(PEOPLE)
def test_everybody_is_in_a_share_of_all_and_nobody_in_one_of_none(person: str):
    assert mode_for(person, Rollout()).mode == "parallel"
    assert mode_for(person, Rollout(share=0)).mode == "sequential"


@given(PEOPLE, SHARES)
def test_the_switch_back_to_sequential_counts_for_everybody(person: str, share: float):
    chosen = mode_for(person, Rollout(share=share, sequential_for_all=True))

    assert chosen == ChosenMode("sequential", "sequential for all")


def test_the_reason_names_the_share_that_was_decided():
    within, without = mode_for("local", Rollout(share=60)), mode_for("local", Rollout(share=12.5))

    assert within.reason == "in the rollout to 60 %"
    assert without.reason == "not in the rollout to 12.5 %"


@pytest.mark.parametrize("share", [-1, 100.5, float("nan"), float("inf"), "half", None])
def test_a_share_that_is_none_is_refused(share: object):
    with pytest.raises(ValidationError):
        Rollout.model_validate({"share": share})
