"""A database of its own for every test of the pages, and no key from the environment."""

import importlib
from collections.abc import Callable, Generator
from pathlib import Path

import pytest
import streamlit as st
from streamlit import config

from lessongen.store.store import Store, opened_store

importlib.import_module("lessongen.ui.lesson_view")  # takes seconds: not within a test's time

_OTHER_SERVERS = (
    "GEMINI_API_KEY",
    "GOOGLE_API_KEY",
    "GOOGLE_GENAI_USE_VERTEXAI",
    "LESSONGEN_GEMINI_BASE_URL",
    "LESSONGEN_OTLP_ENDPOINT",
)


@pytest.fixture(autouse=True)
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Generator[Path]:
    """Let the pages of this test keep their lessons in a file of its own."""
    path = tmp_path / "lessons.db"
    monkeypatch.setenv("LESSONGEN_DATABASE", f"sqlite:///{path}")
    for name in _OTHER_SERVERS:
        monkeypatch.delenv(name, raising=False)
    st.cache_resource.clear()
    yield path
    st.cache_resource.clear()


@pytest.fixture
def store(database: Path) -> Generator[Store]:
    """Open the lessons of this test a second time, as the runner's process does."""
    with opened_store(database) as store:
        yield store


@pytest.fixture
def key(database: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Set a key, so that the pages are not in sample mode; nothing is asked with it."""
    assert database
    monkeypatch.setenv("GEMINI_API_KEY", "a-key-for-tests")
    return "a-key-for-tests"


@pytest.fixture
def no_admin() -> Generator[Callable[[], None]]:
    """Return what takes the role of an admin from the person at the page."""
    address = config.get_option("server.address")
    yield lambda: config.set_option("server.address", "0.0.0.0")
    config.set_option("server.address", address)
