import pytest

from lessongen.administration.estimate import Estimate
from lessongen.generation.strategy import Mode, OwnAssignment
from lessongen.lesson.prompts import BRIEF
from lessongen.ui.lesson_estimate import estimate_sentence
from lessongen.ui.own_models import OwnModels, choice_sentence

CHOICE = OwnAssignment(slot="primary", priority="low", deadline_seconds=20)


@pytest.mark.parametrize(
    ("expected", "mode", "sentence"),
    [
        (Estimate(24.6, 0.021, 340), "parallel", "About 25 s and $0.02, going by 340 answers"),
        (Estimate(0.2, 0.0099, 1), "parallel", "About 1 s and less than $0.01, going by 1 answer "),
        (Estimate(9, 0.0, 12_345), "parallel", "About 9 s and less than $0.01, going by 12,345 an"),
        (Estimate(190, 1.5, 9), "sequential", "About 190 s and $1.50, one section after another,"),
    ],
)
def test_an_estimate_is_a_plain_sentence(expected: Estimate, mode: Mode, sentence: str):
    assert estimate_sentence(expected, mode, sample=False).startswith(sentence)


def test_samples_cost_nothing_and_the_sentence_says_so():
    told = estimate_sentence(Estimate(12, None, 90), "parallel", sample=True)

    assert told == "About 12 s, going by 90 answers so far. Samples cost nothing."


def test_where_nothing_was_measured_the_sentence_says_so():
    told = estimate_sentence(None, "parallel", sample=False)

    assert told == "How long this will take is not known yet: nothing was measured so far."


def test_a_cost_that_nobody_knows_is_told_as_that():
    told = estimate_sentence(Estimate(12, None, 90), "parallel", sample=False)

    assert "What it will cost is not known: a model has no price." in told


def test_parts_that_were_not_measured_are_named():
    told = estimate_sentence(Estimate(9, 0.1, 4, (BRIEF, "warmup")), "parallel", sample=False)

    assert told.endswith(
        "Not counted, since their models have not written them yet: Plan, Warm-up."
    )


def test_own_choices_are_named_while_they_are_few():
    choices = {"reading": CHOICE, BRIEF: CHOICE}

    assert (
        choice_sentence(OwnModels(choices))
        == "Your own choice of models counts for: Plan, Reading."
    )


def test_many_own_choices_are_counted():
    choices = dict.fromkeys(["reading", BRIEF, "warmup", "wrapup"], CHOICE)

    assert choice_sentence(OwnModels(choices)) == "Your own choice of models counts for 4 parts."


def test_without_own_choices_nothing_is_told():
    assert choice_sentence(OwnModels()) == ""
