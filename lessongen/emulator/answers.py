"""Answers: what the emulator says, from the sample lessons."""

import json
from dataclasses import dataclass
from functools import lru_cache

from lessongen.emulator.bodies import Asked
from lessongen.emulator.instances import minimal_instance
from lessongen.lesson.prompts import PromptData, read_back
from lessongen.lesson.samples import SampleBank

OTHER = "other"
_REMEMBERED = 256
_SENTENCE = "This is a sample answer. Add an API key to ask a real model."


@dataclass(frozen=True, slots=True)
class Answer:
    """A text, and the part of a lesson it is: `brief`, a section's name, or `other`."""

    part: str
    text: str


class Answers:
    """Answers from a bank of sample lessons."""

    def __init__(self, bank: SampleBank) -> None:
        self._bank = bank
        # A benchmark asks for the same parts again and again.
        self._sample = lru_cache(_REMEMBERED)(self._sampled)

    def answer(self, asked: Asked) -> Answer:
        """Return the sample for a lesson prompt; for any other text, a plain answer.

        Raises:
            SettingsError: where the bank holds no lesson for the prompt's level.
        """
        if sample := self._sample(asked.user):
            return sample
        if asked.schema:
            return Answer(OTHER, json.dumps(minimal_instance(asked.schema)))
        return Answer(OTHER, _SENTENCE)

    def _sampled(self, user: str) -> Answer | None:
        prompt = _prompt(user)
        if prompt is None:
            return None
        sample = self._bank.lesson_for(prompt.request)
        try:
            return Answer(prompt.part, sample.answer(prompt.part, prompt.request))
        except KeyError:
            return None


def _prompt(user: str) -> PromptData | None:
    """Read a lesson prompt; None where the text only looks like one."""
    try:
        return read_back(user)
    except ValueError:
        return None
