"""Answers: what the emulator says, from the sample lessons."""

import json
from dataclasses import dataclass
from functools import lru_cache

from lessongen.emulator.bodies import Asked
from lessongen.emulator.instances import minimal_instance
from lessongen.generation.slot_tests import QUESTION, WordNote
from lessongen.lesson.prompts import PromptData, read_back
from lessongen.lesson.samples import SampleBank

OTHER, TEST = "other", "test"
_REMEMBERED = 256
_TESTED = WordNote(
    word="lesson",
    number=6,
    text="A lesson is a time in which somebody learns something, mostly with a teacher. At school "
    "most lessons last forty-five or sixty minutes. A good one has a beginning, a middle and an "
    "end, and those who leave it can do what they could not do before. We also say that life "
    "taught us a lesson, and mean a mistake that we will not make again.",
).model_dump_json()
_SENTENCE = "This is a sample answer. Add an API key to ask a real model."


@dataclass(frozen=True, slots=True)
class Answer:
    """A text, and the part of a lesson it is: `brief`, a section's name, `test` or `other`."""

    part: str
    text: str


class Answers:
    """Answers from a bank of sample lessons."""

    def __init__(self, bank: SampleBank) -> None:
        self._bank = bank
        # A benchmark asks for the same parts again and again.
        self._sample = lru_cache(_REMEMBERED)(self._sampled)

    def answer(self, asked: Asked) -> Answer:
        """Return the sample for a lesson prompt, or a note on a word for a test of a slot.

        To any other text, return a plain answer.

        Raises:
            SettingsError: where the bank holds no lesson for the prompt's level.
        """
        if sample := self._sample(asked.user):
            return sample
        if asked.user == QUESTION:
            return Answer(TEST, _TESTED)
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
