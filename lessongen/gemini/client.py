"""The Gemini client: one SDK client on our own connection pool, one stream a question.

What the SDK does unasked is switched off here: retries, redirects (they would carry the key to
another host), continuation, function calling, proxies from the environment. Deadlines are the
caller's (`asyncio.timeout`): a timeout given to the SDK is also sent to the server, which refuses
less than ten seconds.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any, Self

import aiohttp
from google import genai
from google.genai import types
from pydantic import SecretStr

from lessongen.errors import Blocked, Malformed, ProviderError, Truncated
from lessongen.gemini.connections import Connections
from lessongen.gemini.early_text import EarlyText
from lessongen.gemini.endpoint import Endpoint
from lessongen.gemini.failures import OVERSIZED, translated
from lessongen.gemini.messages import Delta, ModelList, ModelRequest, Usage

MAX_ANSWER_CHARACTERS = 400_000
# JSON spells a character in up to six bytes; each chunk repeats some hundred bytes around its text.
_MAX_BODY_BYTES = MAX_ANSWER_CHARACTERS * 20

_SAFETY = [
    types.SafetySetting(category=category, threshold=types.HarmBlockThreshold.BLOCK_LOW_AND_ABOVE)
    for category in (
        types.HarmCategory.HARM_CATEGORY_HARASSMENT,
        types.HarmCategory.HARM_CATEGORY_HATE_SPEECH,
        types.HarmCategory.HARM_CATEGORY_SEXUALLY_EXPLICIT,
        types.HarmCategory.HARM_CATEGORY_DANGEROUS_CONTENT,
    )
]
_PAGE_SIZE, _MOST_PAGES = 1000, 20
_BLOCKING = {"SAFETY", "RECITATION", "PROHIBITED_CONTENT", "BLOCKLIST", "SPII", "LANGUAGE"}


class GeminiClient:
    """Streams structured answers. Belongs to the event loop it was opened on."""

    def __init__(
        self, client: genai.Client, connections: Connections, key: SecretStr | None = None
    ) -> None:
        self._client = client
        self._connections = connections
        self._key = key

    @classmethod
    @asynccontextmanager
    async def opened(cls, endpoint: Endpoint) -> AsyncGenerator[Self]:
        """Open a client and its connections; both close with the context."""
        async with Connections.opened(_MAX_BODY_BYTES) as connections:
            client = _sdk_client(endpoint, connections.session)
            try:
                yield cls(client, connections, endpoint.api_key)
            finally:
                await client.aio.aclose()
                client.close()

    @asynccontextmanager
    async def stream(self, request: ModelRequest) -> AsyncGenerator[AsyncIterator[Delta]]:
        """Ask, and yield deltas; see `ModelClient`.

        A task of its own reads, so that the caller may listen from any task, or not at all.
        """
        arrived = asyncio.Queue[Delta | ProviderError | None]()
        reader = asyncio.create_task(self._read_into(arrived, request))
        try:
            yield _each(arrived)
        finally:
            reader.cancel()
            await asyncio.wait([reader])

    async def listed(self) -> ModelList:
        """Return the models of the server; see `ListingClient`. Deadlines are the caller's.

        Vertex AI lists what a place offers to start with, and others may answer there too.
        """
        try:
            ids = await self._ids()
        except Exception as error:  # noqa: BLE001 - the border: every foreign error becomes ours
            ours = translated(error, "the list of models", self._key)
            raise ours from ours.__cause__
        return ModelList(ids, complete=not self._client.vertexai)

    async def _ids(self) -> frozenset[str]:
        pages = await self._client.aio.models.list(config={"page_size": _PAGE_SIZE})
        ids = set[str]()
        for _ in range(_MOST_PAGES):
            ids.update(_short_name(model) for model in pages.page if _writes(model))
            try:
                await pages.next_page()
            except IndexError:  # how the SDK says that there are no more
                break
        return frozenset(ids)

    async def _read_into(
        self, arrived: asyncio.Queue[Delta | ProviderError | None], request: ModelRequest
    ) -> None:
        early = EarlyText(arrived.put_nowait, MAX_ANSWER_CHARACTERS)
        with self._connections.call(early):
            try:
                async for item in self._items(request, early):
                    arrived.put_nowait(item)
            except Exception as error:  # noqa: BLE001 - the border: every foreign error becomes ours
                arrived.put_nowait(translated(error, request.model, self._key))
            else:
                arrived.put_nowait(None)

    async def _items(
        self, request: ModelRequest, early: EarlyText
    ) -> AsyncGenerator[Delta | ProviderError]:
        """Yield deltas, without what was told early.

        An error comes as the last where the answer itself says that it failed.
        """
        chunks = await self._client.aio.models.generate_content_stream(
            model=request.model, contents=request.user, config=_config(request)
        )
        size = 0
        async for chunk in chunks:
            delta = _delta(chunk)
            size += len(delta.text)
            known, early.told = early.told, 0
            yield replace(delta, text=delta.text[known:]) if known else delta
            if failure := _failure(chunk, size, request.model):
                yield failure
                return


async def _each(arrived: asyncio.Queue[Delta | ProviderError | None]) -> AsyncIterator[Delta]:
    while (item := await arrived.get()) is not None:
        if isinstance(item, ProviderError):
            raise item
        yield item


def _sdk_client(endpoint: Endpoint, session: aiohttp.ClientSession) -> genai.Client:
    options = types.HttpOptions(
        base_url=endpoint.base_url,
        api_version=endpoint.api_version,
        aiohttp_client=session,
        async_client_args={"allow_redirects": False},
        retry_options=types.HttpRetryOptions(attempts=1),
    )
    if endpoint.vertex:
        return genai.Client(vertexai=True, http_options=options)
    # A server of one's own may need no key; the SDK insists on one.
    key = endpoint.api_key.get_secret_value() if endpoint.api_key else "no-key"
    return genai.Client(vertexai=False, api_key=key, http_options=options)


class _Config(types.GenerateContentConfig):
    """The SDK's own configuration, spared half a millisecond of it for each call.

    The SDK looks for a hundred names in it, each time through all its fields, and copies it three
    times over, schema and all. No name is ever found in that way, and nothing in it is changed.
    """

    def __contains__(self, name: object) -> bool:
        return False

    def __deepcopy__(self, memo: dict[int, Any] | None = None) -> Self:
        return self.__copy__()


def _config(request: ModelRequest) -> types.GenerateContentConfig:
    thinking = (
        types.ThinkingConfig(thinking_level=types.ThinkingLevel(request.thinking.upper()))
        if request.thinking
        else None
    )
    return _Config(
        system_instruction=request.system,
        response_mime_type="application/json",
        response_json_schema=request.schema,
        max_output_tokens=request.max_output_tokens,
        thinking_config=thinking,
        safety_settings=_SAFETY,
        automatic_continuation=False,
        automatic_function_calling=types.AutomaticFunctionCallingConfig(disable=True),
    )


def _short_name(model: types.Model) -> str:
    return (model.name or "").rpartition("models/")[2]


def _writes(model: types.Model) -> bool:
    """Say whether a model writes text, or does not tell."""
    return bool(model.name) and "generateContent" in (model.supported_actions or "generateContent")


def _delta(chunk: types.GenerateContentResponse) -> Delta:
    candidate = chunk.candidates[0] if chunk.candidates else None
    return Delta(
        text=_text(candidate),
        usage=_usage(chunk.usage_metadata),
        model_version=chunk.model_version,
        finished=bool(candidate and candidate.finish_reason),
    )


def _failure(chunk: types.GenerateContentResponse, size: int, model: str) -> ProviderError | None:
    """Return why no complete answer will come, if the chunk says so."""
    if chunk.prompt_feedback and (blocked := chunk.prompt_feedback.block_reason):
        return Blocked(model, f"the question was blocked ({blocked.value})")
    finish = chunk.candidates[0].finish_reason if chunk.candidates else None
    reason = finish.value if finish else "STOP"
    if reason in _BLOCKING:
        return Blocked(model, f"the answer was blocked ({reason})")
    if reason == "MAX_TOKENS":
        return Truncated(model, "the answer reached the limit of output tokens")
    if reason != "STOP":
        return Malformed(model, f"the answer ended with {reason}")
    if size > MAX_ANSWER_CHARACTERS:
        return Malformed(model, OVERSIZED)
    return None


def _text(candidate: types.Candidate | None) -> str:
    parts = candidate.content.parts if candidate and candidate.content else None
    return "".join(part.text for part in parts or () if part.text and not part.thought)


def _usage(metadata: types.GenerateContentResponseUsageMetadata | None) -> Usage | None:
    if metadata is None:
        return None
    return Usage(
        input=metadata.prompt_token_count,
        output=metadata.candidates_token_count,
        thoughts=metadata.thoughts_token_count,
        cached=metadata.cached_content_token_count,
    )
