from dataclasses import replace

import pytest

from lessongen.lesson.brief import TargetWord
from lessongen.lesson.lesson import Lesson
from lessongen.lesson.sections.reading import Reading
from lessongen.lesson.sections.vocabulary import Practice, Vocabulary
from lessongen.quality.target_words import practice, target_words, uses
from tests.support.checking import changed, markets_lesson, vocabulary_of


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("set up", "He set his new stall up at six."),
        ("set up", "She was setting up the tent."),
        ("sell out", "Before noon he had sold out."),
        ("turn (somebody) down", "Three companies turned her down."),
        ("look forward to", "I'm looking forward to Saturday."),
        ("put up with", "He cannot put up any longer with the noise."),
        ("be keen on", "She's keen on old bicycles."),
        ("to haggle", "Visitors haggled with Devi."),
        ("take something off", "Lwazi took 20 rand off."),
        ("make up one's mind", "He made up his mind."),
        ("colour", "The colors were bright."),
        ("jewelry/jewellery", "She sells jewellery."),
        ("full-time", "He works full time."),
        ("well known", "It is a well-known shop."),
        ("apologise", "She apologized twice."),
        ("travel", "Travelling takes time."),
        ("child", "The children’s parents looked."),
        ("lend", "He lent me a lamp."),
        ("leave", "The bus leaves at six."),
        ("advice", "Her advice was good."),
        ("lost property office", "She went to the lost property office."),
    ],
)
def test_a_word_is_used_in_any_form(phrase: str, text: str):
    assert uses(text, phrase)


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("set up", "He set the table. Then he stood up."),
        ("set up", "The sun was up and the table was set."),
        ("sell out", "He sold one lamp to a man from the next town and went out."),
        ("fee", "I feel fine."),
        ("profit", "He lost money."),
        ("lost property office", "The office lost some property."),
    ],
)
def test_a_word_that_is_not_there_is_not_found(phrase: str, text: str):
    assert not uses(text, phrase)


def teaching(lesson: Lesson, *words: str) -> Lesson:
    targets = [TargetWord(word=word, part_of_speech="", meaning="") for word in words]
    return replace(lesson, brief=lesson.brief.model_copy(update={"target_words": targets}))


def test_target_words_that_the_reading_lacks_are_a_fault():
    lesson = teaching(markets_lesson(), "profit", "umbrella", "give in")

    (found,) = target_words(lesson)

    assert (found.section, found.check, found.severity) == ("reading", "words", "fault")
    assert found.evidence == ("umbrella", "give in")
    assert (
        found.sentence == "These words are taught, but not in the text: “umbrella” and “give in”."
    )


def test_without_a_reading_no_word_is_missed():
    lesson = markets_lesson()

    assert not list(target_words(replace(lesson, contents={})))
    assert not list(target_words(changed(lesson, Reading, paragraphs=["", ""])))


def test_the_word_list_teaches_every_target_word():
    lesson = markets_lesson()
    entries = vocabulary_of(lesson).entries

    (found,) = practice(changed(lesson, Vocabulary, entries=entries[1:]))

    assert (found.section, found.check, found.severity) == ("vocabulary", "practice", "fault")
    assert found.sentence == f"The word list leaves out “{entries[0].word}”."


def test_each_word_is_practised_once():
    lesson = markets_lesson()
    first, second, *rest = vocabulary_of(lesson).practice

    never, often = practice(changed(lesson, Vocabulary, practice=[first, first, *rest]))

    assert never.sentence.startswith("The practice never asks for “")
    assert often.sentence.startswith("The practice asks more than once for “")
    assert uses(second.answer, never.evidence[0])
    assert uses(first.answer, often.evidence[0])


def test_practice_asks_for_no_word_that_is_not_taught():
    lesson = markets_lesson()
    items = [*vocabulary_of(lesson).practice, Practice(sentence="It was ____.", answer="purple")]

    (found,) = practice(changed(lesson, Vocabulary, practice=items))

    assert found.evidence == ("purple",)


def test_a_part_of_a_phrasal_verb_practises_it():
    lesson = teaching(markets_lesson(), "set up")
    items = [Practice(sentence="We set the tent ____ in the rain.", answer="up")]

    assert not list(practice(changed(lesson, Vocabulary, practice=items)))


def test_without_target_words_the_words_of_the_list_are_practised():
    lesson = teaching(markets_lesson())
    items = vocabulary_of(lesson).practice

    assert not list(practice(lesson))
    assert list(practice(changed(lesson, Vocabulary, practice=items[1:])))
