"""What the sentences that teachers read have in common."""

from dataclasses import replace

import pytest

from lessongen.quality.findings import Finding
from lessongen.quality.review import CHECKS
from lessongen.quality.reviewer import Reviewer
from tests.support.checking import everywhere, markets_lesson, sample_lessons

ODD = (
    "-",
    "**Sarah** is an AI.",
    "Answer: the lamp of Sarah's neighbor (correct)",
    "On Friday he sold ninety-nine lamps <b>here</b>.",
    "As an AI language model, I cannot write this text.",
    "Hier steht leider gar nichts auf Englisch, und das ist nicht gut.",
    "The ____ and the ____ were color and flavor and honor.",
)


def found_in(text: str) -> list[Finding]:
    whole = markets_lesson()
    contents = {name: everywhere(part, text) for name, part in whole.contents.items()}
    return [*Reviewer(CHECKS).review(replace(whole, contents=contents)).findings]


def mixed_up() -> list[Finding]:
    """Return what is found in lessons whose reading is another lesson's."""
    lessons = [*sample_lessons()]
    readings = [lesson.contents["reading"] for lesson in lessons[1:]]
    mixed = [
        replace(lesson, contents={**lesson.contents, "reading": reading})
        for lesson, reading in zip(lessons, readings, strict=False)
    ]
    return [finding for lesson in mixed for finding in Reviewer(CHECKS).review(lesson).findings]


@pytest.mark.parametrize("text", ODD)
def test_a_finding_is_a_plain_sentence_with_a_full_stop(text: str):
    assert found_in(text)
    for finding in found_in(text):
        assert_reads_well(finding.sentence)


def test_findings_on_a_text_of_another_lesson_read_as_well():
    for finding in mixed_up():
        assert_reads_well(finding.sentence)


def assert_reads_well(sentence: str) -> None:
    assert sentence.endswith(".")
    assert sentence[0].isupper() or sentence[0] == "“"
    assert ".”." not in sentence
    assert sentence.count("“") == sentence.count("”")
    assert not {"lemma", "token", "estimate", "brief"} & set(sentence.split())
