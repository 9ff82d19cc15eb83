"""Blocks as Streamlit's Markdown: what a model wrote is shown, never acted on."""

import re
import string
from collections.abc import Iterable
from functools import lru_cache

from lessongen.export.markdown import blocks_as_markdown, escaped
from lessongen.export.text import WORD_JOINER, lettered_answer
from lessongen.lesson.blocks import (
    Block,
    Copy,
    GapFill,
    Question,
    Questions,
    without_answers,
)
from lessongen.lesson.partial import arrived, completed
from lessongen.lesson.request import Variant
from lessongen.lesson.sections import SECTIONS
from lessongen.quality.sounds import with_sounds
from lessongen.wording import UNKNOWN

_HEADING = "####"
_EDGES = string.punctuation + string.whitespace + "“”‘’–…"
# After Markdown's own escapes are gone, Streamlit draws :smile: and :material/home: as pictures,
# and takes a bare :red or :small, brackets or none, for a style: the word would not be seen.
_MARK = re.compile(r":(?=[^\W\d_]|(?:[\w+/-]|\\_)+:)")


def plain(text: str) -> str:
    """Return text that Streamlit's Markdown shows as it is."""
    return _MARK.sub(f":{WORD_JOINER}", escaped(text))


def lesson_heading(topic: str) -> str:
    """Return what a lesson is called on its page and in the library: its topic.

    Not the title of the plan: that comes later, and would push the page down.
    """
    return plain(topic[:1].upper() + topic[1:])


@lru_cache(maxsize=4096)
def section_markdown(name: str, content: str, copy: Copy) -> str:
    """Draw a complete section from its JSON, without its key: `section_key` draws that.

    Cached: pages draw it twice a second.
    """
    section = SECTIONS[name]
    return drawn(section.blocks(section.parsed(content), copy))


@lru_cache(maxsize=512)
def partial_markdown(name: str, text: str, copy: Copy, variant: Variant = "British") -> str:
    """Draw what has arrived of a section so far; empty until there is something to read.

    Cached: every tab that watches a lesson draws the same.
    """
    section = SECTIONS[name]
    content = with_sounds(name, completed(section.content, arrived(text)), variant)
    return drawn(section.blocks(content, copy))


@lru_cache(maxsize=4096)
def section_key(name: str, content: str) -> str:
    """Draw the answers of a complete section, each with its evidence; empty where it has none."""
    section = SECTIONS[name]
    keys = map(_key, section.blocks(section.parsed(content), "teacher"))
    return _inert(blocks_as_markdown(key for key in keys if key.items))


def highlighted(markdown: str, evidence: Iterable[str]) -> str:
    """Return drawn text with words or sentences of it marked; what is not in it is left out."""
    whole = (text.strip(_EDGES) for text in evidence)
    # Not numbers alone: they may be the mark of a list.
    found = {_inert(escaped(text)) for text in whole if any(map(str.isalpha, text[:1]))}
    if not found:
        return markdown
    longest_first = sorted(found, key=lambda text: (-len(text), text))
    words = "|".join(re.escape(text) for text in longest_first)
    # After a colon or an ampersand, and before a bracket, it would be taken for something else.
    marked = re.compile(rf"(?<![\w\\:&])({words})(?![\w(;])", re.IGNORECASE)
    return marked.sub(r":orange-background[\1]", markdown)


def drawn(blocks: Iterable[Block]) -> str:
    """Draw blocks as a section shows them: without a key."""
    return _inert(blocks_as_markdown(map(without_answers, blocks), _HEADING))


def _inert(markdown: str) -> str:
    return _MARK.sub(f":{WORD_JOINER}", markdown)


def _key(block: Block) -> Questions:
    """Return the key of a block with an answer in the place of each question."""
    match block:
        case Questions(items=items) if any(item.answer.strip() for item in items):
            return Questions(
                tuple(
                    Question(lettered_answer(item) or UNKNOWN, evidence=item.evidence)
                    for item in items
                )
            )
        case GapFill(gaps=gaps):
            return Questions(tuple(Question(gap.answer or UNKNOWN) for gap in gaps))
        case _:
            return Questions(())
