"""Two desks with their own threads and a real city on loopback: what one writes the other shows by itself."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from app.base.changes import ChangeSet
from app.domain.cases import Case
from app.sync.city import CityClient
from app.sync.link import LinkStore
from app.sync.runner import SyncRunner
from app.sync.service import SyncService
from app.sync.views import LineState, SyncStatus
from server.city import City
from server.main import create_app
from tests.sync.conftest import MakeOffice
from tests.sync.live_city import LiveCity, live
from tests.sync.offices import Office
from tests.sync.services import a_service

PATIENCE_S = 30


@pytest.fixture
def served(city: City) -> Iterator[LiveCity]:
    """The city of the test, listening."""
    with live(create_app(city)) as listening:
        yield listening


def listening_desk(office: Office, served: LiveCity, name: str) -> tuple[SyncService, SyncRunner, threading.Event]:
    """An office whose line runs by itself, and when it first had nothing left to do."""
    LinkStore(office.desk.store).set(url=served.url)
    service = a_service(office, CityClient, machine=lambda: f"machine {name}")
    quiet = threading.Event()

    def tell(event: object) -> None:
        if isinstance(event, SyncStatus) and event.state is LineState.IDLE and event.equal:
            quiet.set()

    return service, SyncRunner(service, clock=office.desk.clock, chance=lambda: 0.5, tell=tell), quiet


def test_what_one_desk_writes_another_shows_without_being_asked(
    make_desk_with_line: MakeOffice, served: LiveCity
) -> None:
    office, other = make_desk_with_line("A"), make_desk_with_line("B")
    lines = [listening_desk(desk, served, name) for desk, name in ((office, "A"), (other, "B"))]
    arrived = threading.Event()

    def look(changes: ChangeSet) -> None:
        if changes.concerns("case"):
            arrived.set()

    other.desk.store.listen(look)
    for _service, runner, _quiet in lines:
        runner.start()
    try:
        for _service, _runner, quiet in lines:
            assert quiet.wait(PATIENCE_S)
        case = office.report()
        lines[0][1].wake()

        assert arrived.wait(PATIENCE_S)
        with other.desk.store.read() as reader:
            assert reader.need(Case, case.id).local_no == case.local_no
    finally:
        for service, runner, _quiet in lines:
            runner.stop()
            service.close()
