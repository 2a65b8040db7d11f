"""A real city behind uvicorn on loopback, with or without TLS, in a thread that ends with the `with`."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp


@dataclass(frozen=True)
class LiveCity:
    """Where it listens."""

    port: int
    tls: bool

    @property
    def url(self) -> str:
        """Its address as a desk is given it."""
        return f"{'https' if self.tls else 'http'}://localhost:{self.port}"


@contextmanager
def live(app: ASGIApp, *, certificate: Path | None = None, key: Path | None = None) -> Iterator[LiveCity]:
    """`app` served until the block ends; the port is one the system gave."""
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        app,
        log_config=None,
        lifespan="off",
        ssl_certfile=certificate,
        ssl_keyfile=key,
        timeout_graceful_shutdown=1,
        loop="asyncio",
    )
    server = _Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="live city")
    thread.start()
    try:
        if not server.listening.wait(20):
            raise AssertionError("the city did not begin to listen")
        yield LiveCity(listener.getsockname()[1], tls=certificate is not None)
    finally:
        server.should_exit = True
        thread.join(20)
        listener.close()


class _Server(uvicorn.Server):
    """Says when it listens, and leaves the signals of the test alone."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listening.set()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield
