"""The measurement: every stack in turn, several times over, and what comes of it."""

import json
import subprocess
from collections.abc import Generator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

from lessongen.benchmark.emulator import EmulatorProcess, Pace, emulator_process
from lessongen.benchmark.figures import Figure, Target
from lessongen.emulator.log import SERVED, RequestRecord
from lessongen.errors import LessonGenError
from lessongen.generation.strategy import Strategy
from lessongen.generation.strategy_files import load_strategy
from lessongen.lesson.brief import Brief
from lessongen.lesson.levels import Level
from lessongen.lesson.prompts import BRIEF, section_prompt
from lessongen.lesson.request import LessonRequest
from lessongen.lesson.samples import load_samples
from lessongen.lesson.sections import SECTIONS
from lessongen.settings import ROOT
from tests.peers.task import Call, Taken

OURS, BARE = "ours", "bare"
PEERS = ("litellm_router", "langchain_parallel", "pydantic_ai_fallback")
SECTIONS_AT_ONCE = 8
_REQUEST = LessonRequest(topic="Weekend markets", level=Level.B1)
_STOP_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many lessons at once, how often, and how many seconds each section takes."""

    lessons: tuple[int, ...] = (5, 50)
    passes: int = 3
    seconds: float = 2.0


@dataclass(frozen=True, slots=True)
class Pass:
    """What one pass of one stack took; `floor` is the slowest section by the emulator's clock."""

    taken: Taken
    floor: float

    @property
    def cpu_ms(self) -> float:
        """Milliseconds of processor time for each call."""
        calls = len(self.taken.walls) * SECTIONS_AT_ONCE
        return self.taken.cpu_seconds / calls * 1000

    @property
    def over_floor(self) -> float:
        """The median lesson's time over the floor."""
        return median(self.taken.walls) / self.floor


@dataclass(frozen=True, slots=True)
class Compared:
    """Every pass of every stack, by the number of lessons at once."""

    passes: Mapping[str, Mapping[int, Sequence[Pass]]]

    def figures(self) -> Sequence[Figure]:
        """Return the figures of every stack, after ours against the others'."""
        most = max(self.passes[OURS])
        ratios = [
            Figure(
                "cpu_over_bare",
                self._cpu(OURS, most) / self._cpu(BARE, most),
                f"{most} lessons at once: our work for a call over that of the SDK alone",
                Target("at most", 1.25),
            )
        ]
        if peers := self.passes.keys() - {OURS, BARE}:
            best = min(peers, key=lambda stack: self._cpu(stack, most))
            ratios.append(
                Figure(
                    "cpu_over_best_peer",
                    self._cpu(OURS, most) / self._cpu(best, most),
                    f"{most} lessons at once: our work for a call over that of {best}",
                    Target("at most", 0.5),
                )
            )
        return (*ratios, *(figure for stack in self.passes for figure in self._of(stack)))

    def _cpu(self, stack: str, lessons: int) -> float:
        return median(taken.cpu_ms for taken in self.passes[stack][lessons])

    def _of(self, stack: str) -> Sequence[Figure]:
        figures: list[Figure] = []
        for lessons, passes in self.passes[stack].items():
            at_once = f"{stack}, {lessons} lessons at once"
            over = median(taken.over_floor for taken in passes)
            rss = max(taken.taken.peak_rss_mb for taken in passes)
            figures += [
                Figure(
                    f"{stack}_cpu_ms_{lessons}", self._cpu(stack, lessons), f"{at_once}: a call"
                ),
                Figure(f"{stack}_over_floor_{lessons}", over, f"{at_once}: wall over floor"),
                Figure(f"{stack}_rss_mb_{lessons}", rss, f"{at_once}: most memory so far, MB"),
            ]
        return figures


