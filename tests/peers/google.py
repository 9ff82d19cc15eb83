"""How Google's SDK is set up for every stack that asks through it."""

import aiohttp
from google.genai import types

from tests.peers.task import CATEGORIES, THRESHOLD

SAFETY = [
    types.SafetySetting(
        category=types.HarmCategory(category), threshold=types.HarmBlockThreshold(THRESHOLD)
    )
    for category in CATEGORIES
]


def transport() -> aiohttp.ClientSession:
    """Return a session without a limit of connections, as LessonGen has one."""
    return aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))


def options(url: str, session: aiohttp.ClientSession) -> types.HttpOptions:
    """Return options that ask the emulator, and once each."""
    return types.HttpOptions(
        base_url=url,
        aiohttp_client=session,
        retry_options=types.HttpRetryOptions(attempts=1),
    )
