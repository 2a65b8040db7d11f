"""Writing and reading sealed files: one receiver, one sender, any size, memory flat.

AES-256-GCM in pieces under a key of HKDF over X25519 (a key made for the file, the receiver's box key); a piece's number
and whether it is the last are sealed in, the head is bound to every piece. Ed25519 over the sha-256 of all that stands
before the signature: a file is proved whole before anything of it is read out.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.base.disk import disk_told_in_words, drop, drop_parts_of, open_private, part_beside, put_in_place
from app.domain.problems import Refused
from app.wire.sealed import (
    LARGEST_ENVELOPE,
    PIECE_BYTES,
    ItemHead,
    SealedHead,
    first_line,
    framed,
    read_first_line,
    read_head,
    read_item_head,
)
from app.wire.signing import to_raw, to_text

_TAG_BYTES, _SIGNATURE_BYTES = 16, 64
_READ_BYTES = 1024 * 1024
_SIGNED = b"griddesk-sealed-1\n"


class SealWriter:
    """Items go in one after another; `sealing` gives one and finishes it."""

    def __init__(self, file: BinaryIO, cipher: AESGCM, before: bytes) -> None:
        self._file, self._cipher = file, cipher
        self._running = hashlib.sha256()
        self._bound = hashlib.sha256(before).digest()
        self._held = bytearray()
        self._number = 0
        self._put(before)

    def item(self, head: ItemHead, chunks: Iterable[bytes]) -> None:
        """Write an item; its chunks must give exactly `head.size` bytes."""
        self._plain(framed(head))
        written = 0
        for chunk in chunks:
            written += len(chunk)
            self._plain(chunk)
        if written != head.size:
            raise ValueError(f"an item of {head.size} bytes gave {written}")

    def envelope(self, kind: str, body: bytes, *, first: bool = False, sha256: str = "") -> None:
        """Write an item that is at hand whole."""
        self.item(ItemHead(kind=kind, size=len(body), first=first, sha256=sha256), (body,))

    def finish(self, sign: Ed25519PrivateKey) -> None:
        """The last piece and the signature."""
        self._seal(bytes(self._held), last=True)
        self._put(sign.sign(_SIGNED + self._running.digest()))

    def _plain(self, plain: bytes) -> None:
        self._held += plain
        # One byte more than a piece, so that the last piece is known as the last.
        while len(self._held) > PIECE_BYTES:
            self._seal(bytes(self._held[:PIECE_BYTES]), last=False)
            del self._held[:PIECE_BYTES]

    def _seal(self, piece: bytes, *, last: bool) -> None:
        self._put(self._cipher.encrypt(_nonce(self._number, last), piece, self._bound))
        self._number += 1

    def _put(self, raw: bytes) -> None:
        self._running.update(raw)
        with disk_told_in_words():
            self._file.write(raw)


@contextmanager
def sealing(path: Path, head: SealedHead, sign: Ed25519PrivateKey) -> Iterator[SealWriter]:
    """A sealed file at `path`, there only once it is whole; one that stood there is replaced then.

    head: its `ephemeral` is filled in here. Raises Unavailable("store.…") when the disk refuses.
    """
    ephemeral = X25519PrivateKey.generate()
    head = head.model_copy(update={"ephemeral": to_text(ephemeral.public_key().public_bytes_raw())})
    before = first_line() + framed(head)
    shared = ephemeral.exchange(X25519PublicKey.from_public_bytes(to_raw(head.receiver)))
    part = part_beside(path)
    try:
        with disk_told_in_words():
            drop_parts_of(path)
            file = open_private(part)
        with file:
            writer = SealWriter(file, _cipher(shared, before), before)
            yield writer
            writer.finish(sign)
            with disk_told_in_words():
                file.flush()
                os.fsync(file.fileno())
        with disk_told_in_words():
            put_in_place(part, path)
    finally:
        drop(part)


class SealedFile:
    """A sealed file that is being read; close it, or use it in a `with`."""

    def __init__(self, path: Path) -> None:
        """Read the head alone. Raises Refused: sync.seal_not_ours, sync.seal_newer, file.unreadable."""
        try:
            self._file = path.open("rb")
        except OSError as error:
            raise Refused("file.unreadable", name=path.name) from error
        try:
            line = read_first_line(self._file.read)
            self.head, raw = read_head(self._file.read)
            self._end = os.fstat(self._file.fileno()).st_size - _SIGNATURE_BYTES
        except BaseException:
            self._file.close()
            raise
        self._before = line + raw

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._file.close()

    def items(self, box: X25519PrivateKey, sender: bytes) -> Iterator[tuple[ItemHead, ItemBody]]:
        """Every item, after the whole file was proved to be the sender's and for this box key.

        An item is read before the next is asked for; what is left of it is passed over.
        Raises Refused("sync.seal_not_ours").
        """
        cipher = self._prove(box, sender)
        stream = _PlainStream(self._pieces(cipher))
        while (head := read_item_head(stream.read)) is not None:
            body = ItemBody(stream, head.size)
            yield head, body
            for _ in body.chunks():
                pass

    def _prove(self, box: X25519PrivateKey, sender: bytes) -> AESGCM:
        if to_text(box.public_key().public_bytes_raw()) != self.head.receiver:
            raise Refused("sync.seal_not_ours")
        running = hashlib.sha256()
        for chunk in self._raw(0, self._end):
            running.update(chunk)
        try:
            Ed25519PublicKey.from_public_bytes(sender).verify(self._file.read(), _SIGNED + running.digest())
            shared = box.exchange(X25519PublicKey.from_public_bytes(to_raw(self.head.ephemeral)))
        except (InvalidSignature, ValueError) as error:
            raise Refused("sync.seal_not_ours") from error
        return _cipher(shared, self._before)

    def _pieces(self, cipher: AESGCM) -> Iterator[bytes]:
        at, number, bound = len(self._before), 0, hashlib.sha256(self._before).digest()
        while at < self._end:
            size = min(PIECE_BYTES + _TAG_BYTES, self._end - at)
            piece = b"".join(self._raw(at, at + size))
            at += size
            try:
                yield cipher.decrypt(_nonce(number, at >= self._end), piece, bound)
            except (InvalidTag, ValueError) as error:
                raise Refused("sync.seal_not_ours") from error
            number += 1

    def _raw(self, start: int, end: int) -> Iterator[bytes]:
        """The file's bytes from `start` to `end`."""
        try:
            self._file.seek(start)
            while start < end:
                chunk = self._file.read(min(_READ_BYTES, end - start))
                if not chunk:
                    raise Refused("sync.seal_not_ours")
                start += len(chunk)
                yield chunk
        except OSError as error:
            # The stick was pulled out.
            raise Refused("file.unreadable", name=Path(self._file.name).name) from error


