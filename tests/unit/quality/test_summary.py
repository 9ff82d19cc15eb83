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
