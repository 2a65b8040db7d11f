"""The desk's door to the city, put together over a line of the tests."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from app.sync import points
from app.sync.enrolment import MakeLine
from app.sync.points import Reach
from app.sync.service import Parts, SyncService
from db.blobs import BlobStore
from server import enrolment
from tests.sync.offices import Office


def a_service(
    office: Office,
    make_line: MakeLine | None = None,
    *,
    machine: Callable[[], str] = lambda: "machine A",
    reach: Reach = points.nothing,
) -> SyncService:
    """SyncService as the desk makes it, but with this line and this machine."""
    desk = office.desk
    facilities = office.desk.facilities
    parts = Parts(
        make_line or office.line_of,
        lambda: secrets.token_bytes(32),
        machine,
        reach,
        lambda actor: facilities.give_codes(actor=actor),
    )
    blobs = BlobStore(desk.paths.files, office.key)
    return SyncService(desk.store, blobs, desk.reference, desk.accounts, desk.care, parts)


def new_code(office: Office, district: str = "410105") -> str:
    """A one-time code of the city."""
    city = office.city
    return city.database.retrying(lambda c: enrolment.new_code(c, city, district, hours=1, who="测试"))
