"""Wakes desks that wait for something new: LISTEN/NOTIFY between the workers of one PostgreSQL, in process on SQLite."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterable
from contextlib import suppress

from sqlalchemy import Connection, text

from server.database import Database

CHANNEL = "griddesk_feed"


class Waker:
    """`announce` inside the committing transaction, `told` after it, `wait` in an event loop holding no connection."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._waiting: set[tuple[asyncio.AbstractEventLoop, asyncio.Event, frozenset[str]]] = set()
        self._closed = threading.Event()
        self._listener: threading.Thread | None = None

    def announce(self, connection: Connection, scopes: Iterable[str]) -> None:
        """Say, with the commit, that these scopes grew."""
        if self._database.is_postgres:
            for scope in sorted(scopes):
                connection.execute(text("SELECT pg_notify(:channel, :scope)"), {"channel": CHANNEL, "scope": scope})

    def told(self, scopes: Iterable[str]) -> None:
        """Wake whoever waits for one of these scopes in this process."""
        grown = frozenset(scopes)
        with self._lock:
            for loop, event, wanted in self._waiting:
                if wanted & grown:
                    with suppress(RuntimeError):
                        loop.call_soon_threadsafe(event.set)

    async def wait(self, scopes: Iterable[str], seconds: float) -> bool:
        """True when one of the scopes grew within `seconds`. The caller looks again afterwards either way."""
        self._listen()
        entry = (asyncio.get_running_loop(), asyncio.Event(), frozenset(scopes))
        with self._lock:
            self._waiting.add(entry)
        try:
            await asyncio.wait_for(entry[1].wait(), seconds)
        except TimeoutError:
            return False
        finally:
            with self._lock:
                self._waiting.discard(entry)
        return True

    def close(self) -> None:
        """End listening."""
        self._closed.set()
        if self._listener is not None:
            self._listener.join(timeout=5)

    def _listen(self) -> None:
        if not self._database.is_postgres:
            return
        with self._lock:
            if self._listener is not None and self._listener.is_alive():
                return
            self._listener = threading.Thread(target=self._hear, name="city-waker", daemon=True)
            self._listener.start()

    def _hear(self) -> None:
        import psycopg

        url = self._database.url.set(drivername="postgresql").render_as_string(hide_password=False)
        while not self._closed.is_set():
            with suppress(psycopg.Error), psycopg.connect(url, autocommit=True) as connection:
                connection.execute(f"LISTEN {CHANNEL}")
                while not self._closed.is_set():
                    for notice in connection.notifies(timeout=0.5, stop_after=1):
                        self.told([notice.payload])
            self._closed.wait(1)
