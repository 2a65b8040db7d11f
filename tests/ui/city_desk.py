"""A desk whose line goes through the routes of a real city in this process, and a way to cut that line."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import UUID

from starlette.testclient import TestClient

from app.base.clock import FixedClock
from app.desk import Desk
from app.domain.cases import Case
from app.domain.permissions import Actor
from app.domain.problems import Unavailable
from app.sync.city import CityClient
from app.sync.line import CityLine
from app.sync.link import LinkStore
from app.sync.service import Parts, SyncService
from app.sync.views import SyncReport
from server import districts, enrolment
from server.city import City, open_city
from server.settings import CitySettings
from tests.builders import a_draft
from tests.desks import JINSHUI, first_actor

URL = "http://localhost:8470"


@contextmanager
def a_city(folder: Path, clock: FixedClock) -> Iterator[City]:
    """A city that knows 金水区."""
    made = open_city(CitySettings(f"sqlite:{'///'}{folder / 'city.db'}", folder / "city files"), clock=clock)
    made.database.retrying(lambda c: districts.add(c, made, JINSHUI, "金水区", who="测试"))
    try:
        yield made
    finally:
        made.close()


@dataclass
class Cable:
    """The wire between desks and city. cut: every question fails as if nobody answered."""

    client: TestClient
    cut: bool = False

    def line(self, link: LinkStore) -> CityLine:
        """A line through this wire."""
        return _Through(self, CityClient(link, transport=self.client._transport))  # type: ignore[return-value]


class _Through:
    def __init__(self, cable: Cable, line: CityLine) -> None:
        self._cable = cable
        self._line = line

    def __getattr__(self, name: str) -> Any:
        if self._cable.cut and name != "close":
            raise Unavailable("sync.offline", reason="拔了网线")
        return getattr(self._line, name)


def wired(desk: Desk, cable: Cable, machine: str) -> Desk:
    """The same desk with its line through `cable`."""
    blobs = desk.make_sync(desk)._blobs
    parts = Parts(cable.line, lambda: secrets.token_bytes(32), lambda: machine)

    def make(made: Desk) -> SyncService:
        return SyncService(made.store, blobs, made.reference, made.accounts, made.care, parts)

    return replace(desk, make_sync=make)


def code_of(city: City) -> str:
    """A code for one more PC."""
    return city.database.retrying(lambda c: enrolment.new_code(c, city, JINSHUI, hours=1, who="测试"))


def enrolled(desk: Desk, city: City, actor: Actor) -> Desk:
    """The desk, known to the city and in step with it."""
    desk.sync.enrol(URL, code_of(city), actor=actor)
    in_step(desk)
    return desk


def in_step(desk: Desk) -> SyncReport:
    """One run."""
    return desk.sync.run()


def corrected(desk: Desk, case_id: UUID, description: str) -> Case:
    """The case with another description."""
    return desk.cases.correct(case_id, a_draft(description=description), "写错了", actor=first_actor(desk))


def clash(desk: Desk, other: Desk, case: Case) -> None:
    """Both offices change the description of a case both know; `desk` learns of the conflict."""
    in_step(desk)
    in_step(other)
    corrected(other, case.id, "门外两米")
    in_step(other)
    corrected(desk, case.id, "门外三米")
    in_step(desk)
