"""Nothing is drawn or done behind a guard's back: a sign-in may end while a page is open."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from lessongen.settings import ROOT

SOURCES = sorted([*(ROOT / "pages").glob("*.py"), *(ROOT / "lessongen" / "ui").rglob("*.py")])
ACTIONS = {"on_click", "on_change", "on_submit", "on_select"}
GUARDED = {"attempted", "for_admins"}
# These change nothing but what this tab shows, or lead in and out.
HARMLESS = {
    ("account", "sign_out"),
    ("behind", "lambda: _select(lines)"),
    ("cards", "picked_in_chart"),
    ("cards", "picked_in_menu"),
    ("closed_page", "sign_out"),
    ("closed_page", "st.login"),
    ("generate", "use_suggestion"),
    ("history", "_ask"),
    ("house_rules", "_use_share"),
    ("own_models", "_reset"),
    ("view", "reset_filters"),
}
# It has neither a timer nor anything to press: Streamlit never draws it on its own.
NEVER_ALONE = {"timeline"}


def tree(source: Path) -> ast.Module:
    return ast.parse(source.read_text(encoding="utf-8"))


def actions(source: Path) -> Iterator[str]:
    """Return what a press runs before the page, as it is written."""
    for node in ast.walk(tree(source)):
        if isinstance(node, ast.keyword) and node.arg in ACTIONS:
            match node.value:
                case ast.Constant():
                    pass  # Streamlit's own words: "ignore", "rerun"
                case ast.Call(func=ast.Name(id=name)) if name in GUARDED:
                    pass
                case ast.Call(func=ast.Name(id="partial"), args=[action, *_]):
                    yield ast.unparse(action)
                case action:
                    yield ast.unparse(action)


def fragments() -> Iterator[str]:
    """Return the name of every function that is drawn on its own."""
    for source in SOURCES:
        for node in ast.walk(tree(source)):
            match node:
                case ast.FunctionDef(name=name, decorator_list=marks):
                    if re.search(r"\b(fragment|dialog)\b", " ".join(map(ast.unparse, marks))):
                        yield name
                case ast.Call(func=ast.Attribute(attr="fragment"), args=[ast.Name(id=name), *_]):
                    yield name
                case _:
                    pass


def first_statement(function: ast.FunctionDef) -> str:
    statements = function.body[1:] if ast.get_docstring(function) else function.body
    return ast.unparse(statements[0])


def functions() -> dict[str, ast.FunctionDef]:
    found = (node for source in SOURCES for node in ast.walk(tree(source)))
    return {node.name: node for node in found if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.stem)
def test_an_action_that_runs_before_the_guard_of_its_page_asks_who_is_there(source: Path):
    unguarded = {(source.stem, action) for action in actions(source)}

    assert unguarded <= HARMLESS


def test_whatever_is_drawn_without_its_page_asks_who_is_there():
    drawn, known = set(fragments()) - NEVER_ALONE, functions()

    assert "growing" in drawn
    firsts = {name: first_statement(known[name]) for name in drawn}
    assert {name: first for name, first in firsts.items() if "rerun_if_closed(" not in first} == {}
