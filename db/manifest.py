"""What a backup file says of itself, and how its parts are named. One uncompressed zip: parts first, the manifest last."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Literal, Protocol

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from app.base.watch import Watch
from app.domain.problems import Unavailable

MANIFEST, FILES = "manifest.json", "files/"
COPY_BYTES = 1024 * 1024
_LARGEST_MANIFEST = 256 * 1024 * 1024


class Part(BaseModel):
    """One part of a backup: size and sha-256 of its bytes as they lie in the file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    size: int = Field(ge=0)
    sha256: str = Field(pattern="^[0-9a-f]{64}$")

    @classmethod
    def of(cls, data: bytes) -> Part:
        """What a manifest says of these bytes."""
        return cls(size=len(data), sha256=hashlib.sha256(data).hexdigest())


class Manifest(BaseModel):
    """counts: rows per table. missing: sha-256 of photos whose file was already gone when the backup was made."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal["griddesk-backup-1"] = "griddesk-backup-1"
    made_at: AwareDatetime
    revision: str
    counts: dict[str, int]
    missing: tuple[str, ...] = ()
    parts: dict[str, Part]

    @property
    def size(self) -> int:
        """Bytes of all parts together."""
        return sum(part.size for part in self.parts.values())


class Sink(Protocol):
    """Anything bytes are written to."""

    def write(self, data: bytes, /) -> int: ...


def copy_hashed(source: BinaryIO, sink: Sink | None, watch: Watch) -> Part:
    """Copy a stream (or only read it, without a sink) and tell what went through."""
    digest, size = hashlib.sha256(), 0
    while data := source.read(COPY_BYTES):
        digest.update(data)
        size += len(data)
        if sink is not None:
            sink.write(data)
        watch.check()
    return Part(size=size, sha256=digest.hexdigest())


def inspect(file: Path) -> Manifest:
    """What a backup holds, without reading its parts. Raises Unavailable: backup.not_ours, backup.newer."""
    with opened_backup(file) as (_, manifest):
        return manifest


@contextmanager
def opened_backup(file: Path) -> Iterator[tuple[zipfile.ZipFile, Manifest]]:
    """An open backup and its manifest. Raises Unavailable: backup.not_ours, backup.newer, backup.damaged."""
    try:
        archive = zipfile.ZipFile(file)
    except (OSError, zipfile.BadZipFile) as error:
        raise Unavailable("backup.not_ours", name=file.name) from error
    with archive:
        yield archive, _manifest(archive, file.name)


def checked_part(archive: zipfile.ZipFile, name: str, said: Part, sink: Sink | None, watch: Watch, file: str) -> None:
    """Read one part against what the manifest says of it. Raises Unavailable("backup.damaged")."""
    try:
        with archive.open(name) as source:
            found = copy_hashed(source, sink, watch)  # type: ignore[arg-type]
    except (KeyError, zipfile.BadZipFile, EOFError) as error:
        raise Unavailable("backup.damaged", name=file, part=name) from error
    if found != said:
        raise Unavailable("backup.damaged", name=file, part=name)


def _manifest(archive: zipfile.ZipFile, name: str) -> Manifest:
    try:
        with archive.open(MANIFEST) as source:
            text = source.read(_LARGEST_MANIFEST)
    except KeyError:
        raise Unavailable("backup.not_ours", name=name) from None
    except (zipfile.BadZipFile, EOFError, OSError) as error:
        raise Unavailable("backup.damaged", name=name, part=MANIFEST) from error
    try:
        return Manifest.model_validate_json(text)
    except ValidationError as error:
        if any(fault["loc"] == ("format",) and fault["type"] == "literal_error" for fault in error.errors()):
            raise Unavailable("backup.newer", name=name, format=_said_format(error)) from error
        raise Unavailable("backup.damaged", name=name, part=MANIFEST) from error


def _said_format(error: ValidationError) -> str:
    return next(str(fault["input"])[:40] for fault in error.errors() if fault["loc"] == ("format",))
