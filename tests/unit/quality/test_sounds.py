import pytest

from lessongen.lesson.lesson import Lesson
from lessongen.lesson.request import Variant
from lessongen.lesson.sections.pronunciation import Pronunciation
from lessongen.lesson.sections.vocabulary import Vocabulary
from lessongen.quality.findings import Finding
from lessongen.quality.sounds import sounds, with_sounds
from tests.support.checking import edited, markets_lesson, sample_lessons

RECORD = {"word": "record"}


def sounded(lesson: Lesson) -> Lesson:
    contents = {
        name: with_sounds(name, content, lesson.request.variant)
        for name, content in lesson.contents.items()
    }
    return Lesson(lesson.request, lesson.brief, contents)


def test_words_get_their_sound_from_the_dictionary():
    lesson = sounded(markets_lesson())

    vocabulary, pronunciation = lesson.contents["vocabulary"], lesson.contents["pronunciation"]
    assert isinstance(vocabulary, Vocabulary)
    assert isinstance(pronunciation, Pronunciation)
    assert all(entry.ipa for entry in vocabulary.entries)
    assert all(word.ipa and word.stress for word in pronunciation.words)


def test_a_word_of_the_pronunciation_stage_is_said_as_the_part_of_speech_that_is_taught():
    lesson = edited(markets_lesson(), "pronunciation", lambda p: p.update(words=[RECORD] * 3))

    said = with_sounds(
        "pronunciation", lesson.contents["pronunciation"], "British", {"record": "verb"}
    )

    assert isinstance(said, Pronunciation)
    assert said.words[0].stress == "○●"


def test_other_sections_stay_as_they_are():
    reading = markets_lesson().contents["reading"]

    assert with_sounds("reading", reading, "British") is reading


@pytest.mark.parametrize("lesson", [*sample_lessons()], ids=lambda it: it.brief.title[:20])
def test_what_the_dictionary_says_is_never_at_odds_with_it(lesson: Lesson):
    assert [found for found in sounds(sounded(lesson)) if found.severity == "fault"] == []


def test_another_sound_is_a_fault_with_the_word_as_evidence():
    lesson = edited(markets_lesson(), "vocabulary", lambda v: v["entries"][1].update(ipa="/fe/"))

    (found,) = sounds(lesson)

    assert found.severity == "fault"
    assert found.evidence == (lesson.brief.target_words[1].word,)


def test_another_stress_is_a_fault():
    lesson = edited(
        markets_lesson(),
        "pronunciation",
        lambda p: p["words"].__setitem__(0, {"word": "discount", "stress": "●○○"}),
    )

    assert [found.evidence for found in sounds(lesson)] == [("discount",)]


def test_words_the_dictionary_lacks_are_listed_once():
    lesson = edited(
        markets_lesson(),
        "pronunciation",
        lambda p: p["words"].extend([{"word": "frimble"}, {"word": "Umhlanga"}]),
    )

    (found,) = sounds(lesson)

    assert found.severity == "note"
    assert found.evidence == ("frimble", "Umhlanga")
    assert found.sentence == (
        "The pronouncing dictionary does not have “frimble” and “Umhlanga”. Please check the sound."
    )


def test_script_that_no_dictionary_confirms_is_noted():
    lesson = edited(
        markets_lesson(),
        "pronunciation",
        lambda p: p["words"].append({"word": "frimble", "ipa": "/x/"}),
    )

    (found,) = sounds(lesson)

    assert (found.severity, found.evidence) == ("note", ("frimble",))


def drilled(*drills: str, variant: Variant = "British") -> list[Finding]:
    lesson = markets_lesson(variant=variant)
    lesson = edited(lesson, "pronunciation", lambda p: p.update(drills=list(drills)))
    return [found for found in sounds(lesson) if "capitals" in found.sentence]


def test_capitals_on_another_syllable_than_the_dictionary_stresses_are_noted():
    (found,) = drilled("It’s EAsy to overLOOK a SMALL deTAIL.")

    assert (found.severity, found.evidence) == ("note", ("deTAIL",))
    assert found.sentence == (
        "The capitals in the drills are not where the dictionary of British English has the "
        "stress: the stress of “deTAIL” is on the first syllable."
    )


def test_two_words_with_capitals_on_another_syllable_are_a_fault():
    (found,) = drilled("The SYStem is INtense.", "A SOUvenir is WAITing.")

    assert (found.severity, found.evidence) == ("fault", ("INtense", "SOUvenir"))
    assert "“INtense” is on the second syllable and of “SOUvenir” is on the third" in found.sentence


@pytest.mark.parametrize(
    "drill",
    [
        "They REcord a reCORD, and upDATE an UPdate.",
        "The sTAtion has a BASEment.",
        "THIRteen PEOple CAME.",
        "EGGs LIKEd by frimBLES.",
        "The PHOtoGRAph IS WELL-KNOWN on TV and in the USA.",
        "A DIScount, a PROFit and a comPLAINT.",
    ],
)
def test_capitals_that_the_dictionary_allows_are_silent(drill: str):
    assert drilled(drill) == []


def test_the_stress_of_a_drill_is_that_of_the_variant():
    drill = "He eats a BAguette and makes it LABoratory CLEAN."

    assert drilled(drill, variant="American") != drilled(drill)
