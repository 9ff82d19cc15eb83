"""pydantic-ai's FallbackModel, asked directly: an agent around it would only cost more."""

# pyright: basic, reportMissingImports=false

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager

from google import genai
from google.genai import types
from pydantic_ai.direct import model_request_stream
from pydantic_ai.messages import ModelRequest
from pydantic_ai.models import ModelRequestParameters
from pydantic_ai.models.fallback import FallbackModel
from pydantic_ai.models.google import GoogleModel, GoogleModelSettings
from pydantic_ai.output import OutputObjectDefinition
from pydantic_ai.providers.google import GoogleProvider

from tests.peers.google import SAFETY, options, transport
from tests.peers.task import KEY, Call, WriteLesson


@asynccontextmanager
async def opened(url: str, calls: Sequence[Call]) -> AsyncGenerator[WriteLesson]:
    """Make one client and one chain of models for each section."""
    async with transport() as session:
        provider = GoogleProvider(
            client=genai.Client(api_key=KEY, http_options=options(url, session))
        )
        models = [
            FallbackModel(*(GoogleModel(model, provider=provider) for model in call.models))
            for call in calls
        ]

        async def write() -> Sequence[str]:
            pairs = zip(models, calls, strict=True)
            return await asyncio.gather(*(_written(model, call) for model, call in pairs))

        yield write


async def _written(model: FallbackModel, call: Call) -> str:
    request = ModelRequest.user_text_prompt(call.user, instructions=call.system)
    settings = GoogleModelSettings(
        max_tokens=call.max_output_tokens,
        google_safety_settings=SAFETY,
        google_thinking_config={"thinking_level": types.ThinkingLevel(call.thinking.upper())},
    )
    parameters = ModelRequestParameters(
        output_mode="native", output_object=OutputObjectDefinition(json_schema=call.schema)
    )
    async with model_request_stream(
        model, [request], model_settings=settings, model_request_parameters=parameters
    ) as stream:
        async for _ in stream:
            pass
        return stream.get().text or ""
