"""A city with something on every page of the console, and an operator who can sign in."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from pydantic_core import to_json
from sqlalchemy import insert, select, update
from starlette.testclient import TestClient

from app.domain.permissions import OfficeRole
from app.domain.reference_versions import ReferenceVersion
from app.wire.accounts import LocalPerson
from app.wire.sync import Change
from server import audit, operators
from server.city import City
from server.sync import city_records
from server.tables import (
    ATTEMPT,
    AUDIT,
    BLOB,
    DEAD_LETTER,
    DEVICE,
    NUMBER_BLOCK,
    NUMBER_SERIES,
    OUTCOME,
    PERSON,
    REVIEW,
)
from tests.builders import NINE
from tests.server.devices import HUIJI, JINSHUI, OPERATOR, enrolled

LOGIN, NAME, PASSWORD = "lijing", "李静", "Yu7-mingtian"
_TOKEN = re.compile(r'name="csrf" value="([^"]+)"')
SCRIPT = "<script>alert(1)</script>"
PAGES = (
    "",
    "/devices",
    "/people",
    "/people/new",
    "/codes",
    "/review",
    "/review?state=all",
    "/refused",
    "/dead-letters",
    "/dead-letters?state=all",
    "/feeds",
    "/feeds?tests=1",
    "/numbers",
    "/files",
    "/files?state=complete",
    "/reference",
    "/trail",
    "/password",
)


@dataclass(frozen=True)
class Filled:
    """What stands there: PCs well and revoked, the one to map, the group in the tray, the dead letters."""

    well: UUID
    unwell: UUID
    clashing_person: UUID
    known_person: UUID
    group: UUID
    letter: int
    version: UUID


def add_operator(city: City) -> None:
    """李静."""
    with city.database.write() as connection:
        operators.add(connection, city, login=LOGIN, name=NAME, password=PASSWORD, who=OPERATOR)


def sign_in(client: TestClient, login: str = LOGIN, password: str = PASSWORD, wanted: str = "") -> Any:
    """The answer to the sign-in form, redirects not followed."""
    token = token_of(client.get("/console/sign-in").text)
    form = {"csrf": token, "login": login, "password": password, "next": wanted}
    return client.post("/console/sign-in", data=form, follow_redirects=False)


def token_of(page: str) -> str:
    """The form token of a page."""
    found = _TOKEN.search(page)
    assert found is not None, page
    return found[1]


def fill(city: City, client: TestClient) -> Filled:
    """A city in the middle of a week, with one of everything."""
    known = LocalPerson(id=city.ids.new(), name="张敏", login="zhangmin", roles=(OfficeRole.ACCEPTOR, OfficeRole.ADMIN))
    twin = LocalPerson(id=city.ids.new(), name="张敏", login="zhang", roles=(OfficeRole.DISPATCHER,))
    office = "金水区城市管理局" + SCRIPT
    well = enrolled(city, client, JINSHUI, persons=[known], office="金水区城市管理局", pc_mark="J1", program="0.1.0")
    unwell = enrolled(city, client, JINSHUI, persons=[twin], office=office, pc_mark="J2", program="0.1.0")
    enrolled(city, client, HUIJI, office="惠济区综合执法局", pc_mark="H1", program="0.1.0")
    with city.database.write() as connection:
        failed = {
            "last_failed_at": city.now() + timedelta(minutes=3),
            "last_failure": "sync.signature_wrong",
            "failures": 7,
        }
        connection.execute(update(DEVICE).where(DEVICE.c.id == unwell.id).values(**failed, clock_offset_ms=-421_000))
        tried = {"device_id": unwell.id, "note": ""}
        for number, (kind, code) in enumerate([("push", ""), ("pull", ""), ("request", "sync.signature_wrong")]):
            at = city.now() + timedelta(minutes=number)
            connection.execute(insert(ATTEMPT).values(at=at, kind=kind, ok=not code, code=code, **tried))
        revoked = {
            "id": city.ids.new(),
            "name": "王强",
            "login": "wangqiang",
            "roles": '["admin"]',
            "state": "revoked",
        }
        told = {"district": JINSHUI, "mapped_to": None, "revoked_at": city.now(), "added_at": city.now()}
        connection.execute(insert(PERSON).values(**revoked, **told))
    group = _review(city, well.id, revoked["id"])
    letter = _letters(city, unwell.id)
    _answers(city, well.id)
    _numbers_and_files(city, well.id)
    return Filled(well.id, unwell.id, twin.id, known.id, group, letter, _version(city))


def _review(city: City, device_id: UUID, actor_id: Any) -> UUID:
    group, record = city.ids.new(), city.ids.new()
    fields = {
        "name": (None, "金水路绿化养护队"),
        "code": (None, "LH-03"),
        "phone": ("", "<b>0371</b>"),
    }
    first, second = city.ids.new(), city.ids.new()
    with city.database.write() as connection:
        for seq, change_id in ((1, first), (2, second)):
            change = Change(
                change_id=change_id,
                group=group,
                seq=seq,
                record_type="unit",
                record_id=record,
                action="units.change",
                base_version=0,
                follows=first if seq == 2 else None,
                fields=fields if seq == 1 else {"name": ("金水路绿化养护队", "金水路绿化养护二队")},
                made_at=NINE,
                actor_id=actor_id,
                actor_name="王强",
            )
            where = {"change_id": change.change_id, "group_id": group, "district": JINSHUI, "device_id": device_id}
            who = {"actor_id": actor_id, "actor_name": "王强", "reason": "sync.person_revoked", "at": city.now()}
            state = {"state": "waiting", "decided_by": "", "decided_at": None, "note": ""}
            connection.execute(insert(REVIEW).values(change=change.model_dump_json(), **where, **who, **state))
    return group


def _letters(city: City, device_id: UUID) -> int:
    text = to_json({"changes": [{"record_type": "case", "place": SCRIPT}]}, indent=1)
    known = {"at": city.now(), "reason": "sync.request_broken", "agent": "GridDesk/0.1.0", "seen_at": None}
    with city.database.write() as connection:
        for device, note, raw in ((None, "gzip", bytes(range(256))), (device_id, "changes.0.seq missing", text)):
            made = insert(DEAD_LETTER).values(device_id=device, note=note, raw=raw, **known).returning(DEAD_LETTER.c.id)
            number = connection.execute(made).scalar_one()
    return int(number)


def _answers(city: City, device_id: UUID) -> None:
    refused = {"code": "sync.number_foreign", "field": "number", "details": {"number": "410105-2026-000900"}}
    clash = {"clashes": {"place": {"before": "花园路", "mine": "花园路 12 号", "theirs": "花园路 21 号"}}}
    with city.database.write() as connection:
        for status, answer in (("refused", refused), ("conflict", clash)):
            ids = {"change_id": city.ids.new(), "device_id": device_id, "record_id": city.ids.new()}
            got = {
                "change_hash": bytes(32),
                "status": status,
                "scope": JINSHUI,
                "seq": 0,
                "version": 0,
                "at": city.now(),
            }
            connection.execute(insert(OUTCOME).values(**ids, **got, answer=to_json(answer).decode()))


def _numbers_and_files(city: City, device_id: UUID) -> None:
    series = {"district": JINSHUI, "kind": "case", "year": 2026}
    block = {"id": city.ids.new(), "first": 1, "last": 200, "pattern": "410105-2026-{n:06d}", "device_id": device_id}
    common = {"scope": JINSHUI, "media_type": "image/jpeg", "part_name": "", "thumbnail": None}
    with city.database.write() as connection:
        connection.execute(insert(NUMBER_SERIES).values(**series, last=200))
        connection.execute(insert(NUMBER_BLOCK).values(**series, **block, granted_at=city.now()))
        for number, done in enumerate((True, True, False)):
            digest = hashlib.sha256(bytes([number])).hexdigest()
            size = 2_400_000 + number
            at = {"started_at": city.now(), "touched_at": city.now(), "completed_at": city.now() if done else None}
            held = {"size": size, "offset": size if done else 900_000, "stored_name": digest[:40]}
            connection.execute(insert(BLOB).values(sha256=digest, **held, **at, **common))


def _version(city: City) -> UUID:
    day = {
        "table": "workdays",
        "label": "2027 年节假日",
        "valid_from": "2027-01-01",
        "source": "国办发明电",
        "content": {"days": {}},
    }
    at = {"created_at": city.now(), "changed_at": city.now()}
    version = ReferenceVersion.model_validate({"id": city.ids.new(), **at, **day})
    with city.database.write() as connection:
        city_records.put(connection, city, scope=JINSHUI, record=version, who=OPERATOR)
    return version.id


def deeds(city: City) -> list[str]:
    """What the trail says was done, oldest first."""
    with city.database.read() as connection:
        assert audit.broken_at(connection) is None
        return list(connection.execute(select(AUDIT.c.deed).order_by(AUDIT.c.id)).scalars())


def person(city: City, person_id: UUID) -> Any:
    """The row of a person."""
    with city.database.read() as connection:
        return connection.execute(select(PERSON).where(PERSON.c.id == person_id)).one()
