"""Where to ask, and with which key; told apart from the client, which takes long to load."""

from dataclasses import dataclass

from pydantic import SecretStr


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where to ask. Vertex AI reads project and place from the SDK's own settings."""

    api_key: SecretStr | None
    base_url: str | None = None
    api_version: str | None = None
    vertex: bool = False
