"""Two cities for the machine: the real one on SQLite behind its own routes, and the model of plain dicts."""

from __future__ import annotations

import copy
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import select
from starlette.testclient import TestClient

from app.base.clock import Clock
from app.base.ids import IdSource
from app.domain.directory import Road
from app.domain.problems import Refused
from app.sync.city import CityClient
from app.sync.line import CityLine
from app.sync.link import LinkStore
from app.wire.accounts import NumberBlock, NumberRequest
from app.wire.blobs import FileOffer, FileState
from app.wire.sync import Change, Outcome, PullReply, PullRequest, PushReply, PushRequest, SnapshotReply, Status
from server import devices, numbers, review
from server.city import City, open_city
from server.main import create_app
from server.settings import CitySettings
from server.sync import city_records
from server.sync.history import locked
from server.sync.rows import read
from server.tables import RECORD, REVIEW
from tests.sync import promises
from tests.sync.model_city import ModelCity

WHO = "测试"


class Town(Protocol):
    """What the machine does with a city."""

    def line(self, link: LinkStore) -> CityLine: ...

    def ids_of(self, kind: str, district: str) -> list[UUID]:
        """Live records of a type, in id order."""
        ...

    def truth(self, scopes: Iterable[str]) -> dict[UUID, int]: ...

    def rename(self, roads: Iterable[UUID], name: str) -> None:
        """Bulk work of the operator: all of them in one transaction."""
        ...

    def move(self, case_id: UUID, to: str) -> None: ...

    def stop(self, device_id: UUID) -> None: ...

    def let_in(self, device_id: UUID) -> None: ...

    def take_over(self) -> None:
        """Everything in the review tray."""
        ...

    def save(self) -> None: ...

    def put_back(self) -> None:
        """The state last saved, with a new epoch."""
        ...

    def check(self) -> None: ...

    def close(self) -> None: ...


def settings_in(folder: Path) -> CitySettings:
    """A real town's place in a folder."""
    return CitySettings(f"sqlite:{'///'}{folder / 'city.sqlite'}", folder / "city files")


