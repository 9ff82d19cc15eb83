import pytest
from streamlit.testing.v1 import AppTest

from lessongen.generation.strategy_changes import differences
from lessongen.generation.strategy_files import parsed_strategy
from lessongen.generation.strategy_text import strategy_toml
from lessongen.store.store import Store
from tests.app.editing import (
    SAVE,
    in_force,
    saved_elsewhere,
    shown,
)
from tests.app.screen import (
    opened,
    pressed,
    sentences,
    text_of,
)


def imported(page: AppTest, text: str | bytes, name: str = "strategy.toml") -> AppTest:
    content = text if isinstance(text, bytes) else text.encode()
    [uploader] = page.file_uploader
    return uploader.upload(name, content).run()


def test_an_exported_strategy_says_what_is_in_force_and_imports_without_a_change():
    text = strategy_toml(in_force())
    page = imported(opened("assignments"), text)

    assert parsed_strategy(text) == in_force()
    assert "Nothing: it says the same as the version in force." in text_of(page)


def test_an_import_is_shown_as_differences_then_put_into_the_tables_then_saved(store: Store):
    text = strategy_toml(in_force()).replace("deadline_seconds = 20", "deadline_seconds = 21")
    assert in_force() != parsed_strategy(text)
    page = imported(opened("assignments"), text)
    told, version = text_of(page), in_force().version

    page.button(key="put-import").click().run()
    in_tables = shown(page, "reading", "deadline_seconds"), in_force().version
    pressed(page, SAVE)

    assert "Reading: deadline 20 s → 21 s" in told
    assert version == 1
    assert in_tables == (21, 1)
    assert differences(in_force(), parsed_strategy(text)) == ()
    assert store.strategies.recent()[0].why == "Imported from strategy.toml"


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("deadline_seconds = 10", "deadline_seconds = 0.1", "mine.toml, line"),
        ('slot = "primary"', 'slot = "nowhere"', "nowhere"),
        ("[default.reading]", "[default.raeding]", "for reading"),
        ("[slots.primary]", "[slots.primary", "cannot be read"),
        ("[retired]", "#" * 200_000, "longer than"),
        ("input = 1.5", "input = -1.5", "should be from 0 to 10,000 dollars"),
        ('model = "gemini', 'modell = "gemini', "modell is no setting that LessonGen knows"),
    ],
)
def test_an_import_that_cannot_be_is_refused_with_file_and_reason(
    before: str, after: str, told: str
):
    text = strategy_toml(in_force())
    assert before in text

    page = imported(opened("assignments"), text.replace(before, after, 1), "mine.toml")

    assert not page.exception
    [error] = sentences(page.error)
    assert error.startswith("mine.toml")
    assert told in error
    assert in_force().version == 1


def test_an_import_that_is_no_text_is_refused():
    page = imported(opened("assignments"), b"\xff\xfe\x00", "mine.toml")

    assert sentences(page.error) == ["mine.toml is not a text in UTF-8."]


def test_files_that_differ_from_what_was_saved_are_told_and_can_be_taken_over():
    files = in_force()
    saved_elsewhere("reading", deadline_seconds=33.0)
    page = opened("assignments")
    told = [found.label for found in page.expander]

    page.button(key="put-files").click().run()
    pressed(page, SAVE)

    assert "The files in data/ say something else than the version in force" in told
    assert in_force() == files
    assert in_force().version == 3
    assert not [found for found in page.expander if "files in data/" in found.label]
