"""A delivery: a lesson is queued, watched until it is finished, and written into files."""

import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from lessongen.commands.order import Order
from lessongen.commands.report import LessonReport, report
from lessongen.commands.watching import POLL_SECONDS, display, watched
from lessongen.errors import LessonGenError
from lessongen.lesson.request import cleaned
from lessongen.lesson.sections import SECTIONS
from lessongen.people import LOCAL
from lessongen.quality.summary import quality_sentence
from lessongen.services import Services, running_services
from lessongen.settings import Settings
from lessongen.store.records import AttemptRecord, LessonRecord, LessonStatus
from lessongen.store.store import Store

_CANCEL_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of an order: sentences for the person, and titles of the missing sections."""

    sentences: tuple[str, ...]
    missing: tuple[str, ...]


def delivered(order: Order, settings: Settings, console: Console) -> Delivery:
    """Have a lesson written, and write its files.

    Ctrl-C cancels the lesson before it goes on as KeyboardInterrupt.

    Raises:
        LessonGenError: where there is no lesson, or a file cannot be written after all.
    """
    with running_services(settings) as services:
        lesson = _written(order, services, console)
        attempts = services.store.attempts.of_lesson(lesson.id)
    told = report(lesson, attempts)
    if order.report:
        _write(order.report, told.model_dump_json(indent=2).encode())
    finished = lesson.lesson()
    if not (finished and finished.contents):
        raise LessonGenError(_why_not(lesson, attempts, settings))
    _write(order.out, order.export.render(finished, order.copy))
    quality = _quality(told, finished.missing)
    sentences = [*_sentences(order, told, finished.missing), *quality]
    return Delivery(tuple(sentences), tuple(finished.missing))


def _written(order: Order, services: Services, console: Console) -> LessonRecord:
    lesson_id = services.request_lesson(order.request, order.mode)
    try:
        with display(console) as show:
            return watched(services.store, lesson_id, show)
    except KeyboardInterrupt:
        _cancel(services.store, lesson_id)
        raise


def _cancel(store: Store, lesson_id: str) -> None:
    """Cancel a lesson, and give its runner a moment to stop the models."""
    store.lessons_of(LOCAL).request_cancel(lesson_id)
    give_up = time.monotonic() + _CANCEL_SECONDS
    while time.monotonic() < give_up:
        lesson = store.lessons.get(lesson_id)
        if lesson is None or lesson.status.finished:
            return
        time.sleep(POLL_SECONDS)  # the store tells nobody: it is looked at


def _write(path: Path, data: bytes) -> None:
    try:
        path.write_bytes(data)
    except OSError as error:
        raise LessonGenError(
            f"{path} cannot be written: {error.strerror}. The lesson is in the library."
        ) from error


def _sentences(order: Order, told: LessonReport, missing: list[str]) -> list[str]:
    lesson, totals = told.lesson, told.totals
    written, asked = len(lesson.sections) - len(missing), len(lesson.sections)
    cost = "" if lesson.sample or not totals.cost_usd else f" for ${totals.cost_usd:.4f}"
    seconds = f"{totals.wall_seconds or 0:.1f} s{cost}"
    first = f"{cleaned(lesson.title)}: {written} of {asked} sections in {seconds}, in {order.out}."
    sentences = [first]
    if missing:
        sentences.append(f"Missing, and marked in the file: {', '.join(missing)}.")
    if lesson.brief_local:
        sentences.append("No model could write the brief, so the sections may not fit together.")
    if lesson.sample:
        sentences.append("This is a sample lesson. Set GEMINI_API_KEY to have new ones written.")
    return sentences


def _quality(told: LessonReport, missing: list[str]) -> list[str]:
    """Return what the checks think of a lesson, and each thing to look at."""
    lesson = told.lesson
    if lesson.score is None:
        return []
    found = {SECTIONS[s.name].title: s.findings for s in lesson.sections if s.findings}
    counts = {title: len(findings) for title, findings in found.items()}
    return [
        f"{quality_sentence(lesson.score, counts, missing)}.",
        *(f"  {title}: {cleaned(f.sentence)}" for title, fs in found.items() for f in fs),
    ]


def _why_not(lesson: LessonRecord, attempts: list[AttemptRecord], settings: Settings) -> str:
    if lesson.status is LessonStatus.CANCELLED:
        return "The lesson was cancelled before a section was written."
    errors = Counter(a.error_class for a in attempts if a.error_class and a.outcome == "failed")
    cause = errors.most_common(1)[0][0] if errors else ""
    server, key = settings.base_url or "Gemini", settings.key_source or "no key is set"
    known = _REASONS.get(cause, "").format(server=server, key=key)
    reason = known or cleaned(lesson.error or "Please try again in a few minutes.")
    return f"The lesson could not be written. {reason}"


# Said to whoever runs LessonGen; what a lesson itself holds is said to a teacher.
_REASONS = {
    "Unauthorized": "{server} refused the API key. Please check it: {key}.",
    "ModelNotFound": "Please write models that exist into the slots on the page Assignments.",
    "Unavailable": "{server} could not be reached, or failed. Please check the connection.",
    "TimedOut": "{server} took too long. Please try again in a few minutes.",
    "Throttled": "The quota of the API key is used up. Please try again later.",
    "Blocked": "A safety filter stopped it. Please choose another topic.",
}
