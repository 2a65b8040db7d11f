"""How this PC is linked with the city: address, identity, keys, and the counter every request raises."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from app.domain.problems import Refused
from app.wire.signing import Proof, signed_bytes
from db.queries import link as rows
from db.store import Store


@dataclass(frozen=True)
class Link:
    """The link as it is kept. Seeds and keys are raw 32 bytes; own_ca is PEM text or empty; machine: a hash.

    counter: of the last request sent. clock_offset_ms: the city's clock minus this PC's.
    """

    url: str
    city: str
    district: str
    device_id: UUID
    sign_seed: bytes = field(repr=False)
    box_seed: bytes = field(repr=False)
    city_sign_key: bytes
    city_box_key: bytes
    enrolled_at: datetime
    counter: int = 0
    machine: str = ""
    own_ca: str = field(default="", repr=False)
    proxy: str = field(default="", repr=False)
    clock_offset_ms: int = 0
    paused: bool = False

    def as_row(self) -> dict[str, Any]:
        """The link as the store keeps it."""
        return asdict(self)

    def sign_key(self) -> Ed25519PrivateKey:
        """The key that proves this PC's requests."""
        return Ed25519PrivateKey.from_private_bytes(self.sign_seed)

    def box_key(self) -> X25519PrivateKey:
        """The key sealed files from the city are opened with."""
        return X25519PrivateKey.from_private_bytes(self.box_seed)

    def public_sign_key(self) -> bytes:
        """What the city checks proofs with."""
        return self.sign_key().public_key().public_bytes_raw()

    def public_box_key(self) -> bytes:
        """What the city seals files for."""
        return self.box_key().public_key().public_bytes_raw()


class LinkStore:
    """The link in the store. While an enrolment or renewal waits for its answer, requests are signed as it says.

    place: `LINKED` for every day's requests, `ASKED` for the identity that is being asked for.
    """

    def __init__(self, store: Store, place: int = rows.LINKED) -> None:
        self._store = store
        self._place = place
        self._offset_ms: int | None = None
        """Of the clocks, as this object last read it."""

    def get(self) -> Link | None:
        """The link, or None while this PC is not enrolled."""
        with self._store.read() as reader:
            found = rows.find(reader.connection, self._place)
        return None if found is None else self._seen(Link(**found))

    def _seen(self, link: Link) -> Link:
        self._offset_ms = link.clock_offset_ms
        return link

    def need(self) -> Link:
        """The link. Raises Refused("sync.not_enrolled")."""
        found = self.get()
        if found is None:
            raise Refused("sync.not_enrolled")
        return found

    def save(self, link: Link) -> None:
        """Keep the link in place of the one before."""
        with self._store.local() as connection:
            rows.put(connection, link.as_row(), self._place)

    def set(self, **fields: Any) -> Link:
        """Change single fields of the link, never its counter. Raises Refused("sync.not_enrolled")."""
        with self._store.local() as connection:
            found = rows.find(connection, self._place)
            if found is None:
                raise Refused("sync.not_enrolled")
            link = replace(Link(**found), **fields)
            rows.put(connection, link.as_row(), self._place)
        return self._seen(link)

    def note_clock(self, city_now: datetime) -> None:
        """Remember how far the city's clock is from ours; nothing is written while it stays within a second."""
        offset = round((city_now - self._store.clock.now()).total_seconds() * 1000)
        # Every request reads the link for its proof, so that what is known is as old as the question.
        if self._offset_ms is None and self.get() is None:
            return
        if self._offset_ms is None or abs(offset - self._offset_ms) >= 1000:
            self.set(clock_offset_ms=offset)

    def next_proof(self, method: str, target: str, body: bytes) -> str:
        """The Authorization header of a request; target is path and query as sent, body as sent.

        The counter is committed before it is used, so no two requests ever carry the same one.
        Raises Refused("sync.not_enrolled").
        """
        with self._store.local() as connection:
            counter = rows.next_counter(connection, self._place)
            found = rows.find(connection, self._place)
        if counter is None or found is None:
            raise Refused("sync.not_enrolled")
        link = self._seen(Link(**found))
        signature = link.sign_key().sign(signed_bytes(method, target, counter, body))
        return Proof(link.device_id, counter, signature).header()

    def sign_key(self) -> Ed25519PrivateKey:
        """This PC's signing key. Raises Refused("sync.not_enrolled")."""
        return self.need().sign_key()

    def box_key(self) -> X25519PrivateKey:
        """This PC's key for sealed files. Raises Refused("sync.not_enrolled")."""
        return self.need().box_key()
