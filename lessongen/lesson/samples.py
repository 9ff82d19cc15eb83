"""Sample lessons: whole lessons written by hand, and templates that fit any topic."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, JsonValue, ValidationError

from lessongen.errors import SettingsError
from lessongen.lesson.brief import Brief
from lessongen.lesson.levels import Level
from lessongen.lesson.request import LessonRequest, planned_minutes
from lessongen.lesson.sections import SECTIONS

_TOPIC = "{topic}"


class Sample(BaseModel):
    """One lesson as its file holds it. In a template, `{topic}` stands for any topic."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    topic: str
    levels: tuple[Level, ...]
    also_known_as: tuple[str, ...] = ()
    brief: dict[str, JsonValue]
    sections: dict[str, dict[str, JsonValue]]

    @property
    def is_template(self) -> bool:
        """Say whether this lesson fits any topic."""
        return _TOPIC in self.topic

    def answers(self, request: LessonRequest) -> bool:
        """Say whether this is the lesson on the requested topic and level."""
        names = {name.casefold() for name in (self.topic, *self.also_known_as)}
        return request.level in self.levels and request.topic.casefold() in names

    def part(self, name: str, topic: str) -> str:
        """Return the brief, or a section by name, as JSON about a topic.

        Raises:
            KeyError: where the sample has no such section.
        """
        return json.dumps(self._about(name, topic), ensure_ascii=False)

    def answer(self, name: str, request: LessonRequest) -> str:
        """Return the brief, or a section by name, as a model would answer a request.

        Minutes are those of the file where the request wants a lesson of that length, with all
        its sections; else as the request shares them out.

        Raises:
            KeyError: where the sample has no such section.
        """
        fields = self._about(name, request.topic)
        if name in self.sections and not self._lasts(request):
            fields = {**fields, "minutes": planned_minutes(request)[name]}
        return json.dumps(fields, ensure_ascii=False)

    def _about(self, name: str, topic: str) -> dict[str, JsonValue]:
        fields = self.brief if name == "brief" else self.sections[name]
        return {key: _filled(value, topic) for key, value in fields.items()}

    def _lasts(self, request: LessonRequest) -> bool:
        minutes = [fields["minutes"] for fields in self.sections.values()]
        total = sum(number for number in minutes if isinstance(number, int))
        return len(minutes) == len(request.sections) and total == request.minutes


@dataclass(frozen=True, slots=True)
class SampleBank:
    """Every sample lesson, and a template for the rest."""

    samples: tuple[Sample, ...]

    def lesson_for(self, request: LessonRequest) -> Sample:
        """Return the sample on this topic and level, else the template of the level.

        Raises:
            SettingsError: where no template covers the level.
        """
        for sample in self.samples:
            if not sample.is_template and sample.answers(request):
                return sample
        for sample in self.samples:
            if sample.is_template and request.level in sample.levels:
                return sample
        raise SettingsError(f"The sample lessons hold no template for level {request.level}.")

    @property
    def topics(self) -> list[str]:
        """The topics that were written by hand, in alphabetical order."""
        return sorted({sample.topic for sample in self.samples if not sample.is_template})


def load_samples(folder: Path) -> SampleBank:
    """Read and check every `*.json` below a folder.

    Raises:
        SettingsError: naming the file and the field that cannot be used.
    """
    return SampleBank(tuple(_checked(path) for path in sorted(folder.glob("*.json"))))


def _checked(path: Path) -> Sample:
    try:
        sample = Sample.model_validate_json(path.read_bytes())
        Brief.model_validate_json(sample.part("brief", "topic"))
        _require_every_section(sample.sections)
        for name in sample.sections:
            SECTIONS[name].parsed(sample.part(name, "topic"))
    except (OSError, KeyError, ValueError) as error:
        raise SettingsError(f"{path.name}: {_reason(error)}") from error
    return sample


def _require_every_section(names: Iterable[str]) -> None:
    if missing := [name for name in SECTIONS if name not in set(names)]:
        raise ValueError(f"sections missing: {', '.join(missing)}")


def _reason(error: Exception) -> str:
    if not isinstance(error, ValidationError):
        return str(error)
    first = error.errors(include_url=False)[0]
    place = ".".join(str(step) for step in first["loc"])
    return f"{error.title} {place}: {first['msg']}"


def _filled(value: JsonValue, topic: str) -> JsonValue:
    match value:
        case str():
            return value.replace(_TOPIC, topic)
        case list():
            return [_filled(item, topic) for item in value]
        case dict():
            return {key: _filled(item, topic) for key, item in value.items()}
        case _:
            return value
