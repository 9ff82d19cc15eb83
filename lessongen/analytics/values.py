"""The figures as values: what a page or a report draws. Seconds, US dollars, shares from 0 to 1."""

from dataclasses import dataclass
from datetime import date

from lessongen.analytics.shares import per
from lessongen.store.figures.filters import Filters


@dataclass(frozen=True, slots=True)
class Known:
    """A figure, and how many lessons, sections, requests or ratings it rests on."""

    value: float | None
    count: int

    @classmethod
    def of(cls, total: float, count: int) -> "Known":
        """Return what a total is for each, a mean or a share; nothing where it is of none."""
        return cls(per(total, count), count)


@dataclass(frozen=True, slots=True)
class Compared:
    """A figure and what it was in the period before; None where nothing tells.

    `count` is how many lessons, sections, requests or ratings it rests on, `before_count` how many
    the one before does; 0 where nobody counted.
    """

    value: float | None
    before: float | None = None
    count: int = 0
    before_count: int = 0

    @property
    def change(self) -> float | None:
        """By which share it rose; below zero where it fell, None where it cannot be compared."""
        if self.value is None or not self.before:
            return None
        return self.value / self.before - 1


@dataclass(frozen=True, slots=True)
class Headline:
    """The figures that stand above all others, each with that of the period before."""

    lessons: Compared
    completed: Compared
    seconds: Compared
    p50: Compared
    p95: Compared
    success: Compared
    errors: Compared
    cost: Compared
    stars: Compared
    score: Compared
    saved: Compared
    fallbacks: Compared
    repairs: Compared
    queue: Compared
    model: Compared


@dataclass(frozen=True, slots=True)
class DayTimes:
    """The complete lessons of a day, and their generation times."""

    day: date
    lessons: int
    mean: float
    p50: float
    p95: float


@dataclass(frozen=True, slots=True)
class DayCosts:
    """The lessons of a day whose cost is known: of one on average, and of all."""

    day: date
    lessons: int
    mean: float
    total: float


@dataclass(frozen=True, slots=True)
class SectionSuccess:
    """How many sections of a name were asked for and written; the share in the period before."""

    section: str
    asked: int
    written: int
    share: float
    before: float | None


@dataclass(frozen=True, slots=True)
class ModelUse:
    """What a model was asked, what it wrote and cost; `unpriced` requests have no known cost."""

    model: str
    requests: int
    share: float
    input_tokens: int
    output_tokens: int
    cost: float
    unpriced: int


@dataclass(frozen=True, slots=True)
class DayUse:
    """What a model was asked on a day, and how often it failed."""

    day: date
    model: str
    requests: int
    failed: int


@dataclass(frozen=True, slots=True)
class ModelErrors:
    """How often a model failed with one class of error, as a share of what it was asked."""

    model: str
    error: str
    failed: int
    requests: int
    share: float


@dataclass(frozen=True, slots=True)
class ReasonUse:
    """How many requests were made for one reason, such as fallback or repair."""

    reason: str
    requests: int
    share: float


@dataclass(frozen=True, slots=True)
class ModelWaits:
    """Where the time of a request to a model went, in seconds on average."""

    model: str
    requests: int
    queue: float
    model_seconds: float


@dataclass(frozen=True, slots=True)
class StarCount:
    """How many ratings of whole lessons gave so many stars."""

    stars: int
    ratings: int
    share: float


@dataclass(frozen=True, slots=True)
class ReasonCount:
    """How many ratings, of lessons and sections, named a reason."""

    reason: str
    ratings: int


@dataclass(frozen=True, slots=True)
class SectionStars:
    """The ratings of a section."""

    section: str
    ratings: int
    stars: float


@dataclass(frozen=True, slots=True)
class SectionScore:
    """The quality score of what a model answered for a section, from 0 to 100, on average."""

    section: str
    model: str
    answers: int
    score: float


@dataclass(frozen=True, slots=True)
class GroupFigures:
    """The lessons of a mode, a cohort of the rollout or a version of the strategy, side by side.

    `name` is for people; `key` is what a filter takes. Times and `saved` are those of complete
    lessons. `in_turn` is what they take with one section after another. `timed`, `sections`,
    `paid`, `scored` and `ratings` are how many things the time, the success, the cost, the score
    and the stars rest on.
    """

    key: str
    name: str
    lessons: int
    completed: float | None
    timed: int
    seconds: float | None
    p50: float | None
    p95: float | None
    in_turn: float | None
    saved: float | None
    success: float | None
    cost: float | None
    score: float | None
    stars: float | None
    ratings: int
    sections: int = 0
    paid: int = 0
    scored: int = 0


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything there is to say about a choice of lessons."""

    filters: Filters
    headline: Headline
    times: tuple[DayTimes, ...] = ()
    costs: tuple[DayCosts, ...] = ()
    success: tuple[SectionSuccess, ...] = ()
    models: tuple[ModelUse, ...] = ()
    use: tuple[DayUse, ...] = ()
    errors: tuple[ModelErrors, ...] = ()
    reasons: tuple[ReasonUse, ...] = ()
    waits: tuple[ModelWaits, ...] = ()
    stars: tuple[StarCount, ...] = ()
    complaints: tuple[ReasonCount, ...] = ()
    section_stars: tuple[SectionStars, ...] = ()
    scores: tuple[SectionScore, ...] = ()
    modes: tuple[GroupFigures, ...] = ()
    cohorts: tuple[GroupFigures, ...] = ()
    versions: tuple[GroupFigures, ...] = ()
    days_before: int = 0
    """On how many days of the period before there were lessons."""

    @property
    def empty(self) -> bool:
        """Say whether no lesson was finished in the period."""
        return not self.headline.lessons.value

    @property
    def before_and_after(self) -> tuple[GroupFigures, GroupFigures] | None:
        """The version before and the one that is looked at: the chosen one, else the newest."""
        wanted = self.filters.version
        known = [group for group in self.versions if group.key != "0"]
        until = [group for group in known if wanted is None or int(group.key) <= wanted]
        if len(until) < 2 or (wanted is not None and until[-1].key != str(wanted)):  # noqa: PLR2004 (a pair)
            return None
        return until[-2], until[-1]
