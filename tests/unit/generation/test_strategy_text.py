import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessongen.errors import SettingsError
from lessongen.generation.strategy import Strategy
from lessongen.generation.strategy_files import MOST_CHARACTERS, load_strategy, parsed_strategy
from lessongen.generation.strategy_rules import MOST_SLOTS
from lessongen.generation.strategy_text import strategy_toml
from tests.support.strategies import whole_strategies
from tests.unit.generation.test_strategy_files import (
    MODELS,
    RETIRED,
    SLOT,
    STRATEGIES,
    changed,
)

DATA = Path(__file__).parents[3] / "data"
WHOLE = MODELS + RETIRED + STRATEGIES


def refused(text: str) -> str:
    """Return the sentence with which a text is refused."""
    with pytest.raises(SettingsError) as caught:
        parsed_strategy(text, "mine.toml")
    sentence = str(caught.value)
    assert sentence.startswith("mine.toml")
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert len(sentence) < 600
    return sentence


@given(whole_strategies())
def test_every_strategy_comes_back_from_its_text_as_it_was(strategy: Strategy):
    assert parsed_strategy(strategy_toml(strategy)) == strategy


def test_the_order_of_slots_and_parts_comes_back_too():
    strategy = load_strategy(DATA)
    again = parsed_strategy(strategy_toml(strategy))

    assert list(again.slots) == list(strategy.slots)
    assert list(again.assignments) == list(strategy.assignments)


def test_both_files_one_after_the_other_are_a_whole_strategy():
    text = "".join((DATA / f"{name}.toml").read_text("utf-8") for name in ("models", "strategies"))

    assert parsed_strategy(text) == load_strategy(DATA)


def test_a_text_from_a_windows_editor_is_read_as_any_other():
    text = "\N{BYTE ORDER MARK}" + WHOLE.replace("\n", "\r\n")

    assert parsed_strategy(text) == parsed_strategy(WHOLE)


def test_the_version_is_no_part_of_the_text():
    strategy = load_strategy(DATA)
    numbered = Strategy(strategy.slots, strategy.assignments, strategy.retired, version=7)

    assert strategy_toml(numbered) == strategy_toml(strategy)
    assert parsed_strategy(strategy_toml(numbered)).version is None


SECONDS = "deadline_seconds should be from 2 to 600 seconds."
DOLLARS = "should be from 0 to 10,000 dollars."
WHOLE_NUMBER = "concurrency should be a whole number from 1 to 1,000,000,000."
MISTAKES = [
    ("deadline_seconds = 20", "deadline_seconds = 0", SECONDS),
    ("deadline_seconds = 20", "deadline_seconds = -1", SECONDS),
    ("deadline_seconds = 20", "deadline_seconds = nan", SECONDS),
    ("deadline_seconds = 20", "deadline_seconds = inf", SECONDS),
    ("deadline_seconds = 20", "deadline_seconds = 1e9", SECONDS),
    ("deadline_seconds = 20", "deadline_seconds = true", SECONDS),
    ("output = 3.75", "output = -0.01", DOLLARS),
    ("output = 3.75", "output = nan", DOLLARS),
    ("output = 3.75", "output = inf", DOLLARS),
    ("output = 3.75", "output = 1e308", DOLLARS),
    ("cached = 0.075", "cached = false", DOLLARS),
    (", cached = 0.075", "", "prices.cached is missing."),
    ("concurrency = 24", "concurrency = true", WHOLE_NUMBER),
    (
        "concurrency = 24",
        f"concurrency = 1{'0' * 30}",
        WHOLE_NUMBER,
    ),
    (
        "concurrency = 24",
        f"concurrency = 0x1{'0' * 2000}",
        WHOLE_NUMBER,
    ),
    ('model = "new-model"', 'model = "new model"', "should have letters, digits"),
    ('model = "new-model"', 'model = "a\\nb"', "should have letters, digits"),
    ('model = "new-model"', f'model = "{"a" * 201}"', "should be a text of 1 to 200 characters."),
    ('model = "new-model"', 'model = "new-model"\nenabled = "perhaps"', "should be true or false."),
    ('fallbacks = ["spare"]', 'fallbacks = ["spare", "spare"]', "falls back to “spare” twice"),
    ('fallbacks = ["spare"]', 'fallbacks = "spare"', "should be a list."),
    ('fallbacks = ["spare"]', 'hedging = "maybe"', "should be true or false."),
    ('slot = "main"', 'slot = "Main"', "the slot “Main”, which mine.toml does not have"),
    ('slot = "main"', 'slot = "a\\nb"', "the slot “a b”, which mine.toml does not have"),
    ('slot = "main"', f'slot = "{"x" * 2000}"', "the slot “xxx"),
    ("[default.warmup]\n", '[default.warmup]\nwaits_for = ["warmup"]\n', "warmup waits for warmup"),
    (
        "[default.warmup]\n",
        '[default.warmup]\nwaits_for = ["reading", "reading"]\n',
        "warmup waits for reading twice",
    ),
    ("[default.warmup]\n", '[default.warmup]\nwaits_for = ["poem"]\n', "no section is called so"),
]


