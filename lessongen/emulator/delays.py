"""Delays: how long each model takes to answer, realistic and repeatable."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random

from lessongen.errors import SettingsError

TOKEN_CHARACTERS = 4
_JITTER = 0.15
# Gemini sends dozens of tokens in a chunk, not one or two (stanfordnlp/dspy#8235).
_CHUNK_SECONDS = 0.15
# A quick server still sends at most fifty chunks a second to a stream: more only costs CPU.
_SHORTEST_CHUNK_SECONDS = 0.02
_CHUNK_CHARACTERS_AT_ONCE = 24


@dataclass(frozen=True, slots=True)
class Pace:
    """How quickly a model answers: seconds to its first text, then tokens a second."""

    first_text_seconds: float
    tokens_per_second: float

    def __post_init__(self) -> None:
        if not (self.first_text_seconds >= 0 and self.tokens_per_second > 0):
            raise SettingsError("A pace needs seconds of 0 or more and tokens a second above 0.")


# Between the figures measured for these model families in 2026; see docs of each model.
_LITE = Pace(0.6, 260.0)
_LARGE = Pace(1.6, 170.0)
_OTHER = Pace(1.1, 200.0)


def usual_pace(model: str) -> Pace:
    """Return the pace of a model id, judged by its family."""
    words = model.split("-")
    if "lite" in words:
        return _LITE
    return _LARGE if {"pro", "flash"} & set(words) else _OTHER


@dataclass(frozen=True, slots=True)
class Schedule:
    """When the chunks of one answer leave; seconds are those of the real clock."""

    first_text_seconds: float
    chunk_seconds: float
    chunk_characters: int

    def total_seconds(self, characters: int) -> float:
        """Return the seconds until the last chunk of a text has left."""
        chunks = math.ceil(characters / self.chunk_characters)
        return self.first_text_seconds + self.chunk_seconds * max(0, chunks - 1)


_AT_ONCE = Schedule(0.0, 0.0, _CHUNK_CHARACTERS_AT_ONCE)


@dataclass(frozen=True, slots=True)
class Delays:
    """Every delay of the emulator.

    `paces` overrides the usual pace of model ids. `speed` divides every delay; infinity removes
    them. `part_seconds` fixes the total seconds of a part, without jitter, whichever model
    writes it. The same seed gives the same delays.
    """

    paces: Mapping[str, Pace] = field(default_factory=dict[str, Pace])
    speed: float = 1.0
    seed: int = 0
    part_seconds: Mapping[str, float] = field(default_factory=dict[str, float])

    def __post_init__(self) -> None:
        if not self.speed > 0:
            raise SettingsError("The emulator's speed has to be a number above 0.")
        if any(not seconds >= 0 for seconds in self.part_seconds.values()):
            raise SettingsError("The seconds of a part have to be 0 or more.")

    def schedule(self, model: str, part: str, nth: int, characters: int) -> Schedule:
        """Plan the nth answer of a model to a part, for a text of so many characters."""
        if math.isinf(self.speed):
            return _AT_ONCE
        pace = self.paces.get(model) or usual_pace(model)
        if (total := self.part_seconds.get(part)) is not None:
            first = min(pace.first_text_seconds, total / 2)
            return self._chunked(first, total - first, characters)
        jitter = Random(f"{self.seed}/{model}/{part}/{nth}")  # noqa: S311 (repeatable, no secret)
        first = pace.first_text_seconds * _jittered(jitter)
        rate = pace.tokens_per_second * TOKEN_CHARACTERS * _jittered(jitter)
        return self._chunked(first, characters / rate, characters)

    def _chunked(self, first: float, writing: float, characters: int) -> Schedule:
        """Cut a text that takes `writing` seconds into equal chunks."""
        chunk_seconds = max(_CHUNK_SECONDS, _SHORTEST_CHUNK_SECONDS * self.speed)
        gaps = max(1, round(writing / chunk_seconds))
        return Schedule(
            first_text_seconds=first / self.speed,
            chunk_seconds=writing / gaps / self.speed,
            chunk_characters=max(1, math.ceil(characters / (gaps + 1))),
        )


def _jittered(jitter: Random) -> float:
    return jitter.uniform(1 - _JITTER, 1 + _JITTER)
