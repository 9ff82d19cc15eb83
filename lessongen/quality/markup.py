"""Check `markup`: the texts of a section are plain text."""

import re
from collections.abc import Iterator
from functools import lru_cache

from lessongen.lesson.lesson import Lesson
from lessongen.lesson.request import LessonRequest
from lessongen.quality.fields import texts
from lessongen.quality.findings import Finding

_KINDS = (
    ("web code (HTML)", re.compile(r"</?[A-Za-z][^<>]{0,300}>|<!--|&(?:[a-z]{2,8}|#\d{2,6});")),
    (
        "formatting signs (Markdown)",
        re.compile(
            r"!?\[[^\]\n]{0,200}\]\([^)\s]{1,300}[^)]{0,100}\)|```|~~~|(?<!\w)`[^`\n]{1,2000}`(?!\w)"
            r"|^\s{0,3}#{1,6} \S|(?<![\w*])(\*{1,3})(?![\s*])[^*\n]{1,2000}(?<!\s)\1(?![\w*])",
            re.MULTILINE,
        ),
    ),
    (
        "a web address",
        re.compile(r"\b(?:https?|ftp)://[^\s)>”]{1,300}|\bwww\.[^\s)>”]{2,300}", re.IGNORECASE),
    ),
    (
        "invisible characters",
        # Joiners belong to emoji and to several scripts; between Latin letters they hide things.
        re.compile(
            r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-"
            r"\ufffb]|(?<=[A-Za-z])[\u200c\u200d\u00ad]"
        ),
    ),
)
# No markup without one of these; most texts have none.
_SIGN = re.compile(r"[<&`~*#\[\x00-\x1f\x7f-\x9f\u00ad\u200b-\u206f\ufeff\ufff9-\ufffb]|://|[wW]\.")
_INVISIBLE = _KINDS[-1][1]
_AROUND, _LONGEST = 12, 60


def markup(lesson: Lesson) -> Iterator[Finding]:
    """Find tags, links, pictures, code and hidden characters that a model wrote."""
    typed = _typed(lesson.request)
    for section, content in lesson.contents.items():
        said = [text for text in texts(content) if _may_be_marked(text)]
        found = [marked for text in said for marked in _marked(_own(text, typed))]
        if found:
            kinds = " and ".join(dict.fromkeys(kind for kind, _ in found))
            sentence = f"The text should be plain, but holds {kinds}; please take that out."
            evidence = tuple(dict.fromkeys(excerpt for _, excerpt in found if excerpt))
            yield Finding(section, "markup", "fault", sentence, evidence)


def _typed(request: LessonRequest) -> tuple[str, ...]:
    """Return what the teacher typed, which no model answers for, longest first."""
    topic = request.topic
    lines = (*request.own_text.splitlines(), request.own_text, request.notes, *request.own_words)
    typed = {topic, topic[:1].upper() + topic[1:], *lines} - {""}
    return tuple(sorted((text for text in typed if next(_marked(text), None)), key=len)[::-1])


@lru_cache(1024)
def _may_be_marked(text: str) -> bool:
    return bool(_SIGN.search(text)) and any(pattern.search(text) for _, pattern in _KINDS)


def _own(text: str, typed: tuple[str, ...]) -> str:
    for part in typed:
        text = text.replace(part, " ")
    return text


def _marked(text: str) -> Iterator[tuple[str, str]]:
    for kind, pattern in _KINDS:
        if found := pattern.search(text):
            yield kind, _excerpt(text, found)


def _excerpt(text: str, found: re.Match[str]) -> str:
    if found.re is not _INVISIBLE:
        return _INVISIBLE.sub("", found[0])[:_LONGEST]
    around = text[max(0, found.start() - _AROUND) : found.end() + _AROUND]
    return _INVISIBLE.sub("", around)[:_LONGEST].strip()
