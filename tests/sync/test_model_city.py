"""The model city is worth something only while it answers as the real one does."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from app.base.clock import FixedClock
from app.base.ids import IdSource
from app.domain.directory import Road
from app.wire.sync import Change, Cursor, Outcome, PullRequest, PushRequest, ScopeHead
from server.city import City
from server.sync import city_records, serve
from tests.desks import JINSHUI
from tests.sync.conftest import MakeOffice
from tests.sync.model_city import ModelCity
from tests.sync.offices import Office

FIELDS = {"name": ("一路", "二路", "三路"), "chief": ("李", "王"), "street_code": ("410105001", "410105002")}


class Both:
    """Every request goes to both; what they answer is compared field by field, epochs and instants left out."""

    def __init__(self, office: Office, clock: FixedClock, seed: int) -> None:
        self.office, self.city = office, office.city
        self.clock, self.ids, self.chance = clock, IdSource(clock), random.Random(seed)
        self.model = ModelCity(clock)
        self.device = self.ids.new()
        self.roads: dict[UUID, list[tuple[int, dict[str, Any]]]] = {}
        self.sent: list[list[Change]] = []
        self.last: dict[UUID, Change] = {}
        self.seq = 0
        self.offset = _head(self.city)

    def push(self, changes: list[Change]) -> None:
        """One request, the same answers."""
        request = PushRequest(changes=changes)
        real = self.office.line.push(request).outcomes
        said = self.model.push(self.device, JINSHUI, request).outcomes
        assert [_told(one, self.offset) for one in real] == [_told(one, 0) for one in said]
        for change, answer in zip(changes, said, strict=True):
            if answer.version and answer.status in ("applied", "merged"):
                row = dict(self.model.records[change.record_id].values)
                self.roads.setdefault(change.record_id, []).append((answer.version, row))

    def new(self) -> Change:
        """A road nobody has seen."""
        return self._change(self.ids.new(), 0, {"name": (None, self.chance.choice(FIELDS["name"]))})

    def edit(self) -> Change:
        """A field of a road, as seen at any of its versions."""
        road = self.chance.choice(sorted(self.roads))
        version, seen = self.chance.choice(self.roads[road])
        name = self.chance.choice(sorted(FIELDS))
        return self._change(road, version, {name: self._other(name, seen.get(name, ""))})

    def chain(self) -> list[Change]:
        """Two offline changes of one road in a row."""
        first = self.edit()
        name = self.chance.choice(sorted(FIELDS))
        before = first.fields[name][1] if name in first.fields else self._seen(first).get(name, "")
        second = self._change(first.record_id, first.base_version, {name: self._other(name, before)}, first.change_id)
        return [first, second]

    def step(self) -> None:
        """Anything a desk, the line or the operator may do."""
        self.clock.advance(timedelta(minutes=1))
        deed = self.chance.choice(["new", "edit", "edit", "chain", "group", "again", "stray", "operator", "remove"])
        if deed == "new" or not self.roads:
            self._send([self.new()])
        elif deed == "edit":
            self._send([self.edit()])
        elif deed == "chain":
            self._send(self.chain())
        elif deed == "group":
            group = self.ids.new()
            self._send([one.model_copy(update={"group": group}) for one in (self.new(), self.edit(), self.edit())])
        elif deed == "again" and self.sent:
            self.push(self.chance.choice(self.sent))
        elif deed == "stray":
            self._send([self.edit().model_copy(update={"follows": self.ids.new()})])
        elif deed == "operator":
            self._operator()
        elif deed == "remove" and len(self.roads) > 2:
            self._remove()

    def compare(self) -> None:
        """The same records in the same versions, the same feed behind the same numbers."""
        real, model = self._feed(), self.model.scope(JINSHUI).entries
        mine = [(line.entry.seq, line.entry.op, line.entry.id, line.entry.version, line.entry.row) for line in model]
        assert real == mine

    def _feed(self) -> list[tuple[Any, ...]]:
        asked = PullRequest(scopes={JINSHUI: Cursor(epoch=_epoch(self.city), after=self.offset)}, limit=5000)
        page = self.office.line.pull(asked).scopes[JINSHUI]
        whole: dict[int, tuple[Any, ...]] = {}
        for entry in page.entries:
            whole[entry.seq] = (entry.seq - self.offset, entry.op, entry.id, entry.version, entry.row)
        last = {line.entry.id: line.entry.seq for line in self.model.scope(JINSHUI).entries}
        assert sorted(whole) == sorted(seq + self.offset for seq in last.values())
        return [
            whole.get(line.entry.seq + self.offset)
            or (line.entry.seq, line.entry.op, line.entry.id, line.entry.version, line.entry.row)
            for line in self.model.scope(JINSHUI).entries
        ]

    def _operator(self) -> None:
        road = self.chance.choice(sorted(self.roads))
        now = self.model.records[road]
        if now.deleted:
            return
        name = self.chance.choice(FIELDS["name"])
        record = Road.model_validate({**now.values, "id": road, "version": now.version}).changed(
            self.clock.now(), name=name
        )

        def put(connection: Any) -> None:
            city_records.put(connection, self.city, scope=JINSHUI, record=record, who="测试")

        self.city.database.retrying(put)
        self.model.edit(road, name=name)

    def _remove(self) -> None:
        road = self.chance.choice(sorted(self.roads))
        if self.model.records[road].deleted:
            return

        def removed(connection: Any) -> None:
            city_records.remove(connection, self.city, record_id=road, who="测试")

        self.city.database.retrying(removed)
        self.model.delete(road)

    def _send(self, changes: list[Change]) -> None:
        self.sent.append(changes)
        self.push(changes)

    def _other(self, name: str, before: str) -> tuple[str, str]:
        """(value seen, another one): a desk writes down no change that changes nothing."""
        return before, self.chance.choice([value for value in FIELDS[name] if value != before])

    def _seen(self, change: Change) -> dict[str, Any]:
        return next(row for version, row in self.roads[change.record_id] if version == change.base_version)

    def _change(self, road: UUID, base: int, fields: dict[str, tuple[Any, Any]], follows: UUID | None = None) -> Change:
        self.seq += 1
        return Change(
            change_id=self.ids.new(),
            group=self.ids.new(),
            seq=self.seq,
            record_type="road",
            record_id=road,
            action="directory.save",
            base_version=base,
            follows=follows,
            fields=fields,
            made_at=self.clock.now(),
            actor_id=self.office.actor.person_id,
            actor_name=self.office.actor.name,
        )


def _told(answer: Outcome, offset: int) -> dict[str, Any]:
    """What both must say alike: status, place, version, what clashed, what is waited for, the row."""
    said = answer.model_dump(mode="json", include={"change_id", "status", "scope", "version", "code", "clashes", "row"})
    said["seq"] = answer.seq - offset if answer.seq else 0
    said["waits"] = bool(answer.waiting_for)
    return said


def _head(city: City) -> int:
    return int(_scope(city).head)


def _epoch(city: City) -> str:
    return str(_scope(city).epoch)


def _scope(city: City) -> ScopeHead:
    with city.database.read() as connection:
        return serve.heads(connection, [JINSHUI])[0]


@pytest.mark.parametrize("seed", range(12))
def test_model_and_city_answer_alike_whatever_they_are_asked(
    make_desk_with_line: MakeOffice, clock: FixedClock, seed: int
) -> None:
    office = make_desk_with_line("A")
    assert office.sync().finished
    both = Both(office, clock, seed)
    both.push([both.new() for _road in range(3)])

    for _step in range(40):
        both.step()

    both.compare()
