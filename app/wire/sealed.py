"""The sealed file's words: what stands before the seal, and the items inside it.

A file is the line `GRIDDESK-SEALED <version>`, a head (length and JSON), sealed pieces, and the sender's signature over
everything before it. The plain text of the pieces is a row of items, each a head (length and JSON) and its bytes.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime, Field, ValidationError

from app.domain.problems import Refused
from app.wire.blobs import SHA256
from app.wire.sync import Cursor, Wire

NAME = b"GRIDDESK-SEALED "
VERSION = 1
PIECE_BYTES = 256 * 1024
LARGEST_HEAD = 16 * 1024
LARGEST_ENVELOPE = 64 * 1024 * 1024
_LENGTH_BYTES = 4
_LONGEST_LINE = 40


class SealedHead(Wire):
    """Who made the file for whom. Keys as in enrolment: raw 32 bytes, base64url without padding.

    device_id: the PC on the desk's side, whichever way the file goes. city: the city's signing key, by which one city is
    known from another. receiver: the box key the file is sealed for. counter: rises with every file a PC makes; an answer
    repeats it. ephemeral: the X25519 key made for this file alone.
    """

    kind: Literal["to_city", "to_desk"]
    device_id: UUID
    city: str = Field(max_length=44)
    receiver: str = Field(max_length=44)
    counter: int = Field(ge=1)
    made_at: AwareDatetime
    program: str = Field(default="", max_length=40)
    ephemeral: str = Field(max_length=44)


class ItemKind(StrEnum):
    """What an item holds; one that a reader does not know is passed over."""

    PUSH = "push"
    """A PushRequest, as it would go over the line."""
    FILE = "file"
    """The bytes of a file."""
    THUMBNAIL = "thumbnail"
    NUMBERS = "numbers"
    """A NumberRequest; in the answer a NumberBlock."""
    WISHES = "wishes"
    """What the desk would like back: Wishes."""
    OUTCOMES = "outcomes"
    """A PushReply."""
    FILE_STATE = "file_state"
    SNAPSHOT = "snapshot"
    """A SnapshotReply."""
    PAGES = "pages"
    """A PullReply."""


class ItemHead(Wire):
    """What the `size` bytes after it are. sha256: of the file they belong to."""

    kind: str = Field(max_length=20)
    size: int = Field(ge=0)
    sha256: str = Field(default="", pattern=rf"{SHA256}|^$")
    media_type: str = Field(default="", max_length=80, pattern=r"^[^\x00-\x1f]*$")
    first: bool = False
    """The first page of a snapshot."""


class Wishes(Wire):
    """What the desk would like back: everything after these places (epoch "": all of it), thumbnails of these files."""

    scopes: dict[str, Cursor]
    thumbnails: list[str] = Field(default_factory=list)


def first_line() -> bytes:
    """What every sealed file of today begins with."""
    return NAME + f"{VERSION}\n".encode()


def framed(head: Wire) -> bytes:
    """A head as it is written: its length, then its JSON."""
    text = head.model_dump_json(exclude_defaults=True).encode()
    return len(text).to_bytes(_LENGTH_BYTES, "big") + text


def read_first_line(read: Callable[[int], bytes]) -> bytes:
    """The line a file begins with. Raises Refused: sync.seal_not_ours, sync.seal_newer."""
    line = b""
    while not line.endswith(b"\n") and len(line) < _LONGEST_LINE:
        byte = read(1)
        if not byte:
            break
        line += byte
    number = line[len(NAME) :].strip()
    if not line.startswith(NAME) or not line.endswith(b"\n") or not number.isdigit():
        raise Refused("sync.seal_not_ours")
    if int(number) > VERSION:
        raise Refused("sync.seal_newer")
    return line


def read_head(read: Callable[[int], bytes]) -> tuple[SealedHead, bytes]:
    """The file's head, and its bytes with their length. Raises Refused("sync.seal_not_ours")."""
    raw = _read_framed(read)
    try:
        return SealedHead.model_validate_json(raw[_LENGTH_BYTES:]), raw
    except ValidationError as error:
        raise Refused("sync.seal_not_ours") from error


def read_item_head(read: Callable[[int], bytes]) -> ItemHead | None:
    """The next item's head; None at the end. Raises Refused("sync.seal_not_ours")."""
    raw = _read_framed(read, may_end=True)
    if not raw:
        return None
    try:
        return ItemHead.model_validate_json(raw[_LENGTH_BYTES:])
    except ValidationError as error:
        raise Refused("sync.seal_not_ours") from error


def _read_framed(read: Callable[[int], bytes], *, may_end: bool = False) -> bytes:
    length = read(_LENGTH_BYTES)
    if not length and may_end:
        return b""
    size = int.from_bytes(length, "big")
    if len(length) != _LENGTH_BYTES or size > LARGEST_HEAD:
        raise Refused("sync.seal_not_ours")
    text = read(size)
    if len(text) != size:
        raise Refused("sync.seal_not_ours")
    return length + text
