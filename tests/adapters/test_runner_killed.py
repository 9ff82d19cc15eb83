import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from lessongen.emulator.server import RunningEmulator
from lessongen.lesson.prompts import BRIEF
from lessongen.services import running_services
from lessongen.settings import ROOT
from lessongen.store.records import LessonRecord, LessonStatus
from lessongen.store.store import Store, opened_store
from tests.support.lessons import markets, stored_contents
from tests.support.running import (
    ALL_BUT_READING,
    PARTS,
    SLOW,
    add,
    asking,
    eventually,
    finished,
    lesson_when,
    lessons_in,
    paced_emulator,
    roomy,
)

LESSONS = 20
RUN = """
import sys
sys.modules["pandas"] = None  # sqlite-utils would import it, which takes seconds, and not use it
from pathlib import Path
from lessongen.services import running_services
from tests.support.running import asking, roomy
with running_services(asking(sys.argv[1], Path(sys.argv[2])), roomy()):
    sys.stdin.read()
"""


@contextmanager
def killed_at_the_end(url: str, database: Path) -> Generator[None]:
    """Run lessons in a process of its own, and kill it when the context is left."""
    process = subprocess.Popen(
        [sys.executable, "-c", RUN, url, str(database)], cwd=ROOT, stdin=subprocess.PIPE
    )
    try:
        yield
    finally:
        process.send_signal(signal.SIGKILL)
        process.communicate()


def all_but_reading_written(lesson: LessonRecord) -> bool:
    reading = next(section for section in lesson.sections if section.name == "reading")
    return lesson.written == ALL_BUT_READING and reading.partial != ""


def kept(store: Store) -> Counter[tuple[str, str]]:
    """Count every part of every lesson that is complete in the store."""
    return Counter(
        (lesson.id, part)
        for lesson in lessons_in(store)
        for part in (*([BRIEF] if lesson.brief else []), *lesson.written)
    )


def paid(store: Store) -> Counter[tuple[str, str]]:
    """Count the attempts on record that wrote a part of a lesson."""
    return Counter(
        (attempt.lesson_id, attempt.part)
        for lesson in lessons_in(store)
        for attempt in store.attempts.of_lesson(lesson.id)
        if attempt.outcome == "written"
    )


def served(emulator: RunningEmulator) -> Counter[str]:
    return Counter(request.part for request in emulator.requests if request.outcome == "served")


def test_a_server_killed_in_the_midst_of_twenty_lessons_never_asks_again_for_what_was_kept(
    database: Path,
):
    """A part is kept with its attempt or not at all, and what is not kept is asked for once."""
    seconds = {part: 0.3 + 0.1 * place for place, part in enumerate(PARTS)} | {"reading": SLOW}
    with (
        paced_emulator(seconds) as before,
        paced_emulator() as after,
        opened_store(database) as store,
    ):
        lessons = [add(store) for _ in range(LESSONS)]
        with killed_at_the_end(before.url, database):
            eventually(lambda: kept(store).total() >= LESSONS * 5, "half of all parts")
        kept_before, paid_before = kept(store), paid(store)

        with running_services(asking(after.url, database), roomy()):
            ended = [finished(store, lesson_id) for lesson_id in lessons]
        paid_in_all = paid(store)

    every_part = Counter((lesson_id, part) for lesson_id in lessons for part in PARTS)
    left = Counter(part for _, part in (every_part - kept_before).elements())
    assert paid_before == kept_before
    assert Counter(part for _, part in kept_before.elements()) <= served(before)
    assert left["reading"] == LESSONS
    assert served(after) == left
    assert len(after.requests) == left.total()
    assert paid_in_all == every_part
    assert {lesson.status for lesson in ended} == {LessonStatus.COMPLETE}
    assert all(lesson.contents() == stored_contents(markets()) for lesson in ended)


def test_a_lesson_goes_on_where_its_process_was_killed(database: Path):
    with (
        paced_emulator({"reading": SLOW}) as slow,
        paced_emulator() as quick,
        opened_store(database) as store,
    ):
        lesson_id = add(store)
        with killed_at_the_end(slow.url, database):
            lesson_when(store, lesson_id, all_but_reading_written, "all but the reading")
        left = store.lessons.get(lesson_id)
        with running_services(asking(quick.url, database)):
            lesson = finished(store, lesson_id)

    assert left
    assert left.status is LessonStatus.RUNNING
    assert all_but_reading_written(left)
    assert lesson.status is LessonStatus.COMPLETE
    assert lesson.contents() == stored_contents(markets())
    assert [request.part for request in quick.requests] == ["reading"]
