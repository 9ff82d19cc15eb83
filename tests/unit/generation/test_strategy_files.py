import re
from datetime import date
from pathlib import Path

import pytest

from lessongen.errors import SettingsError
from lessongen.generation.prices import Prices
from lessongen.generation.strategy import Strategy
from lessongen.generation.strategy_files import load_strategy
from lessongen.lesson.prompts import BRIEF
from lessongen.lesson.sections import SECTIONS

DATA = Path(__file__).parents[3] / "data"

# What the client asked for: section, slot, priority, seconds.
CLIENTS_TABLE = {
    ("warmup", "secondary", "low", 10),
    ("vocabulary", "secondary", "medium", 15),
    ("reading", "primary", "high", 20),
    ("discussion", "primary", "high", 15),
    ("grammar", "primary", "high", 20),
    ("comprehension", "secondary", "medium", 10),
    ("pronunciation", "secondary", "low", 15),
    ("dialogue", "experimental", "medium", 20),
    ("wrapup", "secondary", "low", 10),
    ("brief", "secondary", "high", 10),
}

SLOT = """
[slots.{name}]
model = "{model}"
timeout_seconds = 20
max_output_tokens = 6000
concurrency = 24
requests_per_minute = 300
input_tokens_per_minute = 1_000_000
requests_per_day = 10_000
prices = {{ input = 0.75, output = 3.75, cached = 0.075 }}
"""
RETIRED = """
[retired]
"old-model" = { replacement = "new-model", ends = 2026-06-01 }
"""
MODELS = SLOT.format(name="main", model="new-model") + SLOT.format(name="spare", model="old-model")
ASSIGNED = """
[default.{part}]
slot = "main"
priority = "high"
deadline_seconds = 20
fallbacks = ["spare"]
"""
STRATEGIES = "".join(ASSIGNED.format(part=part) for part in (BRIEF, *SECTIONS))


def loaded(folder: Path, models: str = MODELS, strategies: str = STRATEGIES) -> Strategy:
    (folder / "models.toml").write_text(models, encoding="utf-8")
    (folder / "strategies.toml").write_text(strategies, encoding="utf-8")
    return load_strategy(folder)


def changed(text: str, before: str, after: str) -> str:
    """Replace what a test changes, once; it has to be there."""
    assert before in text
    return text.replace(before, after, 1)


def test_the_shipped_files_hold_what_the_client_asked_for():
    assignments = load_strategy(DATA).assignments

    assert {
        (part, assigned.slot, assigned.priority, assigned.deadline_seconds)
        for part, assigned in assignments.items()
    } == CLIENTS_TABLE


def test_in_the_shipped_files_every_part_can_fall_back_to_every_other_slot():
    strategy = load_strategy(DATA)

    for assigned in strategy.assignments.values():
        assert {assigned.slot, *assigned.fallbacks} == set(strategy.slots)


def test_no_shipped_slot_and_no_shipped_replacement_is_a_retired_model():
    strategy = load_strategy(DATA)

    assert strategy.warnings(date.max) == []
    assert not {gone.replacement for gone in strategy.retired.values()} & set(strategy.retired)


def test_files_become_slots_and_assignments(tmp_path: Path):
    strategy = loaded(tmp_path)

    assert strategy.slots["spare"].model == "old-model"
    assert strategy.slots["spare"].thinking is None
    assert strategy.slots["main"].prices == Prices(input=0.75, output=3.75, cached=0.075)
    assert strategy.assignments["reading"].fallbacks == ("spare",)
    assert strategy.retired == {}


WHOLE = "should be a whole number from 1 to 1,000,000,000"
SHORT = "should be a text of 1 to 200 characters"
UNKNOWN = "is no setting that LessonGen knows"
MODELS_FILE_MISTAKES = [
    ("[slots.main]", "[slots.main", "models.toml cannot be read: ", "line 2"),
    (
        "concurrency = 24",
        "concurency = 24",
        "models.toml: slots.main.concurency ",
        UNKNOWN,
    ),
    (
        "concurrency = 24",
        "concurrency = -1",
        "models.toml: slots.main.concurrency ",
        "should be a whole number from 1",
    ),
    (
        "concurrency = 24",
        "concurrency = 0",
        "models.toml: slots.main.concurrency ",
        "should be a whole number from 1",
    ),
    (
        "requests_per_minute = 300",
        "requests_per_minute = 1.5",
        "models.toml: slots.main.requests_per_minute ",
        WHOLE,
    ),
    (
        "timeout_seconds = 20",
        "timeout_seconds = -20",
        "models.toml: slots.main.timeout_seconds ",
        "should be more than 0 and at most 600 seconds",
    ),
    (
        "timeout_seconds = 20",
        "timeout_seconds = 601",
        "models.toml: slots.main.timeout_seconds ",
        "should be more than 0 and at most 600 seconds",
    ),
    (
        "output = 3.75",
        "output = -3.75",
        "models.toml: slots.main.prices.output ",
        "should be from 0 to 10,000 dollars",
    ),
    ("input = 0.75, ", "", "models.toml: slots.main.prices.input ", "is missing"),
    (
        'model = "new-model"',
        'model = ""',
        "models.toml: slots.main.model ",
        SHORT,
    ),
    (
        'model = "new-model"',
        'model = "new-model"\nthinking = "deep"',
        "models.toml: slots.main.thinking ",
        "should be minimal, low, medium, high or xhigh",
    ),
]
STRATEGY_MISTAKES = [
    ('slot = "main"', 'slot = main"', "strategies.toml cannot be read: ", "line 3"),
    (
        "deadline_seconds = 20",
        "deadline_seconds = 0",
        "strategies.toml: default.brief.deadline_seconds ",
        "should be from 2 to 600 seconds",
    ),
    (
        'priority = "high"',
        'priority = "urgent"',
        "strategies.toml: default.brief.priority ",
        "should be high, medium or low",
    ),
    (
        'slot = "main"',
        'slot = "mian"',
        "strategies.toml: brief names the slot “mian”",
        "models.toml does not have",
    ),
    (
        'fallbacks = ["spare"]',
        'fallbacks = ["spare", "none"]',
        "strategies.toml: brief names the slot “none”",
        "models.toml does not have",
    ),
    (
        'fallbacks = ["spare"]',
        'fallbacks = ["main"]',
        "strategies.toml: brief falls back to its own slot",
        "",
    ),
    (
        'fallbacks = ["spare"]',
        'fallbacks = ["spare", "spare"]',
        "strategies.toml: brief falls back to “spare” twice",
        "",
    ),
    (
        "deadline_seconds = 20",
        "deadline_seconds = 1.9",
        "strategies.toml: default.brief.deadline_seconds ",
        "should be from 2 to 600 seconds",
    ),
    (
        'fallbacks = ["spare"]',
        'waits_for = ["reading"]',
        "strategies.toml: brief comes first and can wait for nothing",
        "",
    ),
    (
        "[default.warmup]\n",
        '[default.warmup]\nwaits_for = ["poem"]\n',
        "strategies.toml: warmup waits for poem, and no section is called so",
        "",
    ),
    (
        "[default.warmup]\n",
        '[default.warmup]\nwaits_for = ["warmup"]\n',
        "strategies.toml: these sections wait for each other in a circle: ",
        "warmup waits for warmup",
    ),
    (
        "[default.brief]",
        "[default]\nhedging = 7\n[default.brief]",
        "strategies.toml: ",
        "should be true or false",
    ),
    ("[default.reading]", "[default.raeding]", "strategies.toml: no assignment for ", "reading"),
    (
        "[default.brief]",
        ASSIGNED.format(part="poem") + "[default.brief]",
        "strategies.toml: no section is called poem",
        "",
    ),
    (
        "[default.brief]",
        "[fast.brief]",
        "strategies.toml: fast ",
        UNKNOWN,
    ),
]


