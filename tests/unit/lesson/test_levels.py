from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lessongen.lesson.brief import Brief, local_brief
from lessongen.lesson.levels import GUIDANCE, Level
from lessongen.lesson.request import MAX_TOPIC, lesson_request


def test_every_level_has_guidance_that_a_teacher_can_read():
    assert list(GUIDANCE) == list(Level)
    assert all(g.can_do.startswith("Can ") and g.can_do.endswith(".") for g in GUIDANCE.values())


def test_sentences_and_readings_grow_with_the_level():
    for lower, higher in pairwise(GUIDANCE.values()):
        assert lower.sentence_words <= higher.sentence_words


@pytest.mark.parametrize("level", Level)
def test_the_example_of_a_level_keeps_to_its_sentence_length(level: Level):
    low, high = GUIDANCE[level].sentence_words
    sentences = [s for s in GUIDANCE[level].example.split(". ") if s]

    assert all(low <= len(sentence.split()) <= high for sentence in sentences)


@pytest.mark.parametrize("level", Level)
def test_a_brief_can_be_made_without_any_model(level: Level):
    brief = local_brief(lesson_request(topic="weekend markets", level=level))

    assert brief.title == "Weekend markets"
    assert "weekend markets" in brief.outcome
    assert len(brief.cast) == 2
    assert brief.grammar_target


@given(st.text(min_size=1, max_size=MAX_TOPIC - 1).map(lambda typed: f"{typed}T"))
@example("ß" * MAX_TOPIC)
@example("ﬁ" + "x" * (MAX_TOPIC - 1))
def test_a_local_brief_is_valid_whatever_the_topic(topic: str):
    brief = local_brief(lesson_request(topic=topic, level=Level.B1))

    assert Brief.model_validate_json(brief.model_dump_json()) == brief
