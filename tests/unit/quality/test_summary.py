import pytest

from lessongen.quality.summary import quality_sentence


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        ({}, "Quality 97 of 100: the checks found nothing to mend"),
        ({"Reading": 1}, "Quality 97 of 100: 1 thing to look at in Reading"),
        (
            {"Reading": 1, "Grammar": 2},
            "Quality 97 of 100: 3 things to look at in Reading and Grammar",
        ),
        (
            {"Reading": 1, "Grammar": 2, "Wrap-up": 1},
            "Quality 97 of 100: 4 things to look at in Reading, Grammar and Wrap-up",
        ),
    ],
)
def test_the_quality_of_a_lesson_is_said_in_a_sentence(found: dict[str, int], sentence: str):
    assert quality_sentence(97.2, found) == sentence


@pytest.mark.parametrize(
    ("found", "missing", "sentence"),
    [
        ({}, ["Reading"], "Quality 78 of 100: Reading is missing"),
        ({}, ["Reading", "Grammar"], "Quality 78 of 100: Reading and Grammar are missing"),
        (
            {"Dialogue": 2},
            ["Reading"],
            "Quality 78 of 100: Reading is missing; 2 things to look at in Dialogue",
        ),
    ],
)
def test_what_is_missing_is_said_first(found: dict[str, int], missing: list[str], sentence: str):
    assert quality_sentence(77.8, found, missing) == sentence
