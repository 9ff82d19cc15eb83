"""A worker: one stack in a process of its own, told by lines of JSON how many lessons to write.

The first line of its input holds the emulator's address and the calls; every other line is a
number of lessons, written at the same time and answered with a line of JSON.
"""

import asyncio
import importlib
import json
import resource
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import cast

from tests.peers.task import Call, Stack, Taken, WriteLesson


async def serve(stack: str) -> None:
    """Measure one stack until the input ends."""
    task = json.loads(sys.stdin.readline())
    calls = [Call(**call) for call in task["calls"]]
    module = cast("Stack", importlib.import_module(f"tests.peers.{stack}"))
    async with module.opened(task["url"], calls) as write:
        while line := await asyncio.to_thread(sys.stdin.readline):
            sys.stdout.write(json.dumps(asdict(await taken(write, int(line)))) + "\n")
            sys.stdout.flush()


async def taken(write: WriteLesson, lessons: int) -> Taken:
    """Write so many lessons at the same time, and measure that."""

    async def timed() -> tuple[float, list[int]]:
        texts = await write()
        return time.perf_counter() - began, [len(text) for text in texts]

    began, cpu = time.perf_counter(), time.process_time()
    written = await asyncio.gather(*(timed() for _ in range(lessons)))
    cpu = time.process_time() - cpu
    walls = [wall for wall, _ in written]
    return Taken(walls, cpu, _peak_rss_mb(), [sum(lengths) for _, lengths in written])


def _peak_rss_mb() -> float:
    """Return this process's own peak; getrusage counts that of the process it came from too."""
    status = Path("/proc/self/status")
    if status.exists():
        lines = status.read_text(encoding="utf-8").splitlines()
        return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024**2 if sys.platform == "darwin" else 1024)


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1]))
