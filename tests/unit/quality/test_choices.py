import pytest

from lessongen.quality.choices import choices, same_option
from lessongen.quality.findings import Finding
from tests.support.checking import asking, question

TEXT = """Lwazi makes lamps from old bicycle parts. He sold only one lamp on the first Saturday.
Devi has sold pickles there for eleven years. A boy put six eggs in a warm hat for ten euros."""


def found_in(asked: str, answer: str, *options: str, evidence: str = "") -> list[str]:
    lesson = asking(TEXT, question(asked, answer, *options, evidence=evidence))
    return [found.sentence for found in choices(lesson)]


def test_a_good_question_has_nothing_to_find():
    options = ("He arrived too late.", "He sold only one lamp.", "He broke some glass.")

    assert not found_in("Why was he sad?", "He sold only one lamp.", *options)


@pytest.mark.parametrize(
    ("answer", "options", "start"),
    [
        ("a lamp", ("a hat", "an egg", "a bicycle"), "The key “a lamp” is none of the options"),
        ("a lamp", ("a lamp", "an egg"), "There are only 2 options"),
        ("a lamp", ("a lamp", "an egg", ""), "An option is empty"),
        ("a lamp", ("a lamp", "an egg", "The eggs"), "Two options say the same"),
        ("a lamp", ("a lamp", "an egg", "All of the above"), "Please give a real option"),
        ("a lamp", ("a lamp", "an egg", "None of these."), "Please give a real option"),
        ("a lamp", ("a lamp", "an egg", "Both A and B"), "Please give a real option"),
        ("a lamp", ("a lamp", "an egg", "A and C are right."), "Please give a real option"),
        ("a lamp", ("a lamp", "an egg", "All of these are right."), "Please give a real option"),
        ("a lamp", ("a lamp", "an egg", "None is correct"), "Please give a real option"),
        ("a lamp", ("a lamp", "an egg", "All three are correct."), "Please give a real option"),
        ("a lamp", ("a lamp", "an egg", "None of these answers"), "Please give a real option"),
        ("a lamp", ("a lamp", "an egg", "Both answers are possible"), "Please give a real option"),
    ],
)
def test_options_that_make_no_fair_choice_are_faults(
    answer: str, options: tuple[str, ...], start: str
):
    (sentence,) = found_in("What did he sell?", answer, *options)

    assert sentence.startswith(start)


@pytest.mark.parametrize(
    ("key", "rival"),
    [
        ("old bicycle parts", "The parts of old bicycles"),
        ("He sold only one lamp.", "he sold only one lamp"),
        ("He sold only one lamp.", "Probably he sold only one lamp."),
        ("He sold only one lamp.", "He sold only one single lamp."),
        ("She had a small shop.", "She has a small shop"),
        ("He sold only one lamp.", "He sold only one lamp in the end."),
        ("near the lake", "near the lake at that moment"),
        ("near the lake", "really near the lake"),
        ("He was ill that day.", "Because he was ill that day."),
        ("To sell his lamps", "In order to sell his lamps"),
        ("He had no money.", "He did not have any money."),
        ("two lamps", "2 lamps"),
        ("He was tired.", "I think that he was tired."),
        ("He sold only one lamp.", "He sold only one lamp, as usual."),
        ("in the library", "In the library that day"),
        ("He sold only one lamp.", "Lwazi sold only one lamp."),
        ("Devi has no money.", "She has no money"),
    ],
)
def test_a_second_right_option_is_found(key: str, rival: str):
    sentences = found_in("What happened?", key, key, "A train came late.", rival)

    assert len(sentences) == 1
    assert sentences[0].startswith(("More than one option is right", "Two options say the same"))


def test_an_option_that_the_same_sentence_proves_as_well_is_right_too():
    sentences = found_in(
        "What do we learn about Devi?",
        "She is a seller of pickles.",
        "She is a seller of pickles.",
        "She has sold them for eleven years.",
        "She was born in the mountains.",
        evidence="Devi has sold pickles there for eleven years.",
    )

    assert sentences[0].startswith("More than one option is right")


@pytest.mark.parametrize(
    ("key", "proof"),
    [
        ("He is a baker.", "Karim is a baker."),
        ("In the town library", "It is in the town library."),
    ],
)
def test_the_sentence_that_proves_the_key_is_right_too(key: str, proof: str):
    lesson = asking(
        f"{TEXT} {proof}", question("What is true?", key, key, proof, "No.", evidence=proof)
    )

    assert any(f.sentence.startswith("More than one option is right") for f in choices(lesson))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("before noon", "after noon"),
        ("in the box", "under the box"),
        ("his cockerel", "her cockerel"),
        ("twenty minutes", "twenty-five minutes"),
        ("an hour", "half an hour"),
        ("two lamps", "three lamps"),
        ("She found some pictures.", "She didn't find any pictures."),
        ("She can explain it.", "She can’t explain it."),
        ("the farmer", "the farmer's wife"),
        ("ten euros", "six euros"),
        ("at night", "in the evening"),
        ("Hirut gets home late.", "Hirut makes cold soup."),
        ("in the end", "at that moment"),
        ("He laughed in the end.", "He laughed at first."),
        ("She had no money.", "She had some money."),
        ("All the lamps.", "All of these friends."),
        ("both of the friends", "all three"),
        ("all the right tools", "all the wrong people"),
        ("He sold only one lamp.", "He sold only one lamp and two hats."),
        ("Devi sold some hats.", "Lwazi sold some hats."),
        ("He sold some hats.", "Lwazi bought some hats."),
        ("a warm hat", "a warm hat's price"),
    ],
)
def test_options_that_differ_in_one_small_word_differ(one: str, other: str):
    evidence = "A boy put six eggs in a warm hat for ten euros."

    assert not same_option(one, other)
    assert not found_in("Which?", one, one, other, "a green train", evidence=evidence)


def test_a_key_must_not_show_by_its_length():
    long = "Because he had thought about her words all week long"

    assert "shows by its length" in found_in("Why?", long, long, "He was ill.", "It rained.")[0]


def test_short_options_may_differ_in_length():
    assert not found_in("How?", "by train", "by train", "on foot", "by bus")


def placed(*places: int) -> list[Finding]:
    options = ("a hat", "an egg", "a lamp")
    items = [question(f"Question {n}?", options[p], *options) for n, p in enumerate(places)]
    return list(choices(asking(TEXT, *items)))


def test_keys_must_not_all_be_in_the_same_place():
    (found,) = placed(1, 1, 1)

    assert found.sentence == "The right option is in the same place in every question."
    assert not placed(1, 1, 2)
    assert not placed(1, 1)