@pytest.mark.parametrize(("before", "after", "place", "reason"), MODELS_FILE_MISTAKES)
def test_a_mistake_in_the_models_is_a_sentence_that_names_its_place(
    tmp_path: Path, before: str, after: str, place: str, reason: str
):
    with pytest.raises(SettingsError) as caught:
        loaded(tmp_path, models=changed(MODELS, before, after))

    assert_sentence(str(caught.value), place, reason, line_of_change(MODELS, before))


@pytest.mark.parametrize(("before", "after", "place", "reason"), STRATEGY_MISTAKES)
def test_a_mistake_in_the_strategies_is_a_sentence_that_names_its_place(
    tmp_path: Path, before: str, after: str, place: str, reason: str
):
    with pytest.raises(SettingsError) as caught:
        loaded(tmp_path, strategies=changed(STRATEGIES, before, after))

    assert_sentence(str(caught.value), place, reason, line_of_change(STRATEGIES, before))


def line_of_change(text: str, before: str) -> int:
    return text[: text.index(before)].count("\n") + 1


def assert_sentence(text: str, place: str, reason: str, line: int) -> None:
    told, where = re.subn(r", line (\d+):", ":", text, count=1)
    assert told.startswith(place)
    # A mistake may show in the line below: where a line was added.
    assert not where or f", line {line}:" in text or f", line {line + 1}:" in text
    assert reason in text
    assert text.endswith(".")
    assert "\n" not in text


def test_a_circle_of_waiting_sections_is_told_whole(tmp_path: Path):
    waits_for = {"reading": "grammar", "grammar": "dialogue", "dialogue": "reading"}
    strategies = STRATEGIES
    for section, other in waits_for.items():
        header = f"[default.{section}]\n"
        strategies = changed(strategies, header, f'{header}waits_for = ["{other}"]\n')

    with pytest.raises(SettingsError) as caught:
        loaded(tmp_path, strategies=strategies)

    circle = str(caught.value).removesuffix(".").rpartition("circle: ")[2].split(" waits for ")
    assert set(circle) == set(waits_for)
    assert [waits_for[section] for section in circle[:-1]] == circle[1:]


def test_hedging_is_off_unless_the_strategy_switches_it_on(tmp_path: Path):
    assert not loaded(tmp_path).hedging
    assert loaded(tmp_path, strategies=f"[default]\nhedging = true\n{STRATEGIES}").hedging


@pytest.mark.parametrize("name", ["models.toml", "strategies.toml"])
def test_a_missing_file_is_named(tmp_path: Path, name: str):
    loaded(tmp_path)
    (tmp_path / name).unlink()

    with pytest.raises(SettingsError, match=f"^{name} is missing from the data folder.$"):
        load_strategy(tmp_path)


def test_a_file_that_is_no_text_is_a_sentence_too(tmp_path: Path):
    loaded(tmp_path)
    (tmp_path / "models.toml").write_bytes(b"\xff\xfe")

    with pytest.raises(SettingsError, match=r"^models.toml cannot be read: "):
        load_strategy(tmp_path)


@pytest.mark.parametrize(
    ("today", "verb"),
    [
        (date(2026, 5, 31), "will be shut down"),
        (date(2026, 6, 1), "was shut down"),
        (date(2027, 1, 1), "was shut down"),
    ],
)
def test_a_retired_model_is_named_with_its_replacement(tmp_path: Path, today: date, verb: str):
    strategy = loaded(tmp_path, models=MODELS + RETIRED)

    [warning] = strategy.warnings(today)

    assert warning == (
        f"The slot “spare” uses old-model, which {verb} on 2026-06-01. "
        "Write new-model instead, in data/models.toml."
    )
