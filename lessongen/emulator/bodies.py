"""Request bodies: what the JSON of a Gemini request asks for, in either spelling of its names."""

import json
import re
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from lessongen.emulator.delays import TOKEN_CHARACTERS

_THOUGHTS = {"minimal": 0, "low": 64, "medium": 256, "high": 1024}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request asks for. `user` joins everything the user said, `schema` may be absent."""

    user: str
    prompt_tokens: int
    thought_tokens: int
    schema: dict[str, Any] | None


class UnusableBodyError(ValueError):
    """A body the server refuses; its text says why."""


def tokens(text: str) -> int:
    """Return how many tokens a text counts for; at least one where there is any text."""
    return -(-len(text) // TOKEN_CHARACTERS)


def read_body(raw: bytes) -> Asked:
    """Read the body of a request for an answer, or for a count of tokens.

    Raises:
        UnusableBodyError: where it is not JSON, or holds no contents.
    """
    body = _json_object(raw)
    # countTokens may wrap a whole request.
    body = _object(body, "generateContentRequest") or body
    turns = _turns(body)
    user = "\n".join(_text(turn) for turn in turns if turn.get("role", "user") == "user")
    said = "\n".join([_text(_object(body, "systemInstruction")), *map(_text, turns)])
    config = _object(body, "generationConfig")
    return Asked(
        user=user,
        prompt_tokens=tokens(said),
        thought_tokens=_thoughts(_object(config, "thinkingConfig")),
        schema=_object(config, "responseJsonSchema") or _object(config, "responseSchema") or None,
    )


def _json_object(raw: bytes) -> dict[str, Any]:
    try:
        body: Any = json.loads(raw)
    except ValueError as error:
        raise UnusableBodyError("Invalid JSON payload received. Unexpected token.") from error
    if not isinstance(body, dict):
        raise UnusableBodyError("Invalid JSON payload received. Root element must be a message.")
    return cast("dict[str, Any]", body)


def _turns(body: dict[str, Any]) -> list[dict[str, Any]]:
    contents = _field(body, "contents")
    if not contents:
        raise UnusableBodyError("* GenerateContentRequest.contents: contents is not specified\n")
    if not isinstance(contents, list):
        raise UnusableBodyError("Invalid value at 'contents': a list is expected.")
    turns = [_as_object(turn) for turn in cast("list[Any]", contents)]
    if not all(turn.get("parts") for turn in turns):
        raise UnusableBodyError(
            "* GenerateContentRequest.contents.parts: contents.parts must not be empty.\n"
        )
    return turns


def _text(content: dict[str, Any]) -> str:
    parts = content.get("parts")
    found = cast("list[Any]", parts) if isinstance(parts, list) else [parts]
    return "".join(str(_as_object(part).get("text", "")) for part in found)


def _thoughts(thinking: dict[str, Any]) -> int:
    if _field(thinking, "thinkingBudget") == 0:
        return 0
    return _THOUGHTS.get(str(_field(thinking, "thinkingLevel") or "low").lower(), 0)


def _object(parent: dict[str, Any], name: str) -> dict[str, Any]:
    return _as_object(_field(parent, name))


def _as_object(value: Any) -> dict[str, Any]:
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def _field(parent: dict[str, Any], name: str) -> Any:
    """Return a field spelled in camelCase or in snake_case: the SDK sends both."""
    return parent.get(name, parent.get(_snake_case(name)))


@cache
def _snake_case(name: str) -> str:
    return re.sub(r"[A-Z]", lambda capital: f"_{capital[0].lower()}", name)
