"""Photos and files: taken into the encrypted store at once, attached to a case later, never lost in between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from app.base.watch import Watch
from app.domain.cases import Case, Photo, PhotoPhase
from app.domain.catalog import TYPE_OF
from app.domain.permissions import Actor, need_writer
from app.domain.problems import Refused, Unavailable
from app.domain.records import Record
from app.services.photos_intake import inspect
from app.services.reference import OFFICE_ZONE
from db.blobs import BlobFault, BlobRef, BlobStore
from db.queries import files
from db.store import Store

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from db.tx import Tx


@dataclass(frozen=True)
class TakenPhoto:
    """A file that lies in the store, with what it says of itself. `warning`: what a clerk should know about it."""

    sha256: str
    size: int
    media_type: str
    name: str
    taken_at: datetime | None = None
    longitude: float | None = None
    latitude: float | None = None
    width: int = 0
    height: int = 0
    warning: str = ""


_TAKEN_FIELDS = tuple(TakenPhoto.__dataclass_fields__)


@dataclass(frozen=True)
class BadFile:
    """A file that is missing, or damaged, and the cases it is tied to (none: a photo of a draft)."""

    sha256: str
    name: str
    cases: tuple[str, ...]
    missing: bool


class PhotoService:
    """Takes files in, gives them back, ties them to cases."""

    def __init__(self, store: Store, blobs: BlobStore) -> None:
        self._store = store
        self.blobs = blobs

    def take_in(self, source: Path | bytes, name: str = "", watch: Watch | None = None) -> TakenPhoto:
        """Hash a file and copy it into the encrypted store; the same bytes are kept once.

        Raises Refused("file.…") for empty, unreadable or too large files, Unavailable when the disk is full.
        """
        name = name or (source.name if isinstance(source, Path) else "")
        self._store.refuse_when_gone()
        seen = inspect(source, name, OFFICE_ZONE)
        ref = self.blobs.put(source, name=name, known=self._stored_name, watch=watch)
        try:
            with self._store.local() as connection:
                files.keep(connection, ref, seen.media_type, seen.thumbnail, self._store.clock.now())
        except Unavailable:
            if self._stored_name(ref.sha256) != ref.stored_name:
                self.blobs.delete(ref.stored_name)
            raise
        return TakenPhoto(
            sha256=ref.sha256,
            size=ref.size,
            media_type=seen.media_type,
            name=name[-255:],
            taken_at=seen.taken_at,
            longitude=seen.longitude,
            latitude=seen.latitude,
            width=seen.width,
            height=seen.height,
            warning=seen.warning,
        )

    def attach(self, case_id: UUID, taken: Sequence[TakenPhoto], phase: PhotoPhase, *, actor: Actor) -> list[Photo]:
        """Tie files to a case; they belong to its present round of work. The same file is tied once a phase."""
        with self._store.write(actor, "case.attach") as tx:
            case = tx.need(Case, case_id)
            if not case.is_open:
                raise Refused("case.after_closing", case=case.local_no, action="添加照片")
            return tie(tx, case_id, taken, phase, batch_of(case, phase))

    def attach_to(self, record: Record, taken: Sequence[TakenPhoto], phase: PhotoPhase, *, actor: Actor) -> list[Photo]:
        """Tie files to a record that is no case: a finding, a facility, an inspection. The same file once a phase."""
        kind = TYPE_OF[type(record)].name
        need_writer(actor, kind)
        with self._store.write(actor, f"{kind}.attach") as tx:
            tx.need(type(record), record.id)
            return tie(tx, record.id, taken, phase)

    def of(self, parent: UUID) -> list[Photo]:
        """The photos of a record, in the order they came."""
        with self._store.read() as reader:
            return reader.children(Photo, parent)

    def thumbnail(self, sha256: str) -> bytes | None:
        """A small JPEG or PNG, made here or by the PC the photo came from; None for what cannot be shown small."""
        with self._store.read() as reader:
            return files.thumbnail(reader.connection, sha256)

    def is_here(self, sha256: str) -> bool:
        """Whether the original lies on this PC, and not only with the city."""
        with self._store.read() as reader:
            return files.find(reader.connection, sha256) is not None

    def open(self, sha256: str) -> bytes:
        """The plain bytes of a file, checked against its hash.

        Raises Unavailable("sync.file_not_here" | "file.missing" | "file.damaged").
        """
        return self.blobs.read(self._ref(sha256))

    def verify(self, watch: Watch | None = None) -> list[BadFile]:
        """Files that are missing or damaged, with where they belong; reads every one."""
        faults = self.blobs.verify(self._refs(), watch)
        with self._store.read() as reader:
            return [self._told(reader.connection, fault) for fault in faults]

    def sweep(self) -> int:
        """Delete files nothing refers to, left by a kill between file and row; gives how many.

        Those of today stay: another process may be about to write their row.
        """
        return self.blobs.sweep((ref.stored_name for ref in self._refs()), self._store.clock.now())

    def _refs(self) -> list[BlobRef]:
        with self._store.read() as reader:
            rows = reader.connection.exec_driver_sql("SELECT sha256, size, stored_name FROM files")
            return [BlobRef(row[0], row[1], row[2]) for row in rows]

    def _told(self, connection: Connection, fault: BlobFault) -> BadFile:
        sql = "SELECT p.name, c.local_no FROM photos p LEFT JOIN cases c ON c.id = p.parent WHERE p.sha256 = ?"
        tied = connection.exec_driver_sql(sql, (fault.sha256,)).all()
        name = next((row[0] for row in tied), "")
        return BadFile(fault.sha256, name, tuple(sorted({row[1] for row in tied if row[1]})), fault.missing)

    def _ref(self, sha256: str) -> BlobRef:
        with self._store.read() as reader:
            ref = files.find(reader.connection, sha256)
            if ref is not None:
                return ref
            elsewhere = files.is_of_others(reader.connection, sha256)
        if elsewhere:
            raise Unavailable("sync.file_not_here")
        raise Unavailable("file.missing", sha256=sha256)

    def _stored_name(self, sha256: str) -> str | None:
        with self._store.read() as reader:
            ref = files.find(reader.connection, sha256)
        return None if ref is None else ref.stored_name


def batch_of(case: Case, phase: PhotoPhase) -> int:
    """The round of work a photo of that phase belongs to now."""
    return 0 if phase == PhotoPhase.BEFORE else case.rework_count


def tie(tx: Tx, parent: UUID, taken: Sequence[TakenPhoto | Photo], phase: PhotoPhase, batch: int = 0) -> list[Photo]:
    """Tie files to a record within a deed under way, and queue them for the city; a file is tied once a phase.

    taken may be photos of another record: the same file then belongs to both and lies in the store once.
    """
    there = {(photo.sha256, photo.phase, photo.batch) for photo in tx.children(Photo, parent)}
    photos: dict[str, Photo] = {}
    for one in taken:
        if (one.sha256, phase, batch) not in there:
            photos.setdefault(one.sha256, _photo(tx, parent, one, phase, batch))
    for photo in photos.values():
        tx.add(photo)
    files.queue(tx.connection, set(photos))
    return list(photos.values())


def _photo(tx: Tx, parent: UUID, one: TakenPhoto | Photo, phase: PhotoPhase, batch: int) -> Photo:
    return Photo(
        id=tx.ids.new(),
        created_at=tx.now,
        changed_at=tx.now,
        parent=parent,
        phase=phase,
        batch=batch,
        **{name: getattr(one, name) for name in _TAKEN_FIELDS},
    )
