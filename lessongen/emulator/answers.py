"""Answers: what the emulator says, from the sample lessons."""

import json
from dataclasses import dataclass

from lessongen.emulator.bodies import Asked
from lessongen.emulator.instances import minimal_instance
from lessongen.lesson.prompts import PromptData, read_back
from lessongen.lesson.samples import SampleBank

OTHER = "other"
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

    def answer(self, asked: Asked) -> Answer:
        """Return the sample for a lesson prompt; for any other text, a plain answer.

        Raises:
            SettingsError: where the bank holds no lesson for the prompt's level.
        """
        prompt = _prompt(asked.user)
        if prompt and (text := self._sample(prompt)):
            return Answer(prompt.part, text)
        if asked.schema:
            return Answer(OTHER, json.dumps(minimal_instance(asked.schema)))
        return Answer(OTHER, _SENTENCE)

    def _sample(self, prompt: PromptData) -> str | None:
        sample = self._bank.lesson_for(prompt.request)
        try:
            return sample.part(prompt.part, prompt.request.topic)
        except KeyError:
            return None


def _prompt(user: str) -> PromptData | None:
    """Read a lesson prompt; None where the text only looks like one."""
    try:
        return read_back(user)
    except ValueError:
        return None
