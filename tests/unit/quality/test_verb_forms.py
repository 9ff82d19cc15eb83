import pytest

from lessongen.lesson.lesson import Lesson
from lessongen.lesson.sections.grammar import Exercise, Grammar
from lessongen.quality.findings import Finding
from lessongen.quality.gaps import gaps
from lessongen.quality.parts import section_of
from lessongen.quality.verb_forms import odd_form
from tests.support.checking import changed, markets_lesson, sample_lessons


def keyed(sentence: str, answer: str) -> list[Finding]:
    exercises = [Exercise(sentence=sentence, answer=answer)]
    return [*gaps(changed(markets_lesson(), Grammar, exercises=exercises))]


@pytest.mark.parametrize(
    ("sentence", "answer", "reason"),
    [
        ("If it had been dear, she ____ it. (not rent)", "wouldn't rented", "“wouldn't” comes a b"),
        ("She ____ tomorrow. (go)", "will went", "after “will” comes a base form"),
        ("She will ____ tomorrow. (go)", "went", "after “will” comes a base form"),
        ("Where ____? (Malee, go)", "did Malee went", "after “did” comes a base form"),
        ("He ____ late. (not come)", "doesn’t comes", "after “doesn't” comes a base form"),
        ("He agreed ____ it. (buy)", "to bought", "after “to” comes a base form"),
        ("He ____ it before. (never, see)", "had never see", "after “had” comes a past participle"),
        ("Never before ____ it. (she / examine)", "had she examine", "comes a past participle"),
        ("Never before ____ it. (she / examine)", "she had examined", "before the subject"),
        ("Seldom ____ it. (she / use)", "she does use", "before the subject"),
    ],
)
def test_a_verb_that_cannot_stand_where_it_does_is_noted(sentence: str, answer: str, reason: str):
    (found,) = keyed(sentence, answer)

    assert (found.section, found.check, found.severity) == ("grammar", "gaps", "note")
    assert found.evidence == (answer,)
    assert reason in found.sentence


@pytest.mark.parametrize(
    ("sentence", "answer"),
    [
        ("You ____ now. (go)", "had better go"),
        ("I look forward ____ you. (see)", "to seeing"),
        ("They ____ it in two. (cut)", "had cut"),
        ("What ____ then? (she, do)", "would she have done"),
        ("They seem ____ it. (lose)", "to have lost"),
        ("The file ____ by now. (delete)", "must have been deleted"),
        ("She ____ a lot. (practise)", "can practise"),
        ("Never ____ alone! (swim)", "swim"),
        ("No sooner had they left than ____. (it, rain)", "it was raining"),
        ("She ____ to bed. (go)", "is going to go"),
        ("He said he ____ it. (have)", "would have had"),
        ("If the flat ____ dear, she would rent it. (not be)", "weren’t"),
        ("Where ____? (he / must, put)", "must he have put it"),
        ("I ____ that film. (not see)", "haven't seen"),
        ("Rarely ____ so much. (human judgment / matter)", "has human judgment mattered"),
    ],
)
def test_a_right_key_is_silent(sentence: str, answer: str):
    assert keyed(sentence, answer) == []


@pytest.mark.parametrize("lesson", [*sample_lessons()], ids=lambda it: it.brief.title[:20])
def test_the_keys_of_the_samples_are_silent(lesson: Lesson):
    content = section_of(lesson, Grammar)

    assert content is not None
    assert [e.answer for e in content.exercises if odd_form(e.sentence, e.answer)] == []
