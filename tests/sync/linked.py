"""A real desk known to a real city in this process, with a line between them that needs no socket."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from sqlalchemy import Connection, insert

from app.base.clock import Clock
from app.base.watch import silent
from app.desk import Desk
from app.domain.cases import Case
from app.domain.office import Person
from app.domain.permissions import Actor
from app.domain.problems import Unavailable
from app.sync.engine import SyncEngine
from app.sync.files import FileDelivery
from app.sync.link import Link, LinkStore
from app.sync.sealed import Sealer
from app.sync.unsealing import Unsealer
from app.sync.views import SyncReport
from app.wire.accounts import LocalPerson, NumberBlock, NumberRequest
from app.wire.sync import CITY_SCOPE, PullReply, PullRequest, PushReply, PushRequest, SnapshotReply
from db.queries import sync as queue
from server import devices, numbers, people
from server.city import City, open_city
from server.devices import Device
from server.settings import CitySettings
from server.sync import city_records, receive, serve
from server.tables import DEVICE
from tests.builders import a_draft
from tests.desks import JINSHUI, fill_lists, first_actor, make_desk
from tests.server.devices import add_districts
from tests.sync.file_line import FileLine

ADDRESS = "http://localhost:9"


class DirectLine(FileLine):
    """Every question goes to the city's own functions. cut: each fails as if there were no line."""

    def __init__(self, city: City, device_id: UUID, district: str) -> None:
        super().__init__(city, district)
        self.device_id = device_id
        self.cut = False

    def push(self, request: PushRequest) -> PushReply:
        raw = request.model_dump_json().encode()
        read = PushRequest.model_validate_json(raw)
        return self._ask("push", lambda: receive.receive(self.city, self._device(), read, raw=raw, agent="test"))

    def pull(self, request: PullRequest) -> PullReply:
        return PullReply.model_validate_json(self._ask("pull", lambda: serve.pull(self.city, self._device(), request)))

    def snapshot(self, scope: str, after: UUID | None, limit: int) -> SnapshotReply:
        raw = self._ask("snapshot", lambda: serve.snapshot(self.city, self._device(), scope, after, limit))
        return SnapshotReply.model_validate_json(raw)

    def numbers(self, request: NumberRequest) -> NumberBlock:
        def granted(connection: Connection) -> NumberBlock:
            return numbers.grant(connection, self.city, self._device(), request)

        return self._ask("numbers", lambda: self.city.database.retrying(granted))

    def _device(self) -> Device:
        if self.cut:
            raise Unavailable("sync.offline", reason="test")
        with self.city.database.read() as connection:
            found = devices.get(connection, self.device_id)
        assert found is not None
        return found


@dataclass
class LinkedDesk:
    """A desk, its person, and the line to its city."""

    desk: Desk
    city: City
    line: DirectLine
    actor: Actor

    @property
    def link(self) -> Link:
        """How it is linked."""
        return LinkStore(self.desk.store).need()

    @property
    def scopes(self) -> tuple[str, ...]:
        """What it pulls."""
        return (self.link.district, CITY_SCOPE)

    def sync(self) -> SyncReport:
        """One run over the line."""
        files = FileDelivery(self.desk.store, self.desk.photos.blobs, self.line)
        return SyncEngine(self.desk.store, self.line, LinkStore(self.desk.store), files=files).run(silent())

    def seal(self, file: Path) -> Path:
        """Everything unsent into a file."""
        Sealer(self.desk.store, self.desk.photos.blobs).seal(file, self.link, self.scopes, watch=silent())
        return file

    def unseal(self, file: Path) -> Unsealer:
        """Take an answer in."""
        unsealer = Unsealer(self.desk.store)
        unsealer.take(file, self.link, silent())
        return unsealer

    def report(self, **what_matters: object) -> Case:
        """A new case."""
        return self.desk.cases.report(a_draft(**what_matters), actor=self.actor)

    def case(self, case_id: UUID) -> Case | None:
        """A case as this desk has it."""
        with self.desk.store.read() as reader:
            return reader.get(Case, case_id)

    def rows(self) -> dict[UUID, int]:
        """Every case here with its version."""
        with self.desk.store.read() as reader:
            return {case.id: case.version for case in reader.all(Case)}

    def states(self) -> dict[str, int]:
        """Open changes by state."""
        with self.desk.store.read() as reader:
            return {state: count for state, count in queue.state_counts(reader.connection).items() if count}

    def close(self) -> None:
        """Let go of the file."""
        self.desk.close()


def a_city(folder: Path, clock: Clock, name: str = "郑州市平台") -> City:
    """A city on SQLite with its districts."""
    settings = CitySettings(f"sqlite:{'///'}{folder / 'city.db'}", folder / "city files")
    city = open_city(settings, clock=clock, name=name)
    add_districts(city)
    return city


def linked(folder: Path, city: City, clock: Clock) -> LinkedDesk:
    """A new desk of 金水区 that the city knows, its person with every role."""
    desk = make_desk(folder, clock)
    fill_lists(desk)
    with desk.store.read() as reader:
        persons = reader.all(Person)
    link = Link(
        url=ADDRESS,
        city=city.name,
        district=JINSHUI,
        device_id=desk.store.ids.new(),
        sign_seed=secrets.token_bytes(32),
        box_seed=secrets.token_bytes(32),
        city_sign_key=city.keys.sign_public,
        city_box_key=city.keys.box_public,
        enrolled_at=clock.now(),
    )
    LinkStore(desk.store).save(link)
    city.database.retrying(lambda connection: _take_in(connection, city, link, persons))
    return LinkedDesk(desk, city, DirectLine(city, link.device_id, JINSHUI), first_actor(desk))


def _take_in(connection: Connection, city: City, link: Link, persons: list[Person]) -> None:
    now = city.now()
    values: dict[str, object] = {
        "id": link.device_id,
        "district": link.district,
        "office": "城市管理局",
        "office_mark": "JS",
        "pc_mark": link.device_id.hex[-4:].upper(),
        "sign_key": link.public_sign_key(),
        "box_key": link.public_box_key(),
        "machine": "",
        "program": "",
        "protocol": 1,
        "counter": 0,
        "window": 0,
        "enrolled_at": now,
        "last_failure": "",
        "requests": 0,
        "failures": 0,
        "clock_offset_ms": 0,
    }
    connection.execute(insert(DEVICE).values(values))
    city_records.make_scope(connection, city, f"{link.district}/{link.device_id}")
    known = [LocalPerson(id=p.id, name=p.name, login=p.login, roles=tuple(p.roles)) for p in persons]
    people.register(connection, link.district, known, now)
