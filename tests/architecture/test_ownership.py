"""Whatever draws a page asks for the lessons of the person at it, and never for everybody's."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from lessongen.settings import ROOT

DRAWING = sorted([*(ROOT / "pages").glob("*.py"), *(ROOT / "lessongen" / "ui").rglob("*.py")])
# The one place that says whose lessons a page gets.
OF_THE_PERSON = ("lessongen/ui/resources.py", "services().store.lessons_of(current_person().id)")
EVERYBODYS = {"store.lessons", "store.database"}
ROWS = ("lessongen.store.lessons", "lessongen.store.lesson_rows", "lessongen.store.database")


def place(source: Path) -> str:
    return source.relative_to(ROOT).as_posix()


def nodes(source: Path) -> Iterator[ast.AST]:
    return ast.walk(ast.parse(source.read_text(encoding="utf-8")))


def last_two(node: ast.Attribute) -> str:
    """Return the end of a chain of names: “store.lessons” for services().store.lessons."""
    match node.value:
        case ast.Attribute(attr=owner) | ast.Name(id=owner):
            return f"{owner}.{node.attr}"
        case _:
            return node.attr


def test_there_is_something_that_draws():
    assert len(DRAWING) > 20


@pytest.mark.parametrize("source", DRAWING, ids=place)
def test_nothing_that_draws_asks_for_everybodys_lessons(source: Path):
    used = {last_two(node) for node in nodes(source) if isinstance(node, ast.Attribute)}

    assert used.isdisjoint(EVERYBODYS)


@pytest.mark.parametrize("source", DRAWING, ids=place)
def test_nothing_that_draws_reads_rows_of_lessons(source: Path):
    imported = {
        node.module for node in nodes(source) if isinstance(node, ast.ImportFrom) and node.module
    }

    assert imported.isdisjoint(ROWS)


def test_lessons_of_a_person_are_those_of_the_person_at_the_page():
    asked = {
        (place(source), ast.unparse(node))
        for source in DRAWING
        for node in nodes(source)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"lessons_of", "OwnLessons"}
    }

    assert asked == {OF_THE_PERSON}


def test_own_lessons_are_made_by_the_store_alone():
    named = {
        place(source)
        for source in DRAWING
        for node in nodes(source)
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {"OwnLessons", "LessonStore"}
    }

    assert named == set()