@pytest.mark.parametrize(("before", "after", "reason"), MISTAKES)
def test_a_mistake_is_a_sentence_with_its_line_and_its_reason(before: str, after: str, reason: str):
    sentence = refused(changed(WHOLE, before, after))

    assert reason in sentence
    line = WHOLE[: WHOLE.index(before)].count("\n") + 1
    assert re.match(rf"mine\.toml, line ({line}|{line + 1}): ", sentence)


@pytest.mark.parametrize(
    "name", ["", " ", "Main", "9", "-a", "a b", "a.b", "a\nb", "é", "a" * 41, "slot“"]
)
def test_a_slot_has_a_plain_name(name: str):
    header = '[slots."{}"]'.format(name.replace("\n", "\\n"))

    sentence = refused(changed(WHOLE, "[slots.spare]", header))

    assert "is no name for a slot" in sentence
    assert sentence.startswith("mine.toml, line ") or name in ("", "a\nb")


def test_a_part_needs_a_slot_that_is_switched_on():
    off = WHOLE.replace('model = "new-model"', 'model = "new-model"\nenabled = false')
    assert parsed_strategy(off).assignment("reading").slots == ("spare",)

    off = off.replace('model = "old-model"', 'model = "old-model"\nenabled = false')
    assert "brief has no model left: its slots are all switched off" in refused(off)


def test_parts_that_are_no_sections_and_parts_that_are_missing_are_named():
    assert "no section is called poem" in refused(WHOLE + WHOLE[-100:].rpartition("[")[1] + POEM)
    assert "no assignment for reading" in refused(WHOLE.replace(READING, ""))


POEM = 'default.poem]\nslot = "main"\npriority = "low"\ndeadline_seconds = 9\n'
READING = STRATEGIES[STRATEGIES.index("[default.reading]") :].partition("\n\n")[0]


def test_there_is_an_end_to_the_number_of_slots():
    many = "".join(SLOT.format(name=f"s{number}", model="m") for number in range(MOST_SLOTS))

    assert f"more than {MOST_SLOTS} slots" in refused(WHOLE + many)


@pytest.mark.parametrize(
    "bomb",
    [
        "x = " + "[" * 2_000,
        "x = " + "[\n" * 30_000,
        "x = " + "{a=" * 800,
        f"{'a.' * 1_200}a = 1",
        f"[{'a.' * 1_200}a]",
        f"[slots.x{'.a' * 1_200}]",
        "\n".join(f"{'a.' * 1_200}b{number} = 1" for number in range(40)),
        "\n".join(f"[{'a.' * 300}b{number}]" for number in range(150)),
        "\n".join(f"[[a{'.a' * 150}]]" for _ in range(300)),
        f"x = {'9' * 2_400}",
        "a = 1\n" * 16_000,
        "\n".join(f"x{number} = 1" for number in range(10_000)),
        ("x" * 2_400 + "\n") * 40,
        (" " * 2_400 + "\n") * 40,
        ("a ." * 800 + "\n") * 40,
        ("[" * 2_400 + "\n") * 40,
        "a = '''" + "\n[slots.primary]" * 6_000,
        "\0",
        "é\n" * (MOST_CHARACTERS // 2),
    ],
)
def test_no_text_is_too_much_for_it(bomb: str):
    refused(bomb)


def test_a_text_or_a_line_that_is_too_long_is_not_even_read():
    assert refused(f"\n{'a.' * 1_250}a = 1").startswith("mine.toml, line 2: it is longer than 2,5")
    assert "longer than 100,000 characters" in refused("#" * (MOST_CHARACTERS + 1))


@given(st.text(max_size=200))
def test_any_text_is_a_strategy_or_a_sentence(text: str):
    with pytest.raises(SettingsError):
        parsed_strategy(text)


@given(st.data())
def test_a_text_with_anything_cut_out_is_a_strategy_or_a_sentence(data: st.DataObject):
    start = data.draw(st.integers(0, len(WHOLE)))
    length = data.draw(st.integers(1, 60))
    text = WHOLE[:start] + WHOLE[start + length :]
    try:
        strategy = parsed_strategy(text)
    except SettingsError:
        assert refused(text)
    else:
        assert parsed_strategy(strategy_toml(strategy)) == strategy
