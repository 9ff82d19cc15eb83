import logging
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from random import Random
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from lessongen.lesson.brief import TargetWord
from lessongen.lesson.lesson import Lesson
from lessongen.lesson.sections.comprehension import Comprehension
from lessongen.lesson.sections.pronunciation import Pronunciation, SpokenWord
from lessongen.lesson.sections.reading import Reading
from lessongen.lesson.sections.vocabulary import Vocabulary
from lessongen.quality.findings import Finding, Severity
from lessongen.quality.parts import section_of
from lessongen.quality.review import CHECKS, Review
from lessongen.quality.reviewer import Reviewer
from tests.support.checking import asking, changed, markets_lesson, question, sample_lessons
from tests.support.lessons import request_on

REVIEWER = Reviewer(CHECKS)


def found(section: str, severity: Severity) -> Finding:
    return Finding(section, "test", severity, "Something was found.")


def completed(lesson: Lesson) -> Lesson:
    contents = {
        name: REVIEWER.completed(name, content, lesson.request, lesson.brief)
        for name, content in lesson.contents.items()
    }
    return replace(lesson, contents=contents)


@pytest.mark.parametrize(
    ("findings", "score"),
    [
        ((), 100),
        (("note",), 95),
        (("fault",), 75),
        (("fault", "note"), 70),
        (("fault",) * 5, 0),
    ],
)
def test_a_section_loses_points_for_what_was_found_in_it(
    findings: tuple[Severity, ...], score: int
):
    review = Review(markets_lesson(), tuple(found("reading", severity) for severity in findings))

    assert review.section_score("reading") == score
    assert review.section_score("warmup") == 100
    assert review.score == pytest.approx((800 + score) / 9)


def test_a_section_that_could_not_be_written_scores_nothing():
    lesson = markets_lesson()
    contents = {name: part for name, part in lesson.contents.items() if name != "reading"}

    review = Review(replace(lesson, contents=contents))

    assert review.section_score("reading") == 0
    assert review.score == pytest.approx(800 / 9)


def test_only_faults_are_worth_a_rewrite():
    review = Review(markets_lesson(), (found("reading", "note"), found("reading", "fault")))

    assert review.faults("reading") == (found("reading", "fault"),)
    assert review.of("warmup") == ()


def test_a_good_lesson_scores_a_hundred():
    for lesson in sample_lessons():
        review = REVIEWER.review(completed(lesson))

        assert (review.findings, review.score) == ((), 100)


def test_every_check_has_its_say():
    lesson = completed(markets_lesson())
    bad = changed(lesson, Reading, paragraphs=["<b>Nothing</b> is here at all, really nothing."])

    checks = {finding.check for finding in REVIEWER.review(bad).findings}

    assert {"markup", "words", "facts", "grounding", "grammar"} <= checks
    assert len(CHECKS) == 17


def test_answers_get_the_sentence_of_the_reading_that_proves_them():
    lesson = markets_lesson()
    comprehension = section_of(lesson, Comprehension)
    assert comprehension
    bare = [item.model_copy(update={"evidence": ""}) for item in comprehension.items]

    reviewed = REVIEWER.review(changed(lesson, Comprehension, items=bare)).lesson

    after, reading = section_of(reviewed, Comprehension), section_of(reviewed, Reading)
    assert after
    assert reading
    text = " ".join(reading.paragraphs)
    proved = [item for item in after.items if item.evidence]
    assert len(proved) >= len(bare) - 1
    assert all(" ".join(item.evidence.split()) in text for item in proved)


def test_a_section_is_completed_with_what_the_dictionary_knows():
    lesson = completed(markets_lesson())

    vocabulary, spoken = section_of(lesson, Vocabulary), section_of(lesson, Pronunciation)
    assert vocabulary
    assert spoken
    assert vocabulary.entries[1].ipa == "/fiː/"  # noqa: RUF001 - phonetic script
    assert [word.stress for word in spoken.words if word.word == "discount"] == ["●○"]


def test_the_text_that_a_teacher_brings_is_the_reading_word_for_word():
    request = request_on(own_text="We sell bread.\n\nCome early, or it is gone.")
    reading = markets_lesson().contents["reading"]

    own = REVIEWER.completed("reading", reading, request, markets_lesson().brief)

    assert isinstance(own, Reading)
    assert own.paragraphs == ["We sell bread.", "Come early, or it is gone."]
    assert own.gist_question == getattr(reading, "gist_question")  # noqa: B009 - of any content


@pytest.mark.parametrize(
    "text", ["One line.", "a " * 2999, "\n".join(f"Line {n}." for n in range(400)), "x" * 6000]
)
def test_any_text_of_a_teacher_can_be_stored_as_a_reading_and_loses_no_word(text: str):
    request = request_on(own_text=text)
    reading = REVIEWER.completed(
        "reading", markets_lesson().contents["reading"], request, markets_lesson().brief
    )

    stored = Reading.model_validate_json(reading.model_dump_json())

    assert "".join("".join(stored.paragraphs).split()) == "".join(text.split())


def test_what_cannot_be_a_section_at_all_is_refused_and_what_can_is_not():
    lesson = markets_lesson()
    refusal = "I'm sorry, but as an AI language model I cannot help with that."
    reading = changed(lesson, Reading, paragraphs=[refusal] * 3).contents["reading"]

    assert REVIEWER.refusal(reading, lesson.request)
    for content in lesson.contents.values():
        assert REVIEWER.refusal(content, lesson.request) is None


