"""Corruptions that make no lesson: empty texts, refusals, echoes, another language."""

# ruff: noqa: RUF001 - Cyrillic is meant

from random import Random

from lessongen.benchmark.quality.corruption import Corruption
from lessongen.benchmark.quality.editing import changed, paragraphs, section_fields, with_item
from lessongen.lesson.lesson import Lesson
from lessongen.lesson.sections import SECTIONS

_REFUSALS = (
    "I’m sorry, but I can’t help with that request.",
    "As an AI language model, I am unable to write this text for you.",
    "I cannot provide this content because it may violate the guidelines.",
    "Sorry, I am not able to complete this task with the information given.",
    "I must respectfully decline to write this part of the lesson.",
    "This request goes against my guidelines, so I have to decline it.",
    "Unfortunately, this topic is not something that I can write about.",
)
_FOREIGN = (
    "El sábado pasado fuimos al mercado y compramos muchas cosas para la cena de mi abuela.",
    "Am letzten Samstag sind wir zum Markt gegangen und haben viele Sachen für das Essen gekauft.",
    "Samedi dernier, nous sommes allés au marché et nous avons acheté beaucoup de choses.",
    "В прошлую субботу мы пошли на рынок и купили много вещей для ужина.",
    "上个星期六我们去了市场,为晚饭买了很多东西。",
    "Sabato scorso siamo andati al mercato e abbiamo comprato molte cose per la cena.",
    "W zeszłą sobotę poszliśmy na targ i kupiliśmy wiele rzeczy na kolację dla babci.",
    "Thứ bảy tuần trước chúng tôi đã đi chợ và mua nhiều thứ cho bữa tối của bà tôi.",
    "ذهبنا يوم السبت الماضي إلى السوق واشترينا أشياء كثيرة للعشاء.",
    "Geçen cumartesi pazara gittik ve akşam yemeği için çok şey aldık.",
)
# What models leave where a text belongs.
_PLACEHOLDERS = (
    "string",
    "TODO",
    "[Insert paragraph here]",
    "Lorem ipsum dolor sit amet",
    "...",
    "N/A",
    "TBD",
    "Paragraph",
    "[Your text here]",
    "Write your text here.",
)


def empty_turns(lesson: Lesson, rng: Random) -> Lesson | None:
    """Leave what people say in the dialogue empty."""
    blank = rng.choice(["", " ", "\n"])
    turns = [{**turn, "text": blank} for turn in section_fields(lesson, "dialogue")["turns"]]
    return changed(lesson, "dialogue", turns=turns)


def empty_reading(lesson: Lesson, rng: Random) -> Lesson | None:
    """Leave the text empty."""
    blank = rng.choice(["", " ", "\n\n"])
    return changed(lesson, "reading", paragraphs=[blank] * len(paragraphs(lesson)))


def empty_questions(lesson: Lesson, rng: Random) -> Lesson | None:
    """Leave the questions of a section empty."""
    section, field, key = rng.choice(
        [("comprehension", "items", "question"), ("discussion", "questions", "question")]
    )
    items = [{**item, key: ""} for item in section_fields(lesson, section)[field]]
    return changed(lesson, section, **{field: items})


def one_sentence_repeated(lesson: Lesson, rng: Random) -> Lesson | None:
    """Write one sentence again and again, as a model does that is stuck."""
    sentence = rng.choice(["The market was full of people.", "She went to the station and waited."])
    texts = [" ".join([sentence] * rng.randint(5, 9)) for _ in paragraphs(lesson)]
    return changed(lesson, "reading", paragraphs=texts)


def one_turn_repeated(lesson: Lesson, rng: Random) -> Lesson | None:
    """Have both people say one thing again and again."""
    turns = section_fields(lesson, "dialogue")["turns"]
    said = rng.choice(turns)["text"]
    return changed(lesson, "dialogue", turns=[{**turn, "text": said} for turn in turns])


def instructions_echoed(lesson: Lesson, rng: Random) -> Lesson | None:
    """Give the writer's instructions back instead of a text."""
    section, field = rng.choice([("reading", "paragraphs"), ("discussion", "useful_phrases")])
    told = SECTIONS[section].instructions[:560]
    texts = [told for _ in section_fields(lesson, section)[field]]
    return changed(lesson, section, **{field: texts})


def descriptions_echoed(lesson: Lesson, rng: Random) -> Lesson | None:
    """Give the descriptions of the fields back instead of their contents."""
    section, fields = rng.choice(
        [
            (
                "reading",
                {"paragraphs": ["Three to five paragraphs"] * 3, "title": "Title of the text"},
            ),
            ("warmup", {"questions": ["Three personal questions about the topic"] * 3}),
            ("wrapup", {"recap": ["Two or three points learned"] * 2}),
        ]
    )
    return changed(lesson, section, **fields)


def refusal(lesson: Lesson, rng: Random) -> Lesson | None:
    """Refuse to write."""
    section, field = rng.choice(
        [("reading", "paragraphs"), ("warmup", "questions"), ("discussion", "useful_phrases")]
    )
    refused = rng.choice(_REFUSALS)
    texts = [refused for _ in section_fields(lesson, section)[field]]
    return changed(lesson, section, **{field: texts})


def refusal_in_place(lesson: Lesson, rng: Random) -> Lesson | None:
    """Refuse in one paragraph and write the others."""
    place = rng.randrange(len(paragraphs(lesson)))
    return with_item(lesson, "reading", "paragraphs", place, rng.choice(_REFUSALS))


def another_language(lesson: Lesson, rng: Random) -> Lesson | None:
    """Write the text, or what people say, in another language."""
    foreign = rng.choice(_FOREIGN)
    if rng.random() < 0.5:  # noqa: PLR2004 - a coin
        texts = [" ".join([foreign, rng.choice(_FOREIGN)]) for _ in paragraphs(lesson)]
        return changed(lesson, "reading", paragraphs=texts)
    turns = [{**turn, "text": foreign} for turn in section_fields(lesson, "dialogue")["turns"]]
    return changed(lesson, "dialogue", turns=turns)


def placeholders(lesson: Lesson, rng: Random) -> Lesson | None:
    """Leave the places where a text belongs."""
    texts = [rng.choice(_PLACEHOLDERS) for _ in paragraphs(lesson)]
    return changed(lesson, "reading", paragraphs=texts)


_ANY = tuple(SECTIONS)

NONSENSE = (
    Corruption("empty dialogue", ("nonsense",), ("dialogue",), empty_turns),
    Corruption("empty reading", ("nonsense",), ("reading",), empty_reading),
    Corruption("empty questions", ("nonsense",), _ANY, empty_questions),
    Corruption("one sentence repeated", ("nonsense",), ("reading",), one_sentence_repeated),
    Corruption("one turn repeated", ("nonsense",), ("dialogue",), one_turn_repeated),
    Corruption("instructions echoed", ("nonsense",), _ANY, instructions_echoed),
    Corruption("descriptions echoed", ("nonsense",), _ANY, descriptions_echoed),
    Corruption("refusal", ("nonsense",), _ANY, refusal),
    Corruption("refusal in a paragraph", ("nonsense",), ("reading",), refusal_in_place),
    Corruption("another language", ("nonsense",), _ANY, another_language),
    Corruption("placeholders", ("nonsense",), ("reading",), placeholders),
)
