"""What this installation was told: key, server, database, folders. Nothing is read twice."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import SecretStr

from lessongen.errors import SettingsError
from lessongen.sign_in import SignIn, sign_in_of

ROOT = Path(__file__).resolve().parent.parent
SECRETS_FILE = Path(".streamlit") / "secrets.toml"
_KEY_NAMES = ("GEMINI_API_KEY", "GOOGLE_API_KEY")
_SQLITE = "sqlite:///"
_TRUE = {"1", "true", "yes", "on"}


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one process; `api_key` prints as stars."""

    root: Path
    database: Path
    api_key: SecretStr | None = None
    key_source: str | None = None
    base_url: str | None = None
    api_version: str | None = None
    vertex: bool = False
    sample_speed: float = 1.0
    otlp_endpoint: str | None = None
    sign_in: SignIn | None = None

    @property
    def data(self) -> Path:
        """The folder of models, strategies and sample lessons."""
        return self.root / "data"

    @property
    def sample_mode(self) -> bool:
        """Say whether lessons are samples: no key, and no server of one's own to ask instead."""
        return self.api_key is None and self.base_url is None and not self.vertex


def read_settings(environment: Mapping[str, str], root: Path = ROOT) -> Settings:
    """Read the settings from the environment, then from the secrets file below `root`.

    Raises:
        SettingsError: where a value cannot be used; the sentence names it, never shows a key.
    """
    file = _secrets(root / SECRETS_FILE)
    secrets, environment = _given(file), _given(environment)
    given = {**secrets, **environment}
    key = _key(environment, secrets)
    return Settings(
        root=root,
        database=_database(given.get("LESSONGEN_DATABASE", ""), root),
        api_key=key.secret if key else None,
        key_source=key.source if key else None,
        base_url=_url("LESSONGEN_GEMINI_BASE_URL", given.get("LESSONGEN_GEMINI_BASE_URL", "")),
        api_version=given.get("LESSONGEN_GEMINI_API_VERSION"),
        vertex=given.get("GOOGLE_GENAI_USE_VERTEXAI", "").lower() in _TRUE,
        sample_speed=_positive("LESSONGEN_SAMPLE_SPEED", given.get("LESSONGEN_SAMPLE_SPEED", "1")),
        otlp_endpoint=_collector(given.get("LESSONGEN_OTLP_ENDPOINT", "")),
        sign_in=sign_in_of(file),
    )


@dataclass(frozen=True, slots=True)
class _Key:
    secret: SecretStr
    source: str


def _key(environment: Mapping[str, str], secrets: Mapping[str, str]) -> _Key | None:
    for place, given in (("the environment", environment), (SECRETS_FILE, secrets)):
        for name in _KEY_NAMES:
            if name in given:
                return _Key(SecretStr(given[name]), f"{name} in {place}")
    return None


def _given(values: Mapping[str, object]) -> dict[str, str]:
    """Return what was really said, as text: a blank value is none, and TOML has true and 0.5."""
    return {
        name: str(value).strip()
        for name, value in values.items()
        if isinstance(value, str | int | float) and str(value).strip()
    }


def _secrets(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        # The cause could quote the line that holds a key, so it is neither shown nor chained.
        kind = type(error).__name__
        raise SettingsError(
            f"The secrets file {SECRETS_FILE} cannot be read ({kind}). "
            'It should hold lines like GEMINI_API_KEY = "your key".'
        ) from None


def _database(url: str, root: Path) -> Path:
    if not url:
        return root / "data" / "lessongen.db"
    if not url.startswith(_SQLITE) or url == _SQLITE:
        raise SettingsError(
            "LESSONGEN_DATABASE must look like sqlite:///path/to/lessons.db; "
            "no other kind of database is supported."
        )
    return Path(url.removeprefix(_SQLITE)).expanduser()


def _url(name: str, text: str) -> str | None:
    if not text:
        return None
    if not text.startswith(("http://", "https://")):
        raise SettingsError(f"{name} must start with http:// or https://.")
    return text.rstrip("/")


def _collector(text: str) -> str | None:
    """Return the address that the paths of OpenTelemetry's protocol are appended to."""
    name = "LESSONGEN_OTLP_ENDPOINT"
    url = _url(name, text)
    if url and not _is_base(url):
        raise SettingsError(
            f"{name} must be the address of a collector and no more, like http://localhost:4318: "
            "no name or password, nothing after ? or #, and no /v1/traces at its end."
        )
    return url


def _is_base(url: str) -> bool:
    try:
        parts = urlsplit(url)
        usable = bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    more = parts.username or parts.password or parts.query or parts.fragment
    return usable and not more and not parts.path.endswith(("/v1/traces", "/v1/metrics"))


def _positive(name: str, text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not number > 0:
        raise SettingsError(f"{name} must be a number above zero.")
    return number
