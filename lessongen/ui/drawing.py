"""Blocks as Streamlit's Markdown: what a model wrote is shown, never acted on."""

import re
from functools import lru_cache

from lessongen.export.markdown import blocks_as_markdown, escaped
from lessongen.lesson.blocks import Block, Copy
from lessongen.lesson.partial import arrived, completed
from lessongen.lesson.sections import SECTIONS

_WORD_JOINER = "\u2060"
_HEADING = "####"
# After Markdown's own escapes are gone, Streamlit draws :smile: and :material/home: as pictures,
# and takes a bare :red or :small, brackets or none, for a style: the word would not be seen.
_MARK = re.compile(r":(?=[^\W\d_]|(?:[\w+/-]|\\_)+:)")


def plain(text: str) -> str:
    """Return text that Streamlit's Markdown shows as it is."""
    return _MARK.sub(f":{_WORD_JOINER}", escaped(text))


def lesson_heading(topic: str) -> str:
    """Return what a lesson is called on its page and in the library: its topic.

    Not the title of the plan: that comes later, and would push the page down.
    """
    return plain(topic[:1].upper() + topic[1:])


@lru_cache(maxsize=4096)
def section_markdown(name: str, content: str, copy: Copy) -> str:
    """Draw a complete section from its JSON. Cached: pages draw it twice a second."""
    section = SECTIONS[name]
    return _drawn(section.blocks(section.parsed(content), copy))


@lru_cache(maxsize=512)
def partial_markdown(name: str, text: str, copy: Copy) -> str:
    """Draw what has arrived of a section so far; empty until there is something to read.

    Cached: every tab that watches a lesson draws the same.
    """
    section = SECTIONS[name]
    content = completed(section.content, arrived(text))
    return _drawn(section.blocks(content, copy))


def _drawn(blocks: list[Block]) -> str:
    return _MARK.sub(f":{_WORD_JOINER}", blocks_as_markdown(blocks, _HEADING))
