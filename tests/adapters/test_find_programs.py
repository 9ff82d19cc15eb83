import os
import subprocess
import sys
from pathlib import Path

import pytest

from lessongen.settings import ROOT
from tests.find_programs import PROGRAMS, Program

SCRIPT = ROOT / "tests" / "find_programs.py"
ALL = pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS)


def found(program: Program, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, SCRIPT, program.name],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def program_that(does: str, folder: Path) -> Path:
    path = folder / "program"
    path.write_text(f"#!/bin/sh\n{does}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


@ALL
def test_a_program_that_is_named_and_starts_is_taken(program: Program, tmp_path: Path):
    named = program_that("exit 0", tmp_path)

    answer = found(program, **{program.variable: str(named)})

    assert (answer.returncode, answer.stdout, answer.stderr) == (0, f"{named}\n", "")


@ALL
@pytest.mark.parametrize("does", ["exit 1", "echo Please use snap >&2; exit 127"])
def test_a_program_that_is_named_and_does_not_start_is_refused_in_a_sentence(
    program: Program, does: str, tmp_path: Path
):
    named = program_that(does, tmp_path)

    answer = found(program, **{program.variable: str(named)})

    assert (answer.returncode, answer.stdout) == (1, "")
    assert answer.stderr == f"{program.variable} is {named}, which does not start.\n"


@ALL
def test_the_first_program_of_the_path_that_starts_is_found(program: Program, tmp_path: Path):
    for name, does in zip(program.commands[:2], ("exit 1", "exit 0"), strict=True):
        program_that(does, tmp_path).rename(tmp_path / name)

    answer = found(program, PATH=f"{tmp_path}:/usr/bin:/bin", **{program.variable: ""})

    assert answer.stdout == f"{tmp_path / program.commands[1]}\n"
