"""The Chromium of the browser tests: one that is here, else one that is installed now.

As a script it prints the path alone; what installers have to say goes to standard error.
"""

# ruff: noqa: T201 (a script prints)

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

VARIABLE = "LESSONGEN_CHROMIUM"
PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC_FOLDERS = (Path("/Applications"), Path.home() / "Applications")
MAC_NAMES = ("Chromium", "Google Chrome", "Google Chrome for Testing")
PACKAGES = ("chromium", "fonts-dejavu-core", "fonts-noto-color-emoji")  # IPA and emoji are drawn
START_SECONDS = 60
INSTALL_SECONDS = 900
PRINT_DOWNLOAD = """\
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    print(playwright.chromium.executable_path)
"""


class NoChromiumError(Exception):
    """No browser is here and none could be installed; the sentence says what to do."""


def installed_chromium() -> Path | None:
    """Return a Chromium or Chrome that starts on this machine, or None.

    Raises:
        NoChromiumError: where LESSONGEN_CHROMIUM names something that does not start.
    """
    if given := os.environ.get(VARIABLE):
        if not starts(Path(given)):
            raise NoChromiumError(f"{VARIABLE} is {given}, which is no browser that starts.")
        return Path(given)
    named = [Path(found) for program in PROGRAMS if (found := shutil.which(program))]
    on_a_mac = [
        folder / f"{name}.app" / "Contents" / "MacOS" / name
        for folder in MAC_FOLDERS
        for name in MAC_NAMES
    ]
    return next(filter(starts, [*named, *on_a_mac]), None) or downloaded_chromium()


def require_chromium() -> Path:
    """Return a Chromium that starts, installing one where there is none.

    Raises:
        NoChromiumError: where no way of installing one led to a browser that starts.
    """
    if found := installed_chromium():
        return found
    for install in (install_with_apt, download_with_playwright):
        install()
        if found := installed_chromium():
            return found
    raise NoChromiumError(
        "The browser tests need Chromium or Google Chrome, and neither could be installed here. "
        f"Please install one, or set {VARIABLE} to where it is."
    )


def starts(browser: Path) -> bool:
    """Say whether a browser runs: Ubuntu's chromium-browser may be only a notice about snap."""
    if not browser.is_file():
        return False
    answer = finished([str(browser), "--version"], START_SECONDS)
    return answer is not None and answer.returncode == 0


def downloaded_chromium() -> Path | None:
    """Return the browser Playwright downloaded earlier, or None."""
    answer = finished([sys.executable, "-c", PRINT_DOWNLOAD], START_SECONDS)
    if answer is None or answer.returncode != 0:
        return None
    browser = Path(answer.stdout.strip())
    return browser if starts(browser) else None


def install_with_apt() -> None:
    """Install Debian's Chromium, where this account may without being asked for a password."""
    root = as_root()
    if root is None or shutil.which("apt-get") is None:
        return
    apt = [*root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "--yes"]
    install = [*apt, "install", "--no-install-recommends", *PACKAGES]
    for command in ([*apt, "update"], install):  # one broken list does not spoil the others
        finished(command, INSTALL_SECONDS, shown=True)


def download_with_playwright() -> None:
    """Download Playwright's own Chromium, with the libraries it needs where that is allowed."""
    playwright = [sys.executable, "-m", "playwright"]
    if sys.platform == "linux" and as_root() is not None:
        finished([*playwright, "install-deps", "chromium"], INSTALL_SECONDS, shown=True)
    finished([*playwright, "install", "chromium"], INSTALL_SECONDS, shown=True)


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


def main() -> int:
    """Print the path of the browser, or why there is none."""
    try:
        print(require_chromium())
    except NoChromiumError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
