"""Bytes and rows that tests of the city's files need."""

from __future__ import annotations

import hashlib
from datetime import datetime
from uuid import UUID

from pydantic_core import to_json
from sqlalchemy import insert

from app.domain.cases import PHOTO, Photo, PhotoPhase
from app.domain.records import Record
from app.wire.blobs import PIECE_BYTES, FileOffer, FileState
from server import files
from server.city import City
from server.tables import RECORD

JINSHUI, ERQI = "410105", "410103"


def some_bytes(length: int, seed: int = 1) -> bytes:
    """Bytes that look like nothing, the same each time."""
    block = hashlib.shake_256(seed.to_bytes(4, "big")).digest(min(length, 65_536))
    return (block * (length // len(block) + 1))[:length]


def sha256_of(data: bytes) -> str:
    """The name of these bytes."""
    return hashlib.sha256(data).hexdigest()


def offer_of(data: bytes) -> FileOffer:
    """The offer a desk makes of them."""
    return FileOffer(sha256=sha256_of(data), size=len(data), media_type="image/jpeg")


def send_whole(city: City, scope: str, data: bytes, *, piece: int = PIECE_BYTES) -> FileState:
    """Offer and send all of it."""
    state = files.offer(city, scope, offer_of(data))
    while state.state != "complete":
        state = files.append(city, scope, state.sha256, state.offset, data[state.offset : state.offset + piece])
    return state


def a_photo(record_id: UUID, parent: UUID, data: bytes, at: datetime) -> Photo:
    """A photo record that names these bytes."""
    return Photo(
        id=record_id,
        created_at=at,
        changed_at=at,
        parent=parent,
        sha256=sha256_of(data),
        size=len(data),
        name="照片.jpg",
        media_type="image/jpeg",
        phase=PhotoPhase.BEFORE,
    )


def put_record(city: City, scope: str, kind: str, record: Record, *, deleted: bool = False) -> None:
    """A row as receiving leaves it: fields that differ from their default."""
    body = record.model_dump(mode="json", exclude={"id", "version"}, exclude_defaults=True)
    values = {
        "id": record.id,
        "scope": scope,
        "type": kind,
        "version": record.version or 1,
        "schema_no": 1,
        "parent": getattr(record, "parent", None),
        "deleted": deleted,
        "stage": None,
        "number": None,
        "sha256": getattr(record, "sha256", None),
        "created_at": record.created_at,
        "changed_at": record.changed_at,
        "received_at": city.now(),
        "body": to_json(body).decode(),
    }
    with city.database.write() as connection:
        connection.execute(insert(RECORD).values(values))


def name_file(city: City, scope: str, data: bytes) -> Photo:
    """A photo record of the scope that names these bytes."""
    photo = a_photo(city.ids.new(), city.ids.new(), data, city.now())
    put_record(city, scope, PHOTO.name, photo)
    return photo