class ItemBody:
    """The bytes of one item."""

    def __init__(self, stream: _PlainStream, size: int) -> None:
        self._stream = stream
        self._left = size

    def chunks(self) -> Iterator[bytes]:
        """What is left, in pieces. Raises Refused("sync.seal_not_ours") when the file ends before."""
        while self._left:
            chunk = self._stream.read(min(self._left, PIECE_BYTES))
            if not chunk:
                raise Refused("sync.seal_not_ours")
            self._left -= len(chunk)
            yield chunk

    def whole(self) -> bytes:
        """All of an envelope. Raises Refused("sync.seal_not_ours"), also for one larger than envelopes are."""
        if self._left > LARGEST_ENVELOPE:
            raise Refused("sync.seal_not_ours")
        return b"".join(self.chunks())


class _PlainStream:
    """The plain pieces as one stream; `read` gives fewer bytes than asked for only at the end."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._held = bytearray()

    def read(self, size: int) -> bytes:
        while len(self._held) < size:
            piece = next(self._pieces, None)
            if piece is None:
                break
            self._held += piece
        taken = bytes(self._held[:size])
        del self._held[:size]
        return taken


def _cipher(shared: bytes, before: bytes) -> AESGCM:
    # `before` holds the public keys of both sides.
    return AESGCM(HKDF(SHA256(), 32, hashlib.sha256(before).digest(), b"griddesk sealed file").derive(shared))


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(11, "big") + (b"\x01" if last else b"\x00")
