"""The task: the calls of one lesson, and what a stack has to offer to be measured with them."""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Protocol

KEY = "any text will do"
# Every stack sends what LessonGen sends.
THRESHOLD = "BLOCK_LOW_AND_ABOVE"
CATEGORIES = (
    "HARM_CATEGORY_HARASSMENT",
    "HARM_CATEGORY_HATE_SPEECH",
    "HARM_CATEGORY_SEXUALLY_EXPLICIT",
    "HARM_CATEGORY_DANGEROUS_CONTENT",
)


@dataclass(frozen=True, slots=True)
class Call:
    """One section to write: `models` are asked in turn until one answers."""

    part: str
    models: Sequence[str]
    system: str
    user: str
    schema: dict[str, Any]
    thinking: str
    max_output_tokens: int


# Makes every call at once, and returns the text of each answer in the order of the calls.
WriteLesson = Callable[[], Awaitable[Sequence[str]]]


class Stack(Protocol):
    """A module that holds one way to make the calls."""

    def opened(self, url: str, calls: Sequence[Call]) -> AbstractAsyncContextManager[WriteLesson]:
        """Prepare everything that is prepared once for a process."""
        ...


@dataclass(frozen=True, slots=True)
class Taken:
    """What lessons took: seconds of each, our processor time, and the most memory so far."""

    walls: Sequence[float]
    cpu_seconds: float
    peak_rss_mb: float
    characters: Sequence[int]
