"""Edits to a lesson: every one gives back contents that are valid by their models."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, cast

from lessongen.lesson.lesson import Lesson
from lessongen.quality.text import sentences

_KEPT = frozenset({"interaction", "skill", "kind", "focus", "ipa", "stress"})
"""Fields with a value of a list or of a dictionary; no text."""


def section_fields(lesson: Lesson, section: str) -> dict[str, Any]:
    """Return the fields of a section as plain values, a copy to change."""
    return lesson.contents[section].model_dump()


def changed(lesson: Lesson, section: str, **fields: Any) -> Lesson:
    """Return a lesson with these fields of one section.

    Raises:
        pydantic.ValidationError: where the section would not be valid.
    """
    kind = type(lesson.contents[section])
    content = kind.model_validate({**section_fields(lesson, section), **fields})
    return replace(lesson, contents={**lesson.contents, section: content})


def with_item(lesson: Lesson, section: str, field: str, place: int, item: Any) -> Lesson:
    """Return a lesson with one item of a list replaced; of a mapping, the keys given."""
    items = section_fields(lesson, section)[field]
    items[place] = {**items[place], **item} if isinstance(item, Mapping) else item
    return changed(lesson, section, **{field: items})


def with_texts(lesson: Lesson, edit: Callable[[str], str]) -> Lesson:
    """Return a lesson with every text of its sections edited, and its marker sentence alike."""
    for section in lesson.contents:
        fields = _edited(section_fields(lesson, section), edit)
        lesson = changed(lesson, section, **fields)
    target = lesson.brief.grammar_target
    target = target.model_copy(update={"marker": edit(target.marker)})
    return replace(lesson, brief=lesson.brief.model_copy(update={"grammar_target": target}))


def _edited(value: Any, edit: Callable[[str], str]) -> Any:
    match value:
        case str():
            return edit(value)
        case list():
            return [_edited(item, edit) for item in cast("list[Any]", value)]
        case dict():
            fields = cast("dict[str, Any]", value)
            return {k: v if k in _KEPT else _edited(v, edit) for k, v in fields.items()}
        case _:
            return value


def paragraphs(lesson: Lesson) -> list[str]:
    """Return the paragraphs of the reading."""
    return section_fields(lesson, "reading")["paragraphs"]


def reading_sentences(lesson: Lesson) -> list[str]:
    """Return the sentences of the reading, in order."""
    return [sentence for text in paragraphs(lesson) for sentence in sentences(text)]


def with_sentence(lesson: Lesson, old: str, new: str) -> Lesson | None:
    """Return a lesson whose reading has another sentence, or none, in the place of one.

    None where two paragraphs are no longer left, or the sentence is not there.
    """
    texts = [
        " ".join(text.replace(old, new).split()) if old in text else text
        for text in paragraphs(lesson)
    ]
    left = [text for text in texts if re.search(r"\w", text)]
    if left == paragraphs(lesson) or len(left) < 2:  # noqa: PLR2004 - the model wants two
        return None
    return changed(lesson, "reading", paragraphs=left)


def word_pattern(word: str) -> re.Pattern[str]:
    """Return a pattern that finds a word or phrase whole, in small letters or capitals."""
    return re.compile(rf"(?<!\w){re.escape(word)}(?!\w)", re.IGNORECASE)


Item = dict[str, Any]
"""A question on the text as plain fields."""


def questions(lesson: Lesson, *, choice: bool) -> list[tuple[int, Item]]:
    """Return the questions on the text that have options, or those that are open, with places."""
    items = section_fields(lesson, "comprehension")["items"]
    return [(place, item) for place, item in enumerate(items) if bool(item["options"]) is choice]
