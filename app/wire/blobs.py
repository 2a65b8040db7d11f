"""Files: uploaded in pieces from where the city stands, proved by sha-256, fetched when asked for."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from app.domain.canonical import canonical_json
from app.wire.sync import Wire

PIECE_BYTES = 4 * 1024 * 1024
SHA256 = r"^[0-9a-f]{64}$"


class FileOffer(Wire):
    """A file the desk has."""

    sha256: str = Field(pattern=SHA256)
    size: int = Field(ge=1)
    media_type: str = Field(default="", max_length=80, pattern=r"^[^\x00-\x1f]*$")


class FileState(Wire):
    """Where the city stands with a file: `offset` bytes are safe; complete: size and sha-256 were proved, at that instant."""

    sha256: str
    state: Literal["unknown", "partial", "complete"]
    offset: int = 0
    size: int = 0
    at: AwareDatetime | None = None
    thumbnail: bool = False


class FileProof(Wire):
    """One file of a receipt."""

    sha256: str
    size: int
    complete: bool
    at: AwareDatetime | None = None


class Receipt(Wire):
    """What the city holds of one record: version, the sha-256 of its canonical JSON, its children, its files.

    signature: Ed25519 of the city over the receipt's canonical JSON without the signature, base64url.
    """

    record_id: UUID
    record_type: str
    version: int
    sha256: str
    received_at: AwareDatetime
    children: list[dict[str, Any]] = Field(default_factory=list)
    files: list[FileProof] = Field(default_factory=list)
    now: AwareDatetime
    city: str
    signature: str = ""

    def signed_bytes(self) -> bytes:
        """What the city signs: the receipt's canonical JSON without its signature."""
        return canonical_json(self.model_dump(mode="json", exclude={"signature"}))