def test_a_song_that_a_teacher_brings_may_say_the_same_again_and_again():
    lesson = markets_lesson()
    sung = ["Row, row, row your boat, gently down the stream."] * 8
    reading = changed(lesson, Reading, paragraphs=sung).contents["reading"]

    assert REVIEWER.refusal(reading, lesson.request)
    assert REVIEWER.refusal(reading, request_on(own_text="\n".join(sung))) is None


def test_what_is_found_in_a_teachers_own_text_is_told_and_no_model_is_to_change_it():
    text = "Notwithstanding manifold tribulations, the colorful merchants persevered. " * 8
    lesson = markets_lesson()
    request = request_on(own_text=text)
    reading = REVIEWER.completed("reading", lesson.contents["reading"], request, lesson.brief)
    whole = replace(lesson, request=request, contents={**lesson.contents, "reading": reading})

    found = REVIEWER.review(whole).of("reading")

    told = {finding.check: finding.severity for finding in found if finding.check != "nonsense"}
    assert {"level", "words", "facts"} <= set(told)
    assert set(told.values()) == {"note"}


def test_a_word_that_is_a_noun_and_a_verb_sounds_as_the_lesson_teaches_it():
    lesson = markets_lesson()
    target = TargetWord(word="record", part_of_speech="verb", meaning="to write down")
    brief = lesson.brief.model_copy(update={"target_words": [target]})
    spoken = changed(lesson, Pronunciation, words=[SpokenWord(word="record")])

    content = REVIEWER.completed(
        "pronunciation", spoken.contents["pronunciation"], lesson.request, brief
    )

    assert isinstance(content, Pronunciation)
    assert content.words[0].stress == "○●"


def test_a_mistake_in_a_check_finds_nothing_is_logged_and_costs_no_lesson(
    caplog: pytest.LogCaptureFixture,
):
    def mistaken(lesson: Lesson) -> Iterator[Finding]:
        yield found("reading", "note")
        raise IndexError(len(lesson.contents))

    def working(lesson: Lesson) -> Iterator[Finding]:
        assert lesson
        yield found("warmup", "note")

    review = Reviewer([mistaken, working]).review(markets_lesson())

    assert [finding.section for finding in review.findings] == ["warmup"]
    assert [record.getMessage() for record in caplog.records] == ["A check failed"]


def test_a_finding_is_bounded_whatever_a_check_quotes():
    def verbose(lesson: Lesson) -> Iterator[Finding]:
        assert lesson
        yield Finding("reading", "test", "fault", "x" * 5000, ("y" * 5000,) * 50)

    [finding] = Reviewer([verbose]).review(markets_lesson()).findings

    assert len(finding.sentence) + sum(map(len, finding.evidence)) < 6000


@pytest.mark.parametrize("option", ["", "?", "…", "🍎"])
def test_an_option_without_a_word_is_no_trouble(option: str, caplog: pytest.LogCaptureFixture):
    item = question("When?", "They came at noon.", "They came at noon.", option, "They were late.")

    REVIEWER.review(asking("They came at noon. It rained.", item))

    assert caplog.records == []


def test_a_word_of_any_length_is_no_trouble(caplog: pytest.LogCaptureFixture):
    for length in range(20, 40):
        for word in ("z" * length, f"v{'o' * (length - 2)}m"):
            REVIEWER.review(
                changed(markets_lesson(), Reading, paragraphs=[f"It went {word}. " * 30])
            )

    assert caplog.records == []


ODD = [
    "",
    "?",
    "…",
    "🍎",
    "5.",
    "1,300",
    "N'T",
    "a" * 25,
    "They",
    "No!",
    "(correct)",
    "Ж",
    "“”",
    "\u2028",
]
LESSONS = list(sample_lessons())


@settings(max_examples=150, deadline=None)
@given(st.randoms(use_true_random=False), st.sampled_from(LESSONS))
def test_no_check_stumbles_over_odd_texts_among_good_ones(random: Random, lesson: Lesson):
    contents = {
        name: type(content).model_construct(**sprinkled(dict(content), random))
        for name, content in lesson.contents.items()
    }

    with stumbles() as logged:
        REVIEWER.review(replace(lesson, contents=contents))
        for content in contents.values():
            REVIEWER.refusal(content, lesson.request)

    assert logged == []


def sprinkled(value: Any, random: Random) -> Any:
    """Put odd texts in the place of one text in ten."""
    match value:
        case str():
            return (
                random.choice([*ODD, value[: random.randrange(30)]])
                if random.random() < 0.1
                else value
            )
        case list():
            return [sprinkled(item, random) for item in cast("list[Any]", value)]
        case dict():
            return {k: sprinkled(v, random) for k, v in cast("dict[str, Any]", value).items()}
        case BaseModel():
            return type(value).model_construct(**sprinkled(dict(value), random))
        case _:
            return value


@contextmanager
def stumbles() -> Generator[list[str]]:
    """Collect what the reviewer logs meanwhile."""
    logged: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: logged.append(record.getMessage())
    logger = logging.getLogger("lessongen.quality.reviewer")
    logger.addHandler(handler)
    try:
        yield logged
    finally:
        logger.removeHandler(handler)


def test_what_was_taken_as_a_section_is_not_asked_again_whether_it_is_one():
    refused = changed(markets_lesson(), Reading, paragraphs=["I cannot write this text."] * 3)

    assert "nonsense" in {finding.check for finding in REVIEWER.review(refused).findings}
    assert "nonsense" not in {finding.check for finding in Reviewer().review(refused).findings}
