"""Sentences with figures: shown as they are, and no line ends between a number and its unit."""

from lessongen.analytics.wording import NO_BREAK
from lessongen.ui.drawing import plain


def unbroken(text: str) -> str:
    """Return text that Streamlit's Markdown shows as it is, its no-break spaces kept."""
    return NO_BREAK.join(plain(part) for part in text.split(NO_BREAK))
