"""The city put together without HTTP: database, clock, keys, files. Routes, console and command line all ask it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import insert, select

from app.base.clock import Clock, SystemClock
from app.base.ids import IdSource
from server.database import Database
from server.migrate import bring_up_to_date
from server.settings import CitySettings
from server.signers import Signers
from server.tables import CITY
from server.wake import Waker

SYSTEM_PERSON_ID = UUID("00000000-0000-7000-8000-0000000000c1")
SYSTEM_PERSON_NAME = "市平台"


@dataclass(frozen=True)
class CityKeys:
    """sign: Ed25519, for receipts. box: X25519, for sealed files."""

    sign: Ed25519PrivateKey
    box: X25519PrivateKey

    @property
    def sign_public(self) -> bytes:
        """32 raw bytes."""
        return self.sign.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    @property
    def box_public(self) -> bytes:
        """32 raw bytes."""
        return self.box.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


@dataclass(frozen=True)
class City:
    """One running city."""

    settings: CitySettings
    database: Database
    clock: Clock
    ids: IdSource
    name: str
    keys: CityKeys
    waker: Waker
    signers: Signers = field(default_factory=Signers)

    def now(self) -> datetime:
        """The city's instant."""
        return self.clock.now()

    def close(self) -> None:
        """Let go of the database."""
        self.waker.close()
        self.database.close()


def open_city(settings: CitySettings, *, clock: Clock | None = None, name: str = "市平台") -> City:
    """The city at `settings`; a new database gets its tables and its keys. name: of a new one."""
    clock = clock or SystemClock()
    settings.files.mkdir(parents=True, exist_ok=True)
    database = Database(settings.database, pool_size=settings.pool_size)
    bring_up_to_date(database)

    def found(connection: object) -> tuple[str, bytes, bytes]:
        row = connection.execute(select(CITY.c.name, CITY.c.sign_seed, CITY.c.box_seed)).first()  # type: ignore[attr-defined]
        if row is not None:
            return str(row[0]), bytes(row[1]), bytes(row[2])
        seeds = secrets.token_bytes(32), secrets.token_bytes(32)
        values = {"id": 1, "name": name, "sign_seed": seeds[0], "box_seed": seeds[1], "made_at": clock.now()}
        connection.execute(insert(CITY).values(values))  # type: ignore[attr-defined]
        return name, *seeds

    known, sign_seed, box_seed = database.retrying(found)
    keys = CityKeys(Ed25519PrivateKey.from_private_bytes(sign_seed), X25519PrivateKey.from_private_bytes(box_seed))
    return City(settings, database, clock, IdSource(clock), known, keys, Waker(database))