class StackProcess:
    """A stack in a process of its own, warmed up by the first lesson it is asked for."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    @classmethod
    @contextmanager
    def started(cls, python: Path, stack: str, task: str) -> Generator["StackProcess"]:
        """Start a stack with an interpreter that has its library; stop it with the context."""
        process = subprocess.Popen(
            [python, "-m", "tests.peers.worker", stack],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            yield cls(process)._told(task)
        finally:
            process.communicate(timeout=_STOP_SECONDS)

    def take(self, lessons: int) -> Taken:
        """Have so many lessons written at the same time.

        Raises:
            LessonGenError: where the stack fails; it has written why to the standard error.
        """
        self._told(str(lessons))
        answer = self._process.stdout.readline() if self._process.stdout else ""
        if not answer:
            raise LessonGenError(f"{self._process.args} has failed.")
        return Taken(**json.loads(answer))

    def _told(self, line: str) -> "StackProcess":
        assert self._process.stdin
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()
        return self


def compared(pythons: Mapping[str, Path], sizes: Sizes) -> Compared:
    """Measure stacks, each with its interpreter; passes of different stacks take turns.

    Raises:
        LessonGenError: where a stack does not return every answer whole.
    """
    calls = lesson_calls()
    passes = {stack: {lessons: list[Pass]() for lessons in sizes.lessons} for stack in pythons}
    with ExitStack() as running:
        emulator = running.enter_context(emulator_process())
        task = json.dumps({"url": emulator.url, "calls": [asdict(call) for call in calls]})
        stacks = {
            stack: running.enter_context(StackProcess.started(python, stack, task))
            for stack, python in pythons.items()
        }
        for process in stacks.values():
            _pass(emulator, process, 1, 0.1)
        for _ in range(sizes.passes):
            for lessons in sizes.lessons:
                for stack, process in stacks.items():
                    taken = _pass(emulator, process, lessons, sizes.seconds)
                    passes[stack][lessons].append(taken)
    return Compared(passes)


def _pass(emulator: EmulatorProcess, process: StackProcess, lessons: int, seconds: float) -> Pass:
    emulator.reset(Pace(dict.fromkeys(SECTIONS, seconds)))
    taken = process.take(lessons)
    requests = emulator.requests()
    _require_whole(requests, taken)
    return Pass(taken, _slowest(requests))


def _require_whole(requests: Sequence[RequestRecord], taken: Taken) -> None:
    served = [request.outcome for request in requests] == [SERVED] * len(requests)
    if not served or len(requests) != len(taken.walls) * SECTIONS_AT_ONCE:
        raise LessonGenError("The comparison is not valid: the emulator was asked otherwise.")
    sample = load_samples(ROOT / "data" / "samples").lesson_for(_REQUEST)
    whole = sum(len(sample.part(call.part, _REQUEST.topic)) for call in lesson_calls())
    if set(taken.characters) != {whole}:
        raise LessonGenError("The comparison is not valid: an answer was not read to its end.")


def _slowest(requests: Sequence[RequestRecord]) -> float:
    parts = {request.part for request in requests}
    return max(
        median((r.ended or 0) - r.started for r in requests if r.part == part) for part in parts
    )


def lesson_calls() -> list[Call]:
    """Return the calls of one lesson: the first sections of a sample, from its own plan."""
    sample = load_samples(ROOT / "data" / "samples").lesson_for(_REQUEST)
    brief = Brief.model_validate_json(sample.part(BRIEF, _REQUEST.topic))
    strategy = load_strategy(ROOT / "data")
    names = _REQUEST.sections[:SECTIONS_AT_ONCE]
    return [_call(name, brief, strategy) for name in names]


def _call(name: str, brief: Brief, strategy: Strategy) -> Call:
    prompt = section_prompt(SECTIONS[name], _REQUEST, brief)
    assignment = strategy.assignments[name]
    slots = [strategy.slots[slot] for slot in (assignment.slot, *assignment.fallbacks)]
    return Call(
        name,
        [slot.model for slot in slots],
        prompt.system,
        prompt.user,
        prompt.schema,
        slots[0].thinking or "low",
        slots[0].max_output_tokens,
    )
