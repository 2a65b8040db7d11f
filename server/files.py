"""Photos and files a scope sends: taken in piece by piece, called complete only when size and sha-256 were proved.

A row of `blob` belongs to one scope, so that no district learns what another has; bytes are shared on the disk only
after this scope has sent all of them itself. `offset` is what was fsynced and committed: what a killed worker wrote
behind it is cut off by the next piece.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, exists, insert, select, update

from app.domain.problems import Refused
from app.wire.blobs import PIECE_BYTES, FileOffer, FileState
from server.city import City
from server.shelf import FileShelf
from server.tables import BLOB, FEED, RECORD

THUMBNAIL_BYTES = 256 * 1024
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")


@dataclass(frozen=True)
class Blob:
    """A row of the table."""

    scope: str
    sha256: str
    size: int
    offset: int
    media_type: str
    part_name: str
    stored_name: str
    thumbnail: bool
    completed_at: datetime | None


def shelf_of(city: City) -> FileShelf:
    """Where this city keeps its files."""
    return FileShelf(city.settings.files)


def offer(city: City, scope: str, offered: FileOffer) -> FileState:
    """Say where to go on with a file; one that is new gets its row.

    Raises Refused: sync.too_large, sync.file_altered (another size than was said before); Unavailable("sync.city_full").
    """
    limit = city.settings.largest_file_mb
    if offered.size > limit << 20:
        raise Refused("sync.too_large", limit=f"{limit} MB")
    shelf = shelf_of(city)

    def opened(connection: Connection) -> Blob:
        blob = _find(connection, scope, offered.sha256, lock=True)
        if blob is None:
            blob = _begun(connection, city, scope, offered, shelf.new_name())
        if blob.completed_at is not None and shelf.length(blob.stored_name) == blob.size:
            return blob
        if blob.completed_at is not None or blob.size != offered.size:
            # Its bytes were lost with a disk, or an unfinished one was announced with another size: from the beginning.
            blob = _begun_anew(connection, city, blob, offered.size, shelf.new_name())
        return _as_it_lies(connection, blob, shelf)

    blob = city.database.retrying(opened)
    if blob.completed_at is None:
        shelf.need_room(blob.size - blob.offset)
    return _state(_proved(city, shelf, blob))


def append(city: City, scope: str, sha256: str, offset: int, piece: bytes) -> FileState:
    """Put one piece where the last one ended; acknowledged once it is on the disk.

    Raises Refused: sync.file_unknown (nobody of this scope offered it), sync.file_piece_misplaced (details: offset),
    sync.too_large, sync.file_altered (all is there and the hash differs; it begins anew); Unavailable("sync.city_full").
    """
    if len(piece) > PIECE_BYTES:
        raise Refused("sync.too_large", limit=f"{PIECE_BYTES >> 20} MB")
    shelf = shelf_of(city)

    def appended(connection: Connection) -> Blob:
        blob = _find(connection, scope, sha256, lock=True)
        if blob is None:
            raise Refused("sync.file_unknown")
        if blob.completed_at is not None:
            return blob
        blob = _as_it_lies(connection, blob, shelf)
        if offset != blob.offset:
            raise Refused("sync.file_piece_misplaced", offset=blob.offset)
        if offset + len(piece) > blob.size:
            raise Refused("sync.too_large", limit=f"{blob.size} B")
        if not piece:
            return blob
        shelf.append(blob.part_name, offset, piece)
        return _moved(connection, blob, touched_at=city.now(), offset=offset + len(piece))

    return _state(_proved(city, shelf, city.database.retrying(appended)))


def state(city: City, scope: str, sha256: str) -> FileState:
    """Where the city stands with a file of this scope; never fails, "unknown" for what the scope has not offered."""
    shelf = shelf_of(city)
    with city.database.read() as connection:
        blob = _find(connection, scope, sha256)
    if blob is None:
        return FileState(sha256=sha256, state="unknown")
    if blob.completed_at is None:
        return _state(blob, offset=min(blob.offset, shelf.length(blob.part_name)))
    if shelf.length(blob.stored_name) != blob.size:
        return FileState(sha256=sha256, state="unknown", size=blob.size, thumbnail=blob.thumbnail)
    return _state(blob)


def keep_thumbnail(city: City, scope: str, sha256: str, thumbnail: bytes) -> None:
    """Keep the small picture of a file this scope offered; the first one stays.

    Raises Refused: sync.too_large, sync.request_broken (no JPEG or PNG), sync.file_unknown.
    """
    if len(thumbnail) > THUMBNAIL_BYTES:
        raise Refused("sync.too_large", limit=f"{THUMBNAIL_BYTES >> 10} KB")
    if not thumbnail.startswith(_PICTURES):
        raise Refused("sync.request_broken", reason="thumbnail")

    def kept(connection: Connection) -> None:
        blob = _find(connection, scope, sha256, lock=True)
        if blob is None:
            raise Refused("sync.file_unknown")
        if not blob.thumbnail:
            connection.execute(update(BLOB).where(*_row(blob)).values(thumbnail=thumbnail))

    city.database.retrying(kept)


def thumbnail(city: City, scope: str, sha256: str) -> bytes:
    """The small picture of a file some record of the scope names. Raises Refused("sync.file_unknown")."""
    with city.database.read() as connection:
        found = None
        if _named(connection, scope, sha256):
            query = select(BLOB.c.thumbnail).where(BLOB.c.scope == scope, BLOB.c.sha256 == sha256)
            found = connection.execute(query).scalar()
    if found is None:
        raise Refused("sync.file_unknown")
    return bytes(found)


def read(city: City, scope: str, sha256: str, offset: int, length: int = PIECE_BYTES) -> bytes:
    """Bytes from `offset`, empty at the end. Only of files a record of the scope names and this scope sent whole.

    Raises Refused("sync.file_unknown").
    """
    with city.database.read() as connection:
        blob = _find(connection, scope, sha256) if _named(connection, scope, sha256) else None
    if blob is None or blob.completed_at is None:
        raise Refused("sync.file_unknown")
    if offset >= blob.size:
        return b""
    try:
        return shelf_of(city).read(blob.stored_name, offset, length)
    except FileNotFoundError:
        raise Refused("sync.file_unknown") from None


def complete_of(connection: Connection, scope: str, hashes: Collection[str]) -> Mapping[str, tuple[int, datetime]]:
    """Size and instant of those files of a scope that were proved whole."""
    found: dict[str, tuple[int, datetime]] = {}
    wanted = sorted(set(hashes))
    for start in range(0, len(wanted), 500):
        columns = select(BLOB.c.sha256, BLOB.c.size, BLOB.c.completed_at)
        whole = (BLOB.c.scope == scope, BLOB.c.completed_at.is_not(None))
        for row in connection.execute(columns.where(*whole, BLOB.c.sha256.in_(wanted[start : start + 500]))):
            found[row.sha256] = (row.size, row.completed_at)
    return found


def follow(connection: Connection, city: City, sha256: str, from_scope: str, to_scope: str) -> None:
    """When the city hands a record to another scope, the file it names goes with it, if its bytes are all here."""
    if sha256 in complete_of(connection, to_scope, [sha256]):
        return
    query = select(BLOB).where(BLOB.c.scope == from_scope, BLOB.c.sha256 == sha256, BLOB.c.completed_at.is_not(None))
    row = connection.execute(query).mappings().first()
    if row is not None:
        connection.execute(BLOB.delete().where(BLOB.c.scope == to_scope, BLOB.c.sha256 == sha256))
        connection.execute(insert(BLOB).values({**row, "scope": to_scope, "touched_at": city.now()}))


def _follow_those_that_left(connection: Connection, city: City, scope: str, sha256: str) -> None:
    """A file that became complete after the city had handed its record on."""
    left = exists().where(FEED.c.record_id == RECORD.c.id, FEED.c.scope == scope, FEED.c.op == "leave")
    named = (RECORD.c.sha256 == sha256, RECORD.c.scope != scope, RECORD.c.deleted.is_(False))
    for to_scope in connection.execute(select(RECORD.c.scope).where(*named, left).distinct()).scalars().all():
        follow(connection, city, sha256, scope, to_scope)


def tidy(city: City, *, partial_before: datetime) -> int:
    """Forget uploads nobody went on with since `partial_before`, and bytes that mean nothing; gives how many went."""
    shelf = shelf_of(city)

    def forgotten(connection: Connection) -> int:
        stale = (BLOB.c.completed_at.is_(None), BLOB.c.touched_at < partial_before)
        return int(connection.execute(BLOB.delete().where(*stale)).rowcount)

    gone = city.database.retrying(forgotten)
    with city.database.read() as connection:
        meant = frozenset(
            name for row in connection.execute(select(BLOB.c.part_name, BLOB.c.stored_name)) for name in row if name
        )
    strays = shelf.strays(meant, city.now())
    for name in strays:
        shelf.drop(name)
    return gone + len(strays)


def _named(connection: Connection, scope: str, sha256: str) -> bool:
    """Whether a live record of the scope names the file."""
    named = (RECORD.c.sha256 == sha256, RECORD.c.scope == scope, RECORD.c.deleted.is_(False))
    return bool(connection.execute(select(exists().where(*named))).scalar())


def _find(connection: Connection, scope: str, sha256: str, *, lock: bool = False) -> Blob | None:
    columns = [column for column in BLOB.c if column.name not in ("thumbnail", "started_at", "touched_at")]
    query = select(*columns, BLOB.c.thumbnail.is_not(None).label("thumbnail"))
    query = query.where(BLOB.c.scope == scope, BLOB.c.sha256 == sha256)
    row = connection.execute(query.with_for_update() if lock else query).mappings().first()
    return None if row is None else Blob(**{**row, "thumbnail": bool(row["thumbnail"])})


def _begun(connection: Connection, city: City, scope: str, offered: FileOffer, part_name: str) -> Blob:
    blob = Blob(scope, offered.sha256, offered.size, 0, offered.media_type, part_name, "", False, None)
    now = city.now()
    values = {**blob.__dict__, "thumbnail": None, "started_at": now, "touched_at": now}
    connection.execute(insert(BLOB).values(values))
    return blob


def _begun_anew(connection: Connection, city: City, blob: Blob, size: int, part_name: str) -> Blob:
    """The old bytes become strays: another worker may be reading them still."""
    return _moved(
        connection,
        blob,
        touched_at=city.now(),
        size=size,
        offset=0,
        part_name=part_name,
        stored_name="",
        completed_at=None,
    )


def _as_it_lies(connection: Connection, blob: Blob, shelf: FileShelf) -> Blob:
    """With no more bytes than really lie on the disk."""
    lying = shelf.length(blob.part_name)
    return blob if lying >= blob.offset else _moved(connection, blob, offset=lying)


def _moved(connection: Connection, blob: Blob, **values: Any) -> Blob:
    connection.execute(update(BLOB).where(*_row(blob)).values(values))
    values.pop("touched_at", None)
    return Blob(**{**blob.__dict__, **values})


def _proved(city: City, shelf: FileShelf, blob: Blob) -> Blob:
    """The same, complete if all of it is there and right. The hash is taken outside any transaction."""
    if blob.completed_at is not None or blob.offset < blob.size:
        return blob
    right = shelf.sha256(blob.part_name) == blob.sha256
    twin = _whole_twin(city, shelf, blob) if right else None

    def settled(connection: Connection) -> Blob | None:
        now = _find(connection, blob.scope, blob.sha256, lock=True)
        if now is None or now.completed_at is not None or now.part_name != blob.part_name:
            return now
        if not right:
            return _begun_anew(connection, city, now, now.size, shelf.new_name())
        stored_name = twin or now.part_name
        whole = _moved(connection, now, touched_at=city.now(), completed_at=city.now(), stored_name=stored_name)
        _follow_those_that_left(connection, city, now.scope, now.sha256)
        return whole

    after = city.database.retrying(settled)
    if twin is not None or not right:
        shelf.drop(blob.part_name)
    if not right:
        raise Refused("sync.file_altered")
    return after or blob


def _whole_twin(city: City, shelf: FileShelf, blob: Blob) -> str | None:
    """The name under which another scope's same bytes lie, proved anew."""
    with city.database.read() as connection:
        same = (BLOB.c.sha256 == blob.sha256, BLOB.c.scope != blob.scope, BLOB.c.completed_at.is_not(None))
        name = connection.execute(select(BLOB.c.stored_name).where(*same).limit(1)).scalar()
    return name if name is not None and shelf.sha256(name) == blob.sha256 else None


def _row(blob: Blob) -> tuple[Any, Any]:
    return BLOB.c.scope == blob.scope, BLOB.c.sha256 == blob.sha256


def _state(blob: Blob, offset: int | None = None) -> FileState:
    whole = blob.completed_at is not None
    return FileState(
        sha256=blob.sha256,
        state="complete" if whole else "partial",
        offset=blob.size if whole else blob.offset if offset is None else offset,
        size=blob.size,
        at=blob.completed_at,
        thumbnail=blob.thumbnail,
    )
