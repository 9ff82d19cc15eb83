"""Faults: what arrives, and how late, while models fail, hang and go down."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from lessongen.benchmark.conditions import quickened, quickening
from lessongen.benchmark.emulator import Pace
from lessongen.benchmark.figures import Figure, Target, p95
from lessongen.benchmark.rig import Phase, Rig, Seen, opened_rig
from lessongen.generation.strategy_files import load_strategy
from lessongen.settings import Settings
from lessongen.store.records import LessonRecord

SPEED = 3.0
CHANGES = f"Faults: {quickening(SPEED)}"
# 5 % of the calls. Few are throttled: the emulator names a wait that does not get shorter, and
# the product rightly keeps the whole slot closed for it.
_FAILING = (
    "throttled:rate=0.005",
    "unavailable:rate=0.01",
    "internal:rate=0.01",
    "connection_cut:rate=0.005",
    "cut_without_stop:rate=0.005",
    "broken_json:rate=0.005",
    "max_tokens:rate=0.005",
    "safety:rate=0.005",
)
_HANGING = ("hang:rate=0.03",)
_DOWN = "primary"


@dataclass(frozen=True, slots=True)
class UnderFaults:
    """The same lessons with faults and without."""

    faulty: Seen
    calm: Seen

    def figures(self) -> Sequence[Figure]:
        """Return what was delivered, how late, and at what cost in requests."""
        lessons = self.faulty.lessons
        late, usual = p95(self.faulty.walls), p95(self.calm.walls)
        usual_requests = len(self.calm.requests) / len(self.calm.lessons) * len(lessons)
        extra = len(self.faulty.requests) / usual_requests - 1
        return (
            Figure(
                "sections_delivered",
                delivered(lessons),
                f"share of the sections of {len(lessons)} lessons; 5 % of calls fail, 3 % hang, "
                "one of three models is down for a third of the time",
                Target("at least", 0.999),
            ),
            Figure(
                "p95_over_no_fault",
                late / usual,
                f"p95 of a lesson’s time: {late:.2f} s, without faults {usual:.2f} s",
                Target("at most", 1.6),
            ),
            Figure("faults_extra_requests", extra, "share of requests that came on top"),
            Figure(
                "plans_by_a_model",
                sum(not lesson.brief_local for lesson in lessons) / len(lessons),
                "share of lessons whose plan a model wrote",
            ),
        )


def under_faults(settings: Settings, lessons: int, seconds: float) -> UnderFaults:
    """Queue lessons evenly over so many seconds with faults, after a third of them without."""
    down = load_strategy(settings.data).slots[_DOWN].model
    with opened_rig(settings, quickened(settings, SPEED)) as rig:
        calm = rig.watch(Phase(lessons // 3, Pace(speed=SPEED), seconds / 3))
        return UnderFaults(_faulty(rig, down, lessons, seconds), calm)


def _faulty(rig: Rig, down: str, lessons: int, seconds: float) -> Seen:
    """Have one model down for the second third of the lessons."""
    usual = Pace(speed=SPEED, faults=(*_FAILING, *_HANGING))
    without = replace(usual, faults=(f"unavailable:model={down}", *usual.faults))
    thirds = (usual, without, usual)
    first = lessons // 3
    numbers = (first, first, lessons - 2 * first)
    # A seed each: the same one would spoil the same calls three times.
    return rig.watch(
        *(
            Phase(number, replace(pace, seed=seed), seconds * number / lessons)
            for seed, (number, pace) in enumerate(zip(numbers, thirds, strict=True), start=1)
        )
    )


def delivered(lessons: Sequence[LessonRecord]) -> float:
    """Return the share of sections that were written."""
    sections = [section for lesson in lessons for section in lesson.sections]
    return sum(section.there for section in sections) / len(sections)
