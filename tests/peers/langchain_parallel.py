"""LangChain's RunnableParallel: a branch for each section, its model with fallbacks."""

# pyright: basic, reportMissingImports=false

import os
from collections import defaultdict
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager

os.environ["LANGSMITH_TRACING"] = "false"

from langchain_core.messages import HumanMessage, SystemMessage
from langchain_core.runnables import RunnableLambda, RunnableParallel
from langchain_google_genai import ChatGoogleGenerativeAI, HarmBlockThreshold, HarmCategory

from tests.peers.task import CATEGORIES, KEY, THRESHOLD, Call, WriteLesson


@asynccontextmanager
async def opened(url: str, calls: Sequence[Call]) -> AsyncGenerator[WriteLesson]:
    """Make one client for each model, and one chain for the process."""
    threshold = HarmBlockThreshold(THRESHOLD)
    models = {
        model: ChatGoogleGenerativeAI(
            model=model,
            google_api_key=KEY,
            base_url=url,
            max_retries=1,
            timeout=600,
            safety_settings=dict.fromkeys(map(HarmCategory, CATEGORIES), threshold),
        )
        for call in calls
        for model in call.models
    }
    chain = RunnableParallel({call.part: _branch(call, models) for call in calls})

    async def write() -> Sequence[str]:
        texts = defaultdict[str, list[str]](list)
        async for piece in chain.astream({}):
            for part, message in piece.items():
                texts[part].append(message.text)
        return ["".join(texts[call.part]) for call in calls]

    yield write


def _branch(call: Call, models: dict[str, ChatGoogleGenerativeAI]):
    messages = [SystemMessage(call.system), HumanMessage(call.user)]
    first, *others = (
        models[model].bind(
            response_mime_type="application/json",
            response_json_schema=call.schema,
            max_output_tokens=call.max_output_tokens,
            thinking_level=call.thinking,
        )
        for model in call.models
    )
    return RunnableLambda(lambda _: messages) | first.with_fallbacks(others)
