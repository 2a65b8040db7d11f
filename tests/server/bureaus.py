"""A bureau in tests of the city's core: a PC and its persons, pushing without HTTP."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from pydantic_core import from_json

from app.domain.permissions import OfficeRole
from app.domain.records import Record
from app.wire.accounts import LocalPerson
from app.wire.proof import row_hash
from app.wire.sync import HASH_MODULUS, Change, Cursor, Outcome, PullReply, PullRequest, PushRequest, SnapshotReply
from db.outbox import changed_fields, first_fields
from db.types import as_json
from server import people
from server.city import City
from server.devices import Device
from server.sync import receive, serve

ALL_ROLES = tuple(role.value for role in OfficeRole)


class Bureau:
    """`make` and `edit` write changes down as a desk would, `push` sends them."""

    def __init__(self, city: City, district: str, roles: tuple[str, ...] = ALL_ROLES) -> None:
        self.city = city
        self.device = Device(city.ids.new(), district, "城市管理局", "ABCD", revoked=False)
        self.person = city.ids.new()
        self.enter(self.person, roles)
        self.seq = 0

    def enter(self, person: UUID, roles: tuple[str, ...]) -> None:
        """A person the district knows."""
        local = LocalPerson(id=person, name=f"张{person.hex[-6:]}", login=person.hex, roles=roles)
        with self.city.database.write() as connection:
            people.register(connection, self.device.district, [local], self.city.now())

    def change(self, record_type: str, record_id: UUID, fields: dict[str, Any], **told: Any) -> Change:
        """One change; `fields` name -> (seen, set)."""
        self.seq += 1
        values: dict[str, Any] = {
            "change_id": self.city.ids.new(),
            "group": self.city.ids.new(),
            "seq": self.seq,
            "record_type": record_type,
            "record_id": record_id,
            "action": "test",
            "base_version": 0,
            "fields": fields,
            "made_at": self.city.now() + timedelta(microseconds=self.seq),
            "actor_id": self.person,
            "actor_name": "张三",
        }
        return Change.model_validate(values | told)

    def unit(self, name: str = "环卫公司", **told: Any) -> Change:
        """A new unit."""
        return self.change("unit", told.pop("record_id", self.city.ids.new()), {"name": (None, name)}, **told)

    def made(self, record_type: str, record: Record, **told: Any) -> Change:
        """A new record as the outbox writes it down."""
        told.setdefault("made_at", record.changed_at)
        return self.change(record_type, record.id, from_json(as_json(first_fields(record))), **told)

    def moved(self, record_type: str, old: Record, new: Record, **told: Any) -> Change:
        """A changed record as the outbox writes it down."""
        told.setdefault("made_at", new.changed_at)
        return self.change(record_type, old.id, from_json(as_json(changed_fields(old, new))), **told)

    def push(self, *changes: Change, device: Device | None = None) -> list[Outcome]:
        """The city's answers."""
        request = PushRequest(changes=list(changes))
        raw = request.model_dump_json().encode()
        return receive.receive(self.city, device or self.device, request, raw=raw, agent="test").outcomes

    def pull(self, after: int = 0, limit: int = 1000, scope: str = "") -> PullReply:
        """A page after a cursor of the present epoch."""
        scope = scope or self.device.district
        with self.city.database.read() as connection:
            (head,) = serve.heads(connection, [scope])
        request = PullRequest(scopes={scope: Cursor(epoch=head.epoch, after=after)}, limit=limit)
        return PullReply.model_validate_json(serve.pull(self.city, self.device, request))

    def snapshot(self, after: UUID | None = None, limit: int = 1000, scope: str = "") -> SnapshotReply:
        """A page of what is there now."""
        return SnapshotReply.model_validate_json(
            serve.snapshot(self.city, self.device, scope or self.device.district, after, limit)
        )

    def row(self, record_id: UUID) -> dict[str, Any]:
        """The record as a fresh desk would get it."""
        found = next(entry for entry in self.snapshot().rows if entry.id == record_id)
        assert found.row is not None
        return found.row

    def is_equal(self, scope: str = "") -> bool:
        """Whether count and hash of the scope are what a plain recount of its live records gives."""
        page = self.snapshot(scope=scope, limit=5000)
        total = sum(row_hash(entry.id, entry.version) for entry in page.rows) % HASH_MODULUS
        return (page.head.count, page.head.hash) == (len(page.rows), total)

    def later(self, **by: int) -> datetime:
        """An instant after the city's."""
        return self.city.now() + timedelta(**by)
