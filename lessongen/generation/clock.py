"""The clock of generation: the event loop's, so that a test can drive it."""

import asyncio


def loop_time() -> float:
    """Return the running event loop's time, in seconds of a steady clock."""
    return asyncio.get_running_loop().time()
