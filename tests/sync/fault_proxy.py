"""A proxy of our own between a desk and its city: it hands requests on, or spoils them in one exact way.

Each connection carries one request; the proxy closes it afterwards, so that no fault leaks into the next.
"""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from socketserver import BaseRequestHandler, ThreadingTCPServer

_PATIENCE_S = 20
_BLOCK = 65536


@dataclass(frozen=True)
class Message:
    """A request or an answer: first line with headers, and body."""

    head: bytes
    body: bytes

    @property
    def path(self) -> str:
        """Of a request: path and query."""
        return self.head.split(b" ", 2)[1].decode("latin-1")

    def header(self, name: str) -> str:
        """A header's value, "" when it is missing."""
        for line in self.head.split(b"\r\n")[1:]:
            key, _, value = line.partition(b":")
            if key.strip().lower() == name.lower().encode():
                return value.strip().decode("latin-1")
        return ""

    def having(self, name: str, value: str) -> Message:
        """The same with this header instead."""
        lines = self.head.rstrip(b"\r\n").split(b"\r\n")
        kept = [line for line in lines if not line.lower().startswith(name.lower().encode() + b":")]
        return Message(b"\r\n".join([*kept, f"{name}: {value}".encode(), b"", b""]), self.body)

    def raw(self) -> bytes:
        """As it travels."""
        return self.head + self.body


@dataclass
class Exchange:
    """One request on its way, and what a fault may do with it."""

    desk: socket.socket
    request: Message
    port: int
    closing: threading.Event

    def city_answers(self) -> Message:
        """Hand the request on whole; what the city says to it."""
        with self._upstream() as upstream:
            upstream.sendall(self.request.having("Connection", "close").raw())
            return read_message(upstream, to_the_end=True)

    def city_gets(self, part: bytes) -> None:
        """Hand on so much of the request and hang up."""
        with self._upstream() as upstream:
            upstream.sendall(part)
            upstream.shutdown(socket.SHUT_WR)
            while upstream.recv(_BLOCK):
                pass

    def desk_gets(self, raw: bytes) -> None:
        """Send bytes to the desk."""
        with suppress(OSError):
            self.desk.sendall(raw)

    def trickle(self, raw: bytes, pause_s: float) -> None:
        """Send one byte after another, with a pause after each."""
        with suppress(OSError):
            self.desk.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for byte in raw:
                self.desk.sendall(bytes([byte]))
                if self.closing.wait(pause_s):
                    return

    def reset(self) -> None:
        """End the desk's connection hard, as a router does that forgot it."""
        self.desk.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.desk.close()

    @contextmanager
    def _upstream(self) -> Iterator[socket.socket]:
        with socket.create_connection(("127.0.0.1", self.port), timeout=_PATIENCE_S) as upstream:
            yield upstream


Fault = Callable[[Exchange], None]


@dataclass
class FaultProxy:
    """`fault` spoils every request whose path begins with `on`, so long as `times` are left."""

    upstream: int
    port: int = 0
    fault: Fault | None = None
    on: str = "/"
    times: int = 0
    spoiled: int = 0
    paths: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def url(self) -> str:
        """The address a desk is given."""
        return f"http://localhost:{self.port}"

    def spoil(self, fault: Fault, *, on: str = "/", times: int = 1_000_000) -> None:
        """From now on, for the next so many requests."""
        with self._lock:
            self.fault, self.on, self.times, self.spoiled = fault, on, times, 0

    def heal(self) -> None:
        """Hand everything on again."""
        with self._lock:
            self.fault, self.times = None, 0

    def for_this(self, request: Message) -> Fault:
        """What happens to this request."""
        with self._lock:
            self.paths.append(request.path)
            if self.fault is None or self.times == 0 or not request.path.startswith(self.on):
                return handed_on
            self.times -= 1
            self.spoiled += 1
            return self.fault


@contextmanager
def fault_proxy(upstream: int) -> Iterator[FaultProxy]:
    """A proxy before the city at this port of loopback, until the block ends."""
    proxy = FaultProxy(upstream)
    closing = threading.Event()

    class Handler(BaseRequestHandler):
        def handle(self) -> None:
            desk: socket.socket = self.request
            desk.settimeout(_PATIENCE_S)
            with suppress(OSError, EndedEarly):
                request = read_message(desk)
                proxy.for_this(request)(Exchange(desk, request, proxy.upstream, closing))

    class Server(ThreadingTCPServer):
        daemon_threads = False
        block_on_close = True

    with Server(("127.0.0.1", 0), Handler) as server:
        proxy.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, name="fault proxy")
        thread.start()
        try:
            yield proxy
        finally:
            closing.set()
            server.shutdown()
            thread.join()


class EndedEarly(Exception):
    """The other side hung up before its message was whole."""


