"""Letting a request in: the signature first, then its counter, taken once; every failure is written down."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, bindparam, select

from app.domain.problems import Problem, Refused
from server import devices
from server.city import City
from server.devices import Device, Entry, NotEntered
from server.proven import Proven, Signed, unpacked
from server.signers import Signer
from server.statements import together
from server.tables import DEVICE

_SIGN_KEY = select(DEVICE.c.sign_key).where(DEVICE.c.id == bindparam("pc", type_=DEVICE.c.id.type))


def entry(city: City, sent: Proven) -> Entry | None:
    """What takes the counter together with the work; None when the request must be looked at closely."""
    proof = sent.proof
    signer = city.signers.get(proof.device_id)
    if signer is None or not sent.is_signed_by(signer):
        return None
    return Entry(proof.device_id, proof.counter, signer.raw)


def admitted(city: City, sent: Proven) -> Signed:
    """The device that signed, its counter taken, and the body. Raises as `signed` does, but for a revoked device."""
    known = entry(city, sent)
    if known is None:
        return admitted_closely(city, sent)

    def enter(connection: Connection) -> Device:
        (rows,) = together(connection, known.taken(city.now()), commit=True)
        return devices.entered(connection, rows)

    try:
        return Signed(city.database.retrying(enter), unpacked(city, sent))
    except NotEntered:
        return admitted_closely(city, sent)


def admitted_closely(city: City, sent: Proven) -> Signed:
    """As `admitted`, step by step and believing nothing that was remembered."""
    return Signed(_admit(city, sent), unpacked(city, sent))


@contextmanager
def counter_used(city: City, sent: Proven) -> Iterator[None]:
    """Work that takes the counter in its own transaction: when that is rolled back, the counter is used up all the same."""
    done = False
    try:
        yield
        done = True
    except NotEntered:
        done = True
        raise
    finally:
        if not done:
            city.database.retrying(
                lambda connection: devices.count(connection, sent.proof.device_id, sent.proof.counter, city.now())
            )


def _admit(city: City, sent: Proven) -> Device:
    """The device that signed, its counter moved on; every failure is written down before it is refused."""
    device_id, now = sent.proof.device_id, city.now()

    def admit(connection: Connection) -> Device | Problem:
        _commit_without_waiting(connection)
        key = connection.execute(_SIGN_KEY, {"pc": device_id}).scalar()
        if key is None:
            return _failure(connection, now, None, "sync.device_unknown")
        signer = Signer(bytes(key))
        if not sent.is_signed_by(signer):
            return _failure(connection, now, device_id, "sync.signature_wrong")
        city.signers.remember(device_id, signer)
        device = devices.count(connection, device_id, sent.proof.counter, now)
        return device or _failure(connection, now, device_id, "sync.counter_old")

    found = city.database.retrying(admit)
    if isinstance(found, Problem):
        raise found
    return found


def _failure(connection: Connection, now: datetime, device_id: UUID | None, code: str) -> Problem:
    devices.note_failure(connection, now, device_id, code)
    return Refused(code)


def _commit_without_waiting(connection: Connection) -> None:
    # A counter lost in a crash of the city lets one old request through once more: changes are known by their id.
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL synchronous_commit = off")
