"""The questions of a lesson for Moodle, in its GIFT format.

https://docs.moodle.org/en/GIFT_format
"""

import re
from collections.abc import Iterator

from lessongen.errors import RequestError
from lessongen.export.text import one_line
from lessongen.lesson.blocks import Copy, Question, Questions
from lessongen.lesson.lesson import LaidOutSection, Lesson

_SHORT_ANSWER = 3  # words
_MARKS = re.compile(r"[~=#:\\]")
_BRACKETS = str.maketrans("{}", "()")


def as_gift(lesson: Lesson, copy: Copy) -> bytes:
    """Write every question that has a key: a category a section, in UTF-8.

    Questions with options are multiple choice. Open ones with an answer of a few words are short
    answers; the others are essays, because no two learners say the same, and their answer is the
    feedback, with the sentence that proves it.

    Raises:
        RequestError: for a student's copy, or where no question has a key.
    """
    if copy == "student":
        raise RequestError("A Moodle file holds the answers: choose the teacher’s copy.")
    parts = list(_parts(lesson))
    if not parts:
        raise RequestError("This lesson has no questions with answers, so there is none to export.")
    return ("\n\n".join(parts) + "\n").encode()


def has_keys(lesson: Lesson) -> bool:
    """Say whether a lesson has questions with answers."""
    return next(_parts(lesson), None) is not None


def _parts(lesson: Lesson) -> Iterator[str]:
    for laid_out in lesson.laid_out("teacher"):
        yield from _section(lesson, laid_out)


def _section(lesson: Lesson, laid_out: LaidOutSection) -> Iterator[str]:
    blocks = (block for block in laid_out.blocks if isinstance(block, Questions))
    asked = [item for block in blocks for item in block.items if _has_key(item)]
    if asked:
        topic, title = one_line(lesson.request.topic), laid_out.section.title
        level = lesson.request.level
        # In a category, a slash begins another one.
        yield f"$CATEGORY: $course$/{topic.replace('/', '//')} ({level})/{title}"
    for number, item in enumerate(asked, start=1):
        yield f"::{_escaped(f'{laid_out.section.title} {number}')}::{_question(item)}"


def _has_key(item: Question) -> bool:
    return bool(one_line(item.stem) and one_line(item.answer))


def _question(item: Question) -> str:
    stem, answer = f"[plain]{_escaped(item.stem)}", one_line(item.answer)
    options = [option for option in map(one_line, item.options) if option]
    if answer in options:
        choices = [("=" if option == answer else "~", option) for option in dict.fromkeys(options)]
    elif len(answer.split()) <= _SHORT_ANSWER:
        choices = [("=", answer.rstrip("."))]
    else:
        return f"{stem} {{{_feedback(item)}}}"
    listed = "\n".join(f"\t{mark}{_plain(choice)}" for mark, choice in choices)
    return f"{stem} {{\n{listed}\n\t{_feedback(item)}\n}}"


def _feedback(item: Question) -> str:
    evidence = f" ({one_line(item.evidence)})" if one_line(item.evidence) else ""
    return f"####{_plain(f'{one_line(item.answer)}{evidence}')}"


def _plain(text: str) -> str:
    """Return a text below a question, which is plain as the question is, unless it says not."""
    escaped = _escaped(text)
    return f"[plain]{escaped}" if escaped.startswith("[") else escaped


def _escaped(text: str) -> str:
    # Braces can be escaped too, but not every reader of GIFT knows that.
    return _MARKS.sub(r"\\\g<0>", one_line(text).translate(_BRACKETS))
