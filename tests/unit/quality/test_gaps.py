import pytest

from lessongen.lesson.sections.grammar import Exercise, Grammar
from lessongen.lesson.sections.vocabulary import Practice, Vocabulary
from lessongen.quality.findings import Finding
from lessongen.quality.gaps import gaps
from tests.support.checking import changed, markets_lesson


def practised(*items: tuple[str, str]) -> list[Finding]:
    practice = [Practice(sentence=sentence, answer=answer) for sentence, answer in items]
    lesson = changed(markets_lesson(), Vocabulary, practice=practice)
    return [found for found in gaps(lesson) if found.section == "vocabulary"]


def exercised(sentence: str, answer: str) -> list[Finding]:
    exercises = [Exercise(sentence=sentence, answer=answer)]
    lesson = changed(markets_lesson(), Grammar, exercises=exercises)
    return [found for found in gaps(lesson) if found.section == "grammar"]


@pytest.mark.parametrize(
    ("sentence", "answer", "start"),
    [
        ("The cafe made no profit.", "profit", "No blank to fill in"),
        ("The cafe made no __.", "profit", "No blank to fill in"),
        ("The ____ made no ____.", "profit", "More than one blank"),
        ("The cafe made no ____.", "", "The key has no answer"),
        ("The cafe made no ____.", " ", "The key has no answer"),
        ("Profits are good: a ____ helps.", "profit", "The answer stands in the sentence"),
        ("They ____ of bread; I never sell out.", "sold out", "The answer stands in the sentence"),
        ("Own up! You must ____.", "own up", "The answer stands in the sentence"),
    ],
)
def test_a_sentence_that_cannot_be_completed_is_a_fault(sentence: str, answer: str, start: str):
    (found,) = practised((sentence, answer))

    assert (found.check, found.severity) == ("gaps", "fault")
    assert found.sentence.startswith(start)
    assert found.evidence == (sentence,)


def test_the_box_holds_each_answer_once():
    (found,) = practised(("A ____ of ten per cent.", "discount"), ("No ____ today.", "Discount"))

    assert found.evidence == ("discount",)


def test_two_blanks_around_the_subject_are_shown_as_one_with_the_subject_in_the_hint():
    (found,) = exercised("____ you ____ salad? (like)", "Do, like")

    assert found.sentence == (
        "More than one blank for one answer: “____ you ____ salad? (like)”. Please leave one "
        "blank for the whole answer, such as “____ salad? (you, like)”."
    )


def test_two_blanks_far_apart_are_to_be_made_one():
    (found,) = practised(("The ____ made no ____.", "profit"))

    assert found.sentence.endswith("Please leave one blank, and write the other words out.")


@pytest.mark.parametrize(
    ("sentence", "answer"),
    [
        ("I ____ tea every day. (drink)", "drink"),
        ("If Marit ____ back, she is welcome. (come)", "comes"),
        ("She is late because the bus ____ late. (be)", "is"),
        ("Lwazi ____ more lamps if his sister makes some too. (make)", "will make"),
        ("____ apple a day keeps the doctor away.", "An"),
    ],
)
def test_base_forms_and_small_words_are_no_secret(sentence: str, answer: str):
    assert not exercised(sentence, answer)


@pytest.mark.parametrize(
    ("sentence", "answer"),
    [
        ("She doesn’t bring it, so he ____ it. (not bring)", "doesn't bring"),
        ("He has never been late. She ____ late. (never, be)", "has never been"),
        ("He ____ pickles. (sell) She sells pickles too.", "sells"),
    ],
)
def test_an_exercise_does_not_show_its_answer(sentence: str, answer: str):
    (found,) = exercised(sentence, answer)

    assert found.sentence.startswith("The answer stands in the sentence itself")


def test_two_sentences_of_a_finding_are_told_and_all_are_evidence():
    (found,) = practised(*[(f"Sentence {number}.", f"word{number}") for number in range(5)])

    assert found.sentence == "No blank to fill in here: “Sentence 0”, “Sentence 1” and 3 more."
    assert len(found.evidence) == 5
