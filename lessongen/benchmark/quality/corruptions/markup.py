"""Corruptions by markup: what is not plain text."""

from random import Random

from lessongen.benchmark.quality.corruption import Corrupt, Corruption
from lessongen.benchmark.quality.editing import section_fields, with_item
from lessongen.lesson.lesson import Lesson
from lessongen.lesson.sections import SECTIONS

_PLACES = (
    ("reading", "paragraphs", ""),
    ("dialogue", "turns", "text"),
    ("discussion", "questions", "question"),
    ("grammar", "examples", ""),
    ("vocabulary", "entries", "definition"),
    ("warmup", "questions", ""),
    ("wrapup", "recap", ""),
)

_HTML = (
    "<b>{}</b>",
    "{}<br>",
    "<script>alert(1)</script>{}",
    '<img src="x.png">{}',
    "{} &nbsp;&amp;",
    "<!-- note -->{}",
)
_MARKDOWN = (
    "![a picture](https://example.org/a.png) {}",
    "{} [read more](https://example.org)",
    "```\n{}\n```",
    "{} See https://example.org/page for more.",
)
_EMPHASIS = ("**{}**", "**Note:** {}", "# {}", "### {}", "`{}`")
_HIDDEN = ("{}\x07", "\u202e{}", "{}\u200b\u200b", "\x1b[31m{}", "\ufeff{}", "{}\x00")


def _written_as(shapes: tuple[str, ...]) -> Corrupt:
    """Return a corruption that writes one text of the lesson in one of these shapes."""

    def corrupt(lesson: Lesson, rng: Random) -> Lesson | None:
        section, field, key = rng.choice(_PLACES)
        items = section_fields(lesson, section)[field]
        place, shape = rng.randrange(len(items)), rng.choice(shapes)
        if not key:
            return with_item(lesson, section, field, place, shape.format(items[place]))
        text = shape.format(items[place][key])
        return with_item(lesson, section, field, place, {key: text})

    return corrupt


_ANY = tuple(SECTIONS)

MARKUP = (
    Corruption("HTML", ("markup",), _ANY, _written_as(_HTML), draws=2),
    Corruption("Markdown link or picture", ("markup",), _ANY, _written_as(_MARKDOWN)),
    Corruption("Markdown emphasis", ("markup",), _ANY, _written_as(_EMPHASIS)),
    Corruption("hidden characters", ("markup",), _ANY, _written_as(_HIDDEN)),
)
