"""The text of an export: cleaned of what no file should hold, and phrases all formats share."""

import re
import string
import unicodedata

from lessongen.lesson.blocks import Copy, Gap, GapFill, Question, Questions
from lessongen.lesson.lesson import Lesson

WORD_JOINER, _NO_BREAK_SPACE = "\u2060", "\u00a0"  # neither ends a line
NOT_WRITTEN = "This section could not be written."
NAME, DATE = "Name", "Date"

# XML 1.0 forbids these two beside controls and surrogates: https://www.w3.org/TR/xml/#charsets
_NONCHARACTERS = "\ufffe\uffff"
_NOT_IN_FILE_NAMES = re.compile(r"[^a-z0-9]+")
# Between slashes: all of a text, or anything with a letter or mark of the phonetic alphabet.
_SOUNDS = re.compile(r"^/[^/]+/$|/(?=[^/]*[ˈˌːɑæɒʌəɜɪʊɔɛŋʃʒθðɹɡ])[^/\s](?:[^/]{0,38}[^/\s])?/")
# Where a line could end within them: before a mark of stress, after a slash, hyphen or dot.
_MAY_BREAK = re.compile("(?<!^)(?<!\u00a0)(?=[ˈˌ])|(?<=[-/.])(?![ˈˌ]|$)")


def lines(text: str) -> list[str]:
    """Return the lines of a text that show something, cleaned, runs of space made one."""
    kept = "".join(char for char in text if _is_writable(char))
    return [line for line in (" ".join(raw.split()) for raw in kept.splitlines()) if line]


def one_line(text: str) -> str:
    """Return a text cleaned and on one line."""
    return " ".join(lines(text))


def sounds_kept_whole(line: str) -> str:
    """Return a line in which no phonetic script is broken in two where it is drawn."""
    return _SOUNDS.sub(_unbroken, line)


def sounds_without_spaces(line: str) -> str:
    """Return a line whose phonetic script can break at no space.

    For Word, which breaks at nothing else in it, and where a word joiner, which Calibri lacks,
    could be drawn as a box.
    """
    return _SOUNDS.sub(lambda sounds: sounds[0].replace(" ", _NO_BREAK_SPACE), line)


def option_letter(index: int) -> str:
    """Return the letter of the option at an index, from A; after Z it starts again."""
    return string.ascii_uppercase[index % 26]


def about(lesson: Lesson, copy: Copy) -> str:
    """Say level, length and whose copy this is, on one line."""
    request = lesson.request
    return f"Level {request.level} · {request.minutes} minutes · {copy.capitalize()}’s copy"


def gap_key(block: GapFill, gap: Gap) -> list[str]:
    """Return the lines of the key to one gap; none where this copy shows no answers."""
    return _key(("Answer", gap.answer)) if block.answers_shown else []


def question_key(block: Questions, question: Question) -> list[str]:
    """Return the lines of the key to one question; none where this copy shows no answers."""
    if not block.answers_shown:
        return []
    return _key(("Answer", lettered_answer(question)), ("Evidence", question.evidence))


def lettered_answer(question: Question) -> str:
    """Return the answer to a question, with its letter where it is one of the options."""
    answer, options = one_line(question.answer), [one_line(option) for option in question.options]
    return f"{option_letter(options.index(answer))}) {answer}" if answer in options else answer


def plain_name(text: str) -> str:
    """Reduce a text to lower-case ASCII letters, digits and single hyphens; it may be empty."""
    decomposed = unicodedata.normalize("NFKD", re.sub("['’]", "", text))
    ascii_only = decomposed.encode("ascii", "ignore").decode().lower()
    return _NOT_IN_FILE_NAMES.sub("-", ascii_only).strip("-")


def _is_writable(char: str) -> bool:
    if char.isspace():
        return True
    return char not in _NONCHARACTERS and unicodedata.category(char) not in {"Cc", "Cs"}


def _unbroken(sounds: re.Match[str]) -> str:
    return _MAY_BREAK.sub(WORD_JOINER, sounds[0].replace(" ", _NO_BREAK_SPACE))


def _key(*pairs: tuple[str, str]) -> list[str]:
    return [f"{label}: {line}" for label, text in pairs if (line := one_line(text))]
