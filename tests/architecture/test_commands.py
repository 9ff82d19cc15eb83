"""What a newcomer is told to type exists, and what is installed is what was locked."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
GUIDES = ("README.md", "CONTRIBUTING.md")
LOCKS = ("requirements.txt", "requirements-dev.txt")
PEERS_LOCK = "requirements-peers.txt"
TOP_LEVEL = {
    ".ci",
    ".gitignore",
    ".pre-commit-config.yaml",
    ".streamlit",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "LICENSE",
    "Makefile",
    "README.md",
    "app.py",
    "data",
    "docs",
    "lessongen",
    "pages",
    "pyproject.toml",
    "requirements-dev.txt",
    "requirements-peers.txt",
    "requirements.txt",
    "tests",
}

_CODE = re.compile(r"^```.*?^```|`[^`\n]+`", re.MULTILINE | re.DOTALL)
_MAKE = re.compile(r"\bmake ([a-z-]+)")
_TARGET = re.compile(r"^([a-z-]+):(?!=)", re.MULTILINE)
_PIN = re.compile(r"([a-z0-9-]+)==([^\s;]+)( ; [^\\:/@]+?)? \\")
_HASH = re.compile(r"    --hash=sha256:[0-9a-f]{64}( \\)?")


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def pins(lock: str) -> dict[str, list[str]]:
    """Return the versions pinned for each package; a package may differ between Pythons."""
    found: dict[str, list[str]] = {}
    for line in text(lock).splitlines():
        if pin := _PIN.fullmatch(line):
            found.setdefault(pin[1], []).append(pin[2])
    return found


def requirements(*groups: str) -> Iterator[Requirement]:
    """Return what the project needs to run, with its groups of development tools."""
    yield from map(Requirement, PROJECT["project"]["dependencies"])
    for group in groups:
        for entry in PROJECT["dependency-groups"][group]:
            yield from () if isinstance(entry, dict) else (Requirement(entry),)


def imported(source: str) -> Iterator[str]:
    """Return the name of every module a file imports."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import(names=names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(module=str(module), names=names):
                yield from (f"{module}.{alias.name}" for alias in names)
            case _:
                pass


@pytest.mark.parametrize("guide", GUIDES)
def test_every_make_command_a_guide_names_exists(guide: str):
    targets = set(_TARGET.findall(text("Makefile")))
    code = "\n".join(_CODE.findall(text(guide)))

    named = set(_MAKE.findall(code))

    assert named, f"{guide} names no make command"
    assert named <= targets


def test_make_alone_names_every_command_it_knows():
    targets = set(_TARGET.findall(text("Makefile")))

    shown = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout

    assert set(_MAKE.findall(shown)) == targets


def test_ci_runs_what_contributors_run():
    assert set(_MAKE.findall(text(".ci/run"))) == {"check", "test"}
    assert "entry: make check" in text(".pre-commit-config.yaml")


@pytest.mark.parametrize("lock", [*LOCKS, PEERS_LOCK])
def test_a_lock_file_holds_pins_and_hashes_and_no_address(lock: str):
    others = [
        line
        for line in text(lock).splitlines()
        if not _PIN.fullmatch(line) and not _HASH.fullmatch(line)
    ]

    assert others == []
    assert "://" not in text(lock)


@pytest.mark.parametrize("lock", [*LOCKS, PEERS_LOCK])
def test_every_pin_of_a_lock_file_has_a_hash(lock: str):
    lines = text(lock).splitlines()

    bare = [
        line
        for line, following in zip(lines, [*lines[1:], ""], strict=True)
        if _PIN.fullmatch(line) and not _HASH.fullmatch(following)
    ]

    assert bare == []


@pytest.mark.parametrize(
    ("lock", "groups"), [(LOCKS[0], ("build",)), (LOCKS[1], ("build", "dev"))], ids=LOCKS
)
def test_a_lock_file_pins_what_the_project_declares(lock: str, groups: tuple[str, ...]):
    pinned = pins(lock)

    unmet = [
        str(requirement)
        for requirement in requirements(*groups)
        if not (versions := pinned.get(canonicalize_name(requirement.name)))
        or not all(map(requirement.specifier.contains, versions))
    ]

    assert unmet == []


def test_the_libraries_to_compare_with_are_pinned_and_none_is_a_poisoned_release():
    pinned = pins(PEERS_LOCK)

    declared = list(map(Requirement, PROJECT["dependency-groups"]["peers"]))

    assert {canonicalize_name(need.name) for need in declared} <= pinned.keys()
    assert not {"1.82.7", "1.82.8"} & set(pinned["litellm"])


def test_the_app_and_its_tests_run_on_the_same_versions():
    app, development = map(pins, LOCKS)

    assert app.items() <= development.items()


def test_what_builds_the_project_is_locked_too():
    backend = {Requirement(entry).name for entry in PROJECT["build-system"]["requires"]}

    assert backend <= pins(LOCKS[0]).keys()


def test_every_dependency_says_how_it_earns_its_place():
    guide = text("CONTRIBUTING.md")

    silent = [
        need.name for need in requirements("build", "dev") if f"- `{need.name}`: " not in guide
    ]

    assert silent == []


def test_no_module_imports_from_a_layer_above_it():
    linter = Path(sys.executable).with_name("lint-imports")

    answer = subprocess.run([linter], cwd=ROOT, capture_output=True, text=True, check=False)

    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_pages_leave_the_database_and_the_models_to_services():
    sources = [ROOT / "app.py", *ROOT.glob("pages/*.py")]

    forbidden = [
        (source.name, name)
        for source in sources
        for name in imported(source.read_text(encoding="utf-8"))
        if name.split(".")[0] in {"google", "sqlite3", "sqlite_utils"}
    ]

    assert len(sources) > 1
    assert forbidden == []


def test_the_top_of_the_repository_holds_only_what_it_should():
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout

    assert {path.split("/")[0] for path in listed.splitlines()} <= TOP_LEVEL
