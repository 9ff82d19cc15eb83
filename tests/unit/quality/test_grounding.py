import pytest

from lessongen.lesson.sections.comprehension import Item
from lessongen.lesson.sections.reading import Reading
from lessongen.quality.findings import Finding
from lessongen.quality.grounding import grounded, grounding
from tests.support.checking import asking, changed, comprehension_of, question, reading_of

TEXT = """Lwazi makes lamps from old bicycle parts. He sold only one lamp, for 180 rand. “Your \
display is boring,” Devi told him.
On the second Saturday he turned up with twelve lamps and an old bicycle. When somebody rode it, \
the lamps lit up. Before noon he had sold out.
Marit, a visitor from Norway, left with three lamps. Lwazi has booked the stall until December."""


def found_in(*items: Item) -> list[Finding]:
    return list(grounding(asking(TEXT, *items)))


@pytest.mark.parametrize(
    "item",
    [
        question("What are the lamps made of?", "Old bicycle parts."),
        question("How many lamps did he bring the second time?", "twelve"),
        question("How many lamps did he bring the second time?", "12"),
        question("Did the lamps light up?", "Yes, they did."),
        question("Was his display good?", "No, because it was boring."),
        question(
            "Does he want to go on?",
            "Yes, because he has booked the stall until December.",
            evidence="Lwazi has booked his stall until December",
            skill="inference",
        ),
        question(
            "Who was Marit?",
            "a visitor from Norway",
            "a neighbour of Devi",
            "a visitor from Norway",
            "a seller of bicycles",
        ),
    ],
)
def test_an_answer_that_the_text_tells_is_grounded(item: Item):
    assert not found_in(item)


@pytest.mark.parametrize(
    "item",
    [
        question("What are the lamps made of?", "Green glass bottles."),
        question("How many lamps did he bring?", "fourteen"),
        question("Who helped him?", "His brother Pavel."),
        question("Why did he stop?", "He was tired.", evidence="He was tired after the long day."),
        question(
            "What are the lamps made of?",
            "Marit bought a green car.",
            evidence="Lwazi makes lamps from old bicycle parts.",
            skill="vocabulary",
        ),
        question("What happened?", "He lost his job.", evidence="", skill="inference"),
    ],
)
def test_an_answer_that_the_text_does_not_tell_is_a_fault(item: Item):
    (found,) = found_in(item)

    assert (found.section, found.check, found.severity) == ("comprehension", "grounding", "fault")
    assert item.question in found.evidence


def test_an_empty_answer_is_a_fault():
    (found,) = found_in(question("What are the lamps made of?", ""))

    assert found.sentence.startswith("The key has no answer")


def test_what_stands_between_the_lines_is_noted():
    item = question(
        "How did Devi help?",
        "She was honest.",
        evidence="“Your display is boring,”",
        skill="inference",
    )

    (found,) = found_in(item)

    assert found.severity == "note"
    assert found.sentence == (
        "Please check the answer to “How did Devi help?”: "
        "learners have to read it between the lines."
    )


def test_an_open_answer_in_other_words_of_the_text_is_noted():
    item = question(
        "Why did people stop?",
        "Somebody rode a bicycle for the lamps.",
        evidence="Before noon he had sold out.",
    )

    assert [found.severity for found in found_in(item)] == ["note"]


@pytest.mark.parametrize(
    ("answer", "number"),
    [("He had twenty lamps.", "twenty"), ("It cost 12 rand.", "12")],
)
def test_another_number_of_the_same_things_is_a_fault_though_the_text_has_the_number(
    answer: str, number: str
):
    text = "He had twelve lamps, and each was 180 rand. Twenty people came."
    item = question("What do we learn?", answer, evidence=text[:43])

    (found,) = grounding(asking(text, item))

    assert (found.severity, f"has “{number}”" in found.sentence) == ("fault", True)


CLAIMS = """By December a claim was settled in three days instead of nineteen. The city allows \
only 45 decibels, and the bar had 78. Forty people came, and a visitor stayed for nine days."""


@pytest.mark.parametrize(
    "answer",
    [
        "It fell from nineteen days to three on average.",
        "It fell from nineteen to three days.",
        "It took three days rather than nineteen.",
    ],
)
def test_a_number_without_its_noun_counts_what_the_number_beside_it_does(answer: str):
    item = question("How did the time change?", answer, evidence=CLAIMS[:66])

    assert list(grounding(asking(CLAIMS, item))) == []


