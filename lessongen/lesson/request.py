"""The lesson request: what a teacher asks for, cleaned and bounded."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Annotated, Literal, cast

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
)

from lessongen.errors import RequestError
from lessongen.lesson.levels import Level
from lessongen.lesson.sections import SECTIONS

MAX_TOPIC = 120
MAX_NOTES = 1000
MAX_TEXT = 6000
MAX_OWN_WORDS, MAX_KNOWN_WORDS = 12, 200
MIN_MINUTES, MAX_MINUTES = 15, 120

AgeGroup = Literal["children", "teenagers", "adults"]
Variant = Literal["British", "American"]


def cleaned(text: object) -> object:
    """Return text on one line without control characters; anything else unchanged.

    Marks that turn the reading direction are removed too: they could disguise what a
    name or a file is called. Letters of right-to-left scripts stay.
    """
    if not isinstance(text, str):
        return text
    kept = (" " if char.isspace() else char for char in text)
    # Cc control, Cf format (direction marks), Cs lone surrogates. The zero-width joiner stays:
    # emoji families and several scripts need it.
    joiner = "\u200d"
    visible = (c for c in kept if c == joiner or unicodedata.category(c) not in {"Cc", "Cf", "Cs"})
    # Composed last: a mark that was removed may have kept a letter from its accent.
    return " ".join(unicodedata.normalize("NFC", "".join(visible)).split())


def _with_a_word(topic: str) -> str:
    if not any(unicodedata.category(char)[0] in "LNS" for char in topic):
        raise ValueError("no letter, number or symbol in it")
    return topic


def _in_lesson_order(names: tuple[str, ...]) -> tuple[str, ...]:
    unknown = set(names) - set(SECTIONS)
    if unknown or not names:
        raise ValueError(f"choose from {', '.join(SECTIONS)}")
    return tuple(name for name in SECTIONS if name in names)


_Line = BeforeValidator(cleaned)


def _paragraphs(text: object) -> object:
    """Return a text with its paragraphs cleaned, one a line."""
    if not isinstance(text, str):
        return text
    return "\n".join(line for raw in text.splitlines() if (line := str(cleaned(raw))))


def _listed(words: object) -> object:
    """Take words as a person types them: separated by commas, semicolons or new lines."""
    if isinstance(words, str):
        words = re.split(r"[,;\n]", words)
    if not isinstance(words, (list, tuple)):
        return words
    typed = [cleaned(word) for word in cast("Sequence[object]", words)]
    return tuple(dict.fromkeys(word for word in typed if word))


_Words = tuple[Annotated[str, Field(max_length=40)], ...]


class LessonRequest(BaseModel):
    """What a teacher asks for. Minutes are the length of the whole lesson in class.

    Of what a teacher may bring, `own_text` is the reading, `own_words` are taught, `known_words`
    are not taught again, and `grammar` is the point to practise.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    topic: Annotated[
        str, Field(min_length=1, max_length=MAX_TOPIC), _Line, AfterValidator(_with_a_word)
    ]
    level: Level
    minutes: Annotated[int, Field(ge=MIN_MINUTES, le=MAX_MINUTES)] = 60
    age_group: AgeGroup = "adults"
    first_language: Annotated[str, Field(max_length=40), _Line] = ""
    variant: Variant = "British"
    notes: Annotated[str, Field(max_length=MAX_NOTES), _Line] = ""
    grammar: Annotated[str, Field(max_length=80), _Line] = ""
    own_text: Annotated[str, Field(max_length=MAX_TEXT), BeforeValidator(_paragraphs)] = ""
    own_words: Annotated[_Words, Field(max_length=MAX_OWN_WORDS), BeforeValidator(_listed)] = ()
    known_words: Annotated[_Words, Field(max_length=MAX_KNOWN_WORDS), BeforeValidator(_listed)] = ()
    sections: Annotated[tuple[str, ...], AfterValidator(_in_lesson_order)] = tuple(SECTIONS)


def require_followable(request: LessonRequest, *, sample: bool) -> None:
    """Make sure that a lesson can be what the teacher asks for.

    Raises:
        RequestError: where it would be a sample lesson, which follows nobody's text or words.
    """
    if sample and (request.grammar or request.own_text or request.own_words or request.known_words):
        raise RequestError(
            "Sample lessons cannot follow your text, words or grammar. Please add an API key "
            "first, or leave them out."
        )


def planned_minutes(request: LessonRequest) -> dict[str, int]:
    """Share the minutes of a lesson among its sections: whole minutes, none without, all used."""
    shares = {name: SECTIONS[name].share for name in request.sections}
    total = sum(shares.values())
    exact = {name: share / total * request.minutes for name, share in shares.items()}
    minutes = {name: max(1, int(value)) for name, value in exact.items()}
    # The largest remainders get the minutes that rounding down left over.
    for name in sorted(exact, key=lambda n: minutes[n] - exact[n]):
        if sum(minutes.values()) >= request.minutes:
            break
        minutes[name] += 1
    return minutes


def lesson_request(**fields: object) -> LessonRequest:
    """Build a request from what a person typed.

    Raises:
        RequestError: with one sentence that says which field to change and how.
    """
    try:
        return LessonRequest.model_validate(fields)
    except ValidationError as error:
        raise RequestError(_sentence(error)) from error


def _sentence(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_context=False)[0]
    field = str(first["loc"][0]) if first["loc"] else ""
    if field == "topic" and first["type"] == "string_too_long":
        typed = len(str(first["input"]))
        return (
            f"The topic is {typed} characters long. Please keep it to {MAX_TOPIC}; "
            "longer wishes can go into the notes."
        )
    unknown = f"This cannot be used for {field.replace('_', ' ')}: {first['msg'].lower()}."
    return _WHAT_TO_DO.get(field, unknown)


_WHAT_TO_DO = {
    "topic": "Please type a topic first: a few words, such as “Weekend markets”.",
    "level": f"Please choose a level: {', '.join(Level)}.",
    "minutes": f"Please choose a length between {MIN_MINUTES} and {MAX_MINUTES} minutes.",
    "notes": f"The notes are too long. Please keep them to {MAX_NOTES} characters.",
    "grammar": "Please keep the grammar point to 80 characters.",
    "own_text": f"Your text is too long. Please keep it to {MAX_TEXT} characters.",
    "own_words": f"Please give at most {MAX_OWN_WORDS} words, each of 40 characters at most.",
    "known_words": f"Please give at most {MAX_KNOWN_WORDS} words, each of 40 characters at most.",
    "first_language": "Please keep the learners’ first language to 40 characters.",
    "sections": f"Please choose at least one section of: {', '.join(SECTIONS)}.",
}
