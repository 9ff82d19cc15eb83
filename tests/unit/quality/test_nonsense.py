from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lessongen.lesson.sections import SECTIONS
from lessongen.quality.nonsense import nonsense, reason_to_refuse
from tests.support.checking import edited, everywhere, markets_lesson, sample_lessons
from tests.support.lessons import BANK

TOPICS = (
    "周末市场",
    "أسواق نهاية الأسبوع",
    "<b>bold</b> & <script>",
    "</request>",
    "🙂",
    "La vida en la ciudad",
)


@pytest.mark.parametrize("topic", TOPICS)
def test_good_lessons_on_any_topic_are_lessons(topic: str):
    found = [it for lesson in sample_lessons(topic) for it in nonsense(lesson)]

    assert found == []


@pytest.mark.parametrize("section", [*SECTIONS])
@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("...", "a text is missing"),
        ("The market is open every day of the year. " * 6, "again and again"),
        ("Ich habe gestern auf dem Markt sehr viele schöne Lampen gesehen.", ""),
        ("I'm sorry, but I can't help with that request.", ""),
    ],
)
def test_what_is_no_lesson_is_refused_in_every_section(section: str, text: str, reason: str):
    content = markets_lesson().contents[section]

    refused = reason_to_refuse(everywhere(content, text[:79]))

    assert refused is not None
    assert reason in refused or "again and again" in refused


SPANISH = (
    "El sábado puso sus lámparas en una tela gris y la gente pasó sin parar.",
    "Después volvió a casa con menos dinero que antes y no dijo nada.",
    "Su vecina le explicó que nadie quiere comprar una lámpara apagada.",
)


def test_a_text_in_another_language_is_refused():
    def write(reading: dict[str, Any]) -> None:
        reading.update(paragraphs=[*SPANISH, " ".join(SPANISH[::-1])], glosses=[])

    lesson = edited(markets_lesson(), "reading", write)

    assert reason_to_refuse(lesson.contents["reading"]) == "it is not written in English"


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("task", "As an AI language model, I cannot write this."),
        ("task", "I cannot create this lesson."),
        ("stage_aim", "I'm sorry, but I can't help with that."),
        ("stage_aim", "Why this stage is in the lesson"),
        ("task", "<request>{"),
        ("task", "Answer with one JSON object that follows the given schema, and nothing else."),
    ],
)
def test_refusals_and_echoes_are_refused(field: str, text: str):
    lesson = edited(markets_lesson(), "warmup", lambda w: w.update({field: text}))

    assert reason_to_refuse(lesson.contents["warmup"])


@pytest.mark.parametrize(
    "text",
    [
        "I'm sorry, but as an AI language model I cannot help with that.",
        "As an AI language model, I am unable to write this text for you.",
        "As an AI assistant, I can’t create this content.",
        "I must respectfully decline to write this part of the lesson.",
        "This request goes against my guidelines, so I have to decline it.",
        "Unfortunately, this topic is not something that I can write about.",
        "[Insert paragraph here]",
        "Lorem ipsum dolor sit amet",
        "string",
        "TODO",
    ],
)
def test_a_paragraph_that_is_none_is_refused(text: str):
    def write(reading: dict[str, Any]) -> None:
        reading["paragraphs"][1] = text

    assert reason_to_refuse(edited(markets_lesson(), "reading", write).contents["reading"])


@pytest.mark.parametrize(
    "text",
    [
        "She works as an AI researcher, and as an AI engineer she writes a lot of code.",
        "“I cannot find my key,” she said. “I am not able to open the door.”",
        "She told them that I had to decline, because it was against my principles.",
        "“I have to decline this request,” said Devi. “It is against our rules.”",
        "I’m afraid I must decline your invitation.",
        "“I have to refuse,” she said, because it was against the rules of the house.",
        "I must decline your invitation. It is not something that I can help with.",
        "The string of the kite broke. Todo el mundo, said the sign, and everybody laughed.",
    ],
)
def test_a_paragraph_on_models_or_of_odd_words_is_no_refusal(text: str):
    def write(reading: dict[str, Any]) -> None:
        reading["paragraphs"].append(text)

    assert reason_to_refuse(edited(markets_lesson(), "reading", write).contents["reading"]) is None


@pytest.mark.parametrize(
    "text",
    [
        "El sábado fuimos al mercado.",
        "Am Samstag gehen wir zum Markt.",
        "Samedi, nous sommes allés au marché.",
        "Geçen cumartesi pazara gittik.",
    ],
)
def test_talk_in_another_language_is_refused_though_the_instructions_are_english(text: str):
    def talk(dialogue: dict[str, Any]) -> None:
        for number, turn in enumerate(dialogue["turns"]):
            turn["text"] = f"{number} {text}"

    dialogue = edited(markets_lesson(), "dialogue", talk).contents["dialogue"]

    assert reason_to_refuse(dialogue) == "it is not written in English"


def test_people_who_say_one_thing_again_and_again_are_refused():
    def talk(dialogue: dict[str, Any]) -> None:
        for turn in dialogue["turns"]:
            turn["text"] = "Hello, Devi. Are you tired?"

    dialogue = edited(markets_lesson(), "dialogue", talk).contents["dialogue"]

    assert reason_to_refuse(dialogue) == "it says the same again and again"


def test_people_in_a_dialogue_may_be_sorry():
    text = "I'm sorry, but I can't help you with that."
    lesson = edited(markets_lesson(), "dialogue", lambda d: d["turns"][1].update(text=text))

    assert reason_to_refuse(lesson.contents["dialogue"]) is None


def test_a_section_of_absurd_length_is_refused():
    paragraphs = ["Lwazi sold " + "many lamps and " * 110] * 8
    lesson = edited(markets_lesson(), "reading", lambda r: r.update(paragraphs=paragraphs))

    (found,) = nonsense(lesson)

    assert (found.section, found.severity) == ("reading", "fault")
    assert found.sentence.startswith("This section cannot be used: ")


@settings(max_examples=30)
@given(st.sampled_from([*SECTIONS]), st.text(min_size=1, max_size=80))
def test_no_text_is_too_odd_to_judge(section: str, text: str):
    sample = BANK.samples[0]
    content = SECTIONS[section].parsed(sample.part(section, "x"))

    reason = reason_to_refuse(everywhere(content, text))

    assert reason is None or reason