def read_message(connection: socket.socket, *, to_the_end: bool = False) -> Message:
    """One HTTP/1.1 message, its body taken out of chunks. to_the_end: the sender closes after it."""
    raw = bytearray()
    while b"\r\n\r\n" not in raw:
        _more(connection, raw)
    head, _, rest = bytes(raw).partition(b"\r\n\r\n")
    message = Message(head + b"\r\n\r\n", b"")
    body = bytearray(rest)
    length = message.header("Content-Length")
    if length:
        while len(body) < int(length):
            _more(connection, body)
    elif message.header("Transfer-Encoding").lower() == "chunked":
        body = _unchunked(connection, body)
        message = message.having("Content-Length", str(len(body))).having("Transfer-Encoding", "identity")
    elif to_the_end:
        with suppress(EndedEarly):
            while True:
                _more(connection, body)
    return Message(message.head, bytes(body))


def _more(connection: socket.socket, into: bytearray) -> None:
    block = connection.recv(_BLOCK)
    if not block:
        raise EndedEarly
    into += block


def _unchunked(connection: socket.socket, raw: bytearray) -> bytearray:
    plain = bytearray()
    while True:
        while b"\r\n" not in raw:
            _more(connection, raw)
        size = int(raw[: raw.index(b"\r\n")].split(b";")[0], 16)
        start = raw.index(b"\r\n") + 2
        while len(raw) < start + size + 2:
            _more(connection, raw)
        if size == 0:
            return plain
        plain += raw[start : start + size]
        del raw[: start + size + 2]


def handed_on(exchange: Exchange) -> None:
    """No fault."""
    exchange.desk_gets(exchange.city_answers().having("Connection", "close").raw())


def cut_before_body(exchange: Exchange) -> None:
    """The line breaks before the city has seen anything."""
    exchange.reset()


def cut_in_body(exchange: Exchange) -> None:
    """The city gets the headers and half of the body."""
    exchange.city_gets(exchange.request.head + exchange.request.body[: len(exchange.request.body) // 2])
    exchange.reset()


def cut_before_answer(exchange: Exchange) -> None:
    """The city has done everything; its answer never arrives."""
    exchange.city_answers()
    exchange.reset()


def closed_before_answer(exchange: Exchange) -> None:
    """As `cut_before_answer`, but the connection ends politely."""
    exchange.city_answers()


def truncated_answer(exchange: Exchange) -> None:
    """Half of the answer arrives."""
    answer = exchange.city_answers().having("Connection", "close")
    exchange.desk_gets(answer.head + answer.body[: len(answer.body) // 2])


def truncated_without_length(exchange: Exchange) -> None:
    """Half of the answer arrives, and no header tells how long it was to be."""
    answer = exchange.city_answers()
    kept = b"\r\n".join(
        line for line in answer.head.rstrip(b"\r\n").split(b"\r\n") if not line.lower().startswith(b"content-length:")
    )
    exchange.desk_gets(kept + b"\r\nConnection: close\r\n\r\n" + answer.body[: len(answer.body) // 2])


def garbled_gzip(exchange: Exchange) -> None:
    """The answer says it is packed, but what arrives cannot be unpacked."""
    answer = exchange.city_answers().having("Content-Encoding", "gzip").having("Connection", "close")
    body = b"\x1f\x8b\x08\x00" + bytes(byte ^ 0x5A for byte in answer.body)
    exchange.desk_gets(Message(answer.head, body).having("Content-Length", str(len(body))).raw())


def flipped_bytes(exchange: Exchange) -> None:
    """Bytes in the middle of the answer are not what the city sent; its length still fits."""
    answer = exchange.city_answers().having("Connection", "close")
    middle = len(answer.body) // 2
    exchange.desk_gets(answer.head + answer.body[:middle] + b"\xff\x00\xfe" + answer.body[middle + 3 :])


def length_too_large(exchange: Exchange) -> None:
    """The answer promises more than comes."""
    answer = exchange.city_answers().having("Connection", "close")
    exchange.desk_gets(answer.having("Content-Length", str(len(answer.body) + 100)).raw())


def length_too_small(exchange: Exchange) -> None:
    """The answer promises less than comes."""
    answer = exchange.city_answers().having("Connection", "close")
    exchange.desk_gets(answer.having("Content-Length", str(max(1, len(answer.body) - 20))).raw())


def slow(pause_s: float) -> Fault:
    """The answer comes one byte at a time; nothing of it is wrong."""

    def fault(exchange: Exchange) -> None:
        exchange.trickle(exchange.city_answers().having("Connection", "close").raw(), pause_s)

    return fault


def said(status: str, body: bytes = b"", media_type: str = "text/html", **headers: str) -> Fault:
    """Somebody between the two answers this; the city is not asked. Underscores in header names are hyphens."""
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {media_type}", f"Content-Length: {len(body)}", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]

    def fault(exchange: Exchange) -> None:
        exchange.desk_gets("\r\n".join([*lines, "", ""]).encode() + body)

    return fault


def junk(exchange: Exchange) -> None:
    """What answers speaks no HTTP."""
    exchange.desk_gets(b"SSH-2.0-OpenSSH_9.2p1\r\n")


def nobody_there() -> int:
    """A port of loopback where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