@pytest.mark.parametrize(
    "answer",
    ["It fell from nineteen days to 78 on average.", "It fell from forty to three days."],
)
def test_another_number_without_its_noun_is_a_fault(answer: str):
    item = question("How did the time change?", answer, evidence=CLAIMS[:66])

    assert [f.severity for f in grounding(asking(CLAIMS, item))] == ["fault"]


NOISE = """Mei recorded 78 decibels at one o'clock, although the city allows only 45 at night. She \
has six cats and four dogs."""


@pytest.mark.parametrize(
    ("answer", "severity"),
    [
        ("It was 33 decibels too loud.", "note"),
        ("It was 123 decibels together.", "note"),
        ("It was 34 decibels too loud.", "fault"),
        ("It was ten decibels too loud.", "fault"),
    ],
)
def test_a_number_worked_out_from_two_of_one_kind_is_noted(answer: str, severity: str):
    item = question("By how much was it too loud?", answer, evidence=NOISE)

    (found,) = grounding(asking(NOISE, item))

    assert found.severity == severity
    assert ("learners have to work out" in found.sentence) == (severity == "note")


RURAL = "Delroy noticed that the system rejected an unusual number of claims from rural codes."


@pytest.mark.parametrize(
    ("answer", "severity"),
    [
        ("Rural claims were refused unusually often.", "note"),
        ("Trainees were settling claims too slowly.", "fault"),
        ("Urban customers were complaining more.", "fault"),
    ],
)
def test_a_key_in_other_words_is_noted_where_the_text_says_less_of_every_rival(
    answer: str, severity: str
):
    options = (
        "Rural claims were refused unusually often.",
        "Trainees were settling claims too slowly.",
        "Urban customers were complaining more.",
    )
    item = question("What pattern did Delroy see?", answer, *options, evidence=RURAL)

    assert [f.severity for f in grounding(asking(RURAL, item))] == [severity]


@pytest.mark.parametrize("evidence", ["Before noon he had sold out.", ""])
def test_a_wrong_key_is_found(evidence: str):
    options = ("He sold out before noon.", "He visited a friend.", "It rained heavily.")
    item = question(
        "What happened on the second Saturday?", options[1], *options, evidence=evidence
    )

    (found,) = found_in(item)

    assert found.sentence == (
        "The key to “What happened on the second Saturday?” looks wrong: the text says "
        "“He sold out before noon” rather than “He visited a friend”."
    )


def test_a_meaning_that_the_lesson_teaches_counts_as_the_word_itself():
    item = question(
        "What does Devi say about the group of things on his table?",
        "It is a group of things arranged in a boring way.",
        evidence="“Your display is boring,” Devi told him.",
    )

    assert not found_in(item)


def test_evidence_is_replaced_by_the_sentences_that_prove_the_answer():
    lesson = asking(
        TEXT,
        question("What are they made of?", "old bicycle parts", evidence="Key fact 1"),
        question("What did he bring?", "lamps", evidence="he turned up with twelve lamps"),
        question("And then?", "They lit up.", evidence="The lamps lit up when somebody rode it."),
        question("Who came?", "the police", evidence="The police came."),
    )

    items = grounded(comprehension_of(lesson), reading_of(lesson)).items

    assert [item.evidence for item in items] == [
        "Lwazi makes lamps from old bicycle parts.",
        "he turned up with twelve lamps",
        "When somebody rode it, the lamps lit up.",
        "",
    ]


def test_evidence_with_other_quotation_marks_is_written_as_the_text_has_it():
    lesson = asking(
        TEXT, question("What did she say?", "boring", evidence='"Your display is boring,"')
    )

    (item,) = grounded(comprehension_of(lesson), reading_of(lesson)).items

    assert item.evidence == "“Your display is boring,” Devi told him."


def test_a_gist_that_the_text_does_not_touch_is_noted():
    lesson = changed(asking(TEXT), Reading, gist_answer="Penguins migrate across frozen oceans.")

    assert [(f.section, f.severity) for f in grounding(lesson)] == [("reading", "note")]


def test_a_gist_with_a_name_that_the_text_does_not_have_is_noted():
    lesson = changed(asking(TEXT), Reading, gist_answer="In Bergen, Lwazi sold his lamps.")

    (found,) = grounding(lesson)

    assert found.severity == "note"
    assert found.sentence.startswith("The answer to the first reading has “Bergen”")
