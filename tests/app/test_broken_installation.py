"""What a page says where the installation it runs in is broken, and where no key is set."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from lessongen.settings import ROOT
from lessongen.ui.navigation import PAGES
from tests.app.screen import opened, sentences, text_of
from tests.browser.server import copied_app

PAGE_NAMES = sorted(page.stem for page in PAGES.glob("*.py"))
KEYS = ("GEMINI_", "GOOGLE_", "LESSONGEN_")
SECRET = "AIza-do-not-show"
PROGRAM = f"""
import json, pathlib, sys
from tests.app.screen import opened, sentences, text_of

def told(page):
    return [text_of(page), sentences(page.error), [found.label for found in page.expander]]

secrets, models = pathlib.Path(".streamlit/secrets.toml"), pathlib.Path("data/models.toml")
secrets.write_text('GEMINI_API_KEY = "{SECRET}')
answers = dict(secrets=told(opened()))
secrets.unlink()
whole = models.read_text()
models.write_text("[slots\\nprimary")
answers["models"] = told(opened())
models.write_text(whole)
answers["mended"] = told(opened())
sys.stdout.write(json.dumps(answers))
"""


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[list[str]]]:
    """Return what the first page of a copy says: text, errors, and what can be unfolded."""
    copy = copied_app(tmp_path_factory.mktemp("copy"))
    # The copy's product, and this checkout's tests.
    path = os.pathsep.join(map(str, (copy, ROOT)))
    answer = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=copy,
        env=_environment(path, copy / "lessons.db"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr
    return json.loads(answer.stdout)


def _environment(path: str, database: Path) -> dict[str, str]:
    kept = {name: os.environ[name] for name in os.environ if not name.startswith(KEYS)}
    return kept | {"PYTHONPATH": path, "LESSONGEN_DATABASE": f"sqlite:///{database}"}


@pytest.mark.parametrize("page_name", PAGE_NAMES)
def test_a_database_that_is_none_is_named_in_one_sentence_on_every_page(
    page_name: str, database: Path
):
    database.write_text("Dear diary")

    page = opened(page_name)

    assert not page.exception
    [sentence] = sentences(page.error)
    assert sentence.startswith("The database lessons.db is not a database.")
    assert text_of(page).splitlines() == [
        "After mending it, stop LessonGen and start it again.",
        sentence,
    ]
    assert database.read_text() == "Dear diary"


def test_a_database_of_another_kind_is_refused_in_one_sentence(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("LESSONGEN_DATABASE", "postgresql://school.example/lessons")

    page = opened()

    assert not page.exception
    [sentence] = sentences(page.error)
    assert sentence.startswith("LESSONGEN_DATABASE must look like sqlite:///")


def test_a_page_works_again_when_the_database_is_mended(database: Path):
    database.write_text("Dear diary")
    page = opened()
    broken = len(page.error)
    database.unlink()

    page.run()

    assert broken == 1
    assert not page.error
    assert page.title.values == ["New lesson"]


def test_a_secrets_file_that_cannot_be_read_is_named_and_its_key_is_not_shown(
    answers: dict[str, list[list[str]]],
):
    text, [sentence], _ = answers["secrets"]

    assert ".streamlit/secrets.toml cannot be read" in sentence
    assert SECRET not in text


def test_a_models_file_that_cannot_be_read_is_named(answers: dict[str, list[list[str]]]):
    _, [sentence], _ = answers["models"]

    assert sentence.startswith("models.toml cannot be read")


def test_without_a_key_the_first_page_says_that_lessons_are_samples_and_how_to_add_one(
    answers: dict[str, list[list[str]]],
):
    text, errors, notes = answers["mended"]

    assert errors == []
    assert "These are sample lessons. Add a key for your own." in notes
    assert "export GEMINI_API_KEY=your-key" in text
