"""Marks: what can be pointed at in a chart, by a name that is read in menus and in the address."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date

from lessongen.analytics.values import Figures
from lessongen.analytics.wording import error_words, reason_name
from lessongen.lesson.parts import part_title
from lessongen.store.figures.lessons_behind import Mark
from lessongen.wording import counted, day_name

Named = Iterator[tuple[str, Mark]]


def marks(found: Figures, key: str) -> dict[str, Mark]:
    """Return what can be pointed at in a chart, in the order it is drawn; days newest first.

    An address may name a chart that there is not: nothing can be pointed at there.
    """
    named = _NAMED.get(key)
    return dict(named(found)) if named else {}


def error_name(model: str, error: str) -> str:
    """Return a model and what went wrong with it."""
    return f"{model}: {error_words(error)}"


def score_name(section: str, model: str) -> str:
    """Return a section and the model that wrote it."""
    return f"{part_title(section)} by {model}"


def stars_name(stars: int) -> str:
    """Return a number of stars."""
    return counted(stars, "star")


def _days(found: Figures, days: Iterable[date]) -> Named:
    for day in sorted(set(days), reverse=True):
        yield day_name(day), Mark(found.filters, day=day)


def _sections(found: Figures, sections: Iterable[str]) -> Named:
    for section in sections:
        yield part_title(section), Mark(replace(found.filters, section=section))


def _models(found: Figures, models: Iterable[str]) -> Named:
    for model in models:
        yield model, Mark(replace(found.filters, model=model))


def _errors(found: Figures) -> Named:
    for row in found.errors:
        mark = Mark(replace(found.filters, model=row.model), error=row.error)
        yield error_name(row.model, row.error), mark


def _scores(found: Figures) -> Named:
    for row in found.scores:
        chosen = replace(found.filters, section=row.section, model=row.model)
        yield score_name(row.section, row.model), Mark(chosen)


def _reasons(found: Figures) -> Named:
    for row in found.reasons:
        yield reason_name(row.reason), Mark(found.filters, reason=row.reason)


def _stars(found: Figures) -> Named:
    for row in found.stars:
        yield stars_name(row.stars), Mark(found.filters, stars=row.stars)


def _complaints(found: Figures) -> Named:
    for row in found.complaints:
        yield row.reason, Mark(found.filters, complaint=row.reason)


def _modes(found: Figures) -> Named:
    for group in found.modes:
        yield group.name, Mark(replace(found.filters, mode=group.key))


def _cohorts(found: Figures) -> Named:
    for group in found.cohorts:
        yield group.name, Mark(found.filters, cohort=group.key)


def _versions(found: Figures) -> Named:
    for group in found.versions:
        yield group.name, Mark(replace(found.filters, version=int(group.key)))


_NAMED: Mapping[str, Callable[[Figures], Named]] = {
    "times": lambda found: _days(found, (row.day for row in found.times)),
    "costs": lambda found: _days(found, (row.day for row in found.costs)),
    "use": lambda found: _days(found, (row.day for row in found.use)),
    "success": lambda found: _sections(found, (row.section for row in found.success)),
    "section_stars": lambda found: _sections(found, (row.section for row in found.section_stars)),
    "models": lambda found: _models(found, (row.model for row in found.models)),
    "waits": lambda found: _models(found, (row.model for row in found.waits)),
    "errors": _errors,
    "scores": _scores,
    "reasons": _reasons,
    "stars": _stars,
    "complaints": _complaints,
    "modes": _modes,
    "cohorts": _cohorts,
    "versions": _versions,
}
