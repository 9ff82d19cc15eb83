"""A school's OIDC provider on loopback, in a process of its own, and accounts of the school."""

import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from lessongen.commands.serving import free_port
from lessongen.settings import SECRETS_FILE

START_SECONDS = 60.0
_POLL_SECONDS = 0.1
COOKIE_SECRET = "k3Jx9-Q2mZ7pLw8RtY5vB1nC4dF6gH0sA"
CLIENT_SECRET = "client-secret-that-no-page-shows"
# The provider's own pages ask for this style sheet, and do without.
STYLE_SHEET = "https://cdn.jsdelivr.net/npm/@picocss/pico@2/css/pico.min.css"
ACCOUNTS: dict[str, dict[str, object]] = {
    "ann": {"email": "Ann@School.org", "email_verified": True},
    "ben": {"email": "ben@school.org", "email_verified": True},
    "ada": {"email": "ada@it.school.org", "email_verified": True},
    "sue": {"email": "sue@school.org", "email_verified": True},
    "head": {"email": "head@school.org", "email_verified": True},
    "eve": {"email": "eve@evil-school.org", "email_verified": True},
    "una": {"email": "head@school.org", "email_verified": False},
    "nat": {},
}
ROLES = """
[roles]
teacher = ["ann@school.org", "ben@school.org", "head@school.org"]
admin = ["*@it.school.org", "head@school.org"]
staff = ["sue@school.org", "head@school.org"]
"""


@dataclass(frozen=True, slots=True)
class Provider:
    """An OIDC provider that answers at `url`."""

    url: str

    def is_at(self, url: str) -> bool:
        """Say whether an address is one of its pages."""
        return urlsplit(url).netloc == urlsplit(self.url).netloc


@contextmanager
def running_provider() -> Generator[Provider]:
    """Start a provider that knows the accounts, and stop it."""
    port = free_port("127.0.0.1", 0, 0)
    accounts = [json.dumps({"sub": sub} | claims) for sub, claims in ACCOUNTS.items()]
    known = [word for account in accounts for word in ("--user-claims", account)]
    with subprocess.Popen(
        [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), *known],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            provider = Provider(f"http://127.0.0.1:{port}")
            _wait_for(provider)
            yield provider
        finally:
            process.kill()


def _wait_for(provider: Provider) -> None:
    give_up = time.monotonic() + START_SECONDS
    while time.monotonic() < give_up:
        with suppress(OSError), urllib.request.urlopen(metadata_url(provider), timeout=5):
            return
        time.sleep(_POLL_SECONDS)  # another process: it says nothing when it is ready
    raise AssertionError("The provider did not start.")


def metadata_url(provider: Provider) -> str:
    """Return where a provider tells what it offers."""
    return f"{provider.url}/.well-known/openid-configuration"


def set_up_sign_in(app: Path, provider: Provider, more: str = ROLES) -> None:
    """Write the secrets file of a copied app, as the README says."""
    (app / SECRETS_FILE).write_text(
        f"""
[auth]
redirect_uri = "http://127.0.0.1:{{port}}/oauth2callback"
cookie_secret = "{COOKIE_SECRET}"
client_id = "lessongen"
client_secret = "{CLIENT_SECRET}"
server_metadata_url = "{metadata_url(provider)}"
{more}""",
        encoding="utf-8",
    )
