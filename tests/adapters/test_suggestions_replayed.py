"""Lessons written over real connections, and what is suggested from the attempts they left."""

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path

from lessongen.analytics.suggestions import (
    NotEnough,
    RecentHistory,
    Suggestion,
    recent_history,
    suggestions,
)
from lessongen.emulator.config import EmulatorConfig
from lessongen.emulator.delays import Pace
from lessongen.emulator.faults import FaultKind, FaultRule
from lessongen.emulator.server import running_emulator
from lessongen.generation.strategy import OwnAssignment
from lessongen.services import Services, running_services
from lessongen.store.history import PartHistory
from tests.support.lessons import BANK, request_on
from tests.support.running import STRATEGY, asking, finished, roomy
from tests.support.strategies import followed

PART = "discussion"  # written by primary, with secondary to fall back to
PRIMARY, SECONDARY = (STRATEGY.slots[name].model for name in ("primary", "secondary"))
SLOW, FAST = Pace(1.0, 10_000.0), Pace(0.1, 10_000.0)
BY_SECONDARY = {PART: OwnAssignment(slot="secondary", priority="high", deadline_seconds=60)}


@contextmanager
def writing(database: Path, *faults: FaultRule) -> Generator[Services]:
    """Run lessons whose primary model is ten times as late as the secondary one."""
    config = EmulatorConfig(BANK, faults=faults, paces={PRIMARY: SLOW, SECONDARY: FAST})
    with running_emulator(config) as emulator:
        settings = asking(emulator.url, database)
        with running_services(settings, roomy()) as services:
            yield services


def write(services: Services, lessons: int, own: dict[str, OwnAssignment] | None = None) -> None:
    """Write lessons of one section, all at the same time."""
    request = request_on(sections=[PART])
    for lesson_id in [services.request_lesson(request, own=own) for _ in range(lessons)]:
        assert finished(services.store, lesson_id).written == {PART}


def found(services: Services) -> tuple[RecentHistory, Suggestion | NotEnough]:
    history = recent_history(services.store.history, sample=False)
    [of_part] = [s for s in suggestions(services.strategy, history) if s.part == PART]
    return history, of_part


def asked(histories: Sequence[PartHistory], slot: str) -> int:
    return sum(h.asked for h in histories if (h.part, h.slot) == (PART, slot))


def test_a_slot_that_teachers_chose_and_that_was_quicker_and_cheaper_is_suggested(database: Path):
    with writing(database) as services:
        write(services, 40)
        write(services, 29, BY_SECONDARY)
        _, early = found(services)
        write(services, 6, BY_SECONDARY)
        history, suggestion = found(services)

        assert isinstance(early, NotEnough)
        assert "29 of at least 30 answers by “secondary”" in early.reason
        assert isinstance(suggestion, Suggestion)
        assert (suggestion.current, suggestion.slot) == ("primary", "secondary")
        assert "time " in suggestion.reason
        assert "cost " in suggestion.reason
        assert (
            "No worse by more than is tolerated in success and quality score" in suggestion.reason
        )
        assert "second choice" not in suggestion.reason
        after = followed(services.strategy, suggestion).assignments[PART]
        assert after.slots == ("secondary", "primary", "experimental")
        assert (asked(history.first, "primary"), asked(history.first, "secondary")) == (40, 35)


def test_answers_of_a_fallback_suggest_it_and_are_said_to_be_that(database: Path):
    blocked = FaultRule(FaultKind.SAFETY, model=PRIMARY, part=PART, rate=0.6)
    with writing(database, blocked) as services:
        write(services, 80)
        history, suggestion = found(services)

        assert isinstance(suggestion, Suggestion)
        assert (suggestion.current, suggestion.slot) == ("primary", "secondary")
        assert "success 100 % instead of" in suggestion.reason
        assert "“secondary” was asked as second choice each time" in suggestion.reason
        assert asked(history.first, "primary") == 80
        assert asked(history.first, "secondary") == 0
