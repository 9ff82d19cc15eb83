"""A lesson as a value: what was asked, the brief, and the sections written so far."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lessongen.lesson.blocks import Block, Copy
from lessongen.lesson.brief import Brief
from lessongen.lesson.request import LessonRequest
from lessongen.lesson.section import AnySection, SectionContent
from lessongen.lesson.sections import SECTIONS


@dataclass(frozen=True, slots=True)
class LaidOutSection:
    """A section ready to draw. No blocks: the section could not be written."""

    section: AnySection
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Lesson:
    """Request, brief and content by section name. A missing section was asked for and failed."""

    request: LessonRequest
    brief: Brief
    contents: Mapping[str, SectionContent] = field(default_factory=dict[str, SectionContent])

    def laid_out(self, copy: Copy) -> Iterator[LaidOutSection]:
        """Yield the sections asked for, in lesson order, laid out for one copy."""
        for name in self.request.sections:
            section, content = SECTIONS[name], self.contents.get(name)
            blocks = section.blocks(content, copy) if content else []
            yield LaidOutSection(section, tuple(blocks))

    @property
    def missing(self) -> list[str]:
        """The titles of the sections that could not be written."""
        return [SECTIONS[n].title for n in self.request.sections if n not in self.contents]
