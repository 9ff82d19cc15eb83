"""The server: an emulator on a loopback port, in a thread of its own."""

import asyncio
import contextlib
import os
import socket
import struct
from collections.abc import Generator
from dataclasses import dataclass
from functools import partial
from threading import Event, Thread
from typing import Any

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from lessongen.emulator.app import emulator_app
from lessongen.emulator.config import EmulatorConfig
from lessongen.emulator.log import RequestLog, RequestRecord
from lessongen.errors import SettingsError

_LOOPBACK = "127.0.0.1"
_START_SECONDS = 10.0
# Longer than clients keep an idle connection: the side that closes first must not be ours.
_KEEP_ALIVE_SECONDS = 75
_GRACE_SECONDS = 1.0
_BACKLOG = 2048


@dataclass(frozen=True, slots=True)
class RunningEmulator:
    """An emulator that answers at `url`, such as http://127.0.0.1:8000."""

    url: str
    _log: RequestLog

    @property
    def requests(self) -> tuple[RequestRecord, ...]:
        """What was asked so far, oldest first; readable from any thread."""
        return self._log.records


@contextlib.contextmanager
def running_emulator(
    config: EmulatorConfig, port: int = 0, host: str = _LOOPBACK
) -> Generator[RunningEmulator]:
    """Serve from a daemon thread with its own event loop; port 0 takes any free one.

    Open streams are cut when the block ends. The logging set-up is left as it is.

    Raises:
        SettingsError: where the port is taken, or the configuration cannot be used.
    """
    log = RequestLog(config.clock)
    app = emulator_app(config, log)
    listener = _listener(host, port)
    server = _Server(_uvicorn_config(app, log_config=None))
    thread = Thread(target=server.serve_until_stopped, args=(listener,), daemon=True)
    thread.start()
    try:
        if not server.ready.wait(_START_SECONDS):
            raise SettingsError(f"The emulator did not start within {_START_SECONDS:g} seconds.")
        yield RunningEmulator(_url(listener), log)
    finally:
        server.should_exit = True
        thread.join(_START_SECONDS)
        listener.close()


class _Connection(H11Protocol):
    """A connection that lets a request cut it off or reset it, and keeps no access log."""

    def connection_made(self, transport: asyncio.Transport) -> None:
        super().connection_made(transport)
        self.access_log = False
        endings = {"cut": transport.close, "reset": partial(_reset, transport)}
        self.app_state = {**self.app_state, **endings}


def _reset(transport: asyncio.Transport) -> None:
    """Close a connection without lingering: the other side is told that it was reset."""
    connected: socket.socket = transport.get_extra_info("socket")
    lingering = struct.pack("ii" if os.name == "posix" else "hh", 1, 0)
    connected.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, lingering)
    transport.abort()


class _Server(uvicorn.Server):
    """A server that says when it is ready, and cuts open streams when it stops."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = Event()

    def serve_until_stopped(self, listener: socket.socket) -> None:
        asyncio.run(self.serve([listener]))

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop without the pause in which uvicorn lets clients finish: streams can be endless."""
        for listening in self.servers:
            listening.close()
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        for listener in sockets or []:
            listener.close()
        if tasks := set(self.server_state.tasks):
            await asyncio.wait(tasks, timeout=_GRACE_SECONDS)


def _uvicorn_config(app: ASGIApp, **logging: Any) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=_Connection,
        ws="none",
        lifespan="off",
        proxy_headers=False,
        backlog=_BACKLOG,
        timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        **logging,
    )


def _listener(host: str, port: int) -> socket.socket:
    """Return a socket that listens already, so that no request is refused during start-up."""
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    if os.name == "posix":  # on Windows this option lets two servers share a port
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(_BACKLOG)
    except (OSError, OverflowError) as error:
        listener.close()
        raise SettingsError(
            f"The emulator cannot listen on {host}, port {port}: {error}. "
            "Choose another port, or stop the program that uses this one."
        ) from error
    return listener


def _url(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