class RealTown:
    """The city itself."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._folder = folder
        self._clock = clock
        self._open()

    def _open(self) -> None:
        self.city: City = open_city(settings_in(self._folder), clock=self._clock)
        self.client = TestClient(create_app(self.city))

    def line(self, link: LinkStore) -> CityLine:
        return CityClient(link, transport=self.client._transport)

    def ids_of(self, kind: str, district: str) -> list[UUID]:
        live = select(RECORD.c.id).where(RECORD.c.scope == district, RECORD.c.type == kind, ~RECORD.c.deleted)
        with self.city.database.read() as connection:
            return list(connection.execute(live.order_by(RECORD.c.id)).scalars())

    def truth(self, scopes: Iterable[str]) -> dict[UUID, int]:
        live = select(RECORD.c.id, RECORD.c.version).where(RECORD.c.scope.in_(list(scopes)), ~RECORD.c.deleted)
        with self.city.database.read() as connection:
            return {row[0]: row[1] for row in connection.execute(live)}

    def rename(self, roads: Iterable[UUID], name: str) -> None:
        with self.city.database.write() as connection:
            for one in locked(connection, list(roads)).values():
                road = read(one)
                assert isinstance(road, Road)
                renamed = road.changed(self._clock.now(), name=name)
                city_records.put(connection, self.city, scope=one.scope, record=renamed, who=WHO)

    def move(self, case_id: UUID, to: str) -> None:
        with self.city.database.write() as connection:
            city_records.move(connection, self.city, record_id=case_id, to_scope=to, who=WHO)

    def stop(self, device_id: UUID) -> None:
        with self.city.database.write() as connection:
            devices.revoke(connection, self.city, device_id, who=WHO)

    def let_in(self, device_id: UUID) -> None:
        with self.city.database.write() as connection:
            devices.reinstate(connection, self.city, device_id, who=WHO)

    def take_over(self) -> None:
        waiting = select(REVIEW.c.group_id).where(REVIEW.c.state == "waiting").order_by(REVIEW.c.at, REVIEW.c.change_id)
        with self.city.database.read() as connection:
            groups = list(dict.fromkeys(connection.execute(waiting).scalars()))
        for group in groups:
            review.accept(self.city, group, who=WHO)

    def save(self) -> None:
        self.city.close()
        shutil.copyfile(self._folder / "city.sqlite", self._folder / "saved.sqlite")
        self._open()

    def put_back(self) -> None:
        self.city.close()
        shutil.copyfile(self._folder / "saved.sqlite", self._folder / "city.sqlite")
        self._open()
        with self.city.database.write() as connection:
            city_records.new_epoch(connection, self.city)
            numbers.leap(connection, self.city)

    def check(self) -> None:
        promises.check_city(self.city)

    def close(self) -> None:
        self.city.close()


class ModelTown:
    """The model, with a tray for who was stopped."""

    def __init__(self, model: ModelCity) -> None:
        self.model = model
        self._tray: list[tuple[UUID, str, list[Change]]] = []
        self._saved: dict[str, Any] = {}

    def line(self, link: LinkStore) -> CityLine:
        known = link.need()
        return ModelLine(self, known.device_id, known.district)

    def ids_of(self, kind: str, district: str) -> list[UUID]:
        live = self.truth([district])
        return sorted(record_id for record_id in live if self.model.records[record_id].type == kind)

    def truth(self, scopes: Iterable[str]) -> dict[UUID, int]:
        wanted = set(scopes)
        found = self.model.records.items()
        return {record_id: one.version for record_id, one in found if one.scope in wanted and not one.deleted}

    def rename(self, roads: Iterable[UUID], name: str) -> None:
        for record_id in roads:
            self.model.edit(record_id, name=name)

    def move(self, case_id: UUID, to: str) -> None:
        self.model.move(case_id, to)

    def stop(self, device_id: UUID) -> None:
        self.model.revoked.add(device_id)

    def let_in(self, device_id: UUID) -> None:
        self.model.revoked.discard(device_id)

    def take_over(self) -> None:
        tray, self._tray = self._tray, []
        for device_id, district, changes in tray:
            self.model.push(device_id, district, PushRequest(changes=changes))

    def review(self, device_id: UUID, district: str, request: PushRequest) -> PushReply:
        """What a stopped PC sends is kept and waits, unless it has its answer already."""
        known = self.model.outcomes
        fresh = [change for change in request.changes if change.change_id not in known]
        if fresh:
            self._tray.append((device_id, district, fresh))
        answers = [
            known[change.change_id][1]
            if change.change_id in known
            else Outcome(change_id=change.change_id, status=Status.HELD, waiting_for="review")
            for change in request.changes
        ]
        return PushReply(now=self.model.clock.now(), outcomes=answers)

    def save(self) -> None:
        kept = {"records", "scopes", "outcomes", "effects"}
        self._saved = copy.deepcopy({name: value for name, value in vars(self.model).items() if name in kept})

    def put_back(self) -> None:
        vars(self.model).update(copy.deepcopy(self._saved))
        self.model.new_epoch()

    def check(self) -> None:
        assert set(self.model.effects.values()) <= {1}, "a change took effect twice"

    def close(self) -> None:
        """Nothing is open."""


class ModelLine:
    """One desk's line to the model; files arrive whole, numbers are hundreds."""

    def __init__(self, town: ModelTown, device_id: UUID, district: str) -> None:
        self._town, self._device, self._district = town, device_id, district
        self._model = town.model

    def push(self, request: PushRequest) -> PushReply:
        read = PushRequest.model_validate_json(request.model_dump_json())
        if self._device in self._model.revoked:
            return self._town.review(self._device, self._district, read)
        return self._model.push(self._device, self._district, read)

    def pull(self, request: PullRequest) -> PullReply:
        self._refuse_stopped()
        return PullReply.model_validate_json(self._model.pull(request).model_dump_json())

    def snapshot(self, scope: str, after: UUID | None, limit: int) -> SnapshotReply:
        self._refuse_stopped()
        return SnapshotReply.model_validate_json(self._model.snapshot(scope, after, limit).model_dump_json())

    def numbers(self, request: NumberRequest) -> NumberBlock:
        self._refuse_stopped()
        first = self._model.numbers_given + 1
        self._model.numbers_given += request.count
        pattern = f"{self._district}-{request.year}-{{n:06d}}"
        return NumberBlock(
            id=request.request_id,
            kind=request.kind,
            year=request.year,
            first=first,
            last=self._model.numbers_given,
            pattern=pattern,
        )

    def offer_file(self, offer: FileOffer) -> FileState:
        return self.file_state(offer.sha256)

    def file_state(self, sha256: str) -> FileState:
        self._refuse_stopped()
        state = "complete" if sha256 in self._model.files else "unknown"
        return FileState.model_validate({"sha256": sha256, "state": state, "thumbnail": True})

    def send_piece(self, sha256: str, _offset: int, piece: bytes) -> FileState:
        self._model.files[sha256] = piece
        return self.file_state(sha256)

    def send_thumbnail(self, _sha256: str, _thumbnail: bytes) -> None:
        self._refuse_stopped()

    def fetch_thumbnail(self, _sha256: str) -> bytes | None:
        return None

    def fetch_piece(self, sha256: str, offset: int) -> bytes:
        return self._model.files[sha256][offset:]

    def enrol(self, _request: object) -> Any:
        raise NotImplementedError

    renew = receipt = enrol

    def _refuse_stopped(self) -> None:
        if self._device in self._model.revoked:
            raise Refused("sync.device_revoked")


def a_copy_of(model: ModelCity, clock: Clock) -> ModelCity:
    """The same city once more, with a clock of its own."""
    made = ModelCity(clock)
    for name in ("records", "scopes", "outcomes", "effects", "files"):
        setattr(made, name, copy.deepcopy(getattr(model, name)))
    made.ids = IdSource(clock)
    made.numbers_given = model.numbers_given
    made.go_on_from(model)
    return made
