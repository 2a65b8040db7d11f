"""How a request proves which PC sent it: the bytes that are signed, and the header that carries it."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from uuid import UUID

SCHEME = "GridDesk"
PROTOCOL_HEADER = "X-GridDesk-Protocol"
_HEADER = re.compile(rf"{SCHEME} ([0-9a-f-]{{36}})\.([0-9]{{1,18}})\.([A-Za-z0-9_-]{{86,88}})")


@dataclass(frozen=True)
class Proof:
    """Device, its rising counter, and the Ed25519 signature over `signed_bytes`."""

    device_id: UUID
    counter: int
    signature: bytes

    def header(self) -> str:
        """The value of the Authorization header."""
        return f"{SCHEME} {self.device_id}.{self.counter}.{to_text(self.signature)}"

    @classmethod
    def of_header(cls, value: str) -> Proof | None:
        """The proof in a header; None when it is not one of ours."""
        found = _HEADER.fullmatch(value)
        if found is None:
            return None
        try:
            return cls(UUID(found[1]), int(found[2]), to_raw(found[3]))
        except ValueError:
            return None


def signed_bytes(method: str, target: str, counter: int, body: bytes) -> bytes:
    """What the device signs. target: path and query as sent; body: as sent, packed when it is packed."""
    return f"griddesk-1\n{method.upper()}\n{target}\n{counter}\n{hashlib.sha256(body).hexdigest()}".encode()


def to_text(raw: bytes) -> str:
    """base64url without padding."""
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def to_raw(text: str) -> bytes:
    """The bytes of base64url without padding. Raises ValueError."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError("not base64url") from error
