"""LiteLLM's Router: a deployment for each model, fallbacks in order, one retry."""

# pyright: basic, reportMissingImports=false

import asyncio
import os
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager

# It would ask the network for prices, and for a tokenizer.
os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
os.environ["LITELLM_MODE"] = "PRODUCTION"

import litellm
from litellm import Router

from tests.peers.task import CATEGORIES, KEY, THRESHOLD, Call, WriteLesson

# It does not know every model yet, and rewrites the prompts of those it does not.
_KNOWN = {
    "litellm_provider": "gemini",
    "mode": "chat",
    "supports_response_schema": True,
    "supports_system_messages": True,
}
_SAFETY = [{"category": category, "threshold": THRESHOLD} for category in CATEGORIES]


@asynccontextmanager
async def opened(url: str, calls: Sequence[Call]) -> AsyncGenerator[WriteLesson]:
    """Make one router for the process."""
    litellm.telemetry = False
    litellm.suppress_debug_info = True
    litellm.disable_streaming_logging = True
    models = sorted({model for call in calls for model in call.models})
    litellm.register_model({f"gemini/{model}": _KNOWN for model in models})
    router = Router(
        model_list=[
            {
                "model_name": model,
                "litellm_params": {
                    "model": f"gemini/{model}",
                    "api_key": KEY,
                    "api_base": f"{url}/v1beta",
                },
            }
            for model in models
        ],
        num_retries=1,
        timeout=600,
    )

    async def write() -> Sequence[str]:
        return await asyncio.gather(*(_written(router, call) for call in calls))

    yield write


async def _written(router: Router, call: Call) -> str:
    chunks = await router.acompletion(
        model=call.models[0],
        fallbacks=list(call.models[1:]),
        messages=[
            {"role": "system", "content": call.system},
            {"role": "user", "content": call.user},
        ],
        response_format={
            "type": "json_schema",
            "json_schema": {"name": call.part, "schema": call.schema},
        },
        max_tokens=call.max_output_tokens,
        reasoning_effort=call.thinking,
        safety_settings=_SAFETY,
        stream=True,
    )
    return "".join([chunk.choices[0].delta.content or "" async for chunk in chunks])
