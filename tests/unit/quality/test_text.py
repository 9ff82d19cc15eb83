import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessongen.quality.text import content_words, lemmas, same_word, sentences, words


def test_sentences_stand_as_they_stood_in_the_text():
    text = "Lwazi laughed. It cost 3.50 rand! Was that right?"

    assert sentences(text) == ("Lwazi laughed.", "It cost 3.50 rand!", "Was that right?")


@pytest.mark.parametrize(
    "sentence",
    [
        "“What will you do if it rains?” Devi asked him.",
        '"What will you do?" the old man said.',
        "Mr. Smith met Dr. Jones in St. Ives.",
        "J. Smith arrived at 5 p.m. in the rain.",
        "We arrived ... late.",
    ],
)
def test_a_full_stop_or_a_question_mark_may_stand_inside_a_sentence(sentence: str):
    assert sentences(sentence) == (sentence,)


def test_a_new_line_ends_a_sentence_and_so_does_a_full_stop_of_another_script():
    assert sentences("A title\nThen a text。はい。") == ("A title", "Then a text。", "はい。")


def test_a_contraction_alone_is_a_word_too():
    assert "n't" in lemmas("N'T")
    assert same_word("N'T", "n’t")


def test_words_keep_contractions_and_numbers_whole_and_part_at_hyphens():
    text = "Don’t pay 1,300 for Lwazi's well-known lamp at 5:30, 'they' said."

    expected = "Don't pay 1,300 for Lwazi's well known lamp at 5:30 they said"
    assert words(text) == tuple(expected.split())


@pytest.mark.parametrize(
    "pair",
    [
        "lamps lamp",
        "sold sell",
        "went go",
        "left leave",
        "worse bad",
        "better good",
        "lives life",
        "shelves shelf",
        "travelling travel",
        "traveling travelled",
        "cancelled cancel",
        "colour colors",
        "organised organize",
        "centre center",
        "jewellery jewelry",
        "practise practice",
        "haggling haggle",
        "booking booked",
        "panicked panic",
        "Devi’s Devi",
    ],
)
def test_forms_of_a_word_are_the_same_word(pair: str):
    one, other = pair.split()

    assert same_word(one, other)


@pytest.mark.parametrize(
    "pair",
    ["four for", "hour hor", "fire fier", "rise rize", "fee feed", "sit sell"],
)
def test_words_that_look_alike_are_not_the_same_word(pair: str):
    one, other = pair.split()

    assert not same_word(one, other)


def test_content_words_leave_out_what_only_holds_a_sentence_together():
    text = "He won’t haggle with Devi's sister, but there isn't any profit in twelve lamps."

    assert content_words(text) == ("haggle", "Devi's", "sister", "profit", "twelve", "lamps")


@given(st.text())
def test_no_character_of_a_sentence_is_lost(text: str):
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())


@given(st.text(max_size=60))
def test_every_word_is_a_form_of_itself(text: str):
    for word in words(text):
        assert same_word(word, word)
        assert lemmas(word)
