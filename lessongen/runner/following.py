"""Followers: who else hears what happens to lessons. A mistake of theirs costs no lesson."""

import logging
from typing import Protocol

from lessongen.generation.events import Event
from lessongen.store.records import LessonRecord, LessonStatus

_LOG = logging.getLogger(__name__)


class Following(Protocol):
    """Follows one lesson, on the runner's loop: whatever it does, it does at once."""

    def take(self, event: Event) -> None:
        """Hear what happened."""
        ...

    def end(self, status: LessonStatus) -> None:
        """Hear how the lesson ended; nothing comes after it."""
        ...


class Follower(Protocol):
    """Follows every lesson."""

    def begin(self, lesson: LessonRecord) -> Following:
        """Return who follows a lesson that is taken up."""
        ...


class Nobody:
    """Follows nothing."""

    def begin(self, lesson: LessonRecord) -> Following:  # noqa: ARG002 (a Follower)
        """Return nobody."""
        return self

    def take(self, event: Event) -> None:
        """Hear nothing."""

    def end(self, status: LessonStatus) -> None:
        """Hear nothing."""


class Forgiven:
    """Follows as another does; once that fails in a lesson, the lesson goes on unfollowed."""

    def __init__(self, follower: Follower) -> None:
        self._follower = follower

    def begin(self, lesson: LessonRecord) -> Following:
        """Return who follows a lesson: nobody, where that fails."""
        try:
            return _ForgivenFollowing(self._follower.begin(lesson))
        except Exception as error:  # noqa: BLE001 - whoever follows may fail in any way
            _tell(error)
            return Nobody()


class _ForgivenFollowing:
    def __init__(self, following: Following) -> None:
        self._following = following

    def take(self, event: Event) -> None:
        try:
            self._following.take(event)
        except Exception as error:  # noqa: BLE001 - whoever follows may fail in any way
            self._leave(error)

    def end(self, status: LessonStatus) -> None:
        try:
            self._following.end(status)
        except Exception as error:  # noqa: BLE001 - whoever follows may fail in any way
            self._leave(error)

    def _leave(self, error: Exception) -> None:
        _tell(error)
        self._following = Nobody()


def _tell(error: Exception) -> None:
    _LOG.error("A lesson is followed no more, and goes on without", exc_info=error)
