"""Google's SDK alone: a stream for each call, its text read to the end, and nothing else.

The transport is as ours, and the requests are the same. It streams because we do: an answer in one
piece is cheaper to read, and is no answer to a page that fills.
"""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager

from google import genai
from google.genai import types

from tests.peers.google import SAFETY, options, transport
from tests.peers.task import KEY, Call, WriteLesson


@asynccontextmanager
async def opened(url: str, calls: Sequence[Call]) -> AsyncGenerator[WriteLesson]:
    """Open one client on a session of its own."""
    async with transport() as session:
        client = genai.Client(vertexai=False, api_key=KEY, http_options=options(url, session))

        async def write() -> Sequence[str]:
            return await asyncio.gather(*(_written(client, call) for call in calls))

        yield write
        await client.aio.aclose()
        client.close()


async def _written(client: genai.Client, call: Call) -> str:
    level = types.ThinkingLevel(call.thinking.upper())
    config = types.GenerateContentConfig(
        system_instruction=call.system,
        response_mime_type="application/json",
        response_json_schema=call.schema,
        max_output_tokens=call.max_output_tokens,
        thinking_config=types.ThinkingConfig(thinking_level=level),
        safety_settings=SAFETY,
        automatic_continuation=False,
        automatic_function_calling=types.AutomaticFunctionCallingConfig(disable=True),
    )
    chunks = await client.aio.models.generate_content_stream(
        model=call.models[0], contents=call.user, config=config
    )
    return "".join([chunk.text or "" async for chunk in chunks])
