"""The sections of a lesson, one module each; a new module here is a new section.

A module names its section `SECTION`. `SECTIONS` holds them by name, in lesson order.
"""

from importlib import import_module
from pkgutil import iter_modules

from lessongen.lesson.section import AnySection


def _found() -> dict[str, AnySection]:
    modules = (import_module(f"{__name__}.{found.name}") for found in iter_modules(__path__))
    sections: list[AnySection] = [module.SECTION for module in modules]
    return {section.name: section for section in sorted(sections, key=lambda s: s.position)}


SECTIONS: dict[str, AnySection] = _found()
