import math

import pytest

from lessongen.emulator.delays import Delays, Pace, usual_pace
from lessongen.emulator.faults import FaultKind
from lessongen.emulator.replies import paced
from lessongen.errors import SettingsError

CHARACTERS = 4000
FLASH = "gemini-3.8-flash"


def seconds(delays: Delays, model: str = FLASH, part: str = "reading", nth: int = 0) -> float:
    return delays.schedule(model, part, nth, CHARACTERS).total_seconds(CHARACTERS)


@pytest.mark.parametrize(
    ("model", "pace"),
    [
        ("gemini-3.8-flash", Pace(1.6, 170)),
        ("gemini-3.1-pro-preview", Pace(1.6, 170)),
        ("gemini-3.5-flash-lite", Pace(0.6, 260)),
        ("gemini-4-hydrogen", Pace(1.1, 200)),
    ],
)
def test_each_family_of_models_has_its_pace(model: str, pace: Pace):
    assert usual_pace(model) == pace


def test_an_answer_takes_the_time_of_its_pace_give_or_take_the_jitter():
    expected = 1.6 + CHARACTERS / 4 / 170

    totals = [seconds(Delays(), nth=nth) for nth in range(200)]

    assert expected * 0.84 < min(totals) < expected * 0.95
    assert expected * 1.05 < max(totals) < expected * 1.18


def test_the_same_seed_gives_the_same_delays_and_another_seed_others():
    assert seconds(Delays(seed=3), nth=5) == seconds(Delays(seed=3), nth=5)
    assert seconds(Delays(seed=3), nth=5) != seconds(Delays(seed=4), nth=5)


def test_requests_models_and_parts_each_have_their_own_jitter():
    delays = Delays(paces={"a": Pace(1, 100), "b": Pace(1, 100)})

    totals = {
        seconds(delays, model, part, nth)
        for model in "ab"
        for part in ("reading", "grammar")
        for nth in range(2)
    }

    assert len(totals) == 8


def test_speed_divides_every_delay():
    for nth in range(5):
        assert seconds(Delays(speed=10), nth=nth) == pytest.approx(
            seconds(Delays(), nth=nth) / 10, rel=0.02
        )


def test_at_infinite_speed_nothing_waits_and_chunks_are_short():
    schedule = Delays(speed=math.inf, part_seconds={"reading": 30}).schedule(
        FLASH, "reading", 0, CHARACTERS
    )

    assert schedule.total_seconds(CHARACTERS) == 0
    assert schedule.chunk_characters == 24


@pytest.mark.parametrize(("speed", "interval"), [(1, 0.15), (20, 0.02)])
def test_chunks_leave_every_150_ms_of_pace_but_at_most_fifty_a_second(
    speed: float, interval: float
):
    schedule = Delays(speed=speed).schedule(FLASH, "reading", 0, CHARACTERS)

    assert schedule.chunk_seconds == pytest.approx(interval, rel=0.1)


@pytest.mark.parametrize("characters", [1, 5, 399, 4000])
def test_a_part_with_fixed_seconds_takes_exactly_these(characters: int):
    delays = Delays(part_seconds={"reading": 30.0}, speed=10)

    for nth in range(3):
        schedule = delays.schedule(FLASH, "reading", nth, characters)
        assert schedule.total_seconds(characters) <= 3.0
        if characters >= 4000:
            assert schedule.total_seconds(characters) == pytest.approx(3.0, rel=0.02)


def test_other_parts_are_not_touched_by_the_fixed_seconds_of_one():
    assert seconds(Delays(part_seconds={"grammar": 30.0})) == seconds(Delays())


def test_the_pace_of_one_model_can_be_overridden():
    delays = Delays(paces={FLASH: Pace(0, 100_000)})

    assert seconds(delays) < 0.1
    assert seconds(delays, "gemini-3.6-flash") > 1


@pytest.mark.parametrize(
    ("kind", "first_times", "chunk_times"),
    [
        (FaultKind.SLOW, 1, 10),
        (FaultKind.STRAGGLER, 10, 10),
        (FaultKind.HUGE, 1, 0),
        (FaultKind.HUGE_EVENT, 1, 0),
        (FaultKind.SAFETY, 1, 1),
    ],
)
def test_a_fault_may_change_the_pace(kind: FaultKind, first_times: float, chunk_times: float):
    schedule = Delays().schedule(FLASH, "reading", 0, CHARACTERS)
    changed = paced(schedule, kind)

    assert changed.first_text_seconds == schedule.first_text_seconds * first_times
    assert changed.chunk_seconds == schedule.chunk_seconds * chunk_times


@pytest.mark.parametrize("speed", [0, -1, math.nan])
def test_a_speed_that_is_no_positive_number_is_refused(speed: float):
    with pytest.raises(SettingsError, match="above 0"):
        Delays(speed=speed)


def test_impossible_paces_and_negative_seconds_are_refused():
    with pytest.raises(SettingsError):
        Pace(-1, 100)
    with pytest.raises(SettingsError):
        Pace(1, 0)
    with pytest.raises(SettingsError):
        Delays(part_seconds={"reading": -1})
