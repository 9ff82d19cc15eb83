"""Charts: the title of each, what it means, its data as a table, and what it comes to."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lessongen.analytics import sentences
from lessongen.analytics.metrics import NOTHING_PAID
from lessongen.analytics.values import Figures, GroupFigures
from lessongen.analytics.wording import error_words, reason_name
from lessongen.lesson.parts import part_title
from lessongen.wording import counted

Cell = str | int | float | None
NOTHING_FITS = "Nothing fits these filters."
_OF_COSTS = ("models", "costs")


@dataclass(frozen=True, slots=True)
class Chart:
    """The data of a chart and what is said of it.

    Where it is `empty`, `sentence` says what will be there.
    """

    key: str
    title: str
    definition: str
    sentence: str
    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

    @property
    def empty(self) -> bool:
        """Say whether there is nothing to draw."""
        return not self.rows


@dataclass(frozen=True, slots=True)
class _Kind:
    title: str
    definition: str
    header: tuple[str, ...]
    rows: Callable[[Figures], Sequence[tuple[Cell, ...]]]
    sentence: Callable[[Figures], str]
    later: str


def charts(found: Figures) -> tuple[Chart, ...]:
    """Return all charts, in the order they are read."""
    return tuple(chart(found, key) for key in CHARTS)


def chart(found: Figures, key: str) -> Chart:
    """Return one chart."""
    kind = CHARTS[key]
    rows = tuple(kind.rows(found))
    sentence = kind.sentence(found) if rows else _without_rows(found, key)
    paid = f" {NOTHING_PAID}" if found.filters.sample and key in _OF_COSTS else ""
    return Chart(key, kind.title, f"{kind.definition}{paid}", sentence, kind.header, rows)


def _without_rows(found: Figures, key: str) -> str:
    """Say why there is nothing: none failed, the filters leave nothing, or it is yet to come."""
    asked = found.headline.errors.count
    if key == "errors" and asked:
        return f"None of {counted(asked, 'request')} failed."
    filters = found.filters
    narrowed = (filters.level, filters.mode, filters.model, filters.section, filters.version)
    if not found.empty and any(choice is not None for choice in narrowed):
        return NOTHING_FITS
    return CHARTS[key].later


def _group_rows(groups: Sequence[GroupFigures]) -> list[tuple[Cell, ...]]:
    return [
        (
            group.name,
            group.lessons,
            group.completed,
            group.seconds,
            group.p50,
            group.p95,
            group.in_turn,
            group.saved,
            group.success,
            group.cost,
            group.score,
            group.stars,
            group.ratings,
        )
        for group in groups
    ]


def _group_header(name: str) -> tuple[str, ...]:
    return (
        name,
        "lessons",
        "share complete",
        "average seconds",
        "median seconds",
        "95 % within seconds",
        "seconds one after another",
        "seconds saved",
        "share of sections written",
        "dollars per lesson",
        "quality score",
        "stars",
        "ratings",
    )


CHARTS: dict[str, _Kind] = {
    "times": _Kind(
        "Generation time by day",
        "From the moment a complete lesson was begun until it was finished: on average, for half "
        "of them, and for 95 of 100.",
        ("day", "complete lessons", "average seconds", "median seconds", "95 % within seconds"),
        lambda found: [(f"{t.day}", t.lessons, t.mean, t.p50, t.p95) for t in found.times],
        sentences.times,
        "How long lessons take, day by day, will be here once a lesson is complete.",
    ),
    "modes": _Kind(
        "Parallel against sequential",
        "Complete lessons written side by side, and those written one section after another. "
        "“One after another” is what the same sections take when each waits for the one before.",
        _group_header("mode"),
        lambda found: _group_rows(found.modes),
        sentences.modes,
        "Lessons written side by side and one section after another will be compared here.",
    ),
    "success": _Kind(
        "Success by section",
        "The share of sections that were written, of all that were asked for in lessons that "
        "nobody cancelled.",
        ("section", "asked for", "written", "share", "share in the period before"),
        lambda found: [
            (part_title(s.section), s.asked, s.written, s.share, s.before) for s in found.success
        ],
        sentences.success,
        "How often each section could be written will be here once sections were asked for.",
    ),
    "models": _Kind(
        "Use of models",
        "Requests that reached a model, by model, with the tokens and dollars they took. Output "
        "counts thoughts too.",
        (
            "model",
            "requests",
            "share",
            "input tokens",
            "output tokens",
            "dollars",
            "requests of unknown cost",
        ),
        lambda found: [
            (m.model, m.requests, m.share, m.input_tokens, m.output_tokens, m.cost, m.unpriced)
            for m in found.models
        ],
        sentences.models,
        "Which models were asked how often will be here once one was asked.",
    ),
    "use": _Kind(
        "Requests and errors by day",
        "Requests that reached a model on each day, and how many of them failed.",
        ("day", "model", "requests", "failed"),
        lambda found: [(f"{use.day}", use.model, use.requests, use.failed) for use in found.use],
        sentences.use,
        "How often each model was asked, day by day, will be here once one was asked.",
    ),
    "errors": _Kind(
        "Errors by model and class",
        "Requests that failed, by what went wrong, as a share of those that the model answered or "
        "failed at.",
        ("model", "what went wrong", "class", "failed", "answered or failed", "share"),
        lambda found: [
            (e.model, error_words(e.error), e.error, e.failed, e.requests, e.share)
            for e in found.errors
        ],
        sentences.errors,
        "What goes wrong with requests, by model, will be here once a model was asked.",
    ),
    "reasons": _Kind(
        "Why models were asked",
        "Requests by reason: first questions; retries of the same; fallbacks to another model; "
        "hedges beside a slow one; repairs of an answer; second passes after the checks.",
        ("reason", "requests", "share"),
        lambda found: [(reason_name(r.reason), r.requests, r.share) for r in found.reasons],
        sentences.reasons,
        "How often fallbacks and repairs were needed will be here once a model was asked.",
    ),
    "waits": _Kind(
        "Queue and model",
        "Where the time of a request goes, on average: waiting for its turn, or with the model.",
        ("model", "requests", "seconds in the queue", "seconds with the model"),
        lambda found: [(w.model, w.requests, w.queue, w.model_seconds) for w in found.waits],
        sentences.waits,
        "How long requests wait, and how long models take, will be here once one was asked.",
    ),
    "stars": _Kind(
        "Satisfaction",
        "The stars teachers gave to whole lessons; one rating for each person and version.",
        ("stars", "ratings", "share"),
        lambda found: [(s.stars, s.ratings, s.share) for s in found.stars],
        sentences.stars,
        "What teachers think of their lessons will be here once somebody has rated one.",
    ),
    "complaints": _Kind(
        "Reasons given",
        "What teachers named beside their stars, for lessons and for sections.",
        ("reason", "ratings"),
        lambda found: [(c.reason, c.ratings) for c in found.complaints],
        sentences.complaints,
        "The reasons that teachers give for their stars will be here once somebody has given one.",
    ),
    "section_stars": _Kind(
        "Satisfaction by section",
        "The stars teachers gave to single sections, on average.",
        ("section", "ratings", "stars"),
        lambda found: [(part_title(s.section), s.ratings, s.stars) for s in found.section_stars],
        sentences.section_stars,
        "What teachers think of single sections will be here once somebody has rated one.",
    ),
    "costs": _Kind(
        "Cost per lesson by day",
        "What the requests for a lesson cost, in US dollars, on average over the lessons of a day "
        "whose cost is known, and in all.",
        ("day", "lessons", "dollars per lesson", "dollars in all"),
        lambda found: [(f"{c.day}", c.lessons, c.mean, c.total) for c in found.costs],
        sentences.costs,
        "What lessons cost, day by day, will be here once the cost of one is known.",
    ),
    "scores": _Kind(
        "Quality by section and model",
        "What our own checks think of the answers of each model to each section, from 0 to 100, "
        "on average, whether or not an answer was kept.",
        ("section", "model", "answers", "score"),
        lambda found: [(part_title(s.section), s.model, s.answers, s.score) for s in found.scores],
        sentences.scores,
        "How good each model’s answers are will be here once checks have gone over a lesson.",
    ),
    "cohorts": _Kind(
        "Cohorts of the rollout",
        "Lessons by the reason for which they were written in parallel or one section after "
        "another.",
        _group_header("cohort"),
        lambda found: _group_rows(found.cohorts),
        sentences.cohorts,
        "Teachers in the rollout and outside it will be compared here once lessons have ended.",
    ),
    "versions": _Kind(
        "Versions of the strategy",
        "Lessons by the version of the strategy that wrote them, of all versions in the period.",
        _group_header("version"),
        lambda found: _group_rows(found.versions),
        sentences.versions,
        "Each version of the strategy will be compared here with the one before.",
    ),
}
