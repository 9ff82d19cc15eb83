import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessongen.quality.support import names, support

TEXT = """Lwazi repairs bicycles in Durban. In his free time he makes handmade lamps from old \
bicycle parts. Last month he finally took a stall at the Saturday market in Palm Park. The fee was \
200 rand a day.
The first Saturday was a disaster. He set up at six and put his lamps on a grey cloth. People \
walked past without stopping. He sold only one lamp, for 180 rand. At the next stall was Devi \
Pillay, who has sold pickles there for eleven years. “Your display is boring,” she told him. “If \
people don’t see the lamps shine, they won’t stop.” Lwazi looked around unhappily, because the \
park has no electricity.
On the second Saturday he turned up with twelve lamps and an old bicycle. When somebody rode it, \
the lamps lit up. Soon a long line of children was waiting for a ride.
Marit, a visitor from Norway, loved to haggle. Lwazi took 20 rand off each lamp, so she left with \
three. Before noon he had sold out and made a profit of 1,300 rand."""

TRUE = (
    "Lwazi repairs bicycles.",
    "Old bicycle parts.",
    "He makes the lamps from the parts of old bicycles.",
    "The stall is in Palm Park.",
    "He paid a fee of two hundred rand a day.",
    "The first Saturday was a disaster.",
    "He put the lamps on a gray cloth.",
    "He sold one lamp for 180 rand on the first Saturday.",
    "Devi has been selling pickles for 11 years.",
    "She said that his display was boring.",
    "Because the park has no electricity.",
    "There is no electricity in the park.",
    "He brought twelve lamps and an old bicycle.",
    "He turned up with 12 lamps.",
    "The lamps lit up when somebody rode the bicycle.",
    "Children were waiting for a ride.",
    "Marit is a visitor from Norway.",
    "Marit left with three lamps.",
    "She loved haggling.",
    "Twenty rand off each lamp.",
    "He made a profit of one thousand three hundred rand.",
    "He sold out before noon.",
    "Nobody stopped: people walked past.",
    "He set up at 6.",
)
FALSE = (
    "Lwazi repairs cars in a garage.",
    "The lamps were made from old glass bottles.",
    "The stall is in Green Park.",
    "He paid a fee of 250 rand a day.",
    "The first Saturday was a great success for his family.",
    "He put the lamps on a wooden table.",
    "He sold twenty-five lamps on the first Saturday.",
    "Devi has sold pickles for seventeen years.",
    "Lungelo sold pickles at the next stall.",
    "She told him that his prices were far too high.",
    "Because the weather was cold and rainy.",
    "He brought fifteen lamps.",
    "He borrowed a generator from a neighbour.",
    "Tourists paid to have their photographs taken.",
    "Marit is a visitor from Sweden.",
    "Marit bought five lamps.",
    "The police closed the market early.",
    "He made a profit of 3,100 rand.",
    "He gave the money to a school in his village.",
    "He decided to leave his job and move abroad.",
)


@pytest.mark.parametrize("statement", TRUE)
def test_a_true_statement_is_supported(statement: str):
    assert support(statement, TEXT).enough


def test_false_statements_are_not_supported_but_for_one_that_shares_most_words():
    believed = [statement for statement in FALSE if support(statement, TEXT).enough]

    assert believed == ["The lamps were made from old glass bottles."]


def test_the_supporting_sentences_stand_in_the_text():
    found = support("Marit left with three lamps.", TEXT)

    assert found.sentences == (
        "Marit, a visitor from Norway, loved to haggle.",
        "Lwazi took 20 rand off each lamp, so she left with three.",
    )


def test_one_sentence_is_enough_where_it_says_everything():
    assert support("Old bicycle parts", TEXT).sentence == (
        "In his free time he makes handmade lamps from old bicycle parts."
    )


def test_the_question_chooses_between_sentences_that_say_as_much():
    first = support("Lwazi", TEXT, "Who looked around unhappily?")

    assert first.sentence.startswith("Lwazi looked around")


def test_numbers_and_names_that_the_text_never_mentions_are_told():
    found = support("Pavel sold 1,400 lamps in Palm Park.", TEXT)

    assert found.score == 0
    assert found.absent == ("1,400", "Pavel")


@pytest.mark.parametrize("statement", ["", "...", "週末の市場", "He is."])
def test_what_says_nothing_is_not_supported_by_a_text_that_does_not_say_it(statement: str):
    assert support(statement, "Twelve lamps shine.").score == 0


def test_names_are_capitals_inside_a_sentence_or_words_no_dictionary_has():
    assert names("Lwazi met Devi Pillay on Saturday. Old lamps. I went, too.") == (
        "Lwazi",
        "Devi",
        "Pillay",
        "Saturday",
    )


@given(st.text(), st.text())
def test_a_score_is_a_share(statement: str, text: str):
    found = support(statement, text)

    assert 0 <= found.score <= 1
    assert (found.score > 0) == bool(found.sentences)


def test_twenty_thousand_words_take_no_second():
    text = "Lwazi sold twelve lamps. " * 5000
    started = time.perf_counter()

    assert support("Lwazi sold twelve lamps.", text).score == 1
    assert time.perf_counter() - started < 1
