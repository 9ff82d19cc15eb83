"""A thread with an event loop of its own, for work that must outlive page runs."""

import asyncio
import logging
import threading
from collections.abc import Callable, Coroutine, Generator
from contextlib import contextmanager
from typing import Any

_LOG = logging.getLogger(__name__)
# Longer than a database that is busy keeps the runner waiting: for a tick, then for the last save.
_STOP_SECONDS = 15.0


@contextmanager
def background(name: str, main: Callable[[], Coroutine[Any, Any, None]]) -> Generator[None]:
    """Run a coroutine on its own thread and loop; leaving the context cancels it and waits."""
    ready = threading.Event()
    stopping: list[Callable[[], object]] = []

    async def until_stopped() -> None:
        task = asyncio.ensure_future(main())
        loop = asyncio.get_running_loop()
        stopping.append(lambda: loop.call_soon_threadsafe(task.cancel))
        ready.set()
        await asyncio.wait([task])
        if not task.cancelled() and (error := task.exception()):
            _LOG.error("The %s thread ended: %s", name, error, exc_info=error)

    thread = threading.Thread(target=lambda: asyncio.run(until_stopped()), name=name, daemon=True)
    thread.start()
    ready.wait()
    try:
        yield
    finally:
        if thread.is_alive():
            stopping[0]()
        thread.join(_STOP_SECONDS)
