"""How a PC becomes known: a one-time code once, and later a new identity when its disk was copied."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import Connection, insert, select, update

from app.domain.numbering import LETTERS, PC_MARK_LENGTH, pc_mark
from app.domain.problems import Problem, Refused
from app.wire.accounts import EnrolReply, EnrolRequest, RenewRequest
from app.wire.signing import to_raw, to_text
from app.wire.sync import CITY_SCOPE, PROTOCOL, ScopeHead
from server import audit, devices, districts, guard, people
from server.auth import Proven
from server.city import City
from server.signers import Signer
from server.sync import city_records
from server.tables import DEVICE, DISTRICT, ENROLMENT_CODE, SCOPE_HEAD

CODE_HOURS = 72
_SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_GROUPS, _GROUP = 3, 4


def new_code(connection: Connection, city: City, district: str, *, hours: int = CODE_HOURS, who: str) -> str:
    """A code that takes one PC of the district in, within `hours`. It is shown once and kept nowhere.

    Raises Refused("city.district_unknown").
    """
    districts.need(connection, district)
    signs = "".join(secrets.choice(_SIGNS) for _ in range(_GROUPS * _GROUP))
    now = city.now()
    values = {"code_hash": _hash(signs), "district": district, "made_at": now, "made_by": who[:60]}
    until = now + timedelta(hours=hours)
    connection.execute(
        insert(ENROLMENT_CODE).values(expires_at=until, used_at=None, device_id=None, reply=None, **values)
    )
    audit.note(connection, now, who, "code.new", district, f"{hours} h")
    return "-".join(signs[at : at + _GROUP] for at in range(0, len(signs), _GROUP))


def enrol(city: City, sent: Proven, source: str) -> EnrolReply:
    """Take a PC in. Asked again by the same PC with the same code, the same answer comes back.

    source: who is slowed after wrong codes, usually the address the request came from.
    Raises Refused("sync.code_wrong" | "sync.code_other_district" | "sync.too_many_tries" | "sync.signature_wrong" |
    "sync.device_revoked" | "sync.request_broken").
    """
    request = _understood(EnrolRequest, sent.plain)
    sign_key, box_key = _key(request.sign_key), _key(request.box_key)
    if request.device_id != sent.proof.device_id or not sent.is_signed_by(Signer(sign_key)):
        raise Refused("sync.signature_wrong")
    subject = f"code {source}"

    def take_in(connection: Connection) -> EnrolReply | Problem:
        now = city.now()
        guard.refuse_when_waiting(connection, now, subject)
        code = connection.execute(
            select(ENROLMENT_CODE).where(ENROLMENT_CODE.c.code_hash == _hash(request.code)).with_for_update()
        ).first()
        if code is None or not _is_good(code, request, now):
            guard.failed(connection, now, subject)
            devices.note_failure(connection, now, None, "sync.code_wrong", "enrol")
            return Refused("sync.code_wrong")
        if code.district != request.district:
            return Refused("sync.code_other_district")
        known = connection.execute(select(DEVICE).where(DEVICE.c.id == request.device_id)).first()
        if known is not None and (bytes(known.sign_key) != sign_key or known.revoked_at is not None):
            return Refused("sync.signature_wrong" if bytes(known.sign_key) != sign_key else "sync.device_revoked")
        guard.passed(connection, subject)
        if code.reply is not None:
            return EnrolReply.model_validate_json(code.reply)
        return _take_in(connection, city, request, sign_key, box_key)

    found = city.database.retrying(take_in)
    if isinstance(found, Problem):
        raise found
    return found


def renew(city: City, sent: Proven) -> EnrolReply:
    """Give a copied or restored disk an identity and a PC mark of its own; signed with the key it has now.

    Raises Refused("sync.device_unknown" | "sync.signature_wrong" | "sync.device_revoked" | "sync.request_broken").
    """
    request = _understood(RenewRequest, sent.plain)
    sign_key, box_key = _key(request.sign_key), _key(request.box_key)

    def take_over(connection: Connection) -> EnrolReply:
        old = connection.execute(select(DEVICE).where(DEVICE.c.id == sent.proof.device_id)).first()
        if old is None:
            raise Refused("sync.device_unknown")
        if not sent.is_signed_by(Signer(bytes(old.sign_key))):
            raise Refused("sync.signature_wrong")
        if old.revoked_at is not None:
            raise Refused("sync.device_revoked")
        known = connection.execute(select(DEVICE).where(DEVICE.c.id == request.device_id)).first()
        if known is not None:
            if bytes(known.sign_key) != sign_key or known.renewed_from != old.id:
                raise Refused("sync.signature_wrong")
            return _reply(connection, city, known.district, known.pc_mark)
        mark = _free_mark(connection, old.district, request.device_id, request.pc_mark)
        copied = {"district": old.district, "office": old.office, "office_mark": old.office_mark}
        told = {"machine": request.machine, "program": old.program, "protocol": old.protocol, "renewed_from": old.id}
        values = _device_values(city, request.device_id, mark, sign_key, box_key) | copied | told
        connection.execute(insert(DEVICE).values(values))
        city_records.make_scope(connection, city, f"{old.district}/{request.device_id}")
        audit.note(connection, city.now(), str(old.id), "device.renew", str(request.device_id), request.reason)
        return _reply(connection, city, old.district, mark)

    return city.database.retrying(take_over)


def _take_in(connection: Connection, city: City, request: EnrolRequest, sign_key: bytes, box_key: bytes) -> EnrolReply:
    now = city.now()
    mark = _free_mark(connection, request.district, request.device_id, request.pc_mark)
    told = {"district": request.district, "office": request.office, "office_mark": request.office_mark}
    about = {"machine": request.machine, "program": request.program, "protocol": request.protocol, "renewed_from": None}
    values = _device_values(city, request.device_id, mark, sign_key, box_key) | told | about | {"counter": 1}
    values |= {"last_seen_at": now, "last_ok_at": now, "requests": 1}
    if connection.execute(select(DEVICE.c.id).where(DEVICE.c.id == request.device_id)).first() is None:
        connection.execute(insert(DEVICE).values(values))
    else:
        # The same PC with a second code: its counter goes on where it stands.
        again = {name: values[name] for name in (*told, "machine", "program", "protocol", "pc_mark", "box_key")}
        connection.execute(update(DEVICE).where(DEVICE.c.id == request.device_id).values(again))
    city_records.make_scope(connection, city, f"{request.district}/{request.device_id}")
    to_map = people.register(connection, request.district, request.persons, now)
    reply = _reply(connection, city, request.district, mark).model_copy(update={"to_map": to_map})
    used = {"used_at": now, "device_id": request.device_id, "reply": reply.model_dump_json()}
    connection.execute(update(ENROLMENT_CODE).where(ENROLMENT_CODE.c.code_hash == _hash(request.code)).values(used))
    audit.note(connection, now, request.office, "device.enrol", f"{request.district} {mark} {request.device_id}")
    return reply


def _is_good(code: Any, request: EnrolRequest, now: datetime) -> bool:
    if code.used_at is not None:
        return bool(code.device_id == request.device_id)
    return bool(code.expires_at > now)


def _free_mark(connection: Connection, district: str, device_id: UUID, wanted: str) -> str:
    """The wanted PC mark, or another one when a PC of the district has it: two PCs never make the same local number."""
    # The district's row is the lock of its marks.
    connection.execute(select(DISTRICT.c.code).where(DISTRICT.c.code == district).with_for_update())
    others = select(DEVICE.c.pc_mark).where(DEVICE.c.district == district, DEVICE.c.id != device_id)
    taken = {str(mark) for mark in connection.execute(others).scalars()}
    mark = wanted.strip().upper()
    while not mark or mark in taken or set(mark) - set(LETTERS) - set("0123456789"):
        mark = pc_mark(secrets.token_bytes(PC_MARK_LENGTH))
    return mark


def _reply(connection: Connection, city: City, district: str, mark: str) -> EnrolReply:
    scopes = select(SCOPE_HEAD).where(SCOPE_HEAD.c.scope.in_([district, CITY_SCOPE])).order_by(SCOPE_HEAD.c.scope)
    return EnrolReply(
        now=city.now(),
        city=city.name,
        district=district,
        pc_mark=mark,
        sign_key=to_text(city.keys.sign_public),
        box_key=to_text(city.keys.box_public),
        scopes=[
            ScopeHead(
                scope=row.scope,
                epoch=row.epoch,
                head=row.head,
                count=row.live_count,
                hash=row.live_hash,
                floor=row.floor,
            )
            for row in connection.execute(scopes)
        ],
    )


def _device_values(city: City, device_id: UUID, mark: str, sign_key: bytes, box_key: bytes) -> dict[str, Any]:
    nothing_yet = dict.fromkeys(("last_seen_at", "last_ok_at", "last_failed_at", "revoked_at"))
    counts = dict.fromkeys(("counter", "window", "requests", "failures", "clock_offset_ms"), 0)
    keys = {"id": device_id, "pc_mark": mark, "sign_key": sign_key, "box_key": box_key}
    return {**keys, **nothing_yet, **counts, "last_failure": "", "protocol": PROTOCOL, "enrolled_at": city.now()}


def _understood(kind: Any, body: bytes) -> Any:
    if b"\\u0000" in body:
        # No database of ours keeps this sign in a text, and no office has it in its name.
        raise Refused("sync.request_broken", reason="U+0000")
    try:
        return kind.model_validate_json(body)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        raise Refused("sync.request_broken", reason=".".join(map(str, first["loc"])) or first["type"]) from None


def _key(text: str) -> bytes:
    try:
        raw = to_raw(text)
    except ValueError:
        raw = b""
    if len(raw) != 32:
        raise Refused("sync.request_broken", reason="key")
    return raw


def _hash(code: str) -> bytes:
    return hashlib.sha256("".join(sign for sign in code.upper() if sign.isalnum()).encode()).digest()
