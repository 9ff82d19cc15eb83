"""Open tabs without their browser: clients that speak Streamlit's protocol and watch lessons.

python -m tests.browser.watching_clients ws://127.0.0.1:8501/_stcore/stream LESSON [LESSON ...]

Opens one tab for each lesson named (a lesson may be named twice), says "watching" as soon as every
tab has its page, watches until standard input closes, and prints what came, as JSON.
"""

# ruff: noqa: T201 (a script prints)

import asyncio
import json
import sys
from dataclasses import asdict, dataclass, field

import aiohttp
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

_PROTOCOL = "streamlit"
_PATIENCE_SECONDS = 60
_KEPT_RUNS = 2  # Streamlit's global.maxCachedMessageAge


@dataclass(slots=True)
class Tally:
    """What a tab, or all of them, sent and received."""

    asked: int = 0
    answered: int = 0
    messages: int = 0
    bytes: int = 0

    def add(self, other: "Tally") -> None:
        """Count another tab in."""
        self.asked += other.asked
        self.answered += other.answered
        self.messages += other.messages
        self.bytes += other.bytes


@dataclass
class WatchingTab:
    """A tab on a lesson. Like the browser it asks anew whenever a fragment's timer says so."""

    socket: aiohttp.ClientWebSocketResponse
    lesson: str
    drawn: asyncio.Event = field(default_factory=asyncio.Event)
    tally: Tally = field(default_factory=Tally)
    _page: str = ""
    _run: int = 0
    _cached: dict[str, int] = field(default_factory=dict[str, int])
    _timers: dict[str, asyncio.Task[None]] = field(default_factory=dict[str, asyncio.Task[None]])

    async def watch(self) -> None:
        """Ask for the page, and follow it until the connection ends."""
        await self._ask(ClientState(page_name="lesson"))
        async for frame in self.socket:
            if frame.type is aiohttp.WSMsgType.BINARY:
                self._take(frame.data)
        self._stop_timers()

    async def _ask(self, state: ClientState) -> None:
        state.query_string = f"lesson={self.lesson}"
        state.page_script_hash = self._page
        state.cached_message_hashes.extend(self._cached)
        self.tally.asked += 1
        await self.socket.send_bytes(BackMsg(rerun_script=state).SerializeToString())

    def _take(self, frame: bytes) -> None:
        message = ForwardMsg.FromString(frame)
        self.tally.messages += 1
        self.tally.bytes += len(frame)
        if message.metadata.cacheable:
            self._cached.setdefault(message.ref_hash or message.hash, self._run)
        match message.WhichOneof("type"):
            case "new_session":
                if not message.metadata.run.fragment_ids:
                    self._stop_timers()
            case "navigation":
                self._page = message.navigation.page_script_hash
            case "auto_rerun":
                self._start_timer(message.auto_rerun.fragment_id, message.auto_rerun.interval)
            case "script_finished":
                self._forget_old_messages()
                self.tally.answered += 1
                self.drawn.set()
            case _:
                pass

    def _start_timer(self, fragment: str, seconds: float) -> None:
        if fragment not in self._timers:
            self._timers[fragment] = asyncio.create_task(self._ask_every(fragment, seconds))

    def _stop_timers(self) -> None:
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()

    async def _ask_every(self, fragment: str, seconds: float) -> None:
        while True:
            await asyncio.sleep(seconds)
            await self._ask(ClientState(fragment_id=fragment, is_auto_rerun=True))

    def _forget_old_messages(self) -> None:
        self._run += 1
        oldest = self._run - _KEPT_RUNS
        self._cached = {name: run for name, run in self._cached.items() if run >= oldest}


async def watch_all(url: str, lessons: list[str]) -> Tally:
    """Watch lessons, a tab each, until standard input closes."""
    async with aiohttp.ClientSession() as session:
        tabs: list[WatchingTab] = []
        watching: list[asyncio.Task[None]] = []
        for lesson in lessons:
            socket = await session.ws_connect(url, protocols=[_PROTOCOL], max_msg_size=0)
            tab = WatchingTab(socket, lesson)
            tabs.append(tab)
            watching.append(asyncio.create_task(tab.watch()))
            async with asyncio.timeout(_PATIENCE_SECONDS):
                await tab.drawn.wait()
        print("watching", flush=True)
        await asyncio.to_thread(sys.stdin.read)
        for tab in tabs:
            await tab.socket.close()
        await asyncio.gather(*watching)
    total = Tally()
    for tab in tabs:
        total.add(tab.tally)
    return total


def main() -> int:
    """Watch the lessons of the command line."""
    url, *lessons = sys.argv[1:]
    try:
        tally = asyncio.run(watch_all(url, lessons))
    except TimeoutError:
        print(f"A tab did not get its page within {_PATIENCE_SECONDS} s.", flush=True)
        return 1
    print(json.dumps(asdict(tally)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
