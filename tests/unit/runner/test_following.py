import logging

import pytest

from lessongen.generation.events import Event, PartReset
from lessongen.runner.following import Forgiven
from lessongen.store.records import LessonRecord, LessonStatus
from tests.support.lessons import request_on

LESSON = LessonRecord(
    "lesson-1", LessonStatus.RUNNING, "parallel", sample=False, request=request_on(), created_at=0.0
)
RESET = PartReset("reading")


class Stumbling:
    """Follows, and fails where it is told to; remembers what it heard."""

    def __init__(self, at: str) -> None:
        self._at = at
        self.heard: list[str] = []

    def begin(self, lesson: LessonRecord) -> "Stumbling":
        self._hear("begin", lesson)
        return self

    def take(self, event: Event) -> None:
        self._hear("take", event)

    def end(self, status: LessonStatus) -> None:
        self._hear("end", status)

    def _hear(self, name: str, _what: object) -> None:
        self.heard.append(name)
        if name == self._at:
            raise ValueError(name)


@pytest.mark.parametrize(
    ("at", "heard"),
    [
        ("begin", ["begin"]),
        ("take", ["begin", "take"]),
        ("end", ["begin", "take", "take", "end"]),
        ("never", ["begin", "take", "take", "end"]),
    ],
)
def test_a_follower_that_fails_is_told_once_and_followed_no_more(
    at: str, heard: list[str], caplog: pytest.LogCaptureFixture
):
    follower = Stumbling(at)

    following = Forgiven(follower).begin(LESSON)
    following.take(RESET)
    following.take(RESET)
    following.end(LessonStatus.COMPLETE)

    assert follower.heard == heard
    errors = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert len(errors) == (at != "never")


def test_a_follower_that_failed_in_one_lesson_follows_the_next():
    follower = Stumbling("take")

    for _ in range(2):
        Forgiven(follower).begin(LESSON).take(RESET)

    assert follower.heard == ["begin", "take"] * 2
