"""The programs of other people that tests need: those that are here, else installed now.

As a script, with the name of a program, it prints its path alone; what installers have to say goes
to standard error.
"""

# ruff: noqa: T201 (a script prints)

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

MAC_FOLDERS = (Path("/Applications"), Path.home() / "Applications")
START_SECONDS = 60
INSTALL_SECONDS = 900
PRINT_DOWNLOAD = """\
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    print(playwright.chromium.executable_path)
"""


@dataclass(frozen=True, slots=True)
class Program:
    """A program, under every name it may have, and the Debian packages it comes in."""

    name: str
    title: str
    needed_by: str
    variable: str
    commands: tuple[str, ...]
    on_a_mac: tuple[str, ...]
    packages: tuple[str, ...]
    from_playwright: bool = False


CHROMIUM = Program(
    name="chromium",
    title="Chromium or Google Chrome",
    needed_by="The browser tests",
    variable="LESSONGEN_CHROMIUM",
    commands=("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"),
    on_a_mac=("Chromium", "Google Chrome", "Google Chrome for Testing"),
    packages=("chromium", "fonts-dejavu-core", "fonts-noto-color-emoji"),  # IPA, emoji are drawn
    from_playwright=True,
)
SOFFICE = Program(
    name="soffice",
    title="LibreOffice",
    needed_by="The tests that open Word documents",
    variable="LESSONGEN_SOFFICE",
    commands=("soffice", "libreoffice"),
    on_a_mac=("LibreOffice",),
    packages=(
        "libreoffice-writer-nogui",
        "fonts-dejavu-core",  # IPA
        "fonts-crosextra-carlito",  # as wide as Calibri
    ),
)
PROGRAMS = {program.name: program for program in (CHROMIUM, SOFFICE)}


class NoProgramError(Exception):
    """A program is not here and could not be installed; the sentence says what to do."""


def installed(program: Program) -> Path | None:
    """Return where a program is that starts on this machine, or None.

    Raises:
        NoProgramError: where its variable names something that does not start.
    """
    if given := os.environ.get(program.variable):
        if not starts(Path(given)):
            raise NoProgramError(f"{program.variable} is {given}, which does not start.")
        return Path(given)
    return next(filter(starts, _places(program)), None)


def required(program: Program) -> Path:
    """Return where a program is that starts, after installing it where there is none.

    Raises:
        NoProgramError: where no way of installing it led to a program that starts.
    """
    if found := installed(program):
        return found
    for install in (install_with_apt, download_with_playwright):
        install(program)
        if found := installed(program):
            return found
    raise NoProgramError(
        f"{program.needed_by} need {program.title}, which could not be installed here. "
        f"Please install it, or set {program.variable} to where it is."
    )


def starts(program: Path) -> bool:
    """Say whether a program runs: Ubuntu's chromium-browser may be only a notice about snap."""
    if not program.is_file():
        return False
    answer = finished([str(program), "--version"], START_SECONDS)
    return answer is not None and answer.returncode == 0


def _places(program: Program) -> Iterator[Path]:
    """Yield where a program may be, the likeliest place first."""
    yield from (Path(found) for name in program.commands if (found := shutil.which(name)))
    for folder in MAC_FOLDERS:
        for name in program.on_a_mac:
            inside = folder / f"{name}.app" / "Contents" / "MacOS"
            yield from (inside / name, inside / program.name)
    if program.from_playwright:
        answer = finished([sys.executable, "-c", PRINT_DOWNLOAD], START_SECONDS)
        if answer is not None and answer.returncode == 0:
            yield Path(answer.stdout.strip())


def install_with_apt(program: Program) -> None:
    """Install Debian's packages, where this account may without being asked for a password."""
    root = as_root()
    if root is None or shutil.which("apt-get") is None:
        return
    apt = [*root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "--yes"]
    install = [*apt, "install", "--no-install-recommends", *program.packages]
    for command in ([*apt, "update"], install):  # one broken list does not spoil the others
        finished(command, INSTALL_SECONDS, shown=True)


def download_with_playwright(program: Program) -> None:
    """Download Playwright's own Chromium, with the libraries it needs where that is allowed."""
    if not program.from_playwright:
        return
    playwright = [sys.executable, "-m", "playwright"]
    if sys.platform == "linux" and as_root() is not None:
        finished([*playwright, "install-deps", program.name], INSTALL_SECONDS, shown=True)
    finished([*playwright, "install", program.name], INSTALL_SECONDS, shown=True)


def as_root() -> Sequence[str] | None:
    """Return what to put before a command so that it runs as root, or None."""
    if not hasattr(os, "geteuid"):
        return None
    if os.geteuid() == 0:
        return ()
    sudo = finished(["sudo", "-n", "true"], START_SECONDS)
    return ("sudo", "-n") if sudo is not None and sudo.returncode == 0 else None


def finished(
    command: Sequence[str], seconds: float, *, shown: bool = False
) -> subprocess.CompletedProcess[str] | None:
    """Run a command that may ask nothing, or return None where it cannot start or end in time."""
    if shown:
        print("+", *command, file=sys.stderr)
    output = sys.stderr if shown else subprocess.PIPE
    errors = sys.stderr if shown else subprocess.DEVNULL
    try:
        return subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=errors,
            text=True,
            timeout=seconds,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None


def main(names: Sequence[str]) -> int:
    """Print where the named programs are, one a line, or why one is not."""
    try:
        for name in names:
            print(required(PROGRAMS[name]))
    except NoProgramError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
