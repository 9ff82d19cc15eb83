"""Fixtures for tests that speak over real connections."""

import contextlib
import math
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import aiohttp
import certifi
import pytest

from lessongen.emulator.config import EmulatorConfig
from lessongen.emulator.faults import FaultKind, FaultRule
from lessongen.emulator.server import RunningEmulator, running_emulator
from tests.support.gemini import StartEmulator
from tests.support.lessons import BANK
from tests.support.running import paced_emulator

GOOGLE_VARIABLES = (
    "GOOGLE_API_KEY",
    "GEMINI_API_KEY",
    "GOOGLE_GENAI_USE_VERTEXAI",
    "GOOGLE_GENAI_USE_ENTERPRISE",
    "GOOGLE_GEMINI_BASE_URL",
    "GOOGLE_GENAI_API_VERSION",
)


@pytest.fixture(scope="session")
def one_certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file with one authority: the SDK reads it three times a client, for 0.2 s less."""
    path = tmp_path_factory.mktemp("certificates") / "one.pem"
    first, end, _ = Path(certifi.where()).read_text().partition("-----END CERTIFICATE-----\n")
    path.write_text(first[first.index("-----BEGIN") :] + end)
    return path


@pytest.fixture
def without_google_variables(monkeypatch: pytest.MonkeyPatch, one_certificate: Path) -> None:
    """Unset the variables that the SDK reads, and trust one authority."""
    for name in GOOGLE_VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SSL_CERT_FILE", str(one_certificate))


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "lessons.db"


@pytest.fixture
def quick() -> Iterator[RunningEmulator]:
    """Serve every part in a tenth of a second."""
    with paced_emulator() as emulator:
        yield emulator


@pytest.fixture
def emulator() -> Iterator[StartEmulator]:
    """Start emulators at infinite speed, or as asked; a kind of fault strikes every request."""
    with contextlib.ExitStack() as running:

        def start(*faults: FaultKind | FaultRule, **settings: Any) -> RunningEmulator:
            rules = tuple(
                FaultRule(fault) if isinstance(fault, FaultKind) else fault for fault in faults
            )
            config = replace(EmulatorConfig(BANK, speed=math.inf, faults=rules), **settings)
            return running.enter_context(running_emulator(config))

        yield start


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    timeout = aiohttp.ClientTimeout(total=10)
    async with aiohttp.ClientSession(timeout=timeout, headers={"x-goog-api-key": "k"}) as session:
        yield session
